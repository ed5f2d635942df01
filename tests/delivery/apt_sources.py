"""Where this machine's packages come from, as its own apt says: a system made for a test comes from
there too, so that no mirror is named in the tree."""

import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Tuple


class AptSource(NamedTuple):
    uri: str
    suite: str
    components: Tuple[str, ...]

    @property
    def line(self) -> str:
        """For a sources.list. Who signed it is left to the keys that the new system has itself."""
        return f"deb {self.uri} {self.suite} {' '.join(self.components)}".rstrip()


def machine_sources(folder: Path = Path("/etc/apt")) -> List[AptSource]:
    """In the order in which apt reads them."""
    parts = folder / "sources.list.d"
    found: List[AptSource] = []
    for file in [folder / "sources.list", *sorted(parts.glob("*"))]:
        if not file.is_file():
            continue
        if file.suffix == ".list":
            found += parse_list(file.read_text(encoding="utf-8"))
        elif file.suffix == ".sources":
            found += parse_deb822(file.read_text(encoding="utf-8"))
    return found


def parse_list(text: str) -> Iterator[AptSource]:
    """deb [option=value ...] URI SUITE COMPONENT..."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words[0] != "deb":
            continue
        rest = words[1:]
        if rest and rest[0].startswith("["):
            end = next((at for at, word in enumerate(rest) if word.endswith("]")), len(rest))
            rest = rest[end + 1:]
        if len(rest) >= 2:
            yield AptSource(rest[0], rest[1], tuple(rest[2:]))


def parse_deb822(text: str) -> Iterator[AptSource]:
    """Paragraphs of "Field: value"; a line that starts with a blank goes on with the field above."""
    for fields in _paragraphs(text):
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").strip().lower() in {"no", "false", "0", "off"}:
            continue
        components = tuple(fields.get("components", "").split())
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield AptSource(uri, suite, components)


def _paragraphs(text: str) -> Iterator[Dict[str, str]]:
    fields: Dict[str, str] = {}
    name = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if fields:
                yield fields
            fields, name = {}, ""
        elif line[0] in " \t":
            fields[name] = f"{fields.get(name, '')} {line.strip()}"
        else:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()


def distribution_sources(codename: str, sources: List[AptSource]) -> List[AptSource]:
    """Those of the distribution itself, the release first: what others add (`stable`, their own names)
    is not asked for."""
    release = [source for source in sources if source.suite == codename]
    if not release:
        raise LookupError(f"no source of this machine's apt has the suite \"{codename}\": "
                          f"add it to /etc/apt/sources.list.d")
    addenda = [source for source in sources if source.suite.startswith(f"{codename}-")]
    # A source of somebody else may be called like the release; it has not "main".
    release.sort(key=lambda source: "main" not in source.components)
    home = release[0]
    return [home] + [source for source in addenda if "main" in source.components]


def machine_proxy() -> str:
    """apt's settings of how to get through to the mirror, as text for an apt.conf."""
    dumped = subprocess.run(["apt-config", "dump", "Acquire"], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=60, check=True).stdout
    return "".join(f"{line}\n" for line in dumped.splitlines()
                   if line.lower().startswith(("acquire::http::proxy", "acquire::https::proxy")))
