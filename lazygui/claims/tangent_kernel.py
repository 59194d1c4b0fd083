"""Claims of the tangent kernel (D37): its limit, its spectrum, its drift."""

from __future__ import annotations

import numpy as np

from lazygui.claims.claim import Claim, Reading, at_most, near, pending
from lazygui.numerics.fits import Fit, loglog_fit, means_over
from lazygui.scenarios.sweep import SweepScenario
from lazygui.simulation.history import Array, History

__all__ = ["CLAIMS_OF_TANGENT_KERNEL", "completed", "sweep_fit"]

SOURCE = "Next lecture: the tangent kernel"


def completed(history: History, axis: str, metric: str) -> str:
    """Why a sweep over that axis cannot be read yet, or ""."""
    scenario = history.scenario
    if not isinstance(scenario, SweepScenario) or scenario.axes[0].name != axis:
        return f"only for a sweep over {axis}"
    if metric not in history:
        return f"the sweep does not record {metric}"
    return "" if len(history) >= scenario.steps else "…"


def sweep_fit(history: History, axis: str, metric: str, lower: float = 0.0) -> Fit:
    """The slope of log(mean over the other axes) in log(axis), from `lower` on."""
    places, means = means_over(history[axis], history[metric])
    chosen = places >= lower
    return loglog_fit(places[chosen], means[chosen])


def _error_slope(history: History) -> Reading:
    reason = completed(history, "width", "kernel_error")
    if reason:
        return pending("−0.5", reason)
    return near(sweep_fit(history, "width", "kernel_error").slope, -0.5, 0.06)


def _drift_slope(history: History) -> Reading:
    reason = completed(history, "width", "max_kernel_drift")
    if reason:
        return pending("−1", reason)
    base = history.scenario.value_of("initialization")
    if base == "plain":
        return pending("−1", "for h(w₀) = 0")
    # A sum over neurons of terms 1/m² against a kernel of order 1; narrow nets are not there yet.
    return near(sweep_fit(history, "width", "max_kernel_drift", 64).slope, -1.0, 0.12)


def _top_eigenvalue(history: History) -> Reading:
    """Power iteration on Θ₀ of the first frame against ‖Dh‖² of the diagnosis."""
    kernel = _first_kernel(history)
    if kernel is None or "differential_norm" not in history.facts:
        return pending("‖Dh‖²", "…" if kernel is not None else "needs “track the kernel”")
    v = np.random.default_rng(0).standard_normal(len(kernel))
    for _ in range(200):
        v = kernel @ v
        v /= np.linalg.norm(v)
    measured = float(v @ kernel @ v) / len(kernel)
    predicted = float(history.facts["differential_norm"]) ** 2
    return near(measured, predicted, 1e-3 * predicted)


def _first_kernel(history: History) -> Array | None:
    frames = history.frames
    if not frames or "kernel" not in frames[0].arrays:
        return None
    return np.asarray(frames[0].arrays["kernel"])


def _drift_bound(history: History) -> Reading:
    """The recorded drift, recomputed from the frames, bounds how far each eigenvalue moved.

    Weyl: |λᵢ(Θ_t) − λᵢ(Θ_0)| ≤ ‖Θ_t − Θ_0‖_F.
    """
    if "kernel_drift" not in history or "kernel_eigenvalues" not in history:
        return pending("≤ drift", "needs “track the kernel”")
    kernel = _first_kernel(history)
    if len(history) < 2 or kernel is None:
        return pending("≤ drift")
    size = float(np.linalg.norm(kernel)) / len(kernel)
    values, drift = history["kernel_eigenvalues"], float(history.latest("kernel_drift"))
    moved = float(np.max(np.abs(values[-1] - values[0])))
    return at_most(moved, drift * size * (1.0 + 1e-9) + 1e-14 * size)


CLAIMS_OF_TANGENT_KERNEL: tuple[Claim, ...] = (
    Claim(
        "D37.error",
        "The tangent kernel at <i>w</i><sub>0</sub> tends to the infinite-width kernel, with a "
        "relative error of order <i>m</i><sup>−1/2</sup>.",
        _error_slope,
        SOURCE,
    ),
    Claim(
        "D37.drift",
        "With <i>h</i>(<i>w</i><sub>0</sub>) = 0 the drift of the kernel during training falls "
        "like 1/<i>m</i>.",
        _drift_slope,
        SOURCE,
    ),
    Claim(
        "D37.spectrum",
        "The largest eigenvalue of Θ/<i>n</i> is ‖<i>Dh</i>‖².",
        _top_eigenvalue,
        SOURCE,
    ),
    Claim(
        "D37.eigenvalues",
        "No eigenvalue moves farther than the kernel: |Δ<i>λ<sub>i</sub></i>| ≤ "
        "‖Θ<sub><i>t</i></sub> − Θ<sub>0</sub>‖/<i>n</i>.",
        _drift_bound,
        SOURCE,
    ),
)
