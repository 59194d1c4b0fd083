"""The tangent kernel and the hidden layer over time, for runs that ask for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lazygui.numerics.features import balance_drift, feature_change
from lazygui.numerics.networks import Array, Network, TwoLayer
from lazygui.numerics.tangent_kernel import kernel_drift
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.history import Column

MOST_EIGENVALUES = 32
LARGEST_SHOWN = 128  # samples up to which a checkpoint keeps the kernel
LARGEST_SPECTRUM = 512  # samples up to which the spectrum is computed at every row

_KERNEL = Column("kernel_drift", "‖Θ − Θ<sub>0</sub>‖ / ‖Θ<sub>0</sub>‖", "drift of the kernel")
_FEATURES = Column(
    "feature_drift",
    "‖σ(z) − σ(z<sub>0</sub>)‖ / ‖σ(z<sub>0</sub>)‖",
    "drift of the hidden features",
)
_NEURONS = (
    Column("gate_flips", "flips", "share of gates that flipped"),
    Column(
        "balance_drift",
        "max<sub>j</sub> |Δ(|a<sub>j</sub>|² − c<sub>j</sub>²)|",
        "drift of the balance of the layers",
    ),
)


def tracked_columns(scenario: LazyScenario) -> tuple[Column, ...]:
    """The columns that `track_kernel` adds."""
    columns = [_KERNEL, _FEATURES]
    if scenario.network == "two-layer":
        columns += _NEURONS
    if scenario.samples <= LARGEST_SPECTRUM:
        shape = (min(scenario.samples, MOST_EIGENVALUES),)
        title = "eigenvalues of the tangent kernel"
        columns.append(Column("kernel_eigenvalues", "λ<sub>i</sub>(Θ/n)", title, shape=shape))
    return tuple(columns)


class KernelTracker:
    """Compares the weights of a run with w₀: kernel Θ₀ (n, n), features, gates, balance."""

    def __init__(self, network: Network, w0: Array, X: Array) -> None:
        self._network, self._w0, self._inputs = network, w0, X
        self._start = network.tangent_kernel(w0, X)
        self._known: tuple[Array, Array] | None = None

    def kernel(self, w: Array) -> Array:
        """Θ at w (n, n); a row and a frame of the same step share it."""
        if self._known is None or not np.array_equal(self._known[0], w):
            self._known = (w.copy(), self._network.tangent_kernel(w, self._inputs))
        return self._known[1]

    def row(self, w: Array) -> dict[str, Any]:
        """The values of `tracked_columns`."""
        kernel = self.kernel(w)
        change = feature_change(self._network, w, self._w0, self._inputs)
        row: dict[str, Any] = {
            "kernel_drift": kernel_drift(kernel, self._start),
            "feature_drift": change.drift,
        }
        if isinstance(self._network, TwoLayer):
            row["gate_flips"] = change.flips
            row["balance_drift"] = balance_drift(self._network, w, self._w0)
        if len(kernel) <= LARGEST_SPECTRUM:
            row["kernel_eigenvalues"] = _spectrum(kernel)
        return row

    def frame(self, w: Array) -> dict[str, Array]:
        """The kernel itself, where it is small enough to be kept at every checkpoint."""
        return {"kernel": self.kernel(w)} if len(self._inputs) <= LARGEST_SHOWN else {}


def _spectrum(kernel: Array) -> Array:
    """The largest eigenvalues of Θ/n, decreasing; nan where a catapult left the finite numbers."""
    count = min(len(kernel), MOST_EIGENVALUES)
    if not np.isfinite(kernel).all():
        return np.full(count, np.nan)
    return np.asarray(np.linalg.eigvalsh(kernel / len(kernel))[::-1][:count].clip(min=0.0))
