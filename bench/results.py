"""All measurements of a run, as they were made; they can be stored and read again."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from load_result import LoadResult
from metric import Metric
from scenarios import SCENARIOS, Case, Scenario

FORMAT = 1


@dataclass(frozen=True)
class Entrant:
    """A proxy, as reports know it."""
    name: str
    subject: str = ""  # which spillway it is, if it is one
    version: str = ""


@dataclass(frozen=True)
class Measurement:
    scenario: str
    case: str
    peer: str
    round: int
    result: LoadResult | None
    error: str = ""


@dataclass
class Results:
    machine: dict[str, Any]
    seconds: float
    entrants: list[Entrant]
    measurements: list[Measurement] = field(default_factory=list)

    def add(self, measurement: Measurement) -> None:
        self.measurements.append(measurement)

    def of(self, scenario: Scenario, case: str, peer: str) -> dict[int, LoadResult]:
        """By round; without those that failed."""
        return {each.round: each.result for each in self.measurements
                if (each.scenario, each.case, each.peer) == (scenario.name, case, peer)
                and each.result is not None}

    def errors(self) -> list[Measurement]:
        return [each for each in self.measurements if each.error]

    def values(self, scenario: Scenario, case: Case, metric: Metric, peer: str) -> list[float]:
        """One for each round in which there is what it is made of."""
        results = self.of(scenario, case.name, peer)
        bases = self.of(scenario, case.base, peer) if case.base else results
        return [metric.compute(result, bases.get(number, result))
                for number, result in sorted(results.items())
                if number in bases or not metric.needs_base]

    def measured(self) -> Iterator[tuple[Scenario, Case]]:
        """The cases that there is something about."""
        known = {(each.scenario, each.case) for each in self.measurements}
        for scenario in SCENARIOS:
            for case in scenario.cases:
                if (scenario.name, case.name) in known:
                    yield scenario, case

    def entrants_of(self, scenario: Scenario, case: Case) -> list[Entrant]:
        there = {each.peer for each in self.measurements
                 if (each.scenario, each.case) == (scenario.name, case.name)}
        return [entrant for entrant in self.entrants if entrant.name in there]

    @property
    def subjects(self) -> list[str]:
        """The spillways that were compared, in the order in which they were named."""
        return list(dict.fromkeys(each.subject for each in self.entrants if each.subject))

    @property
    def rounds(self) -> int:
        return 1 + max((each.round for each in self.measurements), default=-1)

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "machine": self.machine, "seconds": self.seconds,
                "entrants": [asdict(entrant) for entrant in self.entrants],
                "measurements": [{**asdict(each), "result": each.result and each.result.report}
                                 for each in self.measurements]}

    @classmethod
    def read(cls, file: Path) -> "Results":
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            if stored["format"] != FORMAT:
                raise ValueError(f"its format is {stored['format']}, not {FORMAT}")
            measurements = [
                Measurement(**{**each, "result": each["result"] and LoadResult(each["result"])})
                for each in stored["measurements"]]
            return cls(stored["machine"], stored["seconds"],
                       [Entrant(**each) for each in stored["entrants"]], measurements)
        except (ValueError, KeyError, TypeError) as error:
            raise RuntimeError(f"{file} is not what --json writes: {error!r}") from None
