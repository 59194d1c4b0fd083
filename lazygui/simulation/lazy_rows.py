"""What a network beside its linearization is at a step: many steps per call where that is cheap."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lazygui.numerics.linearization import Linearization, LinearizedModel
from lazygui.numerics.losses import Loss
from lazygui.numerics.networks import Network
from lazygui.numerics.training import Trainer
from lazygui.simulation.history import Array
from lazygui.simulation.lazy_linear import shift_of

Counts = npt.NDArray[np.int64]
Row = dict[str, Any]


class LazyRows:
    """Measures a trainer and a linearization that started at the same w₀.

    X (n, d) and y (n,) are the training samples. Where the compiled steps train beside a closed
    form, steps and rows are made in machine code (`compiled.record`); otherwise row by row.
    """

    def __init__(
        self,
        network: Network,
        w0: Array,
        X: Array,
        y: Array,
        trainer: Trainer,
        linear: LinearizedModel,
        loss: Loss,
        classification: bool,
    ) -> None:
        self._network, self._w0, self._inputs, self._targets = network, w0, X, y
        self._trainer, self._linear, self._loss = trainer, linear, loss
        self._w0_norm = float(np.linalg.norm(w0))
        self._classification = classification
        layers = getattr(trainer, "layers", None)
        self._start = layers() if layers and isinstance(linear, Linearization) else None

    @property
    def many(self) -> bool:
        """Whether `through` may take more than one row at once."""
        return self._start is not None

    def now(self, learning_rate: float) -> Row:
        """The row of this step; `learning_rate` is that of the steps before."""
        if self.many:
            return self.through(np.zeros(1, dtype=np.int64), learning_rate)[0]
        linear = self._linear
        f, g = self._trainer.outputs()[None], linear.outputs()[None]
        moved = self._trainer.weights - self._w0
        gap = moved - shift_of(linear, self._network, self._w0, self._inputs)
        distances = np.array([[np.linalg.norm(moved), np.linalg.norm(gap)]])
        linearized = np.array([[linear.loss], [linear.displacement()]])
        return self._rows(f, g, distances, linearized)[0]

    def through(self, counts: Counts, learning_rate: float) -> list[Row]:
        """Take counts[0] steps to the first row, counts[1] more to the second, and so on.

        The rows do not depend on how calls split them.
        """
        trainer: Any = self._trainer
        linear: Any = self._linear
        trail = linear.advance_through(counts, learning_rate)
        f, g, distances = trainer.advance_beside(linear, trail, counts, learning_rate, self._start)
        return self._rows(f, g, distances, np.array([trail.losses(), trail.displacements()]))

    def _rows(self, f: Array, g: Array, distances: Array, linearized: Array) -> list[Row]:
        """f, g (rows, n): outputs of network and linearization; distances (rows, 2)."""
        y = self._targets
        columns = {
            "loss": self._loss.value(f, y, np),
            "loss_linearized": linearized[0],
            "displacement": distances[:, 0],
            "relative_displacement": distances[:, 0] / self._w0_norm,
            "displacement_linearized": linearized[1],
            "weight_gap": distances[:, 1],
            "output_gap": np.sqrt(np.mean((f - g) ** 2, -1)),
        }
        if self._classification:
            columns["accuracy"] = np.mean((f > 0) == (y > 0), -1)
            columns["accuracy_linearized"] = np.mean((g > 0) == (y > 0), -1)
        values = zip(*(column.tolist() for column in columns.values()), strict=True)
        return [dict(zip(columns, row, strict=True)) for row in values]
