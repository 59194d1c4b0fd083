"""Claims of the linearization and of the heuristic of lazy training: D23, D25, D26.

What they need at w₀ is computed by the simulation's diagnosis (`simulation/lazy_diagnosis.py`).
The tuple also holds the claims of the tangent kernel (D37) and of large step sizes (D38).
"""

from __future__ import annotations

import math

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, number, pending, yes
from lazygui.numerics.fits import loglog_fit
from lazygui.simulation.history import Array, History

__all__ = ["CLAIMS_OF_HEURISTICS"]

LINEARIZATION = "Lazy training: the linearized model"
HEURISTIC = "Heuristic computations I"
CRITERION = "Heuristic computations II"

NEAR = 1e-2  # of the distances, relative to the largest over ten: where s² is the leading term
SLOPE_TOLERANCE = 0.05


def _near_start(history: History) -> tuple[Array, Array] | None:
    """Distances and errors before the first kink and where the remainder is small."""
    facts = history.facts
    if "taylor_errors" not in facts:
        return None
    distances, errors = facts["taylor_distances"], facts["taylor_errors"]
    # The largest distance is 10 ‖w₀‖.
    reach = min(NEAR * distances[-1] / 10.0, facts["taylor_kink"])
    if math.isnan(reach):
        return None
    chosen = distances < reach
    return distances[chosen], errors[chosen]


def _taylor_slope(history: History) -> Reading:
    known = _near_start(history)
    if known is None:
        return pending("2", _why_not(history))
    if len(known[0]) < 3:
        return pending("2", "the first gate flips before the nearest distance")
    return near(loglog_fit(*known).slope, 2.0, SLOPE_TOLERANCE)


def _why_not(history: History) -> str:
    deep = math.isnan(history.facts.get("taylor_kink", 0.0))
    return "deep ReLU: the kinks are not on a line" if deep else "…"


def _taylor_constant(history: History) -> Reading:
    known = _near_start(history)
    if known is None or len(known[0]) < 3:
        return pending("‖D²h[u, u]‖", _why_not(history))
    distances, errors = known
    predicted = float(history.facts["taylor_curvature"])
    constants = 2 * errors / distances**2
    # The nearest distances carry rounding, the farthest the cubic term: the middle is cleanest.
    return near(float(np.median(constants)), predicted, 0.02 * predicted)


def _heuristic(history: History) -> Reading:
    """‖ΔDh‖/‖Dh‖ over |ΔF|/F against κ/(A(2 − η‖Dh‖²)).

    For F_α of the linear model |ΔF|/F ≥ ηA²‖Dh‖²(2 − η‖Dh‖²), and ‖ΔDh‖ ≤ η‖∇F‖‖D²h‖; what
    both leave out is of the order κ.
    """
    facts = history.facts
    if facts.get("kappa") is None or "relative_loss_change" not in facts:
        return pending("κ/2A", facts.get("kappa_note") or "…")
    kappa, alignment = facts["kappa"], facts["alignment"]
    reach = facts["heuristic_learning_rate"] * facts["differential_norm"] ** 2
    if not facts["kappa_exact"]:
        return pending(f"κ = {number(kappa)}", facts["kappa_note"])
    if reach >= 2.0:
        return pending(f"κ = {number(kappa)}", "η is above 2/λmax")
    loss, differential = facts["relative_loss_change"], facts["relative_differential_change"]
    bound = kappa / (alignment * (2.0 - reach)) * (1.0 + kappa)
    return at_most(differential / loss, bound) if loss > 0 else pending(f"≤ {number(bound)}")


def _minus_sign(history: History) -> Reading:
    """The first step goes down: F(w₁) < F(w₀) for the step −η∇F, below the stability limit."""
    losses = history["loss"]
    limit = history.facts.get("stability_limit")
    if len(losses) < 2 or limit is None:
        return pending("F falls")
    if history.scenario.value_at("learning_rate", 0) >= limit / 2:
        return pending("F falls", "η is above 1/λmax: one step need not go down")
    fell = bool(losses[1] < losses[0])
    change = (losses[1] - losses[0]) / losses[0]
    return yes("ΔF < 0", f"ΔF/F = {number(float(change))}", fell)


def _upper_bound(history: History) -> Reading:
    """‖∇F‖, by a backward pass, against ‖Dh‖‖h − y‖, by the top eigenvalue of Θ/n."""
    facts = history.facts
    if "gradient_norm" not in facts:
        return pending("≤ ‖Dh‖‖h − y‖", facts.get("kappa_note", "…"))
    bound = facts["differential_norm"] * facts["residual_norm"]
    return at_most(facts["gradient_norm"], bound * (1.0 + 1e-12))


def _alignment(history: History) -> Reading:
    """A² = Σ λᵢ(vᵢ·r)²/(λmax‖r‖²) from the kernel's spectrum, against the backward pass.

    Both ends are checked: A is between √(λmin/λmax) and 1.
    """
    facts = history.facts
    if "alignment" not in facts:
        return pending("≤ 1", facts.get("kappa_note", "…"))
    # Of many samples the smallest eigenvalue is not known: 0 is below it.
    smallest = float(facts["eigenvalues"][0]) if "eigenvalues" in facts else 0.0
    least = math.sqrt(max(smallest, 0.0) / float(facts["lambda_max"]))
    ratio = float(facts["alignment"])
    inside = least * (1 - 1e-9) <= ratio <= 1 + 1e-12
    return yes(f"{number(least)} ≤ A ≤ 1", f"A = {number(ratio)}", inside, ratio)


CLAIMS_OF_HEURISTICS: tuple[Claim, ...] = (
    Claim(
        "D23.slope",
        "Along a random direction ‖<i>h</i> − <i>h̄</i>‖ grows like the square of the distance "
        "(ReLU: up to the first kink).",
        _taylor_slope,
        LINEARIZATION,
    ),
    Claim(
        "D23.constant",
        "The error of the linearization is ½‖<i>D</i>²<i>h</i>(<i>w</i><sub>0</sub>)"
        "[<i>u</i>, <i>u</i>]‖ times the squared distance.",
        _taylor_constant,
        LINEARIZATION,
    ),
    Claim(
        "D25.ratio",
        "In one step the relative change of <i>Dh</i> is at most about κ/(2<i>A</i>) of that of "
        "<i>F</i>: κ ≪ 1 is lazy training.",
        _heuristic,
        HEURISTIC,
    ),
    Claim(
        "D25.sign",
        "The step is <i>w</i><sub>1</sub> − <i>w</i><sub>0</sub> = <b>−</b><i>η</i>∇<i>F</i>: "
        "the loss falls.",
        _minus_sign,
        HEURISTIC,
    ),
    Claim(
        "D26.bound",
        "‖<i>Dh</i><sup>⊤</sup>(<i>h</i> − <i>y</i>)‖ ≤ ‖<i>Dh</i>‖ ‖<i>h</i> − <i>y</i>‖.",
        _upper_bound,
        CRITERION,
    ),
    Claim(
        "D26.ratio",
        "The bound is no equality: the ratio <i>A</i> says how far the residual lies along the "
        "kernel’s top eigenvectors.",
        _alignment,
        CRITERION,
    ),
)
