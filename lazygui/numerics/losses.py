"""Losses R(f) = (1/n) sum_i loss(f_i, y_i) over the outputs f on a data set.

The last argument of every function, ``xp``, is the array namespace: numpy, or the torch module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

Outputs: TypeAlias = Any  # a numpy array or a torch tensor of shape (n,)


@dataclass(frozen=True)
class Loss:
    """A loss on outputs f and targets y, both (n,), in the norm <f,g>_F = (1/n) sum_i f_i g_i.

    ``value(f, y, xp)`` is the mean R(f), a scalar, or (rows,) for f of shape (rows, n).
    ``residual(f, y, xp)`` is the derivative per sample, (n,): in the norm above it is the gradient
    of R at f. ``smoothness`` bounds the second derivative. ``has_closed_form``: the linearized
    dynamics are solved by an eigendecomposition.
    """

    name: str
    title: str
    formula: str
    value: Callable[..., Any]
    residual: Callable[..., Outputs]
    smoothness: float
    has_closed_form: bool


def _square_value(f: Outputs, y: Outputs, xp: Any = np) -> Any:
    """(1/2)||f-y||_F^2. Chizat, Oyallon, Bach 2019, square loss."""
    return 0.5 * xp.mean((f - y) * (f - y), -1)


def _square_residual(f: Outputs, y: Outputs, xp: Any = np) -> Outputs:
    return f - y


def _logistic_value(f: Outputs, y: Outputs, xp: Any = np) -> Any:
    """Mean of log(1 + exp(-y f)), y = +1 or -1, without overflow."""
    return xp.mean(xp.logaddexp(xp.zeros_like(f), -y * f), -1)


def _logistic_residual(f: Outputs, y: Outputs, xp: Any = np) -> Outputs:
    """-y / (1 + exp(y f)), written so that neither a large nor a small margin overflows."""
    return -y * xp.exp(-xp.logaddexp(xp.zeros_like(f), y * f))


def _huber_value(f: Outputs, y: Outputs, xp: Any = np) -> Any:
    """Mean of u^2/2 for |u| <= 1 and |u| - 1/2 beyond, u = f - y."""
    clipped = xp.clip(f - y, -1.0, 1.0)
    return xp.mean(clipped * (f - y - 0.5 * clipped), -1)


def _huber_residual(f: Outputs, y: Outputs, xp: Any = np) -> Outputs:
    return xp.clip(f - y, -1.0, 1.0)


_ALL = (
    Loss(
        name="square",
        title="Square",
        formula=r"\frac{1}{2}(f-y)^2",
        value=_square_value,
        residual=_square_residual,
        smoothness=1.0,
        has_closed_form=True,
    ),
    Loss(
        name="logistic",
        title="Logistic",
        formula=r"\log(1+e^{-yf})",
        value=_logistic_value,
        residual=_logistic_residual,
        smoothness=0.25,
        has_closed_form=False,
    ),
    Loss(
        name="huber",
        title="Huber",
        formula=r"\frac{u^2}{2}\ (|u|\leq 1),\quad |u|-\frac{1}{2}\ (|u|>1),\quad u=f-y",
        value=_huber_value,
        residual=_huber_residual,
        smoothness=1.0,
        has_closed_form=False,
    ),
)
LOSSES: Mapping[str, Loss] = MappingProxyType({loss.name: loss for loss in _ALL})
