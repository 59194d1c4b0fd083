"""Claims about the width m: κ in three parameterizations, and why two of them differ."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from lazygui.claims.claim import (
    Claim,
    Reading,
    Verdict,
    at_least,
    at_most,
    near,
    number,
    pending,
    yes,
)
from lazygui.claims.slopes import fit_of
from lazygui.claims.start import LAZY, Start, ended, start_of, step_product
from lazygui.claims.sweeps import inapplicable, sweep_over, unfinished
from lazygui.numerics.networks import Parameterization, TwoLayer
from lazygui.simulation.history import History

__all__ = ["CLAIMS_OF_WIDTHS"]

CLOSER = 0.5  # "rather this than that": distances as one to two
_WIDTH = "Lazy training in ∞-width two layer nets"


# D32 κ and the width.

# Slopes of κ in m, fitted over m = 16…4096, for a centred tanh model on 20 points of the circle.
# Theory says −1/2, −1 and 0; max|c| of a Gaussian c carries √log m, which flattens −1/2 at finite
# m. The windows are mean ± standard deviation over 20 seeds of an independent implementation.
_WIDTH_SLOPES = {
    ("ntk", "gaussian"): (-0.417, 0.039),
    ("ntk", "rademacher"): (-0.49, 0.03),
    ("standard", "gaussian"): (-0.996, 0.038),
    ("mean-field", "gaussian"): (0.09, 0.024),
}


def _width_slope(parameterization: str, law: str) -> Callable[[History], Reading]:
    theory, tolerance = _WIDTH_SLOPES[parameterization, law]

    def read(history: History) -> Reading:
        found = sweep_over(history, "width")
        if found is None or "kappa" not in history:
            return inapplicable("a sweep over m that measures κ")
        base = found[1]
        if (base.parameterization, base.output_law) != (parameterization, law):
            return inapplicable(f"the {parameterization} parameterization, c {law}")
        slope = fit_of(history, "kappa").slope
        waiting = unfinished(history)
        if waiting:
            return pending(number(theory), f"{number(round(slope, 3))} so far")
        return near(slope, theory, tolerance)

    return read


def _order_one(history: History) -> Reading:
    """max relative displacement of a mean-field network that fits, whatever its width."""
    scenario = history.scenario
    if getattr(scenario, "parameterization", "") != "mean-field":
        return inapplicable("the mean-field parameterization")
    moved = float(np.max(history["relative_displacement"]))
    if moved < LAZY and not ended(history):
        return pending(f"≥ {number(LAZY)}", number(moved))
    return at_least(moved, LAZY)


# D33 The same function, another training.


@lru_cache(maxsize=4)
def _as_ntk(start: Start) -> Start:
    """The same function with m^(-1/2) in front and c ~ N(0, 1) trained."""
    network = start.network
    assert isinstance(network, TwoLayer)
    ntk = TwoLayer(
        network.activation, network.inputs, network.width, network.bias, Parameterization.NTK
    )
    w0 = start.w0.copy()
    ntk.split(w0)[2][:] *= math.sqrt(network.width)
    return Start(ntk, w0, start.inputs, start.targets, start.grid, start.scale, start.centred)


def _standard(history: History) -> Start | None:
    scenario = history.scenario
    literal = getattr(scenario, "parameterization", "") == "standard"
    start = start_of(history) if literal else None
    usable = start is not None and start.small and isinstance(start.network, TwoLayer)
    return start if usable else None


_LITERAL = "the slide’s parameterization, c ~ N(0, 1/m), on few samples"


def _same_function(history: History) -> Reading:
    """The two networks off the mirror: the first half of the neurons, on inputs and grid."""
    start = _standard(history)
    if start is None:
        return inapplicable(_LITERAL)
    ntk = _as_ntk(start)
    points = start.inputs if start.grid is None else start.grid
    # A doubled net is 0 in either form: the absolute values of c make it say something.
    w, v = start.w0.copy(), ntk.w0.copy()
    for network, weights in ((start.network, w), (ntk.network, v)):
        assert isinstance(network, TwoLayer)
        c = network.split(weights)[2]
        c[:] = np.abs(c)
    left, right = start.network.output(w, points), ntk.network.output(v, points)
    return at_most(float(np.max(np.abs(left - right)) / np.max(np.abs(right))), 1e-12)


def _other_kernel(history: History) -> Reading:
    """λ_max(Θ/n) of the run against that of mA + B, where A + B is the NTK of the other form."""
    start = _standard(history)
    if start is None:
        return inapplicable(_LITERAL)
    ntk = _as_ntk(start)
    network = ntk.network
    assert isinstance(network, TwoLayer)
    jacobian = network.jacobian(ntk.w0, ntk.inputs)
    outer = jacobian[:, -network.width :]
    features = outer @ outer.T
    n, m = len(start.targets), network.width
    wanted = float(np.linalg.eigvalsh((ntk.kernel + (m - 1) * features) / n)[-1])
    measured = float(history.facts["lambda_max"])
    other = float(ntk.modes[0][-1])
    reading = near(measured, wanted, 1e-9 * wanted)
    good = reading.verdict is Verdict.HOLDS and wanted > 2 * other
    said = f"{number(measured)}, {measured / other:.3g} × the other’s"
    return yes(number(wanted), said, good, measured)


def _other_training(history: History) -> Reading:
    """How far the run is from its own kernel's flow, over how far from the NTK's at equal speed."""
    predicted = f"≤ {number(CLOSER)}"
    start = _standard(history)
    if start is None:
        return inapplicable(_LITERAL)
    if not ended(history):
        return pending(predicted)
    ntk = _as_ntk(start)
    frames = history.frames
    steps = np.array([frame.step for frame in frames])
    outputs = np.stack([frame.arrays["outputs"] for frame in frames])
    (own, _), (other, _) = start.modes, ntk.modes
    near_own = start.linear_outputs(step_product(history, own, steps))
    speed = own[-1] / other[-1]
    near_other = ntk.linear_outputs(step_product(history, other, steps, speed))
    distances = [np.linalg.norm(outputs - f, axis=1).max() for f in (near_own, near_other)]
    return at_most(float(distances[0] / distances[1]), CLOSER)


CLAIMS_OF_WIDTHS: tuple[Claim, ...] = (
    Claim(
        "D32.ntk",
        "With 1/√<i>m</i> in front, κ falls like <i>m</i><sup>−1/2</sup>, a little slower for a "
        "Gaussian <i>c</i>.",
        _width_slope("ntk", "gaussian"),
        _WIDTH,
    ),
    Claim(
        "D32.rademacher",
        "With 1/√<i>m</i> in front and <i>c</i> = ±1, κ falls like <i>m</i><sup>−1/2</sup>.",
        _width_slope("ntk", "rademacher"),
        _WIDTH,
    ),
    Claim(
        "D32.standard",
        "The slide read literally, <i>c</i> ~ N(0, 1/<i>m</i>) trained: κ falls like 1/<i>m</i>.",
        _width_slope("standard", "gaussian"),
        _WIDTH,
    ),
    Claim(
        "D32.mean-field",
        "With 1/<i>m</i> in front κ does not fall with the width.",
        _width_slope("mean-field", "gaussian"),
        _WIDTH,
    ),
    Claim(
        "D32.motion",
        "With 1/<i>m</i> in front the relative displacement is of order 1.",
        _order_one,
        _WIDTH,
    ),
    Claim(
        "D33.function",
        "Σ <i>c</i>σ with <i>c</i> ~ N(0, 1/<i>m</i>) and <i>m</i><sup>−1/2</sup> Σ <i>c</i>σ with "
        "<i>c</i> ~ N(0, 1) are the same function at the start.",
        _same_function,
        _WIDTH,
    ),
    Claim(
        "D33.kernel",
        "Their tangent kernels <i>mA</i> + <i>B</i> and <i>A</i> + <i>B</i> differ, <i>A</i> the "
        "share of the output weights: λ<sub>max</sub>.",
        _other_kernel,
        _WIDTH,
    ),
    Claim(
        "D33.training",
        "Trained, the first follows its own kernel and not that of the second at equal speed.",
        _other_training,
        _WIDTH,
    ),
)
