"""The start w₀ of a lazy run, made again from its scenario, and what follows from it.

A check that took κ, Θ or h(w₀) from the run itself would confirm anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lazygui.claims.decay import stretches
from lazygui.numerics.networks import Array, Initialization, Network, TwoLayer
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.datasets import build_dataset
from lazygui.simulation.history import History
from lazygui.simulation.lazy import network_of

__all__ = [
    "LARGEST_JACOBIAN",
    "LAZY",
    "Start",
    "ended",
    "kappa_of",
    "norm_of",
    "start_of",
    "step_product",
]

LAZY = 0.1  # κ below it is small

LARGEST_JACOBIAN = 2_000_000  # entries that a check may compute while the window draws
POWER_STEPS, POWER_ACCURACY = 400, 1e-13


@dataclass(frozen=True, eq=False)
class Start:
    """Network, w₀ (p,), inputs (n, d), targets (n,), and where there is one the grid (g, d)."""

    network: Network
    w0: Array
    inputs: Array
    targets: Array
    grid: Array | None
    scale: float
    centred: bool

    @cached_property
    def outputs(self) -> Array:
        """h(w₀) on the inputs as the model has it: 0 when centred, (n,)."""
        raw = self.network.output(self.w0, self.inputs)
        return np.zeros_like(raw) if self.centred else raw

    @property
    def small(self) -> bool:
        """Whether Jacobian and kernel are small enough for a check."""
        n = len(self.inputs)
        return n <= LARGEST_KERNEL and n * len(self.w0) <= LARGEST_JACOBIAN

    @cached_property
    def kernel(self) -> Array:
        """Θ = JJᵀ from the Jacobian itself, (n, n)."""
        jacobian = self.network.jacobian(self.w0, self.inputs)
        return jacobian @ jacobian.T

    @cached_property
    def modes(self) -> tuple[Array, Array]:
        """Eigenvalues (n,) and eigenvectors (n, n) of Θ/n, increasing."""
        values, vectors = np.linalg.eigh(self.kernel / len(self.targets))
        return values, vectors

    @cached_property
    def differential_norm(self) -> float:
        """‖Dh‖ = σ_max(J)/√n by power iteration with products Jv and Jᵀr alone."""
        n = len(self.targets)
        r = np.random.default_rng(0).standard_normal(n)
        last = 0.0
        for _ in range(POWER_STEPS):
            r = r / np.linalg.norm(r)
            pulled = self.network.vjp(self.w0, self.inputs, r)
            r = self.network.jvp(self.w0, self.inputs, pulled)
            value = float(pulled @ pulled) / n
            if abs(value - last) <= POWER_ACCURACY * value:
                break
            last = value
        return float(np.sqrt(value))

    def linear_outputs(self, factors: Array) -> Array:
        """αh̄ where mode i of the residual was multiplied by factors[..., i]: shape (..., n)."""
        _, vectors = self.modes
        residual = self.scale * self.outputs - self.targets
        return np.asarray(self.targets + (factors * (vectors.T @ residual)) @ vectors.T)

    @cached_property
    def dual(self) -> Array:
        """Θ⁻¹(y − αh(w₀)), (n,): the coefficients of kernel regression."""
        wanted = self.targets - self.scale * self.outputs
        return np.asarray(np.linalg.solve(self.kernel, wanted))

    @property
    def closest_displacement(self) -> float:
        """‖w − w₀‖ of the closest solution of the linearized problem: √(rᵀΘ⁻¹r)/α."""
        wanted = self.targets - self.scale * self.outputs
        return float(np.sqrt(wanted @ self.dual)) / self.scale

    @cached_property
    def regression(self) -> Array | None:
        """αh(w₀) + Θ(x, X)Θ⁻¹(y − αh(w₀)) on the grid, (g,); None without a grid."""
        if self.grid is None:
            return None
        raw = self.network.output(self.w0, self.grid)
        cross = self.network.tangent_kernel(self.w0, self.grid, self.inputs)
        return np.asarray(self.scale * (0 * raw if self.centred else raw) + cross @ self.dual)


def norm_of(f: Array) -> float:
    """‖f‖_F = √((1/n) Σ f_i²) of f (n,)."""
    return float(np.linalg.norm(f) / np.sqrt(len(f)))


def kappa_of(history: History) -> float | None:
    """κ(w₀) of the run; None until it is known."""
    value = history.facts.get("kappa")
    return None if value is None else float(value)


def ended(history: History) -> bool:
    """Whether the run made all its steps, or fitted its samples to the last digit before."""
    if history.last_step >= history.scenario.steps:
        return True
    size = norm_of(np.asarray(history.facts.get("targets", (0.0,))))
    return bool(history.latest("loss") <= 1e-28 * size**2)


def start_of(history: History) -> Start | None:
    """The start of a run of a lazy network with the square loss; None for any other run."""
    scenario = history.scenario
    if not isinstance(scenario, LazyScenario) or scenario.kind != "lazy":
        return None
    if scenario.loss != "square":
        return None
    return made_again(scenario.replace(steps=1, learning_rate=1.0, changes=()))


# One: that of a wide network holds gigabytes.
@lru_cache(maxsize=1)
def made_again(scenario: LazyScenario) -> Start:
    """Network, weights and data of a scenario, drawn afresh."""
    data = build_dataset(scenario)
    network = network_of(scenario, data.inputs.shape[1])
    initialization = Initialization(scenario.initialization)
    laws: dict[str, Any] = {"output_law": scenario.output_law, "gain": scenario.gain}
    if isinstance(network, TwoLayer):
        laws["row_law"] = scenario.row_law
    rng = np.random.default_rng(scenario.seed)
    return Start(
        network=network,
        w0=network.initial(rng, initialization, **laws),
        inputs=data.inputs,
        targets=data.targets,
        grid=None if data.grid is None else data.grid.inputs,
        scale=scenario.scale,
        centred=initialization is Initialization.CENTRED,
    )


def step_product(history: History, eigenvalues: Array, steps: Array, factor: float = 1.0) -> Array:
    """Π (1 − ηλ_i) over the steps made until each of `steps` (k,), η times `factor`: (k, n)."""
    total = np.ones((len(steps), len(eigenvalues)))
    for part in stretches(history):
        made = np.clip(steps - part.first, 0, part.last - part.first)[:, None]
        total = total * (1 - factor * part.learning_rate * eigenvalues) ** made
    return total
