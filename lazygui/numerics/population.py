"""Online stochastic gradient descent on a population loss: a fresh batch for every step.

The inputs are uniform on the unit sphere and a teacher network gives the targets, so that
R(f) = E loss(f(x), y(x)) and w <- w - (eta/(alpha b)) J_b^T r_b, with r_b the residuals of alpha h
on the b samples of the step. Source: Chizat, Oyallon, Bach 2019, figure 2 (b).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.dataset_types import Array, Teacher
from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import TwoLayer, quiet

__all__ = ["PopulationTrainer", "Stream"]


@dataclass(frozen=True, eq=False)
class Stream:
    """Batches of ``size`` samples: inputs uniform on the sphere of R^dim, targets of a teacher.

    The batch of a step depends on the seed and the step alone, not on what was drawn before.
    """

    teacher: Teacher
    size: int
    dim: int
    seed: int = 0
    noise: float = 0.0

    def batch(self, step: int) -> tuple[Array, Array]:
        """Inputs (b, d) and targets (b,) of a step."""
        rng = np.random.default_rng((self.seed, step))
        inputs = rng.standard_normal((self.size, self.dim))
        inputs /= np.sqrt(np.einsum("id,id->i", inputs, inputs))[:, None]
        targets = self.teacher.output(inputs)
        if self.noise:
            targets += self.noise * rng.standard_normal(self.size)
        return inputs, targets


class PopulationTrainer:
    """Online SGD for `TwoLayer` from w0 (p,), and the running mean of the losses of the batches.

    The loss of a batch is taken before its step; the mean forgets over `window` steps. Whatever
    way `advance` splits the steps, the numbers are the same.
    Raises ValueError for weights that do not fit the network or a window below 1.
    """

    def __init__(
        self,
        network: TwoLayer,
        w0: Array,
        stream: Stream,
        scale: float = 1.0,
        loss: Loss = LOSSES["square"],
        window: int = 200,
    ) -> None:
        if window < 1:
            raise ValueError(f"The window is {window}; the mean needs at least 1 step.")
        self.network, self.stream, self.scale = network, stream, scale
        self.window, self._criterion = window, loss
        self._sigma = activation_named(network.activation)
        self.set_state(np.array(w0, dtype=float), 0, np.nan)
        self.mean_loss = self._batch_loss(0)

    def set_state(self, w: Array, step: int, mean_loss: float) -> None:
        """Continue from w (p,) after `step` steps."""
        self.weights, self.step, self.mean_loss = w.copy(), step, mean_loss
        self._a, self._b, self._c = self.network.split(self.weights)

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` steps; a diverging run ends in inf or nan without a warning."""
        with quiet():
            for _ in range(steps):
                self._take(learning_rate)

    def _take(self, learning_rate: float) -> None:
        inputs, targets = self.stream.batch(self.step)
        z = self._a @ inputs.T
        if self._b is not None:
            z += self._b[:, None]
        value = self._sigma.value(np, z)
        factor = self.scale * self.network.prefactor
        outputs = factor * (self._c @ value)
        batch_loss = float(self._criterion.value(outputs, targets, np))
        residual = self._criterion.residual(outputs, targets, np)
        residual *= learning_rate * self.network.prefactor / (self.scale * len(targets))
        gates = self._sigma.derivative(np, z, value, out=z)
        gates *= self._c[:, None]
        self._a -= gates @ (residual[:, None] * inputs)
        if self._b is not None:
            self._b -= gates @ residual
        self._c -= value @ residual
        self.step += 1
        self.mean_loss += (batch_loss - self.mean_loss) / min(self.step, self.window)

    def _batch_loss(self, step: int) -> float:
        inputs, targets = self.stream.batch(step)
        outputs = self.scale * self.network.output(self.weights, inputs)
        return float(self._criterion.value(outputs, targets, np))
