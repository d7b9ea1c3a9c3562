"""``python -m tests.fuzz TARGET [SECONDS]``: exit status 1 with the input that broke it."""

import logging
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

try:
    import atheris
except ImportError:
    print("not fuzzed: the fuzzer has no wheel for this machine, it needs Linux on x86-64")
    raise SystemExit from None

with atheris.instrument_imports(include=["earshot", "operations"]):
    from tests.fuzz.targets import TARGETS

from tests.fuzz.seeds import plant


def main() -> None:
    """See the module."""
    target, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "30"
    with TemporaryDirectory() as corpus:
        plant(target, corpus)
        wishes = [
            f"-max_total_time={seconds}",
            "-max_len=16384",
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-verbosity=0",
        ]
        print(f"{target}: {seconds} s", flush=True)
        # What the code notes is not what is looked at here; the fuzzer itself writes to stderr.
        logging.disable()
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for the rest of its life
        atheris.Setup([sys.argv[0], *wishes, "-print_final_stats=1", corpus], TARGETS[target])
        atheris.Fuzz()


main()
