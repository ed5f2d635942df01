"""A bar plot as SVG: what each proxy costs, as a multiple of the yardstick."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from figures import YARDSTICK, Figure

# Left out are figures that depend on the round's luck, and those that only compare with themselves.
SHOWN = {
    "bulk-download": "bulk download", "bulk-echo": "bulk echo", "pingpong-64": "64 B messages",
    "pingpong-16k": "16 KiB messages", "handshake-ecdsa": "ECDSA handshakes",
    "handshake-resumed": "resumed handshakes", "handshake-rsa": "RSA handshakes",
    "churn": "short connections", "latency": "latency, p99", "idle": "memory when idle",
}
COLOURS = ("#2f81f7", "#e3742f", "#3fa45b", "#a371f7", "#8b949e", "#d29922")

LABELS = 150  # width of the scenarios' names
CHART = 640
BAR, GAP, GROUP_GAP = 9, 2, 14
TOP, BOTTOM = 74, 34
MOST = 3.0  # longer bars are cut

STYLE = """\
text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 15px; font-weight: 600; }
.value { font-size: 10px; }
.quiet { fill: #59636e; }
.grid { stroke: #8b949e; stroke-opacity: .35; }
.one { stroke: #1f2328; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .quiet { fill: #9198a1; } .one { stroke: #e6edf3; }
}"""


@dataclass(frozen=True)
class Bars:
    label: str
    ratios: dict[str, float]  # by proxy


def bars_of(figures: Sequence[Figure]) -> list[Bars]:
    result = []
    for scenario, label in SHOWN.items():
        ratios = {each.entrant.name: value for each in figures
                  if each.scenario.name == scenario and each.metric == each.case.metrics[0]
                  and each.entrant.name != YARDSTICK
                  and (value := each.ratios.get(YARDSTICK)) is not None}
        if ratios:
            result.append(Bars(label, ratios))
    return result


def svg(groups: Sequence[Bars]) -> str:
    """REQUIRES: at least one group."""
    proxies = list(dict.fromkeys(name for group in groups for name in group.ratios))
    group_height = len(proxies) * (BAR + GAP) + GROUP_GAP
    width = LABELS + CHART + 60
    height = TOP + len(groups) * group_height + BOTTOM
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             f'width="{width}" height="{height}" role="img" aria-labelledby="title">',
             f"<style>{STYLE}</style>",
             _text(0, 18, "What it costs the proxy, as a multiple of a bare epoll and OpenSSL "
                          "relay (shorter is better)", "title", ' id="title"'),
             *_legend(proxies), *_grid(height)]
    for index, group in enumerate(groups):
        parts += _group(group, proxies, TOP + index * group_height)
    return "\n".join([*parts, "</svg>", ""])


def _legend(proxies: Sequence[str]) -> list[str]:
    parts = []
    x = LABELS
    for index, name in enumerate(proxies):
        parts.append(f'<rect x="{x}" y="33" width="11" height="11" rx="2" '
                     f'fill="{_colour(index)}"/>')
        parts.append(_text(x + 16, 43, name))
        x += 34 + 7 * len(name)
    return parts


def _grid(height: int) -> list[str]:
    parts = []
    for tenths in range(0, int(MOST * 10) + 1, 5):
        x = _x(tenths / 10)
        kind = "one" if tenths == 10 else "grid"
        parts.append(f'<line class="{kind}" x1="{x}" x2="{x}" y1="{TOP - 8}" '
                     f'y2="{height - BOTTOM}"/>')
        parts.append(_text(x, height - BOTTOM + 16, f"{tenths / 10:g}", "quiet",
                           ' text-anchor="middle"'))
    return parts


def _group(group: Bars, proxies: Sequence[str], y: int) -> list[str]:
    middle = y + len(proxies) * (BAR + GAP) // 2
    parts = [_text(LABELS - 10, middle + 4, group.label, "", ' text-anchor="end"')]
    for index, name in enumerate(proxies):
        if name not in group.ratios:
            continue
        value = group.ratios[name]
        top = y + index * (BAR + GAP)
        end = _x(min(value, MOST))
        parts.append(f'<rect x="{LABELS}" y="{top}" width="{end - LABELS:g}" height="{BAR}" rx="2" '
                     f'fill="{_colour(index)}"><title>{escape(name)}: {value:.2f}</title></rect>')
        cut = " »" if value > MOST else ""
        one = _x(1)
        begin = one if end < one < end + 30 else end  # clear of the line
        parts.append(_text(begin + 4, top + BAR - 1, f"{value:.2f}{cut}", "value"))
    return parts


def _x(value: float) -> float:
    return round(LABELS + CHART * max(value, 0.0) / MOST, 1)


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


def _text(x: float, y: float, words: str, kind: str = "", more: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}{more}>{escape(words)}</text>'
