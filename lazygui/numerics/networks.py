"""Networks h(x; w) with a scalar output, and the derivatives in closed form.

Conventions: X is (n, d), one example per row; w is one flat float64 vector; J is the (n, p)
Jacobian of the outputs (h(x_1), ..., h(x_n)).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lazygui.numerics.activations import activation_named
from lazygui.numerics.initial_laws import draw_output_weights, draw_rows
from lazygui.numerics.interruption import checkpoint

__all__ = [
    "ARCHITECTURES",
    "Array",
    "Initialization",
    "Network",
    "Parameterization",
    "TwoLayer",
    "build_network",
    "neurons_per_block",
    "quiet",
]

Array = npt.NDArray[np.float64]

# Half a megabyte: the (neurons x examples) arrays of one block stay in the second-level cache.
_BLOCK_ENTRIES = 65_536
# About 50 ms: from call to call a computation can be given up.
_CALL_ENTRIES = 2**24


def neurons_per_block(examples: int) -> int:
    """Number of neurons whose pre-activations on `examples` inputs fit the cache."""
    return max(1, _BLOCK_ENTRIES // max(1, examples))


def quiet() -> np.errstate:
    """No warnings on overflow: the weights of a diverging run give inf or nan, which is content."""
    return np.errstate(over="ignore", invalid="ignore")


class Parameterization(StrEnum):
    """Where the width appears (two layers, width m).

    NTK: h = m^(-1/2) sum c_j sigma(a_j.x), c_j ~ N(0, 1).
    STANDARD: h = sum c_j sigma(a_j.x), c_j ~ N(0, 1/m): the same function at the start, but
        not the same training: kappa falls like 1/m instead of m^(-1/2).
    MEAN_FIELD: h = (1/m) sum c_j sigma(a_j.x), c_j ~ N(0, 1): never lazy.
    """

    NTK = "ntk"
    STANDARD = "standard"
    MEAN_FIELD = "mean-field"


class Initialization(StrEnum):
    """How h(w0) is brought to zero, if at all.

    PLAIN: it is not.  CENTRED: the model is h - h(w0); the weights are drawn as for PLAIN and the
    caller subtracts h(w0; X).  DOUBLED: each neuron (a, c) comes with a twin (a, -c).
    """

    PLAIN = "plain"
    CENTRED = "centred"
    DOUBLED = "doubled"


class Network(Protocol):
    """A differentiable model h(.; w) on flat float64 weights w of shape (p,)."""

    @property
    def inputs(self) -> int:
        """Dimension d of the inputs."""
        ...

    @property
    def activation(self) -> str:
        """Name of the activation."""
        ...

    @property
    def n_parameters(self) -> int:
        """Number p of weights."""
        ...

    def initial(
        self,
        rng: np.random.Generator,
        initialization: Initialization = Initialization.PLAIN,
        output_law: str = "gaussian",
        gain: float = 1.0,
    ) -> Array:
        """Draw w0, shape (p,)."""
        ...

    def output(self, w: Array, X: Array) -> Array:
        """h(x_i; w), shape (n,)."""
        ...

    def vjp(self, w: Array, X: Array, r: Array) -> Array:
        """J^T r, shape (p,), for r of shape (n,)."""
        ...

    def jvp(self, w: Array, X: Array, v: Array) -> Array:
        """J v, shape (n,), for v of shape (p,)."""
        ...

    def jacobian(self, w: Array, X: Array) -> Array:
        """J, shape (n, p)."""
        ...

    def tangent_kernel(self, w: Array, X: Array, X2: Array | None = None) -> Array:
        """J(X) J(X2)^T, shape (n, n2)."""
        ...

    def kernel_product(self, w: Array, X: Array, u: Array) -> Array:
        """J J^T u, shape (n,), for u of shape (n,); nothing of size n^2 or n p is formed."""
        ...


_Weights = tuple[Array, Array, Array]


@dataclass(frozen=True)
class _Block:
    """Some neurons on some inputs: sigma(z) and sigma'(z), both (block, n), and c (block,)."""

    rows: slice
    output_weights: Array
    value: Array
    derivative: Array


@dataclass(frozen=True)
class TwoLayer:
    """h(x; w) = s sum_j c_j sigma(a_j.x + b_j), with w = (a row-major, [b], c).

    Shapes: a (m, d), b (m,) if `bias`, c (m,).  The prefactor s is m^(-1/2), 1 or 1/m.
    Rows a_j ~ N(0, I) suit inputs of norm about 1.
    Raises ValueError for an unknown activation or parameterization and for sizes below 1.
    Source: slides "Two-layer networks" and "The scaling of Le Cun"; Chizat et al. 2019, sec. 1.2.
    """

    activation: str
    inputs: int
    width: int
    bias: bool = False
    parameterization: Parameterization = Parameterization.NTK

    def __post_init__(self) -> None:
        activation_named(self.activation)
        object.__setattr__(self, "parameterization", Parameterization(self.parameterization))
        if self.width < 1 or self.inputs < 1:
            raise ValueError(
                f"A network with width {self.width} and {self.inputs} inputs is impossible: "
                "both must be at least 1."
            )

    @property
    def prefactor(self) -> float:
        """s: m^(-1/2) (NTK), 1 (standard) or 1/m (mean field)."""
        if self.parameterization is Parameterization.NTK:
            return 1.0 / math.sqrt(self.width)
        return 1.0 if self.parameterization is Parameterization.STANDARD else 1.0 / self.width

    @property
    def n_parameters(self) -> int:
        """p = m (d + 1), plus m with biases."""
        return self.width * (self.inputs + 1 + int(self.bias))

    def split(self, w: Array) -> tuple[Array, Array | None, Array]:
        """Views (a (m, d), b (m,) or None, c (m,)) of w.

        Raises ValueError if w is not of shape (p,).
        """
        if w.shape != (self.n_parameters,):
            raise ValueError(
                f"The weights have shape {w.shape}, this network needs ({self.n_parameters},)."
            )
        m, md = self.width, self.width * self.inputs
        return w[:md].reshape(m, self.inputs), w[md : md + m] if self.bias else None, w[-m:]

    def initial(
        self,
        rng: np.random.Generator,
        initialization: Initialization = Initialization.PLAIN,
        output_law: str = "gaussian",
        gain: float = 1.0,
        row_law: str = "gaussian",
    ) -> Array:
        """Draw w0 (p,): a, b ~ N(0, 1) and c of the output law, all times `gain`.

        Row law "unit" divides each row a_j by its norm.  STANDARD divides c by sqrt(m), except a
        uniform c: rows "unit", c "uniform", DOUBLED and STANDARD are figure 1 of Chizat et al.
        DOUBLED draws m/2 neurons and repeats them with -c, so that h(w0) = 0 (ibid., sec. 1.1).
        Raises ValueError for an odd width with DOUBLED and for unknown laws.
        """
        doubled = Initialization(initialization) is Initialization.DOUBLED
        if doubled and self.width % 2:
            raise ValueError(
                f"The doubled initialization needs an even width, not {self.width}: "
                "choose an even width or centre the model instead."
            )
        count = self.width // 2 if doubled else self.width
        a = draw_rows(rng, count, self.inputs, row_law)
        b = rng.standard_normal(count) if self.bias else np.empty(0)
        c = draw_output_weights(rng, count, output_law)
        if self.parameterization is Parameterization.STANDARD and output_law != "uniform":
            c = c / np.sqrt(self.width)
        if doubled:
            a, b, c = np.concatenate((a, a)), np.concatenate((b, b)), np.concatenate((c, -c))
        return np.concatenate((a.ravel(), b, c)) * gain

    def output(self, w: Array, X: Array) -> Array:
        """h(x_i; w), shape (n,), for X of shape (n, d)."""
        total, columns = np.zeros(len(X)), _columns(X)
        for part, how in self._parts(w, len(X)):
            _passes().forward(*part, *how, columns, total)
        return total * self.prefactor

    def vjp(self, w: Array, X: Array, r: Array) -> Array:
        """J^T r, shape (p,): the blocks are s c_j sum_i r_i sigma'(z_ji) x_i and s sigma(Z) r."""
        result = np.empty(self.n_parameters)
        columns, rows = _columns(X), np.ascontiguousarray(X, dtype=np.float64)
        weights = self.prefactor * r
        gradients = self._parts(result, len(X))
        for (part, how), (gradient, _) in zip(self._parts(w, len(X)), gradients, strict=True):
            _passes().backward(*part, *how, columns, rows, weights, *gradient)
        return result

    def jvp(self, w: Array, X: Array, v: Array) -> Array:
        """J v, shape (n,): s sum_j [c_j sigma'(z_j) (v_aj.x + v_bj) + v_cj sigma(z_j)]."""
        total, columns = np.zeros(len(X)), _columns(X)
        for (part, how), (move, _) in zip(
            self._parts(w, len(X)), self._parts(v, len(X)), strict=True
        ):
            _passes().tangent(*part, *how, columns, *move, total)
        return total * self.prefactor

    def _parts(self, w: Array, examples: int) -> Iterator[tuple[_Weights, tuple[int, int]]]:
        """(a, b, c) of some neurons, and activation and block for `compiled_passes`."""
        from lazygui.numerics.compiled import ACTIVATION_CODES

        a, b, c = self.split(np.ascontiguousarray(w, dtype=np.float64))
        block = neurons_per_block(examples)
        step = block * max(1, _CALL_ENTRIES // (block * max(1, examples)))
        for start in range(0, self.width, step):
            checkpoint()
            rows = slice(start, start + step)
            bias = np.empty(0) if b is None else b[rows]
            yield (a[rows], bias, c[rows]), (ACTIVATION_CODES[self.activation], block)

    @quiet()
    def jacobian(self, w: Array, X: Array) -> Array:
        """J, shape (n, p), columns in the order of w."""
        n, m, d = len(X), self.width, self.inputs
        J = np.empty((n, self.n_parameters))
        for block in self._blocks(w, X):
            rows = np.arange(m)[block.rows]
            gates = self.prefactor * (block.output_weights[:, None] * block.derivative).T
            J[:, rows[0] * d : (rows[-1] + 1) * d] = (gates[:, :, None] * X[:, None]).reshape(n, -1)
            if self.bias:
                J[:, m * d + rows] = gates
            J[:, self.n_parameters - m + rows] = self.prefactor * block.value.T
        return J

    @quiet()
    def tangent_kernel(self, w: Array, X: Array, X2: Array | None = None) -> Array:
        """J(X) J(X2)^T, shape (n, n2), without forming J.

        s^2 [sum_j sigma(z_j) sigma(z'_j) + (x.x' + bias) sum_j c_j^2 sigma'(z_j) sigma'(z'_j)],
        two matrix products per block of neurons (Jacot et al. 2018; theory of the lazy regime).
        """
        other = X if X2 is None else X2
        values, gates = np.zeros((len(X), len(other))), np.zeros((len(X), len(other)))
        rows = neurons_per_block(len(X) + len(other))
        lefts = self._blocks(w, X, rows=rows)
        rights = lefts if X2 is None else self._blocks(w, X2, rows=rows)
        for left in lefts:
            right = left if X2 is None else next(rights)
            values += left.value.T @ right.value
            weighted = left.output_weights[:, None] * left.derivative
            twin = weighted if X2 is None else right.output_weights[:, None] * right.derivative
            gates += weighted.T @ twin
        return (values + (X @ other.T + float(self.bias)) * gates) * self.prefactor**2

    @quiet()
    def kernel_product(self, w: Array, X: Array, u: Array) -> Array:
        """J J^T u, shape (n,): neuron by neuron, each of them evaluated once."""
        total = np.zeros(len(X))
        weighted = u[:, None] * X
        for block in self._blocks(w, X):
            dz = (block.derivative @ weighted) @ X.T
            if self.bias:
                dz += (block.derivative @ u)[:, None]
            dz *= block.derivative
            total += block.output_weights**2 @ dz + (block.value @ u) @ block.value
        return total * self.prefactor**2

    def features(self, w: Array) -> tuple[Array, Array]:
        """Positions |c_j| a_j (m, d) and signs of c_j (m,), as drawn in Chizat et al., fig. 1."""
        a, _, c = self.split(w)
        return np.abs(c)[:, None] * a, np.sign(c)

    def _blocks(self, w: Array, X: Array, rows: int | None = None) -> Iterator[_Block]:
        a, b, c = self.split(w)
        sigma = activation_named(self.activation)
        step = rows or neurons_per_block(len(X))
        for start in range(0, self.width, step):
            checkpoint()
            block = slice(start, min(start + step, self.width))
            z = a[block] @ X.T
            if b is not None:
                z += b[block, None]
            value = sigma.value(np, z)
            yield _Block(block, c[block], value, sigma.derivative(np, z, value, out=z))


def _columns(X: Array) -> Array:
    return np.ascontiguousarray(X.T, dtype=np.float64)


def _passes() -> Any:
    """Imported on first need: numba takes a moment to load."""
    from lazygui.numerics import compiled_passes

    return compiled_passes


def _two_layer(hidden: tuple[int, ...], doubled: bool, **options: Any) -> Network:
    if len(hidden) != 1:
        raise ValueError(f"A two-layer network has one hidden layer, not {len(hidden)}: use 'mlp'.")
    return TwoLayer(width=hidden[0], **options)


def _mlp(hidden: tuple[int, ...], doubled: bool, **options: Any) -> Network:
    from lazygui.numerics.doubled import Doubled
    from lazygui.numerics.mlp import MLP

    network = MLP(hidden=hidden, **options)
    return Doubled(network) if doubled else network


ARCHITECTURES: Mapping[str, Callable[..., Network]] = MappingProxyType(
    {"two-layer": _two_layer, "mlp": _mlp}
)


def build_network(
    architecture: str,
    inputs: int,
    hidden: tuple[int, ...],
    activation: str = "tanh",
    bias: bool = False,
    parameterization: Parameterization = Parameterization.NTK,
    initialization: Initialization = Initialization.PLAIN,
) -> Network:
    """Build a registered architecture ("two-layer" or "mlp") with the given hidden widths.

    The initialization matters for deep nets only: DOUBLED makes the model (f(u) - f(v))/sqrt 2.
    Raises ValueError for an unknown architecture and whatever the network refuses.
    """
    if architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise ValueError(f"Unknown architecture '{architecture}': choose one of {known}.")
    doubled = Initialization(initialization) is Initialization.DOUBLED
    return ARCHITECTURES[architecture](
        tuple(hidden),
        doubled,
        inputs=inputs,
        activation=activation,
        bias=bias,
        parameterization=parameterization,
    )
