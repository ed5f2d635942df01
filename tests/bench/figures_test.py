#!/usr/bin/env python3
"""Medians, spreads and ratios are what the measurements say, and of the right ones."""

import unittest

import made_up
from figures import Figure, best_peer, figures_of
from metric import CPU_PER_GB, GB_PER_SECOND
from results import Measurement, Results
from summary import Summary, ratio


class SummaryTest(unittest.TestCase):
    def test_it_is_the_median_and_the_ends(self):
        self.assertEqual(Summary.of([3.0, 1.0, 2.0, 10.0, 2.5]), Summary(2.5, 1.0, 10.0, 5))

    def test_an_even_number_of_rounds_has_its_median_between_two(self):
        self.assertEqual(Summary.of([1.0, 2.0]).median, 1.5)

    def test_there_is_none_of_nothing(self):
        self.assertIsNone(Summary.of([]))

    def test_ratios_are_those_of_medians(self):
        self.assertEqual(ratio(Summary(3, 1, 9, 3), Summary(2, 1, 5, 3)), 1.5)

    def test_nothing_and_zero_have_no_ratio(self):
        one, zero = Summary(1, 1, 1, 1), Summary(0, 0, 0, 1)
        self.assertIsNone(ratio(one, None))
        self.assertIsNone(ratio(None, one))
        self.assertIsNone(ratio(one, zero))


class FiguresTest(unittest.TestCase):
    def figure(self, results: Results, peer: str, metric: str) -> Figure:
        found = [each for each in figures_of(results)
                 if each.entrant.name == peer and each.metric.name == metric]
        self.assertEqual(len(found), 1, f"{peer}, {metric}")
        return found[0]

    def test_a_cost_is_compared_with_the_yardstick_and_the_cheapest_peer(self):
        results = made_up.results(["spillway", "yardstick", "haproxy", "nginx"])
        made_up.add(results, "bulk-download", {
            "spillway": [1.2, 1.1, 1.0], "yardstick": [1.0, 1.0, 1.0],
            "haproxy": [2.2, 2.2, 2.2], "nginx": [4.4, 4.4, 4.4]})
        figure = self.figure(results, "spillway", CPU_PER_GB.name)
        self.assertEqual(figure.summary, Summary(1.1, 1.0, 1.2, 3))
        self.assertAlmostEqual(figure.ratios["yardstick"], 1.1)
        self.assertAlmostEqual(figure.ratios["best peer"], 0.5)
        self.assertAlmostEqual(figure.proxy_share, 1.1)
        self.assertAlmostEqual(figure.load_share, 0.5)

    def test_the_best_peer_is_the_one_with_the_most_where_more_is_better(self):
        summaries = {"haproxy": Summary(1, 1, 1, 1), "nginx": Summary(2, 2, 2, 1),
                     "yardstick": Summary(9, 9, 9, 1), "hitch": None}
        self.assertEqual(best_peer(GB_PER_SECOND, summaries), "nginx")
        self.assertEqual(best_peer(CPU_PER_GB, summaries), "haproxy")
        self.assertEqual(best_peer(CPU_PER_GB, {}), "")

    def test_a_round_that_failed_is_left_out(self):
        results = made_up.results(["spillway"])
        made_up.add(results, "bulk-download", {"spillway": [1.0, 3.0]})
        results.add(Measurement("bulk-download", "bulk-download", "spillway", 2, None, "broken"))
        self.assertEqual(self.figure(results, "spillway", CPU_PER_GB.name).summary,
                         Summary(2.0, 1.0, 3.0, 2))
        self.assertEqual([each.error for each in results.errors()], ["broken"])

    def test_a_proxy_of_which_every_round_failed_has_no_figure(self):
        results = made_up.results(["spillway"])
        results.add(Measurement("bulk-download", "bulk-download", "spillway", 0, None, "broken"))
        self.assertIsNone(self.figure(results, "spillway", CPU_PER_GB.name).summary)

    def test_a_case_is_compared_with_its_base_round_by_round(self):
        results = made_up.results(["spillway"])
        made_up.add(results, "connections", {"spillway": [1.0, 2.0, 4.0]}, 0)
        made_up.add(results, "connections", {"spillway": [1.1, 2.4, 5.2]}, 1)
        relative = self.figure(results, "spillway", "CPU per 100,000 messages, relative")
        self.assertAlmostEqual(relative.summary.median, 1.2)
        self.assertAlmostEqual(relative.summary.low, 1.1)
        self.assertAlmostEqual(relative.summary.high, 1.3)

    def test_a_round_without_its_base_has_no_relative_figure(self):
        results = made_up.results(["spillway"])
        made_up.add(results, "connections", {"spillway": [1.0]}, 0)
        made_up.add(results, "connections", {"spillway": [1.5, 9.9]}, 1)
        relative = self.figure(results, "spillway", "CPU per 100,000 messages, relative")
        self.assertEqual(relative.summary, Summary(1.5, 1.5, 1.5, 1))

    def test_memory_of_stalled_sessions_is_without_that_of_the_others(self):
        results = made_up.results(["spillway"])
        made_up.add(results, "slow-consumer", {"spillway": [500.0]}, 0)
        made_up.add(results, "slow-consumer", {"spillway": [4500.0]}, 1)
        memory = self.figure(results, "spillway", "memory per stalled session")
        self.assertAlmostEqual(memory.summary.median, 40.0)

    def test_variants_are_compared_with_the_lean_one_of_the_same_binary(self):
        results = made_up.results(["before", "before-lean", "after", "after-lean", "after-full"])
        made_up.add(results, "policy-cost", {
            "before": [3.0], "before-lean": [2.0], "after": [1.1], "after-lean": [1.0],
            "after-full": [1.5]})
        cost = "CPU per 100,000 messages"
        self.assertAlmostEqual(self.figure(results, "before", cost).ratios["lean"], 1.5)
        self.assertAlmostEqual(self.figure(results, "after-full", cost).ratios["lean"], 1.5)
        self.assertAlmostEqual(self.figure(results, "after-lean", cost).ratios["before"], 0.5)

    def test_two_binaries_are_compared_with_the_first(self):
        results = made_up.results(["before", "after", "nginx"])
        made_up.add(results, "bulk-echo", {"before": [2.0], "after": [1.5], "nginx": [3.0]})
        self.assertAlmostEqual(self.figure(results, "after", CPU_PER_GB.name).ratios["before"],
                               0.75)
        self.assertAlmostEqual(self.figure(results, "nginx", CPU_PER_GB.name).ratios["before"],
                               1.5)


if __name__ == "__main__":
    unittest.main()
