"""``python -m tests.chaos 17``: play a seed again, and print its time-line; ``17 40``: several, a line each.

``CHAOS_LINES=0`` leaves the time-line out.
"""

from __future__ import annotations

import os
import sys
import time

from tests.chaos.playing import Playing
from tests.chaos.scenario import scenario

USUAL = ("ES614", "ES219", "SegmentJudged")


def main() -> int:
    """0 if everything held."""
    first = int(sys.argv[1])
    if len(sys.argv) > 2:
        return _several(range(first, int(sys.argv[2])))
    wanted = os.environ.get("CHAOS_LINES", "1") != "0"
    outcome = Playing(scenario(first), lines=wanted).play()
    for line in outcome.lines:
        if not any(word in line for word in USUAL):
            print(line)
    print(f"seed {first}: {outcome.invocations} invocations, digest {outcome.digest[:16]}")
    print("plan", outcome.scenario.plan)
    for order in outcome.scenario.orders:
        print("order", order)
    for wrong in outcome.wrong:
        print("WRONG", wrong)
    return 1 if outcome.wrong else 0


def _several(seeds: range) -> int:
    bad = 0
    for seed in seeds:
        began = time.perf_counter()
        outcome = Playing(scenario(seed)).play()
        took = time.perf_counter() - began
        until = outcome.books.until
        print(f"{seed:5} {took:6.2f} s, {until:8.0f} virtual, {outcome.invocations} calls", flush=True)
        for wrong in outcome.wrong:
            print("      WRONG", wrong[:1_500], flush=True)
        bad += bool(outcome.wrong)
    print(f"{bad} of {len(seeds)} seeds are wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
