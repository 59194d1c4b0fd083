"""Least squares of any shape (slides "Least-squares regression" and the two after)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

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
    rank: int = parameter(
        0,
        symbol="r",
        title="rank",
        help="Rank of X; 0 for the largest one, the smaller of n and p.",
        ge=0,
        le=100_000,
        typical=(0, 20),
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

    @model_validator(mode="after")
    def _rank_fits(self) -> Self:
        if self.rank > min(self.samples, self.features):
            raise ValueError(
                f"rank: {self.rank} is more than X, {self.features} by {self.samples}, can have; "
                "choose a smaller one, or 0 for the largest"
            )
        return self

    @classmethod
    def adapted(cls, values: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """The rank follows samples or features that are fewer."""
        changed, sizes = dict(values), [values.get("samples"), values.get("features")]
        if "rank" not in asked and all(isinstance(size, int) for size in (*sizes, values["rank"])):
            changed["rank"] = min(values["rank"], *sizes)
        return super().adapted(changed, asked)

    @property
    def true_rank(self) -> int:
        """The rank that X has: the one asked for, or the smaller of n and p."""
        return self.rank or min(self.samples, self.features)

    def memory_bytes(self) -> int:
        """X, its singular vectors and the workspace of the decomposition, in float64."""
        n, p = self.samples, self.features
        rank = min(n, p)
        return 8 * (3 * n * p + 2 * rank * (n + p) + 4 * rank * rank + 16 * (n + p) + 300_000)
