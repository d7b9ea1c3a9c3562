"""Functions see the scaled clock, if the stack was asked for one.

AWS: one time for everybody.
Bare emulator: a machine's waits are scaled and its functions' clocks are not, so that a function which says when to
come back is asked too early or too late.

What a call takes is not scaled: it begins at the scaled time, and goes on at the real pace but for its sleeps. At
thirty times the pace a write would seem to take a third of a second otherwise, and who must be somewhere within
thirty milliseconds would never be. (Slowed down, all of it is.)

Only what functions ask the time by (``time.time``, ``time.time_ns``) and wait by (``time.sleep``) is scaled: requests
to AWS are signed by ``datetime``, and time-outs of calls are real.
"""

from __future__ import annotations

from ministack.core import lambda_runtime

_SCALED = """
import os as _os, time as _time
def _ms_begin(): pass
if "EARSHOT_CLOCK_ORIGIN" in _os.environ:
    _origin = int(float(_os.environ["EARSHOT_CLOCK_ORIGIN"]) * 1e9)
    _scale = float(_os.environ["EARSHOT_CLOCK_SCALE"])
    _pace, _real_ns, _real_sleep, _then = min(_scale, 1.0), _time.time_ns, _time.sleep, {}
    def _ms_begin():
        _then["real"] = _real_ns()
        _then["scaled"] = int(_origin + (_then["real"] - _origin) * _scale)
    def _now_ns():
        return int(_then["scaled"] + (_real_ns() - _then["real"]) * _pace)
    def _sleep(seconds):
        began = _real_ns()
        _real_sleep(seconds / _scale)
        _then["scaled"] += int((_real_ns() - began) * (_scale - _pace))
    _ms_begin()
    _time.time_ns, _time.time, _time.sleep = _now_ns, lambda: _now_ns() / 1e9, _sleep
"""
_READ = "_ms_msg = json.loads(line)"


def apply() -> None:
    """Before anything else in a function's process, and at the beginning of each call."""
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if script.count(_READ) != 1:
        raise RuntimeError("the emulator's worker script is not the one this mend knows")
    lambda_runtime._PYTHON_WORKER_SCRIPT = _SCALED + script.replace(_READ, f"{_READ}; _ms_begin()")
