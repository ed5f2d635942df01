"""The figures of a run: medians, their spread, and their ratios to those of others."""

from dataclasses import dataclass

from metric import Metric
from results import Entrant, Results
from scenarios import Case, Scenario
from summary import Summary, ratio

YARDSTICK = "yardstick"
BEST_PEER = "best peer"
LEAN = "lean"
PEERS = ("haproxy", "nginx", "hitch", "stunnel")


@dataclass(frozen=True)
class Figure:
    scenario: Scenario
    case: Case
    metric: Metric
    entrant: Entrant
    summary: Summary | None  # none: every round failed
    ratios: dict[str, float | None]  # to the yardstick, the best peer, ...
    proxy_share: float  # of its CPU, at the median
    load_share: float


def figures_of(results: Results) -> list[Figure]:
    return [figure for scenario, case in results.measured() for metric in case.metrics
            for figure in _figures(results, scenario, case, metric)]


def _figures(results: Results, scenario: Scenario, case: Case, metric: Metric) -> list[Figure]:
    entrants = results.entrants_of(scenario, case)
    summaries = {entrant.name: Summary.of(results.values(scenario, case, metric, entrant.name))
                 for entrant in entrants}
    return [Figure(scenario, case, metric, entrant, summaries[entrant.name],
                   {label: ratio(summaries[entrant.name], summaries.get(name))
                    for label, name in
                    _references(results, scenario, metric, entrant, summaries).items()},
                   *_shares(results, scenario, case, entrant.name))
            for entrant in entrants]


def _references(results: Results, scenario: Scenario, metric: Metric, entrant: Entrant,
                summaries: dict[str, Summary | None]) -> dict[str, str]:
    """What the entrant is compared with: labels and names."""
    if scenario.variants:
        references = {LEAN: f"{entrant.subject}-{LEAN}"}
    else:
        references = {YARDSTICK: YARDSTICK, BEST_PEER: best_peer(metric, summaries)}
    subjects = results.subjects
    if len(subjects) > 1:
        references[subjects[0]] = subjects[0]
        if entrant.subject:  # a variant is compared with the same variant
            references[subjects[0]] += entrant.name.removeprefix(entrant.subject)
    return references


def best_peer(metric: Metric, summaries: dict[str, Summary | None]) -> str:
    """Its name; empty if no peer was measured."""
    medians = {name: summary.median for name in PEERS
               if (summary := summaries.get(name)) is not None}
    choose = max if metric.more_is_better else min
    return choose(medians, key=medians.__getitem__, default="")


def _shares(results: Results, scenario: Scenario, case: Case, peer: str) -> tuple[float, float]:
    found = results.of(scenario, case.name, peer).values()
    proxy = Summary.of([each.proxy_share for each in found])
    load = Summary.of([each.load_share for each in found])
    return (proxy.median if proxy else 0.0), (load.median if load else 0.0)
