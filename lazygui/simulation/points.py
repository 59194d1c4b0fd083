"""Outputs of network and linearization away from the training samples."""

from __future__ import annotations

import numpy as np

from lazygui.numerics.linearization import LinearizedModel
from lazygui.numerics.matrix_free import MatrixFreeModel
from lazygui.numerics.networks import Network
from lazygui.simulation.history import Array


class Points:
    """αh(w; x) and αh̄(w̄; x) at fixed points x, shape (g, d), beside a linearization on X (n, d).

    The linearization needs only the outputs there at the start and the cross kernel Θ(x, X) at w₀,
    or, where X is too large for a kernel, one product with the Jacobian at x.
    """

    def __init__(
        self,
        network: Network,
        w0: Array,
        X: Array,
        inputs: Array,
        scale: float,
        centred: bool,
        linear: LinearizedModel,
    ) -> None:
        raw = network.output(w0, inputs)
        self._network, self._w0, self._inputs, self._scale = network, w0, inputs, scale
        self._linear = linear
        self._offset = raw if centred else np.zeros_like(raw)
        self._start = scale * (raw - self._offset)
        by_products = isinstance(linear, MatrixFreeModel)
        self._cross = None if by_products else network.tangent_kernel(w0, inputs, X)

    def outputs(self, w: Array) -> Array:
        """α(h(w; x) − o(x)), shape (g,)."""
        return self._scale * (self._network.output(w, self._inputs) - self._offset)

    def linearized(self) -> Array:
        """αh̄(w̄; x) at the linearization's current step, shape (g,)."""
        if self._cross is not None:
            return self._linear.outputs_at(self._cross, self._start)
        assert isinstance(self._linear, MatrixFreeModel)
        along = self._network.jvp(self._w0, self._inputs, self._linear.shift())
        return self._start + self._scale * along
