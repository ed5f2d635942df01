"""What a run says in words: tables for the terminal, the same as Markdown, and JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from figures import Figure, figures_of
from metric import Metric
from results import Results
from scenarios import Case, Scenario
from table import Table
from targets import Verdict, verdicts

NOTHING = "-"


def scenario_table(figures: Sequence[Figure], scenario: Scenario) -> Table:
    """Everything about one scenario; every proxy has a line per figure."""
    own = [figure for figure in figures if figure.scenario.name == scenario.name]
    labels = _labels(own)
    table = Table(f"{scenario.name}: {scenario.title}",
                  [("figure", "<"), ("proxy", "<"), ("median", ">"), ("from", ">"), ("to", ">"),
                   *((f"x {label}", ">") for label in labels), ("proxy CPU", ">"),
                   ("load CPU", ">")])
    before: tuple[str, str] | None = None
    for figure in own:
        place = (figure.case.name, figure.metric.name)
        table.rows.append([
            heading(figure.scenario, figure.case, figure.metric) if place != before else "",
            figure.entrant.name, *_amounts(figure),
            *(_ratio(figure.ratios.get(label)) for label in labels),
            f"{figure.proxy_share:.0%}", f"{figure.load_share:.0%}"])
        before = place
    return table


def summary_table(figures: Sequence[Figure], subjects: Sequence[str]) -> Table:
    """The first figure of every case, with the proxies side by side."""
    shown = [figure for figure in figures if figure.metric == figure.case.metrics[0]]
    names = list(dict.fromkeys(figure.entrant.name for figure in shown
                               if not figure.scenario.variants))
    labels = _labels([figure for figure in shown if not figure.scenario.variants])
    compared = [(subject, label) for subject in subjects for label in labels if subject != label]
    table = Table("Medians", [("", "<"), *((name, ">") for name in names),
                              *((_versus(subject, label, subjects), ">")
                                for subject, label in compared)])
    for scenario, case in _cases(shown):
        if scenario.variants:
            continue
        cells = {figure.entrant.name: figure for figure in shown
                 if (figure.scenario.name, figure.case.name) == (scenario.name, case.name)}
        table.rows.append([
            f"{_where(scenario, case)}: {_unit(case.metrics[0])}",
            *(_amounts(cells[name])[0] if name in cells else NOTHING for name in names),
            *(_ratio(cells[subject].ratios.get(label)) if subject in cells else NOTHING
              for subject, label in compared)])
    return table


def target_table(found: Sequence[Verdict], subject: str) -> Table:
    table = Table(f"Targets of {subject}", [("", "<"), ("target", "<"), ("measured", ">"),
                                            ("", "<")])
    for verdict in found:
        target = verdict.target
        place = (target.scenario if target.case == target.scenario
                 else f"{target.scenario}, {target.case}")
        table.rows.append([f"{place}: {target.metric}", target.words, f"{verdict.value:.2f}",
                           "met" if verdict.met else "missed"])
    return table


def closing_tables(results: Results) -> list[Table]:
    figures = figures_of(results)
    tables = [summary_table(figures, results.subjects)]
    tables += [target_table(found, subject) for subject in results.subjects
               if (found := verdicts(figures, subject))]
    return [table for table in tables if table.rows]


def all_tables(results: Results) -> list[Table]:
    figures = figures_of(results)
    scenarios = {figure.scenario.name: figure.scenario for figure in figures}
    return [*closing_tables(results),
            *(scenario_table(figures, scenario) for scenario in scenarios.values())]


def markdown(results: Results) -> str:
    return "\n\n".join([conditions(results), *(table.markdown() for table in all_tables(results))])


def conditions(results: Results) -> str:
    machine = results.machine
    versions = ", ".join(f"{entrant.name} {entrant.version}" for entrant in results.entrants
                         if entrant.version and entrant.subject in ("", entrant.name))
    return (f"{machine['cpu']}, {machine['cpus']} CPUs, Linux {machine['kernel']}; "
            f"{results.rounds} rounds of {results.seconds:g} s; {versions}.")


def write_json(results: Results, file: Path) -> None:
    """The measurements, from which everything can be made again, and what was made of them."""
    figures = figures_of(results)
    stored: dict[str, Any] = results.to_json()
    stored["figures"] = [_stored(figure) for figure in figures]
    stored["targets"] = [
        {"subject": subject, "scenario": each.target.scenario, "case": each.target.case,
         "metric": each.target.metric, "target": each.target.words, "value": each.value,
         "met": each.met}
        for subject in results.subjects for each in verdicts(figures, subject)]
    file.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def heading(scenario: Scenario, case: Case, metric: Metric) -> str:
    if len(scenario.cases) == 1:
        return _unit(metric)
    return f"{case.name}: {_unit(metric)}"


def _stored(figure: Figure) -> dict[str, Any]:
    summary = figure.summary
    return {"scenario": figure.scenario.name, "case": figure.case.name,
            "metric": figure.metric.name, "unit": figure.metric.unit,
            "peer": figure.entrant.name,
            "median": summary and summary.median, "low": summary and summary.low,
            "high": summary and summary.high, "rounds": summary.rounds if summary else 0,
            "ratios": figure.ratios, "proxy_cpu_share": round(figure.proxy_share, 3),
            "load_cpu_share": round(figure.load_share, 3)}


def _labels(figures: Sequence[Figure]) -> list[str]:
    """What there are ratios to."""
    return list(dict.fromkeys(label for figure in figures
                              for label, value in figure.ratios.items() if value is not None))


def _cases(figures: Sequence[Figure]) -> list[tuple[Scenario, Case]]:
    return list({(figure.scenario.name, figure.case.name): (figure.scenario, figure.case)
                 for figure in figures}.values())


def _where(scenario: Scenario, case: Case) -> str:
    return scenario.name if len(scenario.cases) == 1 else f"{scenario.name}, {case.name}"


def _unit(metric: Metric) -> str:
    return f"{metric.name}, {metric.unit}"


def _versus(subject: str, label: str, subjects: Sequence[str]) -> str:
    return f"x {label}" if len(subjects) == 1 else f"{subject} x {label}"


def _amounts(figure: Figure) -> list[str]:
    if figure.summary is None:
        return ["failed", "", ""]
    return [f"{value:,.{figure.metric.digits}f}" for value in
            (figure.summary.median, figure.summary.low, figure.summary.high)]


def _ratio(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"
