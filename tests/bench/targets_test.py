#!/usr/bin/env python3
"""Targets are met or missed by what was measured, and by nothing else."""

import unittest

import made_up
from figures import figures_of
from results import Results
from scenarios import SCENARIOS
from targets import TARGETS, verdicts


def answers(results: Results, subject: str = "spillway") -> dict:
    return {(each.target.case, each.target.words): each.met
            for each in verdicts(figures_of(results), subject)}


class TargetsTest(unittest.TestCase):
    def test_each_is_about_a_figure_that_there_is(self):
        known = {(scenario.name, case.name, metric.name) for scenario in SCENARIOS
                 for case in scenario.cases for metric in case.metrics}
        for target in TARGETS:
            self.assertIn((target.scenario, target.case, target.metric), known)

    def test_a_cost_has_its_limits_against_peers_and_yardstick(self):
        results = made_up.results(["spillway", "yardstick", "nginx"])
        made_up.add(results, "bulk-echo", {"spillway": [1.08], "yardstick": [1.0],
                                           "nginx": [1.4]})
        self.assertEqual(answers(results), {("bulk-echo", "at most 0.80 x best peer"): True,
                                            ("bulk-echo", "at most 1.07 x yardstick"): False})

    def test_without_the_other_there_is_no_verdict(self):
        results = made_up.results(["spillway"])
        made_up.add(results, "bulk-echo", {"spillway": [1.08]})
        self.assertEqual(answers(results), {})

    def test_memory_is_compared_with_one_peer(self):
        results = made_up.results(["spillway", "haproxy", "nginx"])
        made_up.add(results, "idle", {"spillway": [5_000], "haproxy": [20_000], "nginx": [90]})
        made_up.add(results, "idle", {"spillway": [85_000], "haproxy": [100_000], "nginx": [90]}, 1)
        self.assertEqual([(verdict.target.metric, verdict.value, verdict.met)
                          for verdict in verdicts(figures_of(results), "spillway")],
                         [("memory per session", 0.85, True),
                          ("memory per further session", 1.0, False)])

    def test_two_loops_are_compared_with_one(self):
        results = made_up.results(["spillway"])
        made_up.add(results, "two-loops", {"spillway": [1.0]}, 0)
        made_up.add(results, "two-loops", {"spillway": [1.2]}, 1)
        self.assertEqual(answers(results), {("pingpong-64, 2 loops", "at most 1.07"): False})

    def test_the_full_variant_is_compared_with_the_lean_one(self):
        results = made_up.results(["spillway", "spillway-lean", "spillway-full"])
        made_up.add(results, "policy-cost", {"spillway": [9.0], "spillway-lean": [1.0],
                                             "spillway-full": [1.04]})
        self.assertEqual(list(answers(results).values()), [True])

    def test_each_binary_has_its_own(self):
        results = made_up.results(["before", "after", "yardstick"])
        made_up.add(results, "churn", {"before": [2.0], "after": [1.0], "yardstick": [1.0]})
        self.assertEqual(list(answers(results, "before").values()), [False])
        self.assertEqual(list(answers(results, "after").values()), [True])


if __name__ == "__main__":
    unittest.main()
