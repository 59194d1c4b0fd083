"""Outputs of network and linearization away from the training samples."""

from __future__ import annotations

import numpy as np

from lazygui.numerics.linearization import LinearizedModel
from lazygui.numerics.networks import Network
from lazygui.simulation.history import Array


class Points:
    """αh(w; x) and αh̄(w̄; x) at fixed points x, shape (g, d).

    The linearization needs only the cross kernel Θ(x, X) at w₀ and the outputs there at the start.
    """

    def __init__(
        self, network: Network, w0: Array, X: Array, inputs: Array, scale: float, centred: bool
    ) -> None:
        raw = network.output(w0, inputs)
        self._network, self._inputs, self._scale = network, inputs, scale
        self._offset = raw if centred else np.zeros_like(raw)
        self._start = scale * (raw - self._offset)
        self._cross = network.tangent_kernel(w0, inputs, X)

    def outputs(self, w: Array) -> Array:
        """α(h(w; x) − o(x)), shape (g,)."""
        return self._scale * (self._network.output(w, self._inputs) - self._offset)

    def linearized(self, linear: LinearizedModel) -> Array:
        """αh̄(w̄; x) at the linearization's current step, shape (g,)."""
        return linear.outputs_at(self._cross, self._start)
