"""The command line: what is measured, on what, and where the figures go."""

import argparse
import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from peer import Peer, other_proxies, spillway, yardstick
from scenarios import SCENARIOS, Scenario

DEFAULT_SUBJECT = "spillway"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


class WrongUsage(Exception):
    """In words for the one who typed it."""


@dataclass(frozen=True)
class Options:
    scenarios: list[Scenario]
    peers: list[Peer]  # of all scenarios but those of variants
    subjects: list[list[Peer]]  # each spillway that takes part, in all its variants
    build: Path
    rounds: int
    seconds: float
    warm_up: float
    json: Path
    svg: Path | None
    markdown: Path | None
    source: Path | None  # measurements to report again
    only_list: bool
    dry_run: bool

    def peers_of(self, scenario: Scenario) -> list[Peer]:
        if scenario.variants:
            return [peer for variants in self.subjects for peer in variants]
        return [peer for peer in self.peers if not scenario.both_cpus or peer.has_loops]


def parse(arguments: Sequence[str] | None = None) -> Options:
    """THROWS: WrongUsage."""
    given = _parser().parse_args(arguments)
    given.build = given.build.absolute()  # what runs it does so from another folder
    subjects = _subjects(given.spillway, given.build)
    everyone = [peer for variants in subjects for peer in variants]
    everyone += [yardstick(given.build / "bench" / "bench_yardstick"), *other_proxies()]
    peers = _peers(given.peers, everyone, subjects)
    chosen = {peer.subject for peer in peers}
    options = Options(_scenarios(given.scenarios), peers,
                      [variants for variants in subjects if variants[0].subject in chosen],
                      given.build, given.rounds, given.seconds, given.warmup,
                      given.json or given.build / "bench" / "figures.json", given.svg,
                      given.markdown, given.source, given.list, given.dry_run)
    for name in given.scenarios:
        if not options.peers_of(next(each for each in SCENARIOS if each.name == name)):
            raise WrongUsage(f"{name} measures none of --peers {given.peers}: add spillway to them")
    return options


def choose(what: str, typed: str, known: Sequence[str], where: str) -> str:
    """`typed`, if it is known."""
    if typed in known:
        return typed
    close = difflib.get_close_matches(typed, known, 1)
    hint = f"did you mean \"{close[0]}\"?" if close else f"{where}: {', '.join(known) or 'none'}"
    raise WrongUsage(f"no {what} \"{typed}\", {hint}")


def _scenarios(typed: Sequence[str]) -> list[Scenario]:
    by_name = {scenario.name: scenario for scenario in SCENARIOS}
    names = [choose("scenario", name, list(by_name), "there are") for name in typed]
    # In the table's order, each once.
    return [scenario for scenario in SCENARIOS if not names or scenario.name in names]


def _subjects(typed: Sequence[str] | None, build: Path) -> list[list[Peer]]:
    """`NAME=PATH` or `PATH`, as often as there are binaries to compare."""
    named: dict[str, Path] = {}
    for text in typed or [f"{DEFAULT_SUBJECT}={build / 'daemon' / 'spillway'}"]:
        name, equals, path = text.partition("=")
        if not equals:
            name, path = DEFAULT_SUBJECT, text
        if not NAME.fullmatch(name):
            raise WrongUsage(f"--spillway {text}: \"{name}\" is no name: take small letters, "
                             "digits, and - . _ between them")
        if name in named:
            raise WrongUsage(f"--spillway {text}: there is a \"{name}\" already: write NAME=PATH "
                             "with another name")
        named[name] = Path(path).absolute()
    return [spillway(name, path) for name, path in named.items()]


def _peers(typed: str | None, everyone: Sequence[Peer],
           subjects: Sequence[Sequence[Peer]]) -> list[Peer]:
    by_name = {peer.name: peer for peer in everyone}
    if len(by_name) != len(everyone):
        raise WrongUsage("--spillway: one of the names is that of another proxy")
    main = [variants[0].name for variants in subjects]
    if typed is None:
        names = main + [peer.name for peer in everyone if not peer.subject]
    else:
        names = []
        for name in filter(None, typed.split(",")):
            if name == DEFAULT_SUBJECT and name not in by_name:
                names += main
            else:
                names.append(_peer(name, by_name))
    if not names:
        raise WrongUsage("--peers: name at least one")
    return [by_name[name] for name in dict.fromkeys(names)]


def _peer(typed: str, by_name: dict[str, Peer]) -> str:
    """The name of one that is there, or is made by `NAME:SETTING=VALUE`, which adds it."""
    name, colon, setting = typed.partition(":")
    peer = by_name[choose("proxy", name, list(by_name), "there are")]
    if not colon:
        return name
    setting, _, value = setting.partition("=")
    choose(f"setting of {name}", setting, list(peer.settings), "there is")
    if not value:
        raise WrongUsage(f"--peers {typed}: write the setting's value, {name}:{setting}=VALUE")
    changed = peer.with_setting(setting, value)
    by_name[changed.name] = changed
    return changed.name


def _number(least: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = least - 1
        if not least <= value <= 3600:
            raise argparse.ArgumentTypeError(f"\"{text}\" is no number from {least:g} to 3600")
        return value
    return convert


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        raise WrongUsage(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="./dev bench", description="Measures spillway beside other proxies and "
                     "a bare epoll and OpenSSL relay, the yardstick.", allow_abbrev=False)
    add = parser.add_argument
    add("scenarios", nargs="*", metavar="SCENARIO", help="some of those that --list shows (all)")
    add("--list", action="store_true", help="show the scenarios and end")
    add("--rounds", type=_number(1, int), default=5, help="how often each is measured (5)")
    add("--seconds", type=_number(0.1, float), default=2.0, help="for how long (2)")
    add("--warmup", type=_number(0, float), default=0.5, help="how long before that (0.5)")
    add("--peers", metavar="NAME,...", help="which proxies: spillway, spillway-lean, "
        "spillway-full, yardstick, haproxy, nginx, hitch, stunnel (all but lean and full); "
        "NAME:SETTING=VALUE changes what bench/peers has as $SETTING")
    add("--spillway", action="append", metavar="[NAME=]PATH",
        help="a binary to measure instead of the built one; several are compared")
    add("--json", type=Path, metavar="FILE", help="every figure (build/release/bench/figures.json)")
    add("--markdown", type=Path, metavar="FILE", help="the tables")
    add("--svg", type=Path, metavar="FILE", help="a plot")
    add("--from", dest="source", type=Path, metavar="FILE",
        help="measure nothing, report what --json wrote")
    add("--dry-run", action="store_true", help="say what would be measured, and how long it takes")
    add("--build", type=Path, default=Path("build/release"), metavar="FOLDER",
        help="where the programs are (build/release)")
    return parser
