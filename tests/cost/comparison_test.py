"""What counts as growth, and what callgrind's file says."""

import tempfile
import unittest
from pathlib import Path

from callgrind import Profile
from comparison import compare, table

THEN = {"ping": {"unit": "round trip", "own_instructions": 1000, "all_instructions": 5000,
                 "allocations": 4.0, "system_calls": {"recvfrom": 2.0}}}


def now(**changes: object) -> dict:
    return {"ping": {**THEN["ping"], **changes}}


class Comparison(unittest.TestCase):
    def test_the_same_is_no_fault(self) -> None:
        self.assertEqual(compare(now(), THEN), [])

    def test_less_is_no_fault(self) -> None:
        self.assertEqual(compare(now(own_instructions=1, allocations=0, system_calls={}), THEN), [])

    def test_a_little_more_is_no_fault(self) -> None:
        self.assertEqual(compare(now(own_instructions=1030, allocations=4.05), THEN), [])

    def test_more_instructions(self) -> None:
        fault, = compare(now(own_instructions=1031), THEN)
        self.assertIn("1031 instructions per round trip, recorded are 1000", fault)

    def test_more_allocations(self) -> None:
        fault, = compare(now(allocations=5.0), THEN)
        self.assertIn("5.0 allocations per round trip, recorded are 4.0", fault)

    def test_more_of_a_system_call(self) -> None:
        fault, = compare(now(system_calls={"recvfrom": 3.0}), THEN)
        self.assertIn("3.0 x recvfrom per round trip, recorded are 2.0", fault)

    def test_a_new_system_call(self) -> None:
        fault, = compare(now(system_calls={"recvfrom": 2.0, "epoll_ctl": 1.0}), THEN)
        self.assertIn("1.0 x epoll_ctl per round trip, recorded are 0", fault)

    def test_other_instructions_are_not_ours(self) -> None:
        self.assertEqual(compare(now(all_instructions=9000), THEN), [])

    def test_a_run_without_a_record(self) -> None:
        fault, = compare({"new": now()["ping"]}, THEN)
        self.assertIn("./dev cost --record", fault)

    def test_the_table_has_both(self) -> None:
        line = table(now(own_instructions=900), THEN).splitlines()[1]
        self.assertRegex(line, r"ping +round trip +900 +1000 +5000 +4 +recvfrom 2")


class Callgrind(unittest.TestCase):
    def test_self_cost_by_object_and_calls(self) -> None:
        text = "\n".join([
            "events: Ir", "", "ob=(1) /bin/spillway", "fl=(1) a.cpp", "fn=(1) main", "10 100",
            "+2 20", "cob=(2) /lib/libc.so.6", "cfn=(2) malloc", "calls=3 0", "12 600",
            "ob=(2)", "fn=(2)", "* 600", "ob=(1)", "fn=(3) later", "7 5",
            "cob=(2)", "cfn=(2)", "calls=1 0", "7 200", "ob=(2)", "fn=(2)", "-1 200",
            "totals: 925"])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "callgrind.out"
            file.write_text(text + "\n", encoding="utf-8")
            self.assertEqual(Profile.read(file, "spillway"), Profile(125, 925, 4))


if __name__ == "__main__":
    unittest.main()
