"""What a claim is: a statement, and how a history is read to check it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from lazygui.simulation.history import History

__all__ = ["Claim", "Reading", "Verdict", "at_least", "at_most", "near", "number", "pending", "yes"]


class Verdict(Enum):
    """The state of a check; the value is its name to the reader."""

    PENDING = "being checked"
    HOLDS = "holds"
    FAILS = "fails"


@dataclass(frozen=True)
class Reading:
    """One check of one history: texts for people, and the number measured where there is one."""

    predicted: str
    measured: str
    tolerance: str
    verdict: Verdict
    value: float = math.nan


@dataclass(frozen=True)
class Claim:
    """A statement of the lecture that a run can confirm or refute.

    `id` is the demo's number in the lecture ("D06") and, where it makes several statements, a
    part of it ("D06.factor"). `statement` is one sentence in rich text. `read` computes
    everything from the history, the prediction too: nothing is typed in. It may be called at any
    moment of a run and answers PENDING while it is too early to tell.
    """

    id: str
    statement: str
    read: Callable[[History], Reading]
    source: str = ""

    @property
    def demo(self) -> str:
        """The number alone: "D06" of "D06.factor"."""
        return self.id.partition(".")[0]


def number(value: float) -> str:
    """Four significant digits with a typographic minus: 0.8182, −2.003, 3.2·10⁻⁷."""
    if not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, "undefined")
    text = f"{value:.4g}"
    mantissa, e, exponent = text.partition("e")
    if e:
        text = f"{mantissa}·10{_raised(int(exponent))}"
    return text.replace("-", "−")


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def near(measured: float, predicted: float, tolerance: float) -> Reading:
    """Holds when |measured − predicted| ≤ tolerance."""
    good = abs(measured - predicted) <= tolerance
    shown = f"± {number(float(f'{tolerance:.2g}'))}"
    # Zeros at the end say how near: −1.000 ± 0.05.
    padded = 1e-4 <= tolerance < 1 and 1e-3 <= abs(measured) < 1e4
    said = f"{measured:#.4g}".replace("-", "−") if padded else number(measured)
    return Reading(number(predicted), said, shown, _verdict(good), measured)


def at_most(measured: float, bound: float) -> Reading:
    """Holds when measured ≤ bound."""
    shown = f"≤ {number(bound)}"
    return Reading(shown, number(measured), shown, _verdict(measured <= bound), measured)


def at_least(measured: float, bound: float) -> Reading:
    """Holds when measured ≥ bound."""
    shown = f"≥ {number(bound)}"
    return Reading(shown, number(measured), shown, _verdict(measured >= bound), measured)


def yes(predicted: str, measured: str, holds: bool, value: float = math.nan) -> Reading:
    """A statement that is true or not, in words."""
    return Reading(predicted, measured, "exact", _verdict(holds), value)


def pending(predicted: str, reason: str = "…") -> Reading:
    """Too early to tell."""
    return Reading(predicted, reason, "", Verdict.PENDING)


def _verdict(good: bool) -> Verdict:
    return Verdict.HOLDS if good else Verdict.FAILS
