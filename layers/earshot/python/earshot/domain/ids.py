"""Every id that Earshot makes is derived, so that the same fact met twice has the same name.

Digests are taken over a JSON list, which is unambiguous whatever characters a room id holds
(ZEGO allows 127 bytes of almost anything), and fit an execution name (80 characters).
"""

import base64
import hashlib
import json
import re

ID_LENGTH = 26
"""Characters of a digest id: 128 bits in lower-case base32."""

KEEP_ALL, KEEP_HITS = "a", "h"


def digest(*parts: str | int | None) -> str:
    """128 bits of SHA-256 over the parts, as 26 characters of ``a-z2-7``."""
    packed = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b32encode(hashlib.sha256(packed).digest()[:16]).decode().rstrip("=").lower()


def room_key(platform: str, app_id: str, room_id: str, stream_id: str | None = None) -> str:
    """The name of a room (platform + app + room id), or of one stream in it."""
    return digest("room", platform, app_id, room_id, stream_id)


def session_id(room: str, occurrence: str | int) -> str:
    """One occurrence of a room, known by the platform's own session id or else by its opening time (ms)."""
    return digest("session", room, occurrence)


def watch_id(session: str, role: str, stream_occurrence: str | None = None) -> str:
    """One vendor listening to one target of a session; also the name of its execution.

    ``stream_occurrence`` is the session id of a single stream: one that comes back is watched anew.
    """
    base = f"{session}-{role}"
    return base if stream_occurrence is None else f"{base}-{stream_occurrence[:16]}"


def session_of(watch: str) -> str:
    """The session that a watch id (or a task ref) belongs to."""
    return watch[:ID_LENGTH]


def ear(watch: str, after: int) -> str:
    """One ear of a watch, however many tries it takes to open it: the one that takes over from task ``after``."""
    return f"{watch}-{after}"


def task_ref(watch: str, number: int, *, hits_only: bool) -> str:
    """The name of a task in its callback address.

    Its last letter says what the door keeps of this task, so that the door needs no read to know.
    """
    return f"{watch}-{number}{KEEP_HITS if hits_only else KEEP_ALL}"


TASK_REF = re.compile(rf"[a-z2-7]{{{ID_LENGTH}}}-[a-z0-9-]+-[0-9]+[{KEEP_ALL}{KEEP_HITS}]")


def is_task_ref(text: str) -> bool:
    """Whether it has the shape of a task ref; the table alone knows whether it is one."""
    return len(text) <= 100 and TASK_REF.fullmatch(text) is not None


def watch_of(ref: str) -> str:
    """The watch that a task ref belongs to."""
    return ref.rpartition("-")[0]


def keeps_hits_only(ref: str) -> bool:
    """Whether the plan of this task stores hits alone."""
    return ref.endswith(KEEP_HITS)
