"""What is known at w₀: κ, Taylor errors, the heuristic and the kernel at infinite width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lazygui.numerics.infinite_width import infinite_width_kernel, quadrature_cost
from lazygui.numerics.laziness import Laziness, laziness
from lazygui.numerics.losses import Loss
from lazygui.numerics.networks import Array, Network, TwoLayer
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL, kernel_drift
from lazygui.numerics.taylor import (
    first_kink,
    first_steps,
    random_direction,
    second_along,
    taylor_errors,
)
from lazygui.scenarios.lazy import LazyScenario

TAYLOR_POINTS = 25
HEURISTIC_POINTS = 10
LARGEST_LIMIT = 512  # samples up to which the infinite-width kernel is kept
LARGEST_QUADRATURE = 100_000_000  # evaluations, about a second

# The facts of a run whose loss κ is not defined for.
NO_KAPPA = {
    "kappa": None,
    "kappa_exact": False,
    "kappa_note": "κ is defined for the square loss.",
}

# E c² of the output laws, before the gain.
_OUTPUT_MOMENTS = {"gaussian": 1.0, "rademacher": 1.0, "uniform": 1.0 / 3.0}


@dataclass(frozen=True)
class Start:
    """A model α(h − o) at w₀ on samples X (n, d) with targets y (n,)."""

    network: Network
    w0: Array
    X: Array
    y: Array
    scale: float
    offset: Array


def laziness_facts(start: Start, loss: Loss, lambda_max: float | None = None) -> dict[str, Any]:
    """κ(w₀) with its three factors, ‖∇F‖ and the alignment (slides "Heuristic computations").

    `gradient_norm` is ‖Dhᵀr‖ = α‖∇F_α‖ with r = αh − y, by a backward pass; `alignment` is its
    ratio to the bound ‖Dh‖‖r‖. `lambda_max` is that of Θ/n where it is known already.
    """
    if loss.name != "square":
        return dict(NO_KAPPA)
    network, w0, X = start.network, start.w0, start.X
    measured = laziness(network, w0, X, start.y, start.scale, start.offset, lambda_max)
    residual = start.scale * (network.output(w0, X) - start.offset) - start.y
    gradient = float(np.linalg.norm(network.vjp(w0, X, residual))) / len(X)
    bound = measured.differential_norm * measured.residual_norm
    return {
        **factors(measured),
        "gradient_norm": gradient,
        "alignment": gradient / bound if bound > 0 else float("nan"),
    }


def factors(measured: Laziness) -> dict[str, Any]:
    """κ(w₀) and its three factors as facts of a run."""
    return {
        "kappa": measured.kappa,
        "residual_norm": measured.residual_norm,
        "differential_norm": measured.differential_norm,
        "second_differential_norm": measured.second_differential_norm,
        "kappa_exact": measured.exact,
        "kappa_note": measured.note,
    }


def taylor_facts(start: Start, seed: int) -> dict[str, Any]:
    """‖h − h̄‖ at distances from 10⁻⁵ to 10 times ‖w₀‖ along one random direction u (D23).

    `taylor_curvature` is ‖D²h[u,u]‖, `taylor_kink` where along u the first gate of ReLU flips.
    """
    direction = random_direction(start.network, seed)
    size = float(np.linalg.norm(start.w0)) or 1.0
    distances = size * np.geomspace(1e-5, 10.0, TAYLOR_POINTS)
    network, w0, X = start.network, start.w0, start.X
    bend = second_along(network, w0, X, direction)
    return {
        "taylor_distances": distances,
        "taylor_errors": taylor_errors(network, w0, X, direction, distances),
        "taylor_curvature": float(np.linalg.norm(bend) / np.sqrt(len(X))),
        "taylor_kink": first_kink(network, w0, X, direction),
    }


def heuristic_facts(
    start: Start, loss: Loss, learning_rate: float, limit: float | None
) -> dict[str, Any]:
    """What the first step changes, for the learning rate and as curves over it (D25).

    `heuristic_changes` (k, 3) holds, for each of `heuristic_rates` (k,), |ΔF|/F,
    ‖ΔDh‖/‖Dh‖ and the slide's ‖D²h[Δ,Δ]‖/‖Dh[Δ]‖. Many samples get no curves: each of their
    points takes seconds.
    """
    if loss.name != "square" or limit is None:
        return {}
    points = HEURISTIC_POINTS if len(start.X) <= LARGEST_KERNEL else 0
    rates = np.append(limit * np.geomspace(1e-3, 1.0, points), learning_rate)
    # The limit is 2/(M‖Dh‖²), with M = 1 for the square loss.
    norm = float(np.sqrt(2.0 / limit))
    problem = (start.network, start.w0, start.X, start.y)
    steps = first_steps(*problem, rates.tolist(), start.scale, start.offset, norm)
    changes = np.array([[s.loss_change, s.differential_change, s.taylor_ratio] for s in steps])
    names = ("relative_loss_change", "relative_differential_change", "taylor_ratio")
    facts: dict[str, Any] = dict(zip(names, changes[-1].tolist(), strict=True))
    facts["heuristic_learning_rate"] = learning_rate
    if not points:
        return facts
    return facts | {"heuristic_rates": rates[:-1], "heuristic_changes": changes[:-1]}


def infinite_width_facts(start: Start, scenario: LazyScenario) -> dict[str, Any]:
    """Θ_∞ on the samples and ‖Θ₀ − Θ_∞‖/‖Θ_∞‖, where Θ_∞ exists and is cheap enough (D37).

    That is for two layers in the NTK parameterization with Gaussian rows.
    """
    network, X = start.network, start.X
    known = scenario.parameterization == "ntk" and scenario.row_law == "gaussian"
    if not (isinstance(network, TwoLayer) and known and len(X) <= LARGEST_LIMIT):
        return {}
    gain = scenario.gain
    numerical = network.activation not in ("relu", "erf")
    if numerical and quadrature_cost(X, gain) > LARGEST_QUADRATURE:
        return {}
    moment = _OUTPUT_MOMENTS[scenario.output_law]
    limit = infinite_width_kernel(X, network.activation, network.bias, gain, moment)
    error = kernel_drift(network.tangent_kernel(start.w0, X), limit)
    return {"infinite_width_kernel": limit, "kernel_error": error}
