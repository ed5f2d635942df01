"""Holds measured figures against the recorded ones."""

from typing import Dict, List

Figures = Dict[str, dict]

MAY_GROW = 1.03
OR_BY = 0.05  # of an allocation, of a system call


def compare(measured: Figures, recorded: Figures) -> List[str]:
    """What grew, in words; empty if nothing did."""
    faults = []
    for name, now in measured.items():
        if name not in recorded:
            faults.append(f"{name}: nothing is recorded: ./dev cost --record")
            continue
        faults += [f"{name}: {fault}" for fault in _grown(now, recorded[name])]
    return faults


def _grown(now: dict, then: dict) -> List[str]:
    grown = []
    if now["own_instructions"] > then["own_instructions"] * MAY_GROW:
        grown.append(f"{now['own_instructions']} instructions per {now['unit']}, "
                     f"recorded are {then['own_instructions']}")
    if now["allocations"] > then["allocations"] * MAY_GROW + OR_BY:
        grown.append(f"{now['allocations']} allocations per {now['unit']}, "
                     f"recorded are {then['allocations']}")
    for call, count in now["system_calls"].items():
        before = then["system_calls"].get(call, 0)
        if count > before * MAY_GROW + OR_BY:
            grown.append(f"{count} x {call} per {now['unit']}, recorded are {before}")
    return grown


def table(measured: Figures, recorded: Figures) -> str:
    rows = [f"{'':24} {'per':14} {'instructions':>12} {'recorded':>9} {'with all':>9} "
            f"{'allocations':>11}  system calls"]
    for name, now in measured.items():
        then = recorded.get(name, {}).get("own_instructions", "-")
        calls = " ".join(f"{call} {count:g}" for call, count in now["system_calls"].items())
        rows.append(f"{name:24} {now['unit']:14} {now['own_instructions']:12} {then:>9} "
                    f"{now['all_instructions']:9} {now['allocations']:11g}  {calls}")
    return "\n".join(rows)
