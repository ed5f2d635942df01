"""Configuration templates: `$name` stands for a value, and one part is repeated per listener.

The part starts behind the line `# --- for each listener`, and ends at `# --- end` or with the file.
"""

import string
from collections.abc import Mapping, Sequence

START = "# --- for each listener\n"
END = "# --- end\n"


def render(text: str, values: Mapping[str, object], ports: Sequence[int]) -> str:
    head, _, rest = text.partition(START)
    part, _, tail = rest.partition(END)
    parts = (_fill(part, {**values, "number": number, "port": port})
             for number, port in enumerate(ports, 1))
    return _fill(head, values) + "".join(parts) + _fill(tail, values)


def _fill(text: str, values: Mapping[str, object]) -> str:
    try:
        return string.Template(text).substitute(values)
    except KeyError as error:
        raise RuntimeError(f"the template has ${error.args[0]}, which nothing gives a value: "
                           f"there are {', '.join(sorted(values))}") from None
