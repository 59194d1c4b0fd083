"""Claims of the one-dimensional examples: parabola, absolute value, Huber."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending, yes
from lazygui.claims.decay import Mask, farthest, newest, stability, step_factors
from lazygui.scenarios.descent import DescentScenario
from lazygui.simulation.history import Array, History

PARABOLA = "GD examples. Curvature and smoothness"
KINK = "GD examples: Flat and not smooth II"
HUBER = "Exercise: Huber loss"


@dataclass(frozen=True)
class _Path:
    """The rows made with the learning rate η now in force: steps, errors w − w*, gaps F − F*."""

    rate: float
    slope: float
    steps: Array
    errors: Array
    gaps: Array
    rounding: float

    @property
    def stride(self) -> float:
        """ηG, the length of a step on G|w − w*|."""
        return self.rate * self.slope

    @property
    def arrival(self) -> float:
        """T = |w₀ − w*| / (ηG) steps until the minimizer is within a step."""
        return float(self.steps[0] + abs(self.errors[0]) / self.stride)

    def arrived(self) -> Mask:
        """Which rows were recorded after the arrival."""
        return np.asarray(self.steps >= math.ceil(self.arrival - 1e-9))


def _path(history: History, objective: str) -> _Path | None:
    """The path on that objective; None when the run is about another one."""
    scenario = history.scenario
    if not isinstance(scenario, DescentScenario) or scenario.objective != objective:
        return None
    part = newest(history)
    rows = part.rows(history)
    (minimizer,) = scenario.minimizer
    errors = history["iterate"][rows, 0] - minimizer
    rounding = 1e-15 * (abs(minimizer) + float(np.abs(errors[:1]).max(initial=0.0)))
    steps, gaps = history["step"][rows], history["gap"][rows]
    return _Path(part.learning_rate, scenario.slope, steps, errors, gaps, rounding)


def _elsewhere(objective: str) -> Reading:
    return pending("", f"only for the objective “{objective}”")


def _factor(history: History) -> Reading:
    path = _path(history, "quadratic")
    if path is None:
        return _elsewhere("quadratic")
    factor = 1 - path.rate
    measured = step_factors(path.steps, path.errors, 1e8 * path.rounding)
    if len(measured) == 0:
        return pending(number(factor), "w is at w*" if len(path.steps) > 1 else "…")
    return near(farthest(measured, factor), factor, 1e-6)


def _converges(history: History) -> Reading:
    path = _path(history, "quadratic")
    if path is None:
        return _elsewhere("quadratic")
    made = path.steps[-1] - path.steps[0]
    if made < 1 or abs(path.errors[0]) <= 10 * path.rounding:
        return pending("falls for η < 2")
    predicted = abs(1 - path.rate) ** made
    return stability(path.rate, 2.0, predicted, abs(path.errors[-1] / path.errors[0]))


def _constant_steps(history: History) -> Reading:
    path = _path(history, "absolute")
    if path is None:
        return _elsewhere("absolute")
    # At the kink itself the subgradient is 0 and nothing moves.
    one = (np.diff(path.steps) == 1) & (path.errors[:-1] != 0)
    lengths = np.abs(np.diff(path.errors))[one]
    if len(lengths) < 2:
        return pending(number(path.stride))
    tolerance = 1e-9 * path.stride + 10 * path.rounding
    return near(farthest(lengths, path.stride), path.stride, tolerance)


def _after_arrival(history: History, bound_by_slope: int) -> Reading:
    """|w − w*| ≤ ηG (power 1 of G) or F − F* ≤ ηG² (power 2) from the arrival on."""
    path = _path(history, "absolute")
    if path is None:
        return _elsewhere("absolute")
    bound = path.rate * path.slope**bound_by_slope
    values = np.abs(path.errors) if bound_by_slope == 1 else path.gaps
    inside = values[path.arrived()]
    if len(inside) < 2:
        return pending(f"≤ {number(bound)}", f"from step {math.ceil(path.arrival)} on")
    slack = 10 * path.rounding * path.slope ** (bound_by_slope - 1)
    return at_most(float(inside.max()), bound * (1 + 1e-9) + slack)


def _band(history: History) -> Reading:
    return _after_arrival(history, 1)


def _gap(history: History) -> Reading:
    return _after_arrival(history, 2)


def _steps_needed(history: History) -> Reading:
    """ε = ηG² is what this step size is made for; it takes T = |w₀ − w*| G/ε steps."""
    path = _path(history, "absolute")
    if path is None:
        return _elsewhere("absolute")
    accuracy = path.rate * path.slope**2
    needed = path.arrival - path.steps[0]
    if needed < 1:
        return pending(number(needed), "w₀ is within a step of w*")
    above = np.flatnonzero(path.gaps > accuracy * (1 + 1e-9) + path.rounding * path.slope)
    first = int(above[-1]) + 1 if len(above) else 0
    if path.steps[-1] <= math.ceil(path.arrival) + 1:
        return pending(number(needed))
    if first == len(path.steps):
        return near(math.inf, needed, 1.0)
    apart = float(path.steps[first] - path.steps[first - 1]) if first else 1.0
    return near(float(path.steps[first] - path.steps[0]), needed, apart + 1e-9 * needed)


def _slide_step(history: History) -> Reading:
    """The slide's η = G/ε is made for ε = G/η: the gap's floor stays above that."""
    path = _path(history, "absolute")
    if path is None:
        return _elsewhere("absolute")
    asked = path.slope / path.rate
    rest = abs(float(path.errors[0])) % path.stride
    floor = path.slope * min(rest, path.stride - rest)
    shown = f"{number(floor)}, ε = {number(asked)}"
    if floor <= asked * (1 + 1e-9):
        return pending(f"gap > ε = {number(asked)}", "here η = G/ε happens to reach ε")
    if np.count_nonzero(path.arrived()) < 3:
        return pending(shown)
    best = float(path.gaps.min())
    good = abs(best - floor) <= 1e-9 * floor + 10 * path.rounding * path.slope
    return yes(shown, number(best), good, best)


def _outside(history: History) -> Reading:
    path = _path(history, "huber")
    if path is None:
        return _elsewhere("huber")
    far = (np.diff(path.steps) == 1) & (np.abs(path.errors[:-1]) > 1)
    lengths = np.abs(np.diff(path.errors))[far]
    if len(lengths) == 0:
        return pending(number(path.rate), "no step from |w − w*| > 1 yet")
    return near(farthest(lengths, path.rate), path.rate, 1e-9 * path.rate + 10 * path.rounding)


def _inside(history: History) -> Reading:
    path = _path(history, "huber")
    if path is None:
        return _elsewhere("huber")
    one = (np.diff(path.steps) == 1) & (np.abs(path.errors[:-1]) <= 1)
    starts = np.flatnonzero(one & (np.abs(path.errors[:-1]) > 1e8 * path.rounding))
    factor = 1 - path.rate
    if len(starts) == 0:
        return pending(number(factor), "no step from |w − w*| ≤ 1 yet")
    return near(farthest(path.errors[starts + 1] / path.errors[starts], factor), factor, 1e-6)


def _bounded(history: History) -> Reading:
    path = _path(history, "huber")
    if path is None:
        return _elsewhere("huber")
    bound = max(abs(float(path.errors[0])), abs(path.rate - 1))
    if len(path.steps) < 10 and abs(float(path.errors[-1])) > 1e8 * path.rounding:
        return pending(f"≤ {number(bound)}")
    return at_most(float(np.abs(path.errors).max()), bound * (1 + 1e-12) + 10 * path.rounding)


def _cycle(history: History) -> Reading:
    """Once 1 < |u| < η − 1, the next iterate u ∓ η is as far out, and the one after is u again."""
    path = _path(history, "huber")
    if path is None:
        return _elsewhere("huber")
    if path.rate <= 2:
        return pending("a 2-cycle", "only for η > 2")
    size = np.abs(path.errors)
    entered = np.flatnonzero((size > 1) & (size < path.rate - 1))
    if len(entered) == 0 or len(path.steps) < entered[0] + 3:
        at_rest = bool(path.errors[-1] == 0)
        return pending("a 2-cycle", "w landed on w* exactly" if at_rest else "…")
    first = int(entered[0])
    here = float(path.errors[first])
    there = here - math.copysign(path.rate, here)
    odd = (path.steps[first:] - path.steps[first]) % 2 == 1
    off = float(np.abs(path.errors[first:] - np.where(odd, there, here)).max())
    ends = sorted({float(f"{value:.6g}") for value in path.errors[-2:]})
    return yes(
        f"{number(max(here, there))} ⇄ {number(min(here, there))}",
        " ⇄ ".join(number(value) for value in reversed(ends)),
        off <= 1e-9 * path.rate + 100 * path.rounding,
        off,
    )


CLAIMS_OF_ONE_DIMENSION = (
    Claim(
        "D06.factor",
        "On ½(<i>w</i> − <i>w</i>*)² each step multiplies <i>w</i> − <i>w</i>* by 1 − η exactly.",
        _factor,
        PARABOLA,
    ),
    Claim(
        "D06.converges",
        "On ½(<i>w</i> − <i>w</i>*)² gradient descent converges exactly when 0 &lt; η &lt; 2; "
        "η = 2 gives a 2-cycle.",
        _converges,
        PARABOLA,
    ),
    Claim(
        "D07.steps",
        "On <i>G</i>|<i>w</i> − <i>w</i>*| every step has length η<i>G</i>, however near "
        "<i>w</i>* is.",
        _constant_steps,
        KINK,
    ),
    Claim(
        "D07.band",
        "After |<i>w</i><sub>0</sub> − <i>w</i>*|/(η<i>G</i>) steps the iterates stay within "
        "η<i>G</i> of <i>w</i>* for ever.",
        _band,
        KINK,
    ),
    Claim(
        "D07.gap",
        "From then on <i>F</i> − <i>F</i>* ≤ η<i>G</i>².",
        _gap,
        KINK,
    ),
    Claim(
        "D08.steps",
        "With η = ε/<i>G</i>² the accuracy ε is reached for good after "
        "|<i>w</i><sub>0</sub> − <i>w</i>*|<i>G</i>/ε steps (within one).",
        _steps_needed,
        KINK,
    ),
    Claim(
        "D08.accuracy",
        "From then on <i>F</i> − <i>F</i>* ≤ ε = η<i>G</i>².",
        _gap,
        KINK,
    ),
    Claim(
        "D08.slip",
        "With the slide’s η = <i>G</i>/ε the accuracy ε is never reached.",
        _slide_step,
        KINK,
    ),
    Claim(
        "D09.outside",
        "Where |<i>w</i> − <i>w</i>*| &gt; 1, Huber’s loss gives steps of constant length η.",
        _outside,
        HUBER,
    ),
    Claim(
        "D09.inside",
        "Where |<i>w</i> − <i>w</i>*| ≤ 1, each step multiplies <i>w</i> − <i>w</i>* by 1 − η.",
        _inside,
        HUBER,
    ),
    Claim(
        "D09.bounded",
        "Whatever η is, |<i>w</i> − <i>w</i>*| never exceeds its start or η − 1: "
        "no divergence, even for η &gt; 2.",
        _bounded,
        HUBER,
    ),
    Claim(
        "D09.cycle",
        "For η &gt; 2 the iterates end in a bounded 2-cycle of width η.",
        _cycle,
        HUBER,
    ),
)
