"""Ticks of a typeset axis: few, round, powers of ten as such. Places are axis coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lazygui.export.drawing import AxisSpec, Span
from lazygui.export.typeset_text import typeset

Tick = tuple[float, str]
_FACTORS = (1.0, 2.0, 5.0, 10.0)
_STRIDES = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)


def ticks_of(axis: AxisSpec, length: float, room: float) -> tuple[list[Tick], list[float]]:
    """Labelled ticks and bare ones of an axis `length` long, one label per `room` at most."""
    if axis.ticks:
        low, high = _ordered(axis.span)
        named = [(p, number(text)) for p, text in axis.ticks if low - 1e-9 <= p <= high + 1e-9]
        return named, []
    return ticks(axis.span, axis.log, length / room)


def ticks(span: Span, log: bool, most: float) -> tuple[list[Tick], list[float]]:
    """Labelled ticks and bare ones between the ends of a span, about `most` labels."""
    low, high = _ordered(span)
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [], []
    if log and high - low >= 0.7:
        return _log_ticks(low, high, max(most, 1.0))
    step = _round_step((high - low) / max(most, 1.0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = [k * step for k in range(first, min(last, first + 60) + 1)]
    if log:
        return [(place, number(f"{10.0**place:.4g}")) for place in places], []
    return list(zip(places, _numbers(places, step), strict=True)), []


def power_of_ten(exponent: int) -> str:
    """10 to a power as mathematics.

    >>> power_of_ten(-3)
    '$10^{-3}$'
    """
    return f"$10^{{{exponent}}}$"


def number(text: str) -> str:
    """A number as mathematics, so that its minus sign is one; other texts typeset.

    >>> number("1e-05")
    '$10^{-5}$'
    """
    text = text.replace("−", "-").strip()
    try:
        value = float(text)
    except ValueError:
        return typeset(text)
    mantissa, mark, exponent = text.lower().partition("e")
    if not mark or not math.isfinite(value):
        return f"${text}$"
    power = f"10^{{{int(exponent)}}}"
    return f"${power}$" if float(mantissa) == 1.0 else rf"${mantissa}\cdot {power}$"


def _ordered(span: Span) -> Span:
    return min(span), max(span)


def _log_ticks(low: float, high: float, most: float) -> tuple[list[Tick], list[float]]:
    if high - low < 1.7 and most >= 3.0:
        # Plain numbers, since 2·10² beside 10² is hard to read.
        wanted = (1, 2, 5) if most > 3.2 * (high - low) else (1, 3)
        named = [(place, number(f"{10.0**place:.3g}")) for place in _multiples(low, high, wanted)]
        return named, _multiples(low, high, range(2, 10))
    every = next((n for n in _STRIDES if n >= (high - low) / most), _STRIDES[-1])
    decades = _decades(low, high, every)
    while len(decades) < 2 and every > 1:
        # A single label says nothing of the scale.
        every = _STRIDES[_STRIDES.index(every) - 1]
        decades = _decades(low, high, every)
    bare = _bare(low, high, every)
    return [(float(decade), power_of_ten(decade)) for decade in decades], bare


def _decades(low: float, high: float, every: int) -> list[int]:
    first, last = math.ceil(low / every - 1e-9), math.floor(high / every + 1e-9)
    return [k * every for k in range(first, last + 1)]


def _bare(low: float, high: float, every: int) -> list[float]:
    """Multiples of the powers where each decade is named, else the decades between."""
    if every == 1 and high - low <= 8.0:
        return _multiples(low, high, range(2, 10))
    if every == 1:
        return []
    return [float(k) for k in range(math.ceil(low), math.floor(high) + 1) if k % every]


def _multiples(low: float, high: float, factors: Sequence[int]) -> list[float]:
    exponents = range(math.floor(low), math.ceil(high) + 1)
    places = [n + math.log10(factor) for n in exponents for factor in factors]
    return [place for place in places if low - 1e-9 <= place <= high + 1e-9]


def _round_step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return power * next(factor for factor in _FACTORS if factor * power >= raw * 0.999)


def _numbers(places: Sequence[float], step: float) -> list[str]:
    """All with the same decimals; very large or small ones as multiples of a power of ten."""
    largest = max((abs(place) for place in places), default=0.0)
    if largest >= 1e5 or step < 1e-4:
        return [_scientific(place, step) for place in places]
    decimals = max(-math.floor(math.log10(step) + 1e-9), 0)
    return [f"${_signed(place, decimals, step)}$" for place in places]


def _signed(place: float, decimals: int, step: float) -> str:
    return f"{0.0 if abs(place) < 1e-6 * step else place:.{decimals}f}"


def _scientific(place: float, step: float) -> str:
    if abs(place) < 1e-6 * step:
        return "$0$"
    digits = max(math.floor(math.log10(abs(place)) + 1e-9) - math.floor(math.log10(step) + 1e-9), 0)
    return number(f"{place:.{min(digits, 12)}e}")
