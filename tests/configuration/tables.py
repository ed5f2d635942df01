"""What a document has in tables."""

import re
from typing import Dict, Iterator, List


def tables(text: str) -> Iterator[List[Dict[str, str]]]:
    """Each table as its rows, by the titles of its columns."""
    for found in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found.splitlines()]
        yield [dict(zip(lines[0], line)) for line in lines[2:]]


def quoted(cell: str) -> List[str]:
    return re.findall(r"`([^`]+)`", cell)


def section(text: str, heading: str) -> str:
    """From that heading to the next one, of whatever depth."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text,
                      re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading!r}"
    return found[1]
