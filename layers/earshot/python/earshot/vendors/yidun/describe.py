"""What was found out beside a verdict: ``asr``, ``language``, ``voice``, ``quality``."""

from collections.abc import Sequence

from earshot.domain.verdict import Description
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.results import Described
from earshot.vendors.yidun.times import Clock


def described(name: str, block: Described, clock: Clock) -> Sequence[Description]:
    """Nothing if the block says nothing."""
    text = block.content or None
    traits = _traits(block) if name == "voice" else {}
    silent = _silent(block) if name == "quality" else None
    is_said = {"asr": text is not None, "language": text is not None, "voice": bool(traits)}
    if not is_said.get(name, silent is not None):
        return []
    if block.taskId is None:
        raise Unreadable("taskId: is missing or neither text nor a number")
    description = Description(
        vendor_task_id=block.taskId,
        started_at=clock(block.startTime),
        ended_at=clock(block.endTime),
        speaker_id=block.speakerId,
        text=text if name == "asr" else None,
        # its content is the only field that can name the language (inferred)
        language=text if name == "language" else None,
        silent=silent,
        traits=traits or None,
    )
    return [description]


def _traits(block: Described) -> dict[str, str | bool]:
    found = {"gender": block.mainGender, "age_group": block.mainAgeGroup, "minor": block.underage}
    return {name: value for name, value in found.items() if value is not None}


def _silent(block: Described) -> bool | None:
    """The audio-video solution has a ``quality`` of the picture and one of the sound; that the latter looks like live
    audio's is inferred."""
    sound = block if block.audio is None else block.audio
    return sound.details.silent if sound.details else None
