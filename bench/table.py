"""Tables of text: aligned for a terminal, or as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# A heading and how it is aligned: "<" or ">".
Column = tuple[str, str]


@dataclass
class Table:
    title: str
    columns: Sequence[Column]
    rows: list[list[str]] = field(default_factory=list)

    def text(self) -> str:
        lines = [[heading for heading, _ in self.columns], *self.rows]
        widths = [max(map(len, cells)) for cells in zip(*lines)]
        return self.title + "\n" + "\n".join(
            "  " + "  ".join(f"{cell:{side}{width}}" for cell, (_, side), width
                             in zip(line, self.columns, widths)).rstrip() for line in lines)

    def markdown(self) -> str:
        rules = ["---" if side == "<" else "---:" for _, side in self.columns]
        lines = [[heading for heading, _ in self.columns], rules, *self.rows]
        return f"**{self.title}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)
