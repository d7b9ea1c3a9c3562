"""One audited slice, its verdict and its id."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from local.doubles.scenario import Line
from local.doubles.shumei.generation import VIDEO
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import RANK, Task


@dataclass(frozen=True)
class Segment:
    """One audited slice of one voice (``user``) or of everything (``user`` None). Times are Unix seconds."""

    number: int
    starts: float
    ends: float
    lines: tuple[Line, ...] = ()
    user: str | None = None
    stream: str | None = None
    before: str = ""
    loud: tuple[tuple[str, ...], ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        """What was said."""
        return "，".join(line.text for line in self.lines if line.text)

    @property
    def worst(self) -> Line | None:
        """The line that decides; ``None`` for silence."""
        return max(self.lines, key=lambda line: RANK[line.risk_level], default=None)

    @property
    def level(self) -> str:
        """Verdict; silence is PASS."""
        return self.worst.risk_level if self.worst else "PASS"


def segment_id(task: Task, segment: Segment, settings: ShumeiSettings) -> str:
    """Task id, then whose stream (if anybody's), then the number of the segment from 0 [S by the samples].

    Numbers are positions in the stream, so interval auditing leaves gaps [I].
    """
    middle = segment.stream
    trtc = task.target.stream_type == "TRTC" and task.generation != VIDEO  # "<task>_3" in video's samples
    if middle is None and trtc and settings.trtc_mixed_id == "recorder":
        middle = task.target.recorder
    return "_".join([task.id, *([middle] if middle else []), str(segment.number)])


def wall_text(unix: float) -> str:
    """Wall-clock of UTC+8 without a zone [I by the samples]."""
    return (datetime.fromtimestamp(unix, UTC) + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
