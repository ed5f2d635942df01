"""The last line of each of these tests is for machines as much as for people."""

import sys
import unittest


def main() -> None:
    """In place of unittest.main(): ends with "N passed, M failed", alone on its line."""
    finished = unittest.main(exit=False, verbosity=2).result
    bad = len(finished.failures) + len(finished.errors)
    good = max(finished.testsRun - bad, 0)
    sys.stderr.flush()
    print(f"\n{good} passed, {bad} failed")
    sys.exit(0 if finished.testsRun and not bad else 1)
