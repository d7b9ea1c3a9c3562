"""How a step of the local stack fails: one sentence, and the end of the log that explains it."""

from __future__ import annotations

from pathlib import Path

TAIL = 25  # lines


class StepFailed(Exception):
    """A step did not do its work. ``str()`` is fit to be shown to the person at the terminal."""

    def __init__(self, what: str, log: Path | None = None) -> None:
        super().__init__(what)
        self.log = log

    def __str__(self) -> str:
        if self.log is None or not self.log.exists():
            return self.args[0]  # type: ignore[no-any-return]
        lines = self.log.read_text("utf-8", errors="replace").splitlines()[-TAIL:]
        return "\n".join([f"{self.args[0]}; the end of {self.log}:", *(f"  | {line}" for line in lines)])
