"""Passes through a two-layer network as machine code that runs without the interpreter.

One call evaluates many blocks of neurons and gives the interpreter up once: row by row of a run,
array by array, a thread would wait each time for a window that draws.
The cache of numba doesn't see what is imported: whoever changes `compiled` touches this file too.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from lazygui.numerics.compiled import _activate, _compiled, _pull_back

__all__ = ["backward", "forward", "tangent"]

_ERF = 3
_helper = numba.njit(fastmath={"contract"}, error_model="numpy")
_matrix = types.Array(types.float64, 2, "C", readonly=True)
_vector = types.Array(types.float64, 1, "C", readonly=True)
_changed = types.float64[::1]
_network = (_matrix, _vector, _vector, types.int64, types.int64)


@_helper
def _scratch(size: int, n: int, activation: int) -> Any:
    """Room for z, sigma(z) and, where it doesn't follow from that, sigma'(z) of some neurons."""
    rows = size if activation == _ERF else 1
    return np.empty((size, n)), np.empty((size, n)), np.empty((rows, n))


@_helper
def _evaluate(
    a: Any, b: Any, activation: int, columns: Any, z: Any, value: Any, slope: Any
) -> None:
    """z = a columns + b of some neurons, and sigma of it."""
    np.dot(a, columns, z)
    for j in range(len(z)):
        if len(b):
            z[j] += b[j]
        _activate(activation, z[j], value, slope, j)


@_compiled(types.void(*_network, _matrix, _changed))
def forward(a: Any, b: Any, c: Any, activation: int, block: int, columns: Any, total: Any) -> None:
    """total_i += sum_j c_j sigma(a_j.x_i + b_j), `block` neurons at a time.

    a (m, d), b (m,) or empty for none, c (m,); columns (d, n): one input a column; total (n,).
    """
    m, n = len(a), len(total)
    z, value, slope = _scratch(min(block, m), n, activation)
    for first in range(0, m, block):
        last = min(first + block, m)
        size = last - first
        _evaluate(a[first:last], b[first:last], activation, columns, z[:size], value, slope)
        total += np.dot(c[first:last], value[:size])


@_compiled(
    types.void(*_network, _matrix, _matrix, _vector, types.float64[:, ::1], _changed, _changed)
)
def backward(  # noqa: PLR0913 - the network, where and with what, and where the gradient goes
    a: Any,
    b: Any,
    c: Any,
    activation: int,
    block: int,
    columns: Any,
    X: Any,
    r: Any,
    a_bar: Any,
    b_bar: Any,
    c_bar: Any,
) -> None:
    """The gradient of sum_i r_i sum_j c_j sigma(a_j.x_i + b_j) in a, b and c.

    As `forward`; X (n, d) is the transpose of columns, and r (n,).
    """
    m, n = len(a), len(r)
    z, value, slope = _scratch(min(block, m), n, activation)
    for first in range(0, m, block):
        last = min(first + block, m)
        size = last - first
        _evaluate(a[first:last], b[first:last], activation, columns, z[:size], value, slope)
        for j in range(size):
            _pull_back(activation, c[first:last], value, slope, j, r, z[j])
            if len(b):
                b_bar[first + j] = z[j].sum()
        np.dot(z[:size], X, a_bar[first:last])
        np.dot(value[:size], r, c_bar[first:last])


@_compiled(types.void(*_network, _matrix, _matrix, _vector, _vector, _changed))
def tangent(  # noqa: PLR0913 - the network, where, the direction, and where the result goes
    a: Any,
    b: Any,
    c: Any,
    activation: int,
    block: int,
    columns: Any,
    da: Any,
    db: Any,
    dc: Any,
    total: Any,
) -> None:
    """total_i += the change of sum_j c_j sigma(a_j.x_i + b_j) along (da, db, dc), as `forward`."""
    m, n = len(a), len(total)
    z, value, slope = _scratch(min(block, m), n, activation)
    for first in range(0, m, block):
        last = min(first + block, m)
        size = last - first
        _evaluate(a[first:last], b[first:last], activation, columns, z[:size], value, slope)
        np.dot(da[first:last], columns, z[:size])
        for j in range(size):
            if len(b):
                z[j] += db[first + j]
            _pull_back(activation, c[first:last], value, slope, j, z[j], z[j])
            total += z[j]
        total += np.dot(dc[first:last], value[:size])
