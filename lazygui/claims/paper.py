"""Claims of figures 1 and 2 of Chizat, Oyallon, Bach 2019."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_least, at_most, near, number, pending
from lazygui.claims.slopes import means_of
from lazygui.claims.start import Start, ended, start_of
from lazygui.claims.sweeps import inapplicable, sweep_over, unfinished
from lazygui.numerics.fits import loglog_fit
from lazygui.numerics.networks import TwoLayer
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.history import History

__all__ = ["CLAIMS_OF_PAPER"]

MOVED, STILL = 1.0, 0.1  # relative displacements that travel, and that hardly move
FLIPPED, UNFLIPPED = 0.05, 0.01  # shares of gates
LEARNT, FITTED = 1e-2, 1e-3  # losses relative to that of the zero function
PLATEAU = 1.0  # τ from which on the test loss no longer changes
SMALL, WORSE = 0.01, 30.0  # a small τ, and how many times its test loss the plateau is
WIDER_WORSE = 2.0  # times the test loss of the best width
FLAT = 0.25  # log-log slopes within it are level
WIDE = 64.0  # m from which on the test loss no longer changes in the mean-field regime
# A student with about as many neurons as the teacher gets stuck or finds it exactly: chance.
BEYOND_TEACHER, LEVEL = 8.0, 0.05  # m, and a share of the test loss at w₀

# Figures 1 (a) and (b): neurons in the plane.


def _regime(history: History, lazy: bool) -> str:
    """What the run lacks to belong to the regime; "" if nothing."""
    scenario = history.scenario
    if not isinstance(scenario, LazyScenario) or scenario.data != "teacher":
        return "a teacher"
    kappa = history.facts.get("kappa")
    if kappa is None:
        return "κ, which is being computed"
    if lazy == (kappa < MOVED):
        return ""
    return f"κ {'<' if lazy else '≥'} 1; here κ = {number(float(kappa))}"


Check = Callable[[History], Reading]


def _at_end(column: str, bound: float, lazy: bool) -> Check:
    """A column at the end of the run: at most the bound where lazy, at least it where not."""
    sign = "≤" if lazy else "≥"

    def read(history: History) -> Reading:
        missing = _regime(history, lazy)
        if missing or column not in history:
            return inapplicable(missing or f"the column {column}")
        value = float(history.latest(column))
        if not ended(history):
            return pending(f"{sign} {number(bound)}", number(value))
        return at_most(value, bound) if lazy else at_least(value, bound)

    return read


def _loss_ratio(column: str, bound: float, lazy: bool) -> Check:
    """A loss at the end over its value for the zero function, which is that of w₀."""

    def read(history: History) -> Reading:
        missing = _regime(history, lazy)
        if missing or column not in history:
            return inapplicable(missing or "test samples")
        ratio = float(history.latest(column) / history[column][0])
        if not ended(history):
            return pending(f"≤ {number(bound)}", number(ratio))
        return at_most(ratio, bound)

    return read


def _balance(history: History) -> Reading:
    """max_j |Δ(|a_j|² − c_j²)| at any time against 2ηF(w₀), both over the largest |a_j|² + c_j².

    A step changes |a_j|² − c_j² by η²(|∂F/∂a_j|² − (∂F/∂c_j)²) exactly, as a·∂F/∂a = c·∂F/∂c for
    ReLU; and Σ η²‖∇F‖² ≤ 2ηF(w₀) while η ≤ 1/L. The flow, η → 0, conserves it.
    """
    start = start_of(history)
    if start is None or start.network.activation != "relu" or "balance_drift" not in history:
        return inapplicable("a ReLU network of two layers whose balance is tracked")
    scenario = history.scenario
    rate = max([scenario.learning_rate, *(change.value for change in scenario.changes)])
    objective = float(history["loss"][0]) / start.scale**2
    bound = 2 * rate * objective / _largest_neuron(start)
    return at_most(float(np.max(history["balance_drift"])), bound)


def _largest_neuron(start: Start) -> float:
    assert isinstance(start.network, TwoLayer)
    a, _, c = start.network.split(start.w0)
    return float(np.max(np.einsum("jd,jd->j", a, a) + c**2))


# Figures 1 (c) and 2 (b): test loss against τ.


def _gain_sweep(history: History, kind: str, column: str) -> str:
    found = sweep_over(history, "gain")
    if found is None or found[1].kind != kind or column not in history:
        return "a sweep over τ of a teacher–student run"
    gains = found[0].axes[0].values()
    if gains[0] > 0.1 or np.sum(gains >= PLATEAU) < 3:
        return "τ from below 0.1 to three values above 1"
    return ""


def _plateau(kind: str, column: str) -> Check:
    """The log-log slope of the test loss from τ = 1 on."""

    def read(history: History) -> Reading:
        missing, waiting = _gain_sweep(history, kind, column), unfinished(history)
        if missing:
            return inapplicable(missing)
        if waiting:
            return pending("0", waiting)
        gains, losses = means_of(history, column)
        late = gains > PLATEAU
        return near(loglog_fit(gains[late], losses[late]).slope, 0.0, FLAT)

    return read


def _worse(kind: str, column: str) -> Check:
    """The mean test loss from τ = 1 on over that of τ = 0.01, or of the nearest to it."""

    def read(history: History) -> Reading:
        missing, waiting = _gain_sweep(history, kind, column), unfinished(history)
        if missing:
            return inapplicable(missing)
        if waiting:
            return pending(f"≥ {number(WORSE)}", waiting)
        gains, losses = means_of(history, column)
        small = losses[np.argmin(np.abs(np.log(gains / SMALL)))]
        return at_least(float(losses[gains >= PLATEAU].mean() / small), WORSE)

    return read


# Figure 2 (a): test loss against the width.


def _width_sweep(history: History, parameterization: str) -> str:
    found = sweep_over(history, "width")
    if found is None or "test_loss" not in history:
        return "a sweep over m with test samples"
    known = found[1].parameterization
    return "" if known == parameterization else f"the {parameterization} parameterization"


def _wider_worse(history: History) -> Reading:
    """Mean test loss of the widest network over that of the best width."""
    missing, waiting = _width_sweep(history, "ntk"), unfinished(history)
    if missing:
        return inapplicable(missing)
    if waiting:
        return pending(f"≥ {number(WIDER_WORSE)}", waiting)
    _, losses = means_of(history, "test_loss")
    return at_least(float(losses[-1] / losses.min()), WIDER_WORSE)


def _wider_lazier(history: History) -> Reading:
    """Relative displacement of the widest network over that of the narrowest."""
    missing, waiting = _width_sweep(history, "ntk"), unfinished(history)
    if missing:
        return inapplicable(missing)
    if waiting:
        return pending("≤ 0.5", waiting)
    _, moved = means_of(history, "relative_displacement")
    return at_most(float(moved[-1] / moved[0]), 0.5)


def _width_flat(column: str, lower: float = 0.0) -> Check:
    """The log-log slope in m with 1/m in front, from the width `lower` on."""

    def read(history: History) -> Reading:
        missing, waiting = _width_sweep(history, "mean-field"), unfinished(history)
        if missing or column not in history:
            return inapplicable(missing or f"the column {column}")
        if waiting:
            return pending("0", waiting)
        widths, means = means_of(history, column)
        wide = widths >= lower
        if wide.sum() < 3:
            return inapplicable(f"three widths from m = {number(lower)} on")
        return near(loglog_fit(widths[wide], means[wide]).slope, 0.0, FLAT)

    return read


def _width_level(history: History) -> Reading:
    """How far the mean test loss moves over the widths, in units of the test loss at w₀."""
    missing, waiting = _width_sweep(history, "mean-field"), unfinished(history)
    if missing or "max_test_loss" not in history:
        return inapplicable(missing or "the test loss at the start")
    if waiting:
        return pending(f"≤ {number(LEVEL)}", waiting)
    (widths, means), (_, start) = (means_of(history, n) for n in ("test_loss", "max_test_loss"))
    shares = (means / start)[widths >= BEYOND_TEACHER]
    return at_most(float(np.ptp(shares)), LEVEL)


_PAPER = "Chizat, Oyallon, Bach 2019, figure "

CLAIMS_OF_PAPER: tuple[Claim, ...] = (
    Claim(
        "P1a.displacement",
        "From a small initialization the neurons travel: the weights move by more than their size.",
        _at_end("relative_displacement", MOVED, lazy=False),
        _PAPER + "1 (a)",
    ),
    Claim(
        "P1a.gates",
        "On the way gates flip: neurons turn their backs on samples, or face others.",
        _at_end("gate_flips", FLIPPED, lazy=False),
        _PAPER + "1 (a)",
    ),
    Claim(
        "P1a.test",
        "The network that is not lazy finds the teacher: its test loss vanishes too.",
        _loss_ratio("test_loss", LEARNT, lazy=False),
        _PAPER + "1 (a)",
    ),
    Claim(
        "P1a.balance",
        "|<i>a<sub>j</sub></i>|<sup>2</sup> − <i>c<sub>j</sub></i><sup>2</sup> stays what it was, "
        "up to the step size.",
        _balance,
        _PAPER + "1 (a)",
    ),
    Claim(
        "P1b.displacement",
        "From a large initialization the neurons stay where they are.",
        _at_end("relative_displacement", STILL, lazy=True),
        _PAPER + "1 (b)",
    ),
    Claim(
        "P1b.gates",
        "Gates do not flip: at most one in a hundred does.",
        _at_end("gate_flips", UNFLIPPED, lazy=True),
        _PAPER + "1 (b)",
    ),
    Claim(
        "P1b.loss",
        "The training loss vanishes all the same.",
        _loss_ratio("loss", FITTED, lazy=True),
        _PAPER + "1 (b)",
    ),
    Claim(
        "P1b.balance",
        "|<i>a<sub>j</sub></i>|<sup>2</sup> − <i>c<sub>j</sub></i><sup>2</sup> stays what it was, "
        "up to the step size.",
        _balance,
        _PAPER + "1 (b)",
    ),
    Claim(
        "P1c.plateau",
        "Beyond τ = 1, in the lazy regime, the test loss is level: slope 0.",
        _plateau("lazy", "test_loss"),
        _PAPER + "1 (c)",
    ),
    Claim(
        "P1c.worse",
        f"The plateau is {WORSE:.0f} times and more above the test loss of a small initialization.",
        _worse("lazy", "test_loss"),
        _PAPER + "1 (c)",
    ),
    Claim(
        "P2a.worse",
        "With 1/√<i>m</i> in front wide networks predict worse: the widest against the best width.",
        _wider_worse,
        _PAPER + "2 (a)",
    ),
    Claim(
        "P2a.lazier",
        "With 1/√<i>m</i> in front wider networks are lazier: they move less.",
        _wider_lazier,
        _PAPER + "2 (a)",
    ),
    Claim(
        "P2a.level",
        f"With 1/<i>m</i> in front the test loss is level from <i>m</i> = {BEYOND_TEACHER:.0f} on, "
        "next to what it was at <i>w</i><sub>0</sub>.",
        _width_level,
        _PAPER + "2 (a)",
    ),
    Claim(
        "P2a.flat",
        f"From <i>m</i> = {WIDE:.0f} on it is level even on the logarithmic axis: slope 0.",
        _width_flat("test_loss", WIDE),
        _PAPER + "2 (a)",
    ),
    Claim(
        "P2a.moving",
        "With 1/<i>m</i> in front wide networks move as much as narrow ones.",
        _width_flat("relative_displacement"),
        _PAPER + "2 (a)",
    ),
    Claim(
        "P2b.plateau",
        "Beyond τ = 1 the population loss that is left is level: slope 0.",
        _plateau("population", "loss"),
        _PAPER + "2 (b)",
    ),
    Claim(
        "P2b.worse",
        "Even with ever fresh samples the lazy network is left with a far larger loss.",
        _worse("population", "loss"),
        _PAPER + "2 (b)",
    ),
)
