"""Full-batch gradient descent on F_alpha for deep networks, many steps per call."""

from __future__ import annotations

import numpy as np

from lazygui.numerics.backends import Backend, pick_backend
from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.mlp import DeepNetwork
from lazygui.numerics.networks import Array, quiet
from lazygui.numerics.training import check_problem

__all__ = ["MLPTrainer"]


class MLPTrainer:
    """Gradient descent on F_alpha for a deep network; as `TwoLayerTrainer`, without its blocks.

    X (n, d), y and offset (n,), w0 (p,).  Raises ValueError for shapes that do not match, a
    scale that is not positive, or a device that is absent.
    """

    releases_interpreter = False

    def __init__(  # noqa: PLR0913 - the same arguments as every trainer
        self,
        network: DeepNetwork,
        w0: Array,
        X: Array,
        y: Array,
        scale: float = 1.0,
        offset: Array | None = None,
        loss: Loss = LOSSES["square"],
        dtype: str = "float64",
        device: str = "cpu",
        backend: str | None = None,
    ) -> None:
        check_problem(network, X, y, scale, offset)
        self.network, self.scale, self._criterion = network, float(scale), loss
        effective = max(1, network.n_parameters // (network.inputs + 1))
        chosen = backend or pick_backend(
            effective, len(X), network.inputs, device, network.activation
        )
        self.backend = Backend.named(chosen, dtype)
        self._inputs, self._targets = self.backend.array(X), self.backend.array(y)
        self._shift = self.backend.array(scale * (np.zeros(len(X)) if offset is None else offset))
        self.set_weights(w0)

    @property
    def weights(self) -> Array:
        """Copy of the current w, float64 (p,)."""
        return self.backend.numpy(self._w)

    def set_weights(self, w: Array) -> None:
        """Continue from w (p,)."""
        self._w = self.backend.array(w)
        with quiet():
            self._forward()

    @property
    def loss(self) -> float:
        """R(f) at the current weights; the training objective F_alpha is loss / alpha^2."""
        with quiet():
            return float(self._criterion.value(self._outputs, self._targets, self.backend.xp))

    def outputs(self) -> Array:
        """Copy of f = alpha (h(w) - o) on the training inputs, float64 (n,)."""
        return self.backend.numpy(self._outputs)

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps; a diverging run ends in inf or nan without a warning."""
        factor, xp = learning_rate / (self.scale * len(self._inputs)), self.backend.xp
        with quiet():
            for _ in range(steps):
                residual = self._criterion.residual(self._outputs, self._targets, xp) * factor
                self._w -= self.network.backward(self._w, self._trace, residual)
                self._forward()

    def _forward(self) -> None:
        h, self._trace = self.network.forward(self._w, self._inputs)
        self._outputs = self.scale * h - self._shift
