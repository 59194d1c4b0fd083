"""Least squares of any shape (slides "Least-squares regression" and the two after)."""

from __future__ import annotations

from typing import Literal

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.parameters import parameter


class LeastSquaresScenario(Scenario):
    """w ← w − η X(Xᵀw − Y), X of shape p×n: gradient descent with learning rate nη."""

    kind: Literal["least-squares"] = "least-squares"
    samples: int = parameter(
        3,
        symbol="n",
        title="samples",
        help="Number of equations n.",
        ge=1,
        le=100_000,
        log=True,
        typical=(1, 200),
    )
    features: int = parameter(
        8,
        symbol="p",
        title="features",
        help="Number of weights p; p ≥ n is the overparameterized regime.",
        ge=1,
        le=100_000,
        log=True,
        typical=(1, 200),
    )
    condition: float = parameter(
        20.0,
        symbol="cond",
        title="conditioning",
        help="λ<sub>max</sub>/λ<sub>min</sub> of XXᵀ on its range.",
        ge=1.0,
        le=1e8,
        log=True,
        typical=(1.0, 1000.0),
    )
    noise: float = parameter(
        0.5,
        symbol="σ",
        title="noise",
        help="Standard deviation of the noise added to the targets Y.",
        ge=0.0,
        le=1e6,
        typical=(0.0, 2.0),
    )
    start: Literal["zero", "random"] = parameter(
        "random",
        symbol="w<sub>0</sub>",
        title="start",
        help="From zero the limit is the minimum-norm solution; from elsewhere the closest one.",
        choice_titles={"zero": "zero", "random": "random"},
    )

    def memory_bytes(self) -> int:
        """X, its singular vectors and the workspace of the decomposition, in float64."""
        n, p = self.samples, self.features
        rank = min(n, p)
        return 8 * (3 * n * p + 2 * rank * (n + p) + 4 * rank * rank + 16 * (n + p) + 300_000)
