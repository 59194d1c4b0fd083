"""The trainer of small two-layer networks: the steps of `compiled.train`."""

from __future__ import annotations

from typing import Any

import numpy as np

from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import Array, TwoLayer, quiet

__all__ = ["CompiledTrainer"]

_LANES, _UNROLLED = 8, 4


def _padded(array: Array, *shape: int) -> Array:
    """`array` in the corner of zeros of a larger shape."""
    whole = np.zeros(shape)
    whole[tuple(slice(size) for size in array.shape)] = array
    return whole


def _multiple(size: int, of: int) -> int:
    return -(-size // of) * of


class CompiledTrainer:
    """Gradient descent for `TwoLayer` in float64, without the interpreter while it runs.

    Arguments as for `training.TwoLayerTrainer`, which checks them.
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
        self._kernel: Any = compiled.train
        self._codes = compiled.ACTIVATION_CODES[network.activation], compiled.LOSS_CODES[loss.name]
        columns = np.hstack((X, np.ones((len(X), 1)))) if network.bias else X
        n, k = _multiple(len(X), _LANES), _multiple(columns.shape[1], _UNROLLED)
        self._rows, self._targets = _padded(columns.T, k, n), np.array(y, dtype=float)
        self._shift = _padded(scale * (np.zeros(len(X)) if offset is None else offset), n)
        m = network.width
        self._hidden, self._output = np.zeros((m, k)), np.empty(m)
        self._value, self._outputs = np.empty((m, n)), np.empty(n)
        self._slope = np.empty((m if network.activation == "erf" else 1, n))
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
        factor = learning_rate * self.network.prefactor / (self.scale * len(self._targets))
        self._train(factor, steps, fresh=False)

    def _train(self, factor: float, steps: int, fresh: bool) -> None:
        self._kernel(
            self._hidden,
            self._output,
            self._value,
            self._slope,
            self._outputs,
            self._rows,
            self._targets,
            self._shift,
            self.scale * self.network.prefactor,
            *self._codes,
            factor,
            steps,
            fresh,
        )
