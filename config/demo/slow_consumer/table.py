"""Aligned columns."""

from typing import List, Tuple

# A heading and how it is aligned: "<" or ">".
Column = Tuple[str, str]


def aligned(columns: List[Column], rows: List[List[str]]) -> str:
    lines = [[heading for heading, _ in columns], *rows]
    widths = [max(map(len, cells)) for cells in zip(*lines)]
    return "\n".join(
        "  ".join(f"{cell:{side}{width}}"
                  for cell, (_, side), width in zip(line, columns, widths)).rstrip()
        for line in lines)
