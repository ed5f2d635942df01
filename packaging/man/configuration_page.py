#!/usr/bin/env python3
"""docs/configuration.md as the manual page spillway.yaml(5), on standard output.

usage: configuration_page.py FILE VERSION

A table becomes a list: each row a tag and what is said of it. A link to a document becomes where the
package has that document.
"""

import re
import sys
from pathlib import Path
from typing import Iterator, List

DOCUMENTS = "/usr/share/doc/spillway"

# The first that fits decides.
PLACES = [
    ("../config/examples", f"{DOCUMENTS}/examples"),
    ("../config/minimal.yaml", f"{DOCUMENTS}/examples/minimal.yaml"),
    ("../config/", "/etc/spillway/"),
    ("../systemd/", "/usr/lib/systemd/system/"),
    *((name, f"{DOCUMENTS}/{name}") for name in ("overflow.md", "operations.md")),
]

HEAD = r""".\" Made from docs/configuration.md: change that.
.TH SPILLWAY.YAML 5 "" "spillway {version}" "File formats"
.SH NAME
spillway.yaml \- configuration of the TLS proxy spillway
.SH DESCRIPTION
"""

FOOT = r""".SH FILES
.TP
.I /etc/spillway/spillway.yaml
What the service reads.
.TP
.I /etc/spillway/spillway.schema.json
The JSON Schema.
.TP
.I {documents}
The other documents and the examples.
.SH SEE ALSO
.BR spillway (8)
"""


def escaped(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")


def place(target: str) -> str:
    """Where an installed system has what the document links to; empty for what it has not."""
    path = target.partition("#")[0]
    if path.startswith("https://"):
        return target
    for folder, installed in PLACES:
        if path.startswith(folder):
            return installed + path.removeprefix(folder)
    return ""


def link(found: "re.Match[str]") -> str:
    words, target = found.groups()
    where = place(target)
    if where and Path(words).name == Path(where).name:
        return f"*{where}*"
    return f"{words} (*{where}*)" if where else words


# Columns whose cells need no title in front.
PLAIN = ("takes", "written as")

INLINE = re.compile(r"(`` ?.+? ?``|`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)")


def inline(text: str) -> str:
    """Code is bold, emphasis and files are italic."""
    parts = []
    for part in INLINE.split(re.sub(r"\[([^\]\[`]+)\]\(([^)\s]+)\)", link, text)):
        if part.startswith("`"):
            parts.append(f"\\fB{escaped(part.strip('`'))}\\fR")
        elif part.startswith("*") and len(part) > 1:
            parts.append(f"\\fI{escaped(part.strip('*'))}\\fR")
        else:
            parts.append(escaped(part).replace("\\-", "-"))
    return "".join(parts)


def line(text: str) -> str:
    """A line of its own in the page: one that would be a request is not."""
    written = inline(text)
    return f"\\&{written}" if written.startswith((".", "'")) else written


def capital(text: str) -> str:
    """As a sentence; what starts with code stays as it is."""
    return text[:1].upper() + text[1:] if text else text


def row(titles: List[str], cells: List[str]) -> Iterator[str]:
    yield from [".TP", line(cells[0])]
    facts, words = [], ""
    for title, cell in zip(titles[1:], cells[1:]):
        if title in ("", "for"):
            words = cell
        elif cell:
            facts.append(cell if title in PLAIN or cell == "required" else f"{title}: {cell}")
    if facts:
        yield line(capital("; ".join(facts)) + ".")
    if facts and words:
        yield ".br"
    if words:
        yield line(capital(words).rstrip(".") + ".")
    elif not facts:
        yield "\\&"


def split(text: str) -> List[str]:
    return [cell.strip() for cell in text.strip().strip("|").split("|")]


def example(lines: List[str]) -> Iterator[str]:
    yield from [".PP", ".RS", ".nf"]
    for each in map(escaped, lines):
        yield f"\\&{each}" if each.startswith(".") else each
    yield from [".fi", ".RE"]


def table(lines: List[str]) -> Iterator[str]:
    titles = split(lines[0])
    for each in lines[2:]:
        yield from row(titles, split(each))


def bullets(lines: List[str]) -> Iterator[str]:
    items = re.split(r"^[-*] ", "\n".join(lines), flags=re.MULTILINE)[1:]
    for item in items:
        yield from [".IP \\(bu 2", line(" ".join(item.split()))]


def paragraph(lines: List[str]) -> Iterator[str]:
    """Links and code may go over a line's end: as one text, then a line for each sentence."""
    yield ".PP"
    yield from map(line, re.split(r"(?<=[.?:;]) (?=[A-Z`])", " ".join(lines)))


def heading(text: str) -> str:
    marks, _, words = text.partition(" ")
    return f".SH {inline(words).upper()}" if marks == "##" else f".SS {inline(words)}"


def blocks(text: str) -> Iterator[List[str]]:
    """What empty lines set apart; in a fenced block they are part of it. A heading is one by itself."""
    block: List[str] = []
    is_fenced = False
    for each in [*text.splitlines(), ""]:
        if each.startswith("```"):
            is_fenced = not is_fenced
        if is_fenced or each.strip():
            block.append(each)
        elif block:
            yield block
            block = []


def page(text: str) -> Iterator[str]:
    for block in blocks(text):
        first = block[0]
        if first.startswith("#"):
            yield heading(first)
        elif first.startswith("```"):
            yield from example(block[1:-1])
        elif first.startswith("    "):
            yield from example([each[4:] for each in block])
        elif first.startswith("|"):
            yield from table(block)
        elif first.startswith(("- ", "* ")):
            yield from bullets(block)
        else:
            yield from paragraph(block)


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    _, _, body = text.partition("\n")  # behind the title
    sys.stdout.reconfigure(encoding="utf-8")
    print(HEAD.format(version=sys.argv[2]), end="")
    print("\n".join(page(body)))
    print(FOOT.format(documents=DOCUMENTS), end="")


if __name__ == "__main__":
    main()
