#!/usr/bin/env python3
"""Proxies take turns; what fails is told, and not tried for ever."""

import unittest

import made_up
from load_result import LoadResult
from peer import Peer
from rounds import Rounds, examine, rotated
from scenarios import Case, Scenario


def proxy(name: str, most_routes: int = 1_000) -> Peer:
    return Peer(name, name, None, lambda program, config, service: [program],
                most_routes=most_routes)


class Laboratory:
    """Notes what is measured. `broken` proxies fail."""

    def __init__(self, broken: str = "") -> None:
        self.measured: list = []
        self._broken = broken

    def measure(self, _: Scenario, case: Case, peer: Peer) -> LoadResult:
        self.measured.append((case.name, peer.name))
        if peer.name == self._broken:
            raise RuntimeError(f"{peer.name} fell over")
        return made_up.result(case, 1.0)


class RoundsTest(unittest.TestCase):
    def run_rounds(self, name: str, peers: list, rounds: int, broken: str = "",
                   descriptors: int = 20_000) -> Laboratory:
        laboratory = Laboratory(broken)
        self.results = made_up.results([peer.name for peer in peers])
        self.complaints: list = []
        Rounds(laboratory, self.results, descriptors, lambda words: None,
               self.complaints.append).run(made_up.scenario(name), peers, rounds)
        return laboratory

    def test_the_order_moves_on_by_one(self):
        self.assertEqual([rotated("abc", by) for by in range(4)],
                         [list("abc"), list("bca"), list("cab"), list("abc")])

    def test_every_round_has_everybody(self):
        laboratory = self.run_rounds("bulk-download", [proxy("a"), proxy("b")], 3)
        self.assertEqual([peer for _, peer in laboratory.measured], list("abbaab"))
        self.assertEqual(self.results.rounds, 3)

    def test_a_case_is_measured_beside_its_base(self):
        laboratory = self.run_rounds("slow-consumer", [proxy("a"), proxy("b")], 1)
        self.assertEqual(laboratory.measured, [
            ("16 readers", "a"), ("16 readers", "b"), ("16 readers, 100 stalled", "a"),
            ("16 readers, 100 stalled", "b")])

    def test_nobody_gets_more_routes_than_it_can_have(self):
        laboratory = self.run_rounds("routes", [proxy("a"), proxy("one", 1)], 1)
        self.assertEqual([case for case, peer in laboratory.measured if peer == "one"],
                         ["1 route"])

    def test_a_proxy_that_fails_twice_is_left_alone(self):
        laboratory = self.run_rounds("bulk-download", [proxy("a"), proxy("b")], 5, broken="b")
        self.assertEqual(sum(peer == "b" for _, peer in laboratory.measured), 2)
        self.assertEqual(sum(peer == "a" for _, peer in laboratory.measured), 5)
        self.assertEqual([each.error for each in self.complaints], ["b fell over"] * 2)
        self.assertEqual(len(self.results.errors()), 2)

    def test_a_system_with_few_descriptors_is_told(self):
        laboratory = self.run_rounds("idle", [proxy("a")], 1, descriptors=1_024)
        self.assertEqual(laboratory.measured, [])
        self.assertIn("needs 2,201 descriptors, and the system allows 1,024",
                      self.complaints[0].error)


class ExamineTest(unittest.TestCase):
    def test_handshakes_that_failed_spoil_a_result(self):
        case = made_up.scenario("handshake-resumed").cases[0]
        examine(case, made_up.result(case, 1.0, failed=1))
        with self.assertRaisesRegex(RuntimeError, "of 1,000 connections of resume 2 failed"):
            examine(case, made_up.result(case, 1.0, failed=2))

    def test_nothing_relayed_is_no_result(self):
        case = made_up.scenario("bulk-download").cases[0]
        result = made_up.result(case, 1.0)
        result.report["groups"][0]["bytes_down"] = 0
        with self.assertRaisesRegex(RuntimeError, "relayed no bytes"):
            examine(case, result)


if __name__ == "__main__":
    unittest.main()
