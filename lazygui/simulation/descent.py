"""Gradient descent on one objective, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lazygui.numerics.descent import descend
from lazygui.scenarios.descent import DescentScenario
from lazygui.simulation.history import Array, Column
from lazygui.simulation.marks import learning_rate_marks, signed
from lazygui.simulation.protocol import Simulation

# All iterates of one call are held at once.
BLOCK_STEPS = 16_384


def _columns(dim: int, has_minimum: bool) -> tuple[Column, ...]:
    known = (
        Column("gap", "F(w) − F*", "optimality gap"),
        Column("distance", "‖w − w*‖", "distance to the minimizers"),
    )
    return (
        Column("loss", "F(w)", "objective"),
        *(known if has_minimum else ()),
        Column("gradient_norm", "‖∇F(w)‖", "gradient norm"),
        Column("iterate", "w", "iterate", shape=(dim,), log=False),
    )


class DescentSimulation(Simulation):
    """w ← w − η ∇F(w). The scenario is a DescentScenario."""

    def __init__(self, scenario: DescentScenario) -> None:
        self.objective = scenario.build_objective()
        has_minimum = self.objective.minimum is not None
        super().__init__(scenario, _columns(self.objective.dim, has_minimum))
        self._w = np.array(scenario.start, dtype=float)
        self._left_finite = False
        self.facts = {
            "objective": self.objective,
            "start": self._w.copy(),
            "stability_limit": self.objective.stability_limit,
            "best_learning_rate": self.objective.best_learning_rate,
            "learning_rate_marks": learning_rate_marks(
                self.objective.smoothness, self.objective.strong_convexity
            ),
        }

    def _move(self, steps: int) -> None:
        while steps > 0 and not self._left_finite:
            asked = min(steps, BLOCK_STEPS)
            path = descend(self.objective, self._w, self.learning_rate, asked)
            self._left_finite = len(path) < asked
            if len(path):
                self._w = path[-1].copy()
            steps -= asked

    def _finite(self) -> bool:
        return not self._left_finite

    def _row(self) -> dict[str, Any]:
        value = float(self.objective.value(self._w))
        gradient = self.objective.gradient(self._w)
        row = {
            "loss": value,
            "gradient_norm": float(np.linalg.norm(gradient)),
            "iterate": self._w.copy(),
        }
        if self.objective.minimum is not None:
            row["gap"] = value - self.objective.minimum
            row["distance"] = float(self.objective.distance(self._w))
        return row

    def _frame(self) -> dict[str, Array]:
        return {"point": self._w.copy(), "gradient": self.objective.gradient(self._w)}

    def _converged(self, row: Mapping[str, Any]) -> bool:
        # The distance and the slope together: on a flat objective either alone says too little.
        near = row.get("distance", np.inf) <= 1e-14 * (1.0 + float(np.linalg.norm(self._w)))
        return bool(near and row["gradient_norm"] <= 1e-14)

    def _state(self) -> dict[str, Any]:
        return {"w": self._w.copy()}

    def _set_state(self, state: Mapping[str, Any]) -> None:
        self._w = np.array(state["w"])
        self._left_finite = False

    def diverged_sentence(self) -> str:
        """Why the run left the finite numbers: η against 2/λ_max."""
        limit, rate = self.objective.stability_limit, self.learning_rate
        if limit is None or rate <= limit or self.objective.smoothness is None:
            return super().diverged_sentence()
        factor = 1.0 - rate * self.objective.smoothness
        return (
            f"Diverged at step {self.step}: η = {rate:.4g} > 2/λmax = {limit:.4g}, so each step "
            f"multiplies the error by {signed(factor)}. Choose η below {limit:.4g}."
        )
