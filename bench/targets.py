"""What spillway has to reach, as ratios within one run."""

from collections.abc import Sequence
from dataclasses import dataclass

from figures import BEST_PEER, LEAN, YARDSTICK, Figure
from metric import COSTS
from scenarios import SCENARIOS, Case, Scenario

# Of two figures that are to be the same: what rounds differ by on a quiet machine.
LEVEL = 1.07
OVER_YARDSTICK = 1.07


@dataclass(frozen=True)
class Target:
    scenario: str
    case: str
    metric: str
    limit: float
    against: str = ""  # the figure is compared with this one's; empty: it is a ratio itself
    variant: str = ""  # of spillway

    @property
    def words(self) -> str:
        unit = f" x {self.against}" if self.against else ""
        return f"at most {self.limit:.2f}{unit}"


@dataclass(frozen=True)
class Verdict:
    target: Target
    subject: str
    value: float

    @property
    def met(self) -> bool:
        return self.value <= self.target.limit


def _all_targets() -> list[Target]:
    return [
        *(_of(name, limit, BEST_PEER) for name, limit in (
            ("bulk-download", 0.75), ("bulk-echo", 0.80), ("pingpong-64", 0.95),
            ("pingpong-16k", 1.0), ("handshake-ecdsa", 1.0), ("handshake-resumed", 1.0),
            ("handshake-rsa", 1.0))),
        *(Target("idle", case.name, metric.name, 0.85, "haproxy")
          for case in _scenario("idle").cases if case.base for metric in case.metrics),
        _of("latency", LEVEL, YARDSTICK),
        *(Target("two-loops", case.name, case.metrics[0].name, LEVEL)
          for case in _scenario("two-loops").cases if case.base),
        *(Target("policy-cost", case.name, case.metrics[0].name, 1.05, LEAN, "-full")
          for case in _scenario("policy-cost").cases),
        *(Target(scenario.name, case.name, metric.name, OVER_YARDSTICK, YARDSTICK)
          for scenario in SCENARIOS if not scenario.variants
          for case in scenario.cases for metric in case.metrics if metric in COSTS)]


def _of(name: str, limit: float, against: str) -> Target:
    """About the first figure of a scenario that has one case."""
    case: Case = _scenario(name).cases[0]
    return Target(name, case.name, case.metrics[0].name, limit, against)


def _scenario(name: str) -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


TARGETS = _all_targets()


def verdicts(figures: Sequence[Figure], subject: str) -> list[Verdict]:
    """On the targets that were measured."""
    found = {(each.scenario.name, each.case.name, each.metric.name, each.entrant.name): each
             for each in figures}
    result = []
    for target in TARGETS:
        place = (target.scenario, target.case, target.metric)
        figure = found.get((*place, subject + target.variant))
        value = _value(target, figure, found.get((*place, target.against)))
        if value is not None:
            result.append(Verdict(target, subject, value))
    return result


def _value(target: Target, figure: Figure | None, other: Figure | None) -> float | None:
    if figure is None or figure.summary is None:
        return None
    if not target.against:
        return figure.summary.median
    if target.against in figure.ratios:
        return figure.ratios[target.against]
    if other is None or other.summary is None:
        return None
    return figure.summary.median / other.summary.median
