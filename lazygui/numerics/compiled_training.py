"""The trainers of two-layer networks in float64: the steps of `compiled`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lazygui.numerics.linearization import Linearization, Trail
from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import Array, TwoLayer, neurons_per_block, quiet

__all__ = ["CompiledTrainer", "WideTrainer"]

_LANES, _UNROLLED = 8, 4


def _aligned(*shape: int) -> Array:
    """Zeros that begin on a cache line: vectors across two of them cost a seventh of the speed."""
    size = math.prod(shape)
    whole = np.zeros(size + _LANES)
    first = -(whole.ctypes.data // whole.itemsize) % _LANES
    return whole[first : first + size].reshape(shape)


def _padded(array: Array, *shape: int) -> Array:
    """`array` in the corner of zeros of a larger shape."""
    whole = _aligned(*shape)
    whole[tuple(slice(size) for size in array.shape)] = array
    return whole


def _multiple(size: int, of: int) -> int:
    return -(-size // of) * of


class WideTrainer:
    """Gradient descent for `TwoLayer` in float64, without the interpreter while it runs.

    Arguments as for `training.TwoLayerTrainer`, which checks them. By matrix products, which pay
    for wide networks and large samples.
    """

    releases_interpreter = True

    def __init__(
        self,
        network: TwoLayer,
        w0: Array,
        X: Array,
        y: Array,
        scale: float = 1.0,
        offset: Array | None = None,
        loss: Loss = LOSSES["square"],
    ) -> None:
        from lazygui.numerics import compiled

        self.network, self.scale, self._criterion = network, float(scale), loss
        self._compiled: Any = compiled
        self._codes = compiled.ACTIVATION_CODES[network.activation], compiled.LOSS_CODES[loss.name]
        columns = np.hstack((X, np.ones((len(X), 1)))) if network.bias else X
        n, k = _multiple(len(X), _LANES), _multiple(columns.shape[1], _UNROLLED)
        self._rows, self._targets = _padded(columns.T, k, n), np.array(y, dtype=float)
        self._shift = _padded(scale * (np.zeros(len(X)) if offset is None else offset), n)
        m = network.width
        self._hidden, self._output = _aligned(m, k), _aligned(m)
        self._value, self._outputs = _aligned(m, n), _aligned(n)
        self._slope = _aligned(m if network.activation == "erf" else 1, n)
        self.set_weights(w0)

    @property
    def weights(self) -> Array:
        """Copy of the current w, float64 (p,)."""
        d, bias = self.network.inputs, int(self.network.bias)
        hidden = self._hidden
        return np.concatenate(
            (hidden[:, :d].ravel(), hidden[:, d : d + bias].ravel(), self._output)
        )

    def set_weights(self, w: Array) -> None:
        """Continue from w (p,)."""
        a, b, c = self.network.split(np.asarray(w, dtype=np.float64))
        d = self.network.inputs
        self._hidden[...] = 0.0  # the padding too: a diverging run leaves nan there
        self._hidden[:, :d] = a
        if b is not None:
            self._hidden[:, d] = b
        self._output[:] = c
        self._train(0.0, 0, fresh=True)

    @property
    def loss(self) -> float:
        """R(f) at the current weights; the training objective F_alpha is loss / alpha^2."""
        with quiet():
            return float(self._criterion.value(self.outputs(), self._targets, np))

    def outputs(self) -> Array:
        """Copy of f = alpha (h(w) - o) on the training inputs, float64 (n,)."""
        return self._outputs[: len(self._targets)].copy()

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps; a diverging run ends in inf or nan without a warning."""
        self._train(self._factor(learning_rate), steps, fresh=False)

    def _factor(self, learning_rate: float) -> float:
        return learning_rate * self.network.prefactor / (self.scale * len(self._targets))

    @property
    def _state(self) -> tuple[Array, ...]:
        return self._hidden, self._output, self._value, self._slope, self._outputs

    @property
    def _problem(self) -> tuple[Array, ...]:
        return self._rows, self._targets, self._shift

    def _train(self, factor: float, steps: int, fresh: bool) -> None:
        size = self.scale * self.network.prefactor
        how = (size, *self._codes, factor, steps, fresh, neurons_per_block(len(self._outputs)))
        self._compiled.train_wide(*self._state, *self._problem, *how)


class CompiledTrainer(WideTrainer):
    """The same neuron by neuron, which pays for small ones, with rows measured on the way."""

    def _train(self, factor: float, steps: int, fresh: bool) -> None:
        size = self.scale * self.network.prefactor
        how = (size, *self._codes, factor, steps, fresh)
        self._compiled.train(*self._state, *self._problem, *how)

    def layers(self) -> tuple[Array, ...]:
        """Copies of what the Jacobian at the current weights consists of; see `advance_beside`."""
        return tuple(array.copy() for array in self._state[:-1])

    def advance_beside(
        self,
        linear: Linearization,
        trail: Trail,
        counts: npt.NDArray[np.int64],
        learning_rate: float,
        start: tuple[Array, ...],
    ) -> tuple[Array, Array, Array]:
        """Train through rows that lie `counts` steps apart, beside the linearization's `trail`.

        start: the `layers` at w0.  Returns outputs of the network and of the linearization, both
        (rows, n), and the distances ||w - w0|| and ||w - wbar||, (rows, 2).  The numbers do not
        depend on how calls split the rows.
        """
        n, rows = len(self._targets), len(counts)
        pull = -self.network.prefactor / (self.scale * n)
        made = np.empty((rows, n)), np.empty((rows, n)), np.empty((rows, 2))
        step = self.scale * self.network.prefactor, *self._codes, self._factor(learning_rate)
        beside = linear.eigenvectors, trail.rho, trail.q, pull
        self._compiled.record(self._state, self._problem, step, counts, start, beside, *made)
        return made
