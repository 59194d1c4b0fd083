"""Full-batch gradient descent on F_alpha, many steps per call.

F_alpha(w) = R(alpha (h(w) - o)) / alpha^2 with R(f) = (1/n) sum_i loss(f_i, y_i), hence
w <- w - (eta / (alpha n)) J^T r with r_i = loss'(alpha (h_i - o_i), y_i).
Source: Chizat, Oyallon, Bach 2019, eq. (3); slide "Lazy training".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.backends import Backend, is_small, pick_backend, runs_compiled
from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import Array, Network, TwoLayer, neurons_per_block, quiet

if TYPE_CHECKING:
    from lazygui.numerics.mlp import DeepNetwork

__all__ = ["Trainer", "TwoLayerTrainer", "check_problem", "make_trainer", "pick_backend"]


# From so many pre-activations on, a call of BLAS outlasts the hand-over of the interpreter by far.
_LONG_CALL_ENTRIES = 65_536


class Trainer(Protocol):
    """A network in training: w_t and the outputs at w_t, never one step behind."""

    @property
    def releases_interpreter(self) -> bool:
        """Whether a call of `advance` leaves the interpreter to other threads while it runs."""
        ...

    @property
    def weights(self) -> Array:
        """Copy of the current w, float64 (p,)."""
        ...

    @property
    def loss(self) -> float:
        """R(f) at the current weights; the training objective F_alpha is loss / alpha^2."""
        ...

    def outputs(self) -> Array:
        """Copy of f = alpha (h(w) - o) on the training inputs, float64 (n,)."""
        ...

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps; the result does not depend on how calls split them."""
        ...

    def set_weights(self, w: Array) -> None:
        """Continue from w (p,)."""
        ...


@dataclass(frozen=True)
class _Neurons:
    """Views of one block of neurons into the trainer's buffers; k = d + bias."""

    hidden: Any  # (b, k) rows (a_j, b_j)
    output: Any  # (b,) c_j
    column: Any  # (b, 1) the same c_j
    value: Any  # (b, n) sigma(z)
    value_transposed: Any  # (n, b)
    scratch: Any  # (b, n) z, then sigma'(z)
    part: Any  # (n,) the block's share of the outputs
    hidden_step: Any  # (b, k)
    output_step: Any  # (b,)


class TwoLayerTrainer:
    """Gradient descent for `TwoLayer` by the closed-form gradient, without allocation.

    X is (n, d), y and offset (n,), w0 (p,).  The neurons are treated in blocks that fit the
    cache: a first sweep stores sigma(z) and sums the outputs, a second one, which needs the
    residuals of all, applies the gradient.
    Raises ValueError for shapes that do not match, a scale that is not positive, or an unknown
    backend.
    """

    def __init__(  # noqa: PLR0913 - the problem, then how to compute it
        self,
        network: TwoLayer,
        w0: Array,
        X: Array,
        y: Array,
        scale: float = 1.0,
        offset: Array | None = None,
        loss: Loss = LOSSES["square"],
        dtype: str = "float64",
        device: str = "cpu",
        backend: str | None = None,
        block: int | None = None,
    ) -> None:
        check_problem(network, X, y, scale, offset)
        self.network, self.scale, self._criterion = network, float(scale), loss
        self._sigma = activation_named(network.activation)
        chosen = backend or pick_backend(
            network.width, len(X), network.inputs, device, network.activation
        )
        self.backend = Backend.named(chosen, dtype)
        columns = (X, np.ones((len(X), 1))) if network.bias else (X,)
        self._inputs = self.backend.array(np.hstack(columns))
        self._targets = self.backend.array(y)
        self._shift = self.backend.array(scale * (np.zeros(len(X)) if offset is None else offset))
        if block is None:
            block = network.width if chosen == "cuda" else neurons_per_block(len(X))
        self._allocate(min(block, network.width))
        self.set_weights(w0)

    def _allocate(self, block: int) -> None:
        empty = self.backend.empty
        m, (n, k) = self.network.width, self._inputs.shape
        blocks = -(-m // block)
        self._transposed, self._weighted = self._inputs.T, empty(n, k)
        self._hidden, self._output = empty(m, k), empty(m)
        self._parts, self._total = empty(blocks, n), empty(n)
        value, hidden_step, output_step = empty(m, n), empty(block, k), empty(block)
        # sigma' that needs z keeps z for every neuron; otherwise one block of it is enough.
        scratch = empty(block if self._sigma.from_value else m, n)
        self._blocks = []
        for i in range(blocks):
            rows = slice(i * block, min((i + 1) * block, m))
            size = rows.stop - rows.start
            self._blocks.append(
                _Neurons(
                    hidden=self._hidden[rows],
                    output=self._output[rows],
                    column=self._output[rows][:, None],
                    value=value[rows],
                    value_transposed=value[rows].T,
                    scratch=scratch[:size] if self._sigma.from_value else scratch[rows],
                    part=self._parts[i],
                    hidden_step=hidden_step[:size],
                    output_step=output_step[:size],
                )
            )

    @property
    def releases_interpreter(self) -> bool:
        """Whether the calls are long ones, which leave the interpreter alone."""
        return self.network.width * len(self._inputs) >= _LONG_CALL_ENTRIES

    @property
    def weights(self) -> Array:
        """Copy of the current w, float64 (p,)."""
        hidden, d = self.backend.numpy(self._hidden), self.network.inputs
        output = self.backend.numpy(self._output)
        return np.concatenate((hidden[:, :d].ravel(), hidden[:, d:].ravel(), output))

    def set_weights(self, w: Array) -> None:
        """Continue from w (p,)."""
        a, b, c = self.network.split(np.asarray(w, dtype=np.float64))
        hidden = a if b is None else np.column_stack((a, b))
        self._hidden[...] = self.backend.array(hidden)
        self._output[...] = self.backend.array(c)
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
        factor = learning_rate * self.network.prefactor / (self.scale * len(self._inputs))
        with quiet():
            for _ in range(steps):
                self._step(factor)
                self._forward()

    def _forward(self) -> None:
        xp, matmul, value = self.backend.xp, self.backend.xp.matmul, self._sigma.value
        for block in self._blocks:
            matmul(block.hidden, self._transposed, out=block.scratch)
            value(xp, block.scratch, out=block.value)
            # torch resizes a 1-D `out` of vector @ matrix, but not that of matrix @ vector.
            matmul(block.value_transposed, block.output, out=block.part)
        total = self._parts[0]
        if len(self._blocks) > 1:
            total = xp.sum(self._parts, 0, out=self._total)
        self._outputs = total * (self.scale * self.network.prefactor) - self._shift

    def _step(self, factor: float) -> None:
        xp, matmul, derivative = self.backend.xp, self.backend.xp.matmul, self._sigma.derivative
        residual = self._criterion.residual(self._outputs, self._targets, xp) * factor
        xp.multiply(self._inputs, residual[:, None], out=self._weighted)
        for block in self._blocks:
            derivative(xp, block.scratch, block.value, out=block.scratch)
            matmul(block.scratch, self._weighted, out=block.hidden_step)
            # The hidden step uses c before its own update: both gradients are taken at w_t.
            xp.multiply(block.hidden_step, block.column, out=block.hidden_step)
            xp.subtract(block.hidden, block.hidden_step, out=block.hidden)
            matmul(block.value, residual, out=block.output_step)
            xp.subtract(block.output, block.output_step, out=block.output)


def check_problem(network: Network, X: Array, y: Array, scale: float, offset: Array | None) -> None:
    """Raise ValueError unless X (n, d), y and offset (n,) fit and 0 < scale < inf."""
    if X.ndim != 2 or X.shape[1] != network.inputs or len(X) == 0:
        raise ValueError(
            f"The inputs have shape {X.shape}: this network needs (n, {network.inputs}) with n > 0."
        )
    for name, values in (("targets", y), ("offset", offset)):
        if values is not None and values.shape != (len(X),):
            raise ValueError(f"The {name} have shape {values.shape}, but X needs ({len(X)},).")
    if not (scale > 0 and np.isfinite(scale)):
        raise ValueError(f"The scale is {scale}: alpha must be positive and finite.")


def make_trainer(  # noqa: PLR0913 - the arguments of every trainer
    network: Network,
    w0: Array,
    X: Array,
    y: Array,
    scale: float = 1.0,
    offset: Array | None = None,
    loss: Loss = LOSSES["square"],
    dtype: str = "float64",
    device: str = "cpu",
) -> Trainer:
    """The trainer for this kind of network; arguments as for `TwoLayerTrainer`."""
    if isinstance(network, TwoLayer):
        sizes = (network.width, len(X), network.inputs)
        if runs_compiled(*sizes, device, network.activation, dtype):
            from lazygui.numerics.compiled_training import CompiledTrainer, WideTrainer

            check_problem(network, X, y, scale, offset)
            trainer = CompiledTrainer if is_small(*sizes) else WideTrainer
            return trainer(network, w0, X, y, scale, offset, loss)
        return TwoLayerTrainer(network, w0, X, y, scale, offset, loss, dtype, device)
    from lazygui.numerics.deep_training import MLPTrainer

    deep = cast("DeepNetwork", network)
    return MLPTrainer(deep, w0, X, y, scale, offset, loss, dtype, device)
