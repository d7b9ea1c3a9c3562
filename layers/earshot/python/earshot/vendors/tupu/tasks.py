"""What a stream can be judged by (speech stream pages and the official SDKs): the vendor's task ids and our names.

A name once given stays: names of results end with it. Standard library only: the webhook imports it.
"""

TASKS = {
    "moderation": "5caee6b2a76925c55a09a6d2",  # 语音转译审核: what is said, turned into text and judged
    "vulgar": "5c8213b9bc807806aab0a574",  # 低俗语音: sounds
    "transcription": "5ca1bd6b3872ecc9afb99132",  # 语音转译: text alone
    "gender": "5f59e4b71b29fa890e5472fb",
    "events": "5df33c3c8c485b3a65b82f7b",
    "voiceprint": "5e6b0164836eb77597849087",
}
NAMES = {task_id: name for name, task_id in TASKS.items()}
DESCRIBING = frozenset(TASKS[name] for name in ("transcription", "gender", "events", "voiceprint"))
"""They say what a slice is, not what it deserves."""
REGULAR = frozenset(TASKS[name] for name in ("moderation", "transcription"))
"""With ``callbackRules`` 1 they tell every slice, also one in which nobody speaks (inferred)."""


def task_id_of(task: str) -> str:
    """The vendor's id of a task that a plan names, by our name or by that id."""
    return TASKS.get(task, task)
