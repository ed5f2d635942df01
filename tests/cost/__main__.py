"""What relaying costs, counted and not timed: instructions of our own code, allocations and system
calls for a fixed small run, held against the recorded figures.

    python3 -B tests/cost --daemon build/release/daemon/spillway [--record]
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

# pylint: disable=wrong-import-position
from comparison import compare, table  # noqa: E402
from measure import measure  # noqa: E402
from runs import RUNS  # noqa: E402

RECORDED = HERE / "recorded.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev cost", description=__doc__.split("\n\n")[0])
    parser.add_argument("--daemon", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true",
                        help="write the figures down as those to hold to")
    arguments = parser.parse_args()
    os.environ["SPILLWAY_DAEMON"] = str(arguments.daemon)

    measured = {}
    for run in RUNS:
        with tempfile.TemporaryDirectory(prefix="spillway-cost-") as folder:
            measured[run.name] = measure(run, Path(folder))
    if arguments.record:
        RECORDED.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    print(table(measured, recorded))
    faults = compare(measured, recorded)
    for fault in faults:
        print(f"cost: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
