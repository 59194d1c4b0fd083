"""Training steps of two-layer networks as machine code that runs without the interpreter.

One call makes any number of steps and holds no interpreter lock, so that a window draws meanwhile
and runs of a sweep share the cores.  Each neuron is updated and evaluated again in one go: its
gradient needs only the residuals at w_t, and its new share of the outputs is at hand at once.
Imported on first need only: numba takes a moment to load.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

__all__ = ["ACTIVATION_CODES", "LOSS_CODES", "evaluate", "record", "slopes", "train", "train_wide"]

ACTIVATION_CODES = {"tanh": 0, "relu": 1, "softplus": 2, "erf": 3}
LOSS_CODES = {"square": 0, "logistic": 1, "huber": 2}

# Contraction to fused multiply-adds only: nothing that would change what is summed in which order.
_inlined = numba.njit(inline="always", fastmath={"contract"}, error_model="numpy")
# A dot product may be summed in any order; the order is fixed once it is compiled.
_reduction = numba.njit(fastmath={"contract", "reassoc"}, error_model="numpy")
_compiled = partial(numba.njit, nogil=True, fastmath={"contract"}, error_model="numpy", cache=True)


@intrinsic
def _float_of_bits(context: Any, bits: Any) -> Any:
    def generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], target.get_value_type(types.float64))

    return types.float64(types.int64), generate


@intrinsic
def _bits_of_float(context: Any, number: Any) -> Any:
    def generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], target.get_value_type(types.int64))

    return types.int64(types.float64), generate


_LOG2_E = 1.4426950408889634
# ln 2 in two parts, the first with trailing zeros, so that k ln 2 is exact to 2e-17 |k|.
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# 1.5 * 2^52: adding it rounds to the nearest integer and leaves that integer in the low bits.
_ROUNDER = 6755399441055744.0
_LOWEST_EXPONENT = -700.0


@_inlined
def _expm1_parts(x: float) -> tuple[float, float]:
    """(2^k, e^r - 1) with x = k ln 2 + r and |r| <= (ln 2)/2, for -700 <= x <= 0.

    The Taylor polynomial of degree 14 is exact to rounding on that interval.  Free of branches and
    of table look-ups, so that the compiler turns a loop over it into vector instructions.
    """
    shifted = x * _LOG2_E + _ROUNDER
    k = shifted - _ROUNDER
    r = x - k * _LN2_HIGH
    r = r - k * _LN2_LOW
    q = 1.0 / 87178291200.0
    q = q * r + 1.0 / 6227020800.0
    q = q * r + 1.0 / 479001600.0
    q = q * r + 1.0 / 39916800.0
    q = q * r + 1.0 / 3628800.0
    q = q * r + 1.0 / 362880.0
    q = q * r + 1.0 / 40320.0
    q = q * r + 1.0 / 5040.0
    q = q * r + 1.0 / 720.0
    q = q * r + 1.0 / 120.0
    q = q * r + 1.0 / 24.0
    q = q * r + 1.0 / 6.0
    q = q * r + 0.5
    power = _float_of_bits((_bits_of_float(shifted) + 1023) << 52)
    return power, r + r * r * q


@_inlined
def _tanh(x: float) -> float:
    """tanh x = -e/(2 + e) with e = exp(-2|x|) - 1, to 2 units in the last place."""
    power, part = _expm1_parts(max(-2.0 * abs(x), -40.0))
    e = power * part + (power - 1.0)
    return math.copysign(-e / (2.0 + e), x)


@_inlined
def _softplus(x: float) -> float:
    """max(x, 0) + log(1 + e^-|x|), the logarithm as 2 artanh(t/(2 + t)) with t in (0, 1]."""
    power, part = _expm1_parts(max(-abs(x), _LOWEST_EXPONENT))
    t = power * part + power
    s = t / (2.0 + t)
    u = s * s
    q = 1.0 / 33.0
    q = q * u + 1.0 / 31.0
    q = q * u + 1.0 / 29.0
    q = q * u + 1.0 / 27.0
    q = q * u + 1.0 / 25.0
    q = q * u + 1.0 / 23.0
    q = q * u + 1.0 / 21.0
    q = q * u + 1.0 / 19.0
    q = q * u + 1.0 / 17.0
    q = q * u + 1.0 / 15.0
    q = q * u + 1.0 / 13.0
    q = q * u + 1.0 / 11.0
    q = q * u + 1.0 / 9.0
    q = q * u + 1.0 / 7.0
    q = q * u + 1.0 / 5.0
    q = q * u + 1.0 / 3.0
    return max(x, 0.0) + 2.0 * (s + s * u * q)


@_inlined
def _softplus_slope(value: float) -> float:
    """sigmoid(z) = 1 - exp(-softplus(z))."""
    power, part = _expm1_parts(max(-value, _LOWEST_EXPONENT))
    return -(power * part + (power - 1.0))


@_compiled("void(int64, float64[::1], float64[::1])")
def evaluate(activation: int, z: Any, out: Any) -> None:
    """out = sigma(z) for one-dimensional float64 arrays, where sigma is tanh or softplus."""
    for i in range(z.size):
        out[i] = _tanh(z[i]) if activation == 0 else _softplus(z[i])


@_compiled("void(int64, float64[::1], float64[::1])")
def slopes(activation: int, value: Any, out: Any) -> None:
    """out = sigma'(z), given value = sigma(z), as `evaluate` does."""
    for i in range(value.size):
        out[i] = 1.0 - value[i] * value[i] if activation == 0 else _softplus_slope(value[i])


@_reduction
def _dots(g: Any, rows: Any, step: Any, j: int) -> None:
    """step_jk -= sum_i g_i rows_ki, four rows at a time: each g_i is loaded once for four."""
    for k in range(0, rows.shape[0] - 3, 4):
        s0 = s1 = s2 = s3 = 0.0
        for i in range(g.size):
            s0 += g[i] * rows[k, i]
            s1 += g[i] * rows[k + 1, i]
            s2 += g[i] * rows[k + 2, i]
            s3 += g[i] * rows[k + 3, i]
        step[j, k] -= s0
        step[j, k + 1] -= s1
        step[j, k + 2] -= s2
        step[j, k + 3] -= s3


@_reduction
def _dot(u: Any, j: int, v: Any) -> float:
    total = 0.0
    for i in range(v.size):
        total += u[j, i] * v[i]
    return total


@_inlined
def _project(a: Any, j: int, rows: Any, z: Any) -> None:
    """z = sum_k a_jk rows_k, four rows at a time: z is loaded and stored once for four."""
    for i in range(z.size):
        z[i] = 0.0
    for k in range(0, rows.shape[0] - 3, 4):
        for i in range(z.size):
            z[i] += (
                a[j, k] * rows[k, i]
                + a[j, k + 1] * rows[k + 1, i]
                + a[j, k + 2] * rows[k + 2, i]
                + a[j, k + 3] * rows[k + 3, i]
            )


@_inlined
def _activate(activation: int, z: Any, value: Any, slope: Any, j: int) -> None:
    """value = sigma(z); slope = sigma'(z) only for erf, whose slope its value doesn't give."""
    if activation == 0:
        for i in range(z.size):
            value[j, i] = _tanh(z[i])
    elif activation == 1:
        for i in range(z.size):
            value[j, i] = max(z[i], 0.0)
    elif activation == 2:
        for i in range(z.size):
            value[j, i] = _softplus(z[i])
    else:
        for i in range(z.size):
            value[j, i] = math.erf(z[i])
            slope[j, i] = 2.0 / math.sqrt(math.pi) * math.exp(-z[i] * z[i])


@_inlined
def _pull_back(
    activation: int, output: Any, value: Any, slope: Any, j: int, r: Any, g: Any
) -> None:
    """g_i = c sigma'(z_i) r_i, with sigma' from sigma where that is possible."""
    weight = output[j]
    if activation == 0:
        for i in range(g.size):
            g[i] = weight * (1.0 - value[j, i] * value[j, i]) * r[i]
    elif activation == 1:
        for i in range(g.size):
            g[i] = weight * r[i] if value[j, i] > 0.0 else 0.0
    elif activation == 2:
        for i in range(g.size):
            g[i] = weight * _softplus_slope(value[j, i]) * r[i]
    else:
        for i in range(g.size):
            g[i] = weight * slope[j, i] * r[i]


@_inlined
def _residuals(loss: int, f: Any, y: Any, factor: float, r: Any) -> None:
    """r_i = factor * loss'(f_i, y_i) for the samples of y; see `lazygui.numerics.losses`."""
    if loss == 0:
        for i in range(y.size):
            r[i] = factor * (f[i] - y[i])
    elif loss == 1:
        for i in range(y.size):
            margin = y[i] * f[i]
            tail = math.exp(-abs(margin))
            r[i] = -factor * y[i] * (tail if margin > 0.0 else 1.0) / (1.0 + tail)
    else:
        for i in range(y.size):
            r[i] = factor * min(max(f[i] - y[i], -1.0), 1.0)


_TRAINED = (
    "float64[:, ::1], float64[::1], float64[:, ::1], float64[:, ::1], float64[::1],"
    " float64[:, ::1], float64[::1], float64[::1], float64, int64, int64, float64, int64, boolean"
)


@_compiled(f"void({_TRAINED})")
def train(  # noqa: PLR0913 - the state, the problem, then what to do
    hidden: Any,
    output: Any,
    value: Any,
    slope: Any,
    f: Any,
    rows: Any,
    y: Any,
    shift: Any,
    scale: float,
    activation: int,
    loss: int,
    factor: float,
    steps: int,
    fresh: bool,
) -> None:
    """Take `steps` gradient steps in place, after an evaluation at the start if `fresh`.

    hidden (m, k): rows (a_j, b_j); output (m,): c_j; value, slope (m, n): sigma(z), sigma'(z),
    the latter for erf only;
    f, shift (n,): f = scale * sum_j c_j sigma(z_j) - shift; rows (k, n): one feature a row.
    k must be a multiple of 4 and n of 8, padded with zeros, so that no loop has a remainder; y
    has the true number of samples: the others have no residual and move nothing.
    factor = eta s / (alpha n), so that c_j moves by -sum_i sigma(z_ji) factor loss'(f_i, y_i).
    The evaluation at the start runs through the same instructions as that after a step: a run
    continued from its weights repeats itself to the last bit.
    """
    m, n = hidden.shape[0], f.size
    r, g, z, total = np.zeros(n), np.empty(n), np.empty(n), np.empty(n)
    for step in range(-1 if fresh else 0, steps):
        if step >= 0:
            _residuals(loss, f, y, factor, r)
        for i in range(n):
            total[i] = 0.0
        for j in range(m):
            if step >= 0:
                _pull_back(activation, output, value, slope, j, r, g)
                output[j] -= _dot(value, j, r)
                _dots(g, rows, hidden, j)
            _project(hidden, j, rows, z)
            _activate(activation, z, value, slope, j)
            weight = output[j]
            for i in range(n):
                total[i] += weight * value[j, i]
        for i in range(n):
            f[i] = scale * total[i] - shift[i]


@_compiled(f"void({_TRAINED}, int64)")
def train_wide(  # noqa: PLR0913 - as `train`, and the size of a block
    hidden: Any,
    output: Any,
    value: Any,
    slope: Any,
    f: Any,
    rows: Any,
    y: Any,
    shift: Any,
    scale: float,
    activation: int,
    loss: int,
    factor: float,
    steps: int,
    fresh: bool,
    block: int,
) -> None:
    """What `train` does, by matrix products over `block` neurons at a time.

    From some size on the products of BLAS are faster than loops, and they too run without the
    interpreter: a slice of training never waits for a window that draws.
    """
    m, n = hidden.shape[0], f.size
    r, total, z = np.zeros(n), np.empty(n), np.empty((min(block, m), n))
    move = np.empty((len(z), len(rows)))
    for step in range(-1 if fresh else 0, steps):
        if step >= 0:
            _residuals(loss, f, y, factor, r)
        total[:] = 0.0
        for first in range(0, m, block):
            last = min(first + block, m)
            size = last - first
            if step >= 0:
                for j in range(first, last):
                    _pull_back(activation, output, value, slope, j, r, z[j - first])
                np.dot(z[:size], rows.T, move[:size])
                hidden[first:last] -= move[:size]
                output[first:last] -= np.dot(value[first:last], r)
            np.dot(hidden[first:last], rows, z[:size])
            for j in range(first, last):
                _activate(activation, z[j - first], value, slope, j)
            total += np.dot(output[first:last], value[first:last])
        for i in range(n):
            f[i] = scale * total[i] - shift[i]


@_inlined
def _distances(
    activation: int, rows: Any, now: Any, start: Any, dual: Any, g: Any, move: Any
) -> tuple[float, float]:
    """(||w - w0||, ||w - w0 - J^T dual||), J at w0, neuron by neuron."""
    hidden, output = now
    hidden0, output0, value0, slope0 = start
    moved = gap = 0.0
    for j in range(output.size):
        for k in range(move.size):
            move[0, k] = hidden[j, k] - hidden0[j, k]
        rest = output[j] - output0[j]
        moved += _dot(move, 0, move[0]) + rest * rest
        _pull_back(activation, output0, value0, slope0, j, dual, g)
        _dots(g, rows, move, 0)
        rest -= _dot(value0, j, dual)
        gap += _dot(move, 0, move[0]) + rest * rest
    return math.sqrt(moved), math.sqrt(gap)


_LAYERS = "float64[:, ::1], float64[::1], float64[:, ::1], float64[:, ::1]"


@_compiled(
    f"void(Tuple(({_LAYERS}, float64[::1])), Tuple((float64[:, ::1], float64[::1], float64[::1])),"
    f" Tuple((float64, int64, int64, float64)), int64[::1], Tuple(({_LAYERS})),"
    " Tuple((float64[:, ::1], float64[:, ::1], float64[:, ::1], float64)),"
    " float64[:, ::1], float64[:, ::1], float64[:, ::1])"
)
def record(  # noqa: PLR0913 - the state, the problem, then where the rows go
    state: Any,
    problem: Any,
    step: Any,
    counts: Any,
    start: Any,
    linear: Any,
    outputs: Any,
    linear_outputs: Any,
    distances: Any,
) -> None:
    """Take counts[0] steps and fill row 0, counts[1] more and fill row 1, and so on.

    state = (hidden, output, value, slope, f), problem = (rows, y, shift) and
    step = (scale, activation, loss, factor) as for `train`; start: the first four of the state at
    w0.  linear = (V, rho, q, pull): at row t the linearization has the outputs y + V rho_t and the
    weights w0 + J^T (pull V q_t), which J without prefactor may multiply.
    outputs, linear_outputs (rows, n); distances (rows, 2): ||w - w0|| and ||w - wbar||.
    """
    hidden, output, value, slope, f = state
    rows, y, shift = problem
    scale, activation, loss, factor = step
    vectors, rho, q, pull = linear
    dual, g, move = np.zeros(f.size), np.empty(f.size), np.empty((1, hidden.shape[1]))
    for t in range(counts.size):
        train(
            hidden, output, value, slope, f, rows, y, shift,
            scale, activation, loss, factor, counts[t], False,
        )  # fmt: skip
        for i in range(y.size):
            outputs[t, i] = f[i]
            linear_outputs[t, i] = y[i] + _dot(vectors, i, rho[t])
            dual[i] = pull * _dot(vectors, i, q[t])
        distances[t] = _distances(activation, rows, (hidden, output), start, dual, g, move)
