"""One sentence on the learning rate in force, from what is known of the run."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from lazygui.panels.number_text import short
from lazygui.simulation.history import History

ROUNDING = 1e-12  # a factor below it is 0


@dataclass(frozen=True)
class Remark:
    """A rich-text sentence and how serious it is: "good", "warn", "bad" or "plain"."""

    level: str
    text: str


def learning_rate_now(history: History) -> float:
    """The learning rate of the next step, changes on the way included."""
    return history.scenario.value_at("learning_rate", history.last_step)


def stability_remark(history: History) -> Remark | None:
    """Compares η with the stability limit 2/λ_max; None when nothing is known of it.

    On a quadratic each step multiplies the error along the steepest direction by 1 − 2η/limit
    (slide "Gradient descent"); a network may outlive its linearization beyond the limit.
    """
    limit = history.facts.get("stability_limit")
    if limit is None or not 0 < limit < math.inf:
        return _without_limit(history)
    rate = learning_rate_now(history)
    comparison, side = _comparison(rate, float(limit), _limit_label(history))
    if "output_gap" in history:
        return _lazy_remark(comparison, side, rate, float(limit))
    if _is_quadratic(history):
        factor = 1.0 - 2.0 * rate / float(limit)
        factor = 0.0 if abs(factor) < ROUNDING else factor
        return _quadratic_remark(comparison, side, factor, history)
    return _smooth_remark(comparison, side)


def _comparison(rate: float, limit: float, label: str) -> tuple[str, int]:
    side = 0 if math.isclose(rate, limit, rel_tol=1e-9) else (1 if rate > limit else -1)
    left, right = short(rate), short(limit)
    if side and left == right:
        left, right = f"{rate:.7g}", f"{limit:.7g}"
    sign = {-1: "&lt;", 0: "=", 1: "&gt;"}[side]
    return f"η = {left} {sign} {label} = {right}", side


def _limit_label(history: History) -> str:
    limit = history.facts["stability_limit"]
    marks = history.facts.get("learning_rate_marks", ())
    return next((label for value, label in marks if value == limit), "2/λ<sub>max</sub>")


def _lazy_remark(comparison: str, side: int, rate: float, limit: float) -> Remark:
    if side > 0:
        text = _tr("the linearization diverges; the network may catapult.")
        return Remark("bad", f"{comparison}: {text}")
    if side == 0:
        text = _tr("the top mode of the linearization alternates and never shrinks.")
        return Remark("warn", f"{comparison}: {text}")
    if rate > limit / 2:
        text = _tr("the linearization converges, its top mode alternating in sign.")
    else:
        text = _tr("the linearization converges.")
    return Remark("good", f"{comparison}: {text}")


def _is_quadratic(history: History) -> bool:
    if "modes" in history:
        return True
    objective = history.facts.get("objective")
    smoothness = getattr(objective, "smoothness", None)
    # Among the lecture's objectives both constants are known for the quadratics alone.
    return smoothness is not None and getattr(objective, "strong_convexity", None) is not None


def _quadratic_remark(comparison: str, side: int, factor: float, history: History) -> Remark:
    one_dimensional = getattr(history.facts.get("objective"), "dim", 0) == 1
    error = _tr("the error") if one_dimensional else _tr("the error along the steepest direction")
    if side == 0:
        text = _tr("each step flips the sign of {error}, which never shrinks.")
        return Remark("warn", f"{comparison}: {text.format(error=error)}")
    text = _tr("each step multiplies {error} by {factor}.")
    sentence = text.format(error=error, factor=short(factor))
    return Remark("bad" if side > 0 else "good", f"{comparison}: {sentence}")


def _smooth_remark(comparison: str, side: int) -> Remark:
    if side < 0:
        return Remark("good", f"{comparison}: {_tr('the loss falls at each step.')}")
    return Remark("warn", f"{comparison}: {_tr('the loss may rise, and the iterates not settle.')}")


def _without_limit(history: History) -> Remark | None:
    note = getattr(history.facts.get("objective"), "curvature_note", "")
    return Remark("plain", html.escape(note)) if note else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Stability", text)
