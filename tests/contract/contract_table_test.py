#!/usr/bin/env python3
"""docs/send-contract.md names every clause, and every test that it names exists. Argument: the
repository."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
CLAUSES = [f"SC-{number}" for number in range(1, 34)]


def rows():
    for line in (ROOT / "docs/send-contract.md").read_text().splitlines():
        if line.startswith("| SC-"):
            clause, _, tests = [cell.strip() for cell in line.strip("|").split("|")]
            yield clause, tests


def defined_tests():
    for path in (ROOT / "tests").rglob("*_test.cpp"):
        for suite, name in re.findall(r"TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)",
                                      path.read_text()):
            yield f"{suite}.{name}"


class ContractTable(unittest.TestCase):
    def test_every_clause_has_a_row_with_tests(self):
        self.assertEqual([clause for clause, _ in rows()], CLAUSES)
        for clause, tests in rows():
            self.assertTrue(tests, clause)

    def test_every_named_test_exists(self):
        defined = set(defined_tests())
        self.assertGreater(len(defined), 100)
        for clause, tests in rows():
            for test in re.findall(r"(?<!ctest )`(\w+\.\w+)`", tests):
                self.assertTrue(test in defined, f"{clause} names {test}")

    def test_every_test_named_after_a_clause_is_in_its_row(self):
        table = dict(rows())
        for test in defined_tests():
            if named := re.search(r"\.SC(\d+)_", test):
                self.assertIn(f"`{test}`", table[f"SC-{named[1]}"])


if __name__ == "__main__":
    unittest.main()
