"""`make bench`: compare the shop with a bare WSGI function, and write bench/results.md."""

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from bench.measuring import Bench

RESULTS = Path(__file__).with_name("results.md")
STOPPING = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """Run the benchmark, print and write the report; return 1 if an order or a message was lost."""
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each run (%(default)s)")
    parser.add_argument("--products", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="from 1000, growing")
    options = parser.parse_args()
    for number in STOPPING:
        signal.signal(number, _stop)
    with ExitStack() as stack:
        report = Bench(stack, rounds=options.rounds, seconds=options.seconds).run(options.products)
    text = report.markdown()
    RESULTS.write_text(text)
    print(f"\n{text}")
    return 0 if report.sales and report.sales.right else 1


def _stop(number: int, _: FrameType | None) -> None:
    """Stop all started processes; a second Ctrl-C must not interrupt this."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
