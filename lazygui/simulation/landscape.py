"""A network in training, with slices of the loss around its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lazygui.numerics.slices import (
    Landscape,
    Plane,
    barrier,
    path_plane,
    plane_through,
    random_plane,
)
from lazygui.numerics.weight_batches import evaluations, neuron_rows, outputs_at, permutation
from lazygui.scenarios.landscape import LandscapeScenario
from lazygui.simulation.history import Array, Column
from lazygui.simulation.lazy import LazySimulation
from lazygui.simulation.protocol import Finding
from lazygui.simulation.schedule import Schedule

# Every step up to 24, then every third up to 72, and so on: all of them are checkpoints as well.
PATH_RESOLUTION = 8
# Evaluations of the activation that a slice may take: about 10 ms on the way, 0.3 s at the end.
ON_THE_WAY, AT_THE_END = 600_000, 30_000_000
IN_A_ROW = 100_000
COARSEST = 5
# Positions on the line through w (0) and its permuted copy (1).
LINE = np.arange(-10, 51) / 40.0
SEGMENT = LINE[(LINE >= 0.0) & (LINE <= 1.0)]
DIFFERENCE = 1e-5  # step of central differences, relative to ‖w‖

# What the two directions of a slice mean, in rich text.
AXES = {
    "permuted": (
        "from <i>w</i> (0) to its permuted copy <i>Pw</i> (1)",
        "towards <i>P</i>²<i>w</i>",
    ),
    "random": ("random direction 1 (1 = neuron’s size)", "random direction 2"),
    "pca": ("PC 1", "PC 2"),
}


class LandscapeSimulation(LazySimulation):
    """The lazy simulation, and what the loss R(αh) is around the weights.

    On the way the slices lie around the newest weights of the path, a subset of the checkpoints,
    so that looking more often costs nothing; at the end they lie around the final weights.
    """

    scenario: LandscapeScenario

    def __init__(self, scenario: LandscapeScenario) -> None:
        super().__init__(scenario)
        self.columns = (
            *self.columns,
            Column("permuted_loss", "R(αh(·, Pw))", "loss with the neurons permuted"),
            Column("midpoint_loss", "R(αh(·, (w + Pw)/2))", "loss half-way to the permuted copy"),
            Column("barrier", "barrier", "barrier between w and its permuted copy", log=False),
        )
        self._landscape = Landscape(
            self.network, self.data.inputs, self.data.targets, self._scale, self._offset, self.loss
        )
        rng = np.random.default_rng((scenario.seed, 1))
        self._permutation = permutation(self.network, rng)
        self._spare = rng.standard_normal(self.network.n_parameters)
        self._direction_seed = int(rng.integers(2**63))
        self._cost = evaluations(self.network, len(self.data.targets))
        # The ends, the middle, and of the other positions as many as there is time for.
        affordable = IN_A_ROW / self._cost
        stride = next((k for k in (1, 2, 4, 5, 10) if len(SEGMENT) <= k * affordable), 20)
        self._positions = SEGMENT[::stride]
        self._path: tuple[Array, ...] = (self._w0,)
        self._schedule = Schedule(PATH_RESOLUTION)
        self._sliced: tuple[Any, dict[str, Array]] = (None, {})
        self.facts |= {
            "slice_plane": scenario.plane,
            "slice_axes": AXES[scenario.plane],
            # What rounding is measured against: α‖Dh(w₀)‖‖w₀‖, though h(w₀) itself may cancel.
            "output_size": self._scale * self.facts["lambda_max"] ** 0.5 * self._w0_norm,
        }

    @property
    def _many_rows(self) -> bool:
        return False  # every row looks along the way to the permuted weights

    def _move(self, steps: int) -> None:
        due = self._schedule.next_after(self.step)
        super()._move(steps)
        if self.step + steps == due:
            self._path = (*self._path, self._trainer.weights)

    def _state(self) -> dict[str, Any]:
        return {**super()._state(), "path": self._path}

    def _set_state(self, state: Mapping[str, Any]) -> None:
        super()._set_state(state)
        self._path = state["path"]

    def _row(self) -> dict[str, Any]:
        w = self._trainer.weights
        losses = self._landscape.along(w, w[self._permutation], self._positions)
        return {
            **super()._row(),
            "permuted_loss": losses[-1],
            "midpoint_loss": losses[len(losses) // 2],
            "barrier": barrier(losses, self._positions),
        }

    def _frame(self) -> dict[str, Array]:
        return {**super()._frame(), **self._slices()}

    def _slices(self) -> dict[str, Array]:
        ended = self.outcome is not None or self.step >= self.scenario.steps
        w = self._trainer.weights if ended else self._path[-1]
        key, arrays = self._sliced
        if key is None or key[0] != ended or not np.array_equal(key[1], w):
            path = np.stack((*self._path, w) if ended else self._path)
            arrays = self._slices_at(w, path, AT_THE_END if ended else ON_THE_WAY)
            self._sliced = ((ended, w), arrays)
        return arrays

    def _slices_at(self, w: Array, path: Array, budget: float) -> dict[str, Array]:
        copy = w[self._permutation]
        copies = np.stack((w, copy, copy[self._permutation]))
        plane, shares = self._plane(copies, path)
        size = self._resolution(budget)
        marks, course = plane.coordinates(copies), plane.coordinates(path)
        x, y = self._axes(course, marks, size)
        return {
            "slice_loss": self._landscape.on_plane(plane, x, y),
            "slice_x": x,
            "slice_y": y,
            "slice_path": course,
            "slice_points": marks,
            "slice_variance": shares,
            "line_position": LINE,
            "line_loss": self._landscape.along(w, copy, LINE),
            "line_loss_linearized": self._linearized_along(w, copy),
        }

    def _resolution(self, budget: float) -> int:
        """Points per side, odd so that the middle is one of them."""
        affordable = int(np.sqrt(budget / self._cost))
        return max(COARSEST, min(self.scenario.resolution, affordable - 1 + affordable % 2))

    def _plane(self, copies: Array, path: Array) -> tuple[Plane, Array]:
        if self.scenario.plane == "pca":
            return path_plane(path, self._spare)
        unknown = np.full(2, np.nan)
        if self.scenario.plane == "random":
            rng = np.random.default_rng(self._direction_seed)
            return random_plane(copies[0], neuron_rows(self.network), rng), unknown
        return plane_through(copies[0], copies[1], copies[2], self._spare), unknown

    def _axes(self, course: Array, marks: Array, size: int) -> tuple[Array, Array]:
        """The grid's x and y: around the copies, the weights or the path."""
        span, steps = self.scenario.span, np.linspace(-1.0, 1.0, size)
        if self.scenario.plane == "random":
            return span * steps, span * steps
        if self.scenario.plane == "permuted":
            low, high = marks.min(axis=0), marks.max(axis=0)
            x, y = (low + high)[:, None] / 2 + span * steps
            return x, y
        low, high = course.min(axis=0), course.max(axis=0)
        reach = np.maximum(high - low, 1e-6 * max(float(np.max(high - low)), self._w0_norm))
        x, y = (low + high)[:, None] / 2 + span * reach[:, None] * steps
        return x, y

    def _linearized_along(self, w: Array, copy: Array) -> Array:
        """R of the linearization at w₀ on the same line: a convex function of the position."""
        X, w0 = self.data.inputs, self._w0
        base = self.network.output(w0, X) - self._offset
        first, second = (base + self.network.jvp(w0, X, v - w0) for v in (w, copy))
        outputs = self._scale * (first + LINE[:, None] * (second - first))
        return np.array([float(self.loss.value(f, self.data.targets, np)) for f in outputs])

    def findings(self) -> list[Finding]:
        """κ and its factors, and two independent checks of the network at the present weights."""
        with np.errstate(all="ignore"):
            checks = {**self._composition_check(), **self._gradient_check()}
        return [*super().findings(), checks.copy]

    def _composition_check(self) -> dict[str, float]:
        """`composition_error`: αh from a forward pass written out layer by layer, against αh of
        the training, relative to the largest output or the sum that cancels in it.
        """
        w, trained = self._trainer.weights, self._trainer.outputs()
        raw = outputs_at(self.network, w[None], self.data.inputs)[0]
        error = np.abs(self._scale * (raw - self._offset) - trained).max()
        size = max(float(np.abs(trained).max()), float(self.facts["output_size"]))
        return {"composition_error": float(error) / size}

    def _gradient_check(self) -> dict[str, float]:
        """`gradient_error`: ∇R(αh) by backpropagation against central differences along it,
        relative; nothing where the gradient vanishes or overflows.
        """
        w, outputs = self._trainer.weights, self._trainer.outputs()
        residual = self.loss.residual(outputs, self.data.targets, np)
        pulled = self.network.vjp(w, self.data.inputs, residual)
        gradient = pulled * (self._scale / len(residual))
        length = float(np.linalg.norm(gradient))
        if not 0.0 < length < 1e100:
            return {}
        step = DIFFERENCE * float(np.linalg.norm(w)) / length
        ahead, behind = self._landscape.losses(np.stack((w + step * gradient, w - step * gradient)))
        slope = float(ahead - behind) / (2.0 * step)
        return {"gradient_error": abs(slope / length**2 - 1.0)}
