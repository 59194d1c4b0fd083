"""Activation functions with the derivatives that training, the tangent kernel and kappa need.

Every formula takes the array namespace first, `numpy` or `torch`, so that one text serves both,
and an optional `out` array, so that the training loop allocates nothing.  Where numpy would be
slow, on processors without its vector instructions ten times, compiled code does the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import numpy as np

__all__ = ["ACTIVATIONS", "Activation", "activation_named"]


@dataclass(frozen=True)
class Activation:
    """A scalar function sigma applied entry by entry.

    value(xp, z, out=None): sigma(z).
    derivative(xp, z, s, out=None): sigma'(z), given s = sigma(z); `out` may be z itself.
    second(xp, z, s): sigma''(z), given s; the almost-everywhere part where sigma is not smooth.
    smooth: whether sigma'' exists everywhere (it is a Dirac mass for ReLU).
    from_value: whether sigma' is computed from s alone, so that z need not be kept.
    """

    name: str
    title: str
    formula: str
    value: Callable[..., Any]
    derivative: Callable[..., Any]
    second: Callable[[Any, Any, Any], Any]
    smooth: bool = True
    from_value: bool = True


# Entries from which compiled code is faster, its call included. The choice depends on the size
# alone, so that the same run gives the same numbers.
_COMPILED_FROM = 1024


def _compiles(xp: Any, z: Any, out: Any) -> bool:
    arrays = (z,) if out is None else (z, out)
    return xp is np and z.size >= _COMPILED_FROM and all(map(_is_plain, arrays))


def _is_plain(array: Any) -> bool:
    return bool(array.dtype == np.float64 and array.flags.c_contiguous)


def _evaluated(activation: str, function: str, argument: Any, out: Any) -> Any:
    from lazygui.numerics import compiled

    result = np.empty_like(argument) if out is None else out
    code = compiled.ACTIVATION_CODES[activation]
    getattr(compiled, function)(code, argument.reshape(-1), result.reshape(-1))
    return result


def _tanh(xp: Any, z: Any, out: Any = None) -> Any:
    if _compiles(xp, z, out):
        return _evaluated("tanh", "evaluate", z, out)
    return xp.tanh(z, out=out)


def _tanh_derivative(xp: Any, z: Any, s: Any, out: Any = None) -> Any:
    if _compiles(xp, s, out):
        return _evaluated("tanh", "slopes", s, out)
    derivative = xp.multiply(s, s, out=out)
    derivative *= -1.0
    derivative += 1.0
    return derivative


def _tanh_second(xp: Any, z: Any, s: Any) -> Any:
    return -2.0 * s * (1.0 - s * s)


def _relu(xp: Any, z: Any, out: Any = None) -> Any:
    return xp.clip(z, 0.0, None, out=out)


def _relu_derivative(xp: Any, z: Any, s: Any, out: Any = None) -> Any:
    # s >= 0, so its sign is the gate, with sigma'(0) = 0 as in Chizat, Oyallon and Bach.
    return xp.sign(s, out=out)


def _relu_second(xp: Any, z: Any, s: Any) -> Any:
    return xp.zeros_like(z)


def _softplus(xp: Any, z: Any, out: Any = None) -> Any:
    if _compiles(xp, z, out):
        return _evaluated("softplus", "evaluate", z, out)
    # Above 80, log(1 + e^z) is z to the last bit even in double precision, so capping the exponent
    # avoids the overflow and the maximum puts z back: a quarter of the time of logaddexp.
    value = xp.clip(z, None, 80.0, out=out)
    value = xp.exp(value, out=value)
    value = xp.log1p(value, out=value)
    return xp.maximum(value, z, out=value)


def _softplus_derivative(xp: Any, z: Any, s: Any, out: Any = None) -> Any:
    # sigmoid(z) = 1 - exp(-softplus(z))
    if _compiles(xp, s, out):
        return _evaluated("softplus", "slopes", s, out)
    derivative = xp.negative(s, out=out)
    derivative = xp.expm1(derivative, out=derivative)
    derivative *= -1.0
    return derivative


def _softplus_second(xp: Any, z: Any, s: Any) -> Any:
    sigmoid = _softplus_derivative(xp, z, s)
    return sigmoid * (1.0 - sigmoid)


def _erf(xp: Any, z: Any, out: Any = None) -> Any:
    if hasattr(xp, "erf"):
        return xp.erf(z, out=out)
    from scipy.special import erf

    return erf(z, out=out)


def _erf_derivative(xp: Any, z: Any, s: Any, out: Any = None) -> Any:
    derivative = xp.multiply(z, z, out=out)
    derivative *= -1.0
    derivative = xp.exp(derivative, out=derivative)
    derivative *= 2.0 / math.sqrt(math.pi)
    return derivative


def _erf_second(xp: Any, z: Any, s: Any) -> Any:
    return (-4.0 / math.sqrt(math.pi)) * z * xp.exp(-z * z)


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        activation.name: activation
        for activation in (
            Activation(
                "tanh", "Hyperbolic tangent", r"\tanh z", _tanh, _tanh_derivative, _tanh_second
            ),
            Activation(
                "relu",
                "ReLU",
                r"\max(z, 0)",
                _relu,
                _relu_derivative,
                _relu_second,
                smooth=False,
            ),
            Activation(
                "softplus",
                "Softplus",
                r"\log(1 + e^z)",
                _softplus,
                _softplus_derivative,
                _softplus_second,
            ),
            Activation(
                "erf",
                "Error function",
                r"\mathrm{erf}(z)",
                _erf,
                _erf_derivative,
                _erf_second,
                from_value=False,
            ),
        )
    }
)


def activation_named(name: str) -> Activation:
    """Look an activation up.

    Raises ValueError for an unknown name, with the known ones.
    """
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    close = get_close_matches(name, ACTIVATIONS, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    raise ValueError(f"Unknown activation '{name}': choose one of {', '.join(ACTIVATIONS)}.{hint}")
