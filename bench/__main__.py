"""Measures what spillway costs beside its peers. README.md says how."""

import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import machine
import plot
from figures import figures_of
from measure import Laboratory, Load
from options import Options, WrongUsage, parse
from peer import BUILT
from report import closing_tables, conditions, markdown, scenario_table, write_json
from results import Entrant, Measurement, Results
from rounds import Rounds
from scenarios import SCENARIOS

OVERHEAD = 0.7  # seconds; starting and ending what is measured


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        options = parse(arguments)
        if options.only_list:
            print(catalogue())
            return 0
        if options.dry_run:
            print(plan(options))
            return 0
        if options.source:
            return report_again(options, options.source)
        return measure(options)
    except WrongUsage as error:
        print(f"./dev bench: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is still to flush
        return 141
    except (OSError, RuntimeError) as error:
        print(f"./dev bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def catalogue() -> str:
    width = max(len(scenario.name) for scenario in SCENARIOS)
    return "\n".join(f"{scenario.name:{width}}  {scenario.title}" for scenario in SCENARIOS)


def plan(options: Options) -> str:
    each = [options.warm_up + options.seconds + case.settle + OVERHEAD
            for scenario in options.scenarios for case in scenario.cases
            for peer in options.peers_of(scenario) if case.routes <= peer.most_routes]
    count, minutes = options.rounds * len(each), options.rounds * sum(each) / 60
    return (f"{len(options.scenarios)} scenarios in {options.rounds} rounds: {count:,} "
            f"measurements of {options.seconds:g} s, about {max(minutes, 1):.0f} minutes")


def measure(options: Options) -> int:
    peers = list({peer.name: peer for scenario in options.scenarios
                  for peer in options.peers_of(scenario)}.values())
    missing = list(filter(None, (peer.missing() for peer in peers)))
    if missing:
        raise RuntimeError("\n".join(missing))
    descriptors = machine.raise_descriptor_limit()
    cpus = machine.two_cpus()
    program = options.build / "bench" / "bench_load"
    if not program.exists():
        raise RuntimeError(f"there is no load generator {program}: {BUILT}")
    load = Load(program, options.seconds, options.warm_up)
    results = Results(machine.description(), options.seconds,
                      [Entrant(peer.name, peer.subject, peer.version()) for peer in peers])
    print(plan(options))
    if warning := machine.busy():
        print(f"Note: {warning}.")
    with tempfile.TemporaryDirectory(prefix="spillway-bench-") as folder:
        rounds = Rounds(Laboratory(Path(folder), load, cpus), results, descriptors, say, complain)
        try:
            for scenario in filter(options.peers_of, options.scenarios):
                rounds.run(scenario, options.peers_of(scenario), options.rounds)
                say("")
                print(f"\n{scenario_table(figures_of(results), scenario).text()}", flush=True)
        finally:
            say("")
            write_files(options, results)
    for table in closing_tables(results):
        print(f"\n{table.text()}")
    print(f"\n{conditions(results)}\n{options.json} has every figure.")
    return 1 if results.errors() else 0


def report_again(options: Options, source: Path) -> int:
    results = Results.read(source)
    write_files(options, results)
    figures = figures_of(results)
    for scenario in dict.fromkeys(figure.scenario for figure in figures):
        print(f"{scenario_table(figures, scenario).text()}\n")
    for table in closing_tables(results):
        print(f"{table.text()}\n")
    print(conditions(results))
    return 0


def write_files(options: Options, results: Results) -> None:
    if not options.source:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        write_json(results, options.json)
    if options.markdown:
        options.markdown.write_text(markdown(results) + "\n", encoding="utf-8")
    if options.svg and (groups := plot.bars_of(figures_of(results))):
        options.svg.write_text(plot.svg(groups), encoding="utf-8")


def say(words: str) -> None:
    """A line that the next one replaces; for those who watch."""
    if sys.stdout.isatty():
        print(f"\r\x1b[K{words}", end="", flush=True)


def complain(measurement: Measurement) -> None:
    say("")
    place = dict.fromkeys([measurement.scenario, measurement.case, measurement.peer])
    print(f"{', '.join(place)}, round {measurement.round + 1}: {measurement.error}",
          file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
