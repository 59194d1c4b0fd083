"""The axis of one numeric parameter: bounds, slider range, steps, and where a value lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from lazygui.panels.number_text import exact_text
from lazygui.scenarios.parameters import Parameter

STEPS_PER_DECADE = 20
PAGE = 5
WIDEST_LINEAR_RANGE = 10_000


@dataclass(frozen=True)
class ValueScale:
    """Where values of a parameter may lie and how far one step goes.

    `low` and `high` are the ends of the slider; None means that there is no slider. `symbol` is
    rich text and stands in the sentences about refused values.
    """

    symbol: str = "value"
    lower: float | None = None
    upper: float | None = None
    low: float | None = None
    high: float | None = None
    log: bool = False
    integer: bool = False

    @classmethod
    def of(cls, parameter: Parameter) -> ValueScale:
        """The scale that the parameter's own declaration describes."""
        low, high = parameter.slider_range or (None, None)
        if low is not None and not parameter.log and not parameter.typical:
            # A slider over a billion values would put every useful one on its first pixel.
            low = None if high is None or high - low > WIDEST_LINEAR_RANGE else low
        return cls(
            symbol=parameter.symbol,
            lower=parameter.lower,
            upper=parameter.upper,
            low=low,
            high=high if low is not None else None,
            log=parameter.log,
            integer=parameter.kind is int,
        )

    @property
    def has_slider(self) -> bool:
        """Whether there are two ends to slide between."""
        return self.low is not None and self.high is not None

    @property
    def _excludes_lower(self) -> bool:
        # A logarithmic axis has no zero: there, 0 is a bound that can't be reached.
        return self.log and self.lower == 0.0

    def fault(self, value: float) -> str | None:
        """The sentence that says why a value is refused (rich text); None if it is fine."""
        if self.integer and not float(value).is_integer():
            return _tr("{symbol} must be a whole number").format(symbol=self.symbol)
        if self.lower is not None and self._excludes_lower and value <= self.lower:
            return self._sentence(_tr("{symbol} must be greater than {bound}"), self.lower)
        if self.lower is not None and value < self.lower:
            return self._sentence(_tr("{symbol} must be at least {bound}"), self.lower)
        if self.upper is not None and value > self.upper:
            return self._sentence(_tr("{symbol} must be at most {bound}"), self.upper)
        return None

    def _sentence(self, text: str, bound: float) -> str:
        return text.format(symbol=self.symbol, bound=exact_text(bound))

    def bounds_text(self) -> str:
        """The bounds in words, for a tooltip; empty when there are none."""
        lower = exact_text(self.lower) if self.lower is not None else ""
        upper = exact_text(self.upper) if self.upper is not None else ""
        if lower and upper:
            open_, closed = _tr("above {low}, up to {high}"), _tr("{low} to {high}")
            return (open_ if self._excludes_lower else closed).format(low=lower, high=upper)
        if lower:
            open_, closed = _tr("above {low}"), _tr("at least {low}")
            return (open_ if self._excludes_lower else closed).format(low=lower)
        return _tr("at most {high}").format(high=upper) if upper else ""

    def clamped(self, value: float) -> float:
        """The nearest value within the bounds."""
        if self.lower is not None and not self._excludes_lower:
            value = max(value, self.lower)
        return value if self.upper is None else min(value, self.upper)

    def stepped(self, value: float, count: int) -> float:
        """`count` steps further: ×10^(1/20) each on a log scale, else a hundredth of the range.

        Steps land on a fixed grid, so that a step up and a step down cancel.
        """
        if self.log and value > 0:
            moved = _grid(value, count)
        else:
            size = self._linear_step(value)
            moved = _tidy(value + count * size)
        if self.integer:
            moved = _whole_step(value, moved, count)
        return self.clamped(moved)

    def _linear_step(self, value: float) -> float:
        if self.low is not None and self.high is not None:
            size = _round_power((self.high - self.low) / 100)
        else:
            size = 0.1 * _round_power(abs(value)) if value else 0.1
        return max(1.0, size) if self.integer else size

    def position(self, value: float) -> float:
        """Where the value lies between the ends: 0 at `low`, 1 at `high`; may be outside."""
        low, high = self._ends()
        if not self.log:
            return (value - low) / (high - low)
        if value <= 0:
            return -math.inf
        return math.log(value / low) / math.log(high / low)

    def value_at(self, position: float) -> float:
        """The value at a position in [0, 1], tidied to three digits or to a whole number."""
        low, high = self._ends()
        if position <= 0 or position >= 1:
            return float(low if position <= 0 else high)
        value = low * (high / low) ** position if self.log else low + position * (high - low)
        if self.integer:
            return float(round(value))
        return float(f"{value:.3g}") if self.log else _on_grid(value, (high - low) / 1000)

    def _ends(self) -> tuple[float, float]:
        if self.low is None or self.high is None:
            raise ValueError(f"{self.symbol} has no slider range; give it typical=(low, high)")
        return self.low, self.high


def _grid(value: float, count: int) -> float:
    place = math.log10(value) * STEPS_PER_DECADE
    # The grid's own values are rounded to three digits: within a tenth of a step counts as on it.
    index = round(place)
    if abs(place - index) > 0.1:
        index = math.floor(place) if count > 0 else math.ceil(place)
    return float(f"{10 ** ((index + count) / STEPS_PER_DECADE):.3g}")


def _whole_step(value: float, moved: float, count: int) -> float:
    least = value + (1 if count > 0 else -1)
    moved = float(round(moved))
    return max(moved, least) if count > 0 else min(moved, least)


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")


def _on_grid(value: float, spacing: float) -> float:
    unit = _round_power(spacing)
    return _tidy(round(value / unit) * unit)


def _round_power(size: float) -> float:
    return 10.0 ** math.floor(math.log10(size) + 1e-9)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ValueScale", text)
