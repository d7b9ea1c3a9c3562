"""``make test``: everything, on as many processes as there are cores; what needs the emulator by itself, after that.

``python -m tests [pytest's arguments]``. Named paths are run as they are named.
"""

import os
import re
import subprocess
import sys
from collections import Counter

PASSED, NOTHING_THERE = 0, 5
COUNT = re.compile(r"(\d+) (passed|failed|skipped|xfailed|xpassed|errors?)")
PARTS = (["-n", str(os.cpu_count() or 1), "--ignore=tests/local", "tests"], ["tests/local"])


def main(arguments: list[str]) -> int:
    """Pytest's exit status; 1 if either part has another than that of success."""
    if any(argument.startswith("tests") for argument in arguments):
        return subprocess.call([sys.executable, "-m", "pytest", *arguments])
    total: Counter[str] = Counter()
    statuses = [_run([*part, *arguments], total) for part in PARTS]
    print("in all: " + ", ".join(f"{number} {what}" for what, number in total.items()))
    return 0 if set(statuses) <= {PASSED, NOTHING_THERE} and PASSED in statuses else 1


def _run(arguments: list[str], total: Counter[str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        last = ""
        for line in running.stdout:
            print(line, end="", flush=True)
            last = line if " in " in line and COUNT.search(line) else last
    for number, what in COUNT.findall(last):
        total[what] += int(number)
    return running.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
