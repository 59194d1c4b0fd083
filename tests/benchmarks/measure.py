"""Interleaved timing: every round runs each contender once, so that a drifting machine cancels."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["Case", "Contender", "Result", "busy_note", "is_busy", "measured", "per_unit", "table"]

BUSY_LOAD_PER_CORE = 0.5
_COLUMNS = (
    ("case", 44), ("ours", 10), ("peer", 10), ("by", 17), ("ratio", 8), ("goal", 7),
    ("floor", 10), ("share", 6), ("goal", 6), ("verdict", 8),
)  # fmt: skip


@dataclass(frozen=True)
class Contender:
    """`run()` does `units` units of work on `threads` threads; the table calls it `name`."""

    name: str
    run: Callable[[], object]
    units: float = 1.0
    threads: int = 1


@dataclass(frozen=True)
class Case:
    """One line of the table.

    goal: how many times faster than the peer ours must be (below 1: how much slower it may be).
    share_goal: the part of our time that the floor, the unavoidable work, must make up.
    """

    title: str
    ours: Contender
    peer: Contender | str
    goal: float | None = None
    floor: Contender | None = None
    share_goal: float | None = None


@dataclass(frozen=True)
class Result:
    """Median seconds per unit, and medians over the rounds of the ratios within a round."""

    case: Case
    seconds: dict[str, float] = field(default_factory=dict)
    ratio: float | None = None
    share: float | None = None

    @property
    def verdict(self) -> str:
        """One of met, missed, absent (no peer here), or empty where nothing was promised."""
        pairs = ((self.ratio, self.case.goal), (self.share, self.case.share_goal))
        wanted = [(value, goal) for value, goal in pairs if goal is not None]
        if any(value is None for value, _ in wanted):
            return "absent"
        if not wanted:
            return ""
        return "met" if all(value >= goal for value, goal in wanted) else "missed"


def processor_time() -> float:
    """Seconds that this process and the children it waited for have computed."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def per_unit(contender: Contender, clock: str) -> float:
    """Seconds per unit: of the wall, or of the processor divided by the threads at work."""
    read = processor_time if clock == "cpu" else time.perf_counter
    start = read()
    contender.run()
    seconds = read() - start
    return seconds / contender.units / (contender.threads if clock == "cpu" else 1)


def measured(case: Case, rounds: int, clock: str) -> Result:
    """Run each contender once to warm up, then `rounds` times in turn."""
    absent = isinstance(case.peer, str)
    known = {"ours": case.ours, "peer": None if absent else case.peer, "floor": case.floor}
    present = {key: value for key, value in known.items() if isinstance(value, Contender)}
    for contender in present.values():
        contender.run()
    times = [{key: per_unit(value, clock) for key, value in present.items()} for _ in range(rounds)]
    ratio = statistics.median(t["peer"] / t["ours"] for t in times) if "peer" in present else None
    share = statistics.median(t["floor"] / t["ours"] for t in times) if "floor" in present else None
    medians = {key: statistics.median(t[key] for t in times) for key in present}
    return Result(case, medians, ratio, share)


def is_busy() -> bool:
    """Whether others keep the machine busy: more than half a runnable thread per core."""
    return os.getloadavg()[0] > BUSY_LOAD_PER_CORE * (os.cpu_count() or 1)


def busy_note() -> str:
    """How busy the machine is, in words; empty on a quiet one."""
    if not is_busy():
        return ""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return (
        f"Note: the machine is busy (load {load:.1f} on {cores} cores): times are rough, "
        "ratios of interleaved rounds less so."
    )


def table(results: Iterator[Result]) -> bool:
    """Print the results as they come; whether no goal was missed."""
    print("".join(f"{name:>{width}}" if i else f"{name:{width}}" for i, (name, width) in
                  enumerate(_COLUMNS)))  # fmt: skip
    met = True
    for result in results:
        met &= result.verdict != "missed"
        cells = _cells(result)
        print("".join(f"{cell:>{width}}" if i else f"{cell:{width}}" for i, (cell, (_, width)) in
                      enumerate(zip(cells, _COLUMNS, strict=True))), flush=True)  # fmt: skip
    return met


def _cells(result: Result) -> list[str]:
    case, seconds = result.case, result.seconds
    peer = case.peer if isinstance(case.peer, str) else case.peer.name
    return [
        case.title,
        _time(seconds.get("ours")),
        _time(seconds.get("peer")),
        peer,
        _times(result.ratio),
        _times(case.goal),
        _time(seconds.get("floor")),
        _percent(result.share),
        _percent(case.share_goal),
        result.verdict,
    ]


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.3g} ×"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"
