#!/usr/bin/env python3
"""Tables, Markdown, JSON and plot say what was measured."""

import json
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import made_up
import plot
from figures import figures_of
from report import closing_tables, markdown, scenario_table, write_json
from results import Measurement, Results
from table import Table

SVG = "{http://www.w3.org/2000/svg}"


def some_results() -> Results:
    results = made_up.results(["spillway", "yardstick", "haproxy"])
    made_up.add(results, "bulk-download", {"spillway": [1.0, 1.2, 1.1], "yardstick": [1.0] * 3,
                                           "haproxy": [4.4] * 3})
    results.add(Measurement("bulk-echo", "bulk-echo", "spillway", 0, None, "it broke"))
    return results


class TableTest(unittest.TestCase):
    TABLE = Table("Things", [("name", "<"), ("size", ">")], [["a", "10"], ["long", "5"]])

    def test_text_is_aligned(self):
        self.assertEqual(self.TABLE.text(),
                         "Things\n  name  size\n  a       10\n  long     5")

    def test_markdown_has_its_rules(self):
        self.assertEqual(self.TABLE.markdown(), "**Things**\n\n| name | size |\n| --- | ---: |\n"
                                                "| a | 10 |\n| long | 5 |")


class ReportTest(unittest.TestCase):
    def test_a_scenario_has_a_line_per_figure_and_proxy(self):
        table = scenario_table(figures_of(some_results()), made_up.scenario("bulk-download"))
        self.assertEqual([heading for heading, _ in table.columns],
                         ["figure", "proxy", "median", "from", "to", "x yardstick", "x best peer",
                          "proxy CPU", "load CPU"])
        self.assertEqual(table.rows[0], ["CPU per GB, s", "spillway", "1.100", "1.000", "1.200",
                                         "1.10", "0.25", "110%", "50%"])
        self.assertEqual([row[1] for row in table.rows],
                         ["spillway", "yardstick", "haproxy"] * 2)

    def test_what_failed_is_said_to_have(self):
        table = scenario_table(figures_of(some_results()), made_up.scenario("bulk-echo"))
        self.assertEqual(table.rows[0][1:5], ["spillway", "failed", "", ""])

    def test_the_summary_has_the_proxies_side_by_side(self):
        summary, targets = closing_tables(some_results())
        self.assertEqual([heading for heading, _ in summary.columns],
                         ["", "spillway", "yardstick", "haproxy", "x yardstick", "x best peer"])
        self.assertEqual(summary.rows[0], ["bulk-download: CPU per GB, s", "1.100", "1.000",
                                           "4.400", "1.10", "0.25"])
        self.assertEqual(targets.rows, [
            ["bulk-download: CPU per GB", "at most 0.75 x best peer", "0.25", "met"],
            ["bulk-download: CPU per GB", "at most 1.07 x yardstick", "1.10", "missed"]])

    def test_two_binaries_are_told_apart(self):
        results = made_up.results(["before", "after"])
        made_up.add(results, "bulk-download", {"before": [2.0], "after": [1.0]})
        summary = closing_tables(results)[0]
        self.assertEqual(summary.rows[0][-1], "0.50")
        self.assertEqual(summary.columns[-1], ("after x before", ">"))

    def test_markdown_has_all_of_it(self):
        text = markdown(some_results())
        for words in ("An imagined CPU", "**Medians**", "**Targets of spillway**",
                      "| CPU per GB, s | spillway | 1.100 |"):
            self.assertIn(words, text)

    def test_json_can_be_reported_again(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "figures.json"
            write_json(some_results(), file)
            again = Results.read(file)
            self.assertEqual(markdown(again), markdown(some_results()))
            stored = json.loads(file.read_text())
        figure = stored["figures"][0]
        self.assertEqual((figure["peer"], figure["median"], figure["low"], figure["high"]),
                         ("spillway", 1.1, 1.0, 1.2))
        self.assertEqual([each["met"] for each in stored["targets"]], [True, False])

    def test_other_json_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "other.json"
            for text in ("{}", "[]", "no", '{"format": 99}'):
                file.write_text(text)
                with self.assertRaisesRegex(RuntimeError, "is not what --json writes"):
                    Results.read(file)


class PlotTest(unittest.TestCase):
    def test_it_is_svg_with_a_bar_for_each_proxy_but_the_yardstick(self):
        groups = plot.bars_of(figures_of(some_results()))
        self.assertEqual([group.label for group in groups], ["bulk download"])
        root = xml.fromstring(plot.svg(groups))
        bars = [bar for bar in root.iter(f"{SVG}rect") if bar.find(f"{SVG}title") is not None]
        self.assertEqual([bar.find(f"{SVG}title").text for bar in bars],
                         ["spillway: 1.10", "haproxy: 4.40"])

    def test_long_bars_are_cut_and_say_so(self):
        text = plot.svg([plot.Bars("bulk <download>", {"haproxy": 99.0})])
        root = xml.fromstring(text)
        bar = next(bar for bar in root.iter(f"{SVG}rect") if bar.find(f"{SVG}title") is not None)
        self.assertEqual(float(bar.get("width")), plot.CHART)
        self.assertIn("99.00 »", text)

    def test_it_is_readable_on_dark_pages(self):
        self.assertIn("prefers-color-scheme: dark", plot.svg([plot.Bars("a", {"b": 1.0})]))


if __name__ == "__main__":
    unittest.main()
