"""The lecture's objectives, one function each, and the registry that names them.

An objective is one function marked ``@_family``: its keyword arguments are its parameters, and
what it returns holds everything that is known about it.
"""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from lazygui.numerics.objective_family import (
    Array,
    Coordinate,
    Objective,
    ObjectiveFamily,
    Point,
    clipped,
    point,
    read_only,
    sign,
)

__all__ = ["OBJECTIVES", "Array", "Objective", "ObjectiveFamily", "objective"]

_FAMILIES: dict[str, ObjectiveFamily] = {}
OBJECTIVES: Mapping[str, ObjectiveFamily] = MappingProxyType(_FAMILIES)


def objective(name: str, **parameters: Any) -> Objective:
    """The objective of that name with those parameters; the others keep their defaults.

    Raises ValueError for an unknown name or parameter, or a parameter outside its domain.
    """
    if name not in OBJECTIVES:
        raise ValueError(_unknown("objective", name, tuple(OBJECTIVES)))
    family = OBJECTIVES[name]
    for parameter in parameters:
        if parameter not in family.parameters:
            raise ValueError(_unknown(f"parameter of {name!r}", parameter, family.parameters))
    return family.build(**parameters)


def _family(build: Callable[..., Objective]) -> Callable[..., Objective]:
    """Register a function that builds an objective from keyword parameters with defaults."""
    made = build()
    parameters = tuple(inspect.signature(build).parameters)
    _FAMILIES[made.name] = ObjectiveFamily(
        made.name, made.title, made.formula, made.dim, parameters, build
    )
    return build


def _unknown(what: str, given: str, known: tuple[str, ...]) -> str:
    """One sentence: what is unknown, the nearest known name, the known names."""
    close = difflib.get_close_matches(given, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    listed = ", ".join(known) if known else "none"
    return f"Unknown {what} {given!r}.{hint} Known: {listed}."


@_family
def _quadratic(minimizer: Point = (0.0,)) -> Objective:
    """(1/2)(w-w*)^2: w_t = w* + (1-eta)^t (w_0-w*). Lecture, gradient descent on a parabola."""
    (center,) = point(minimizer, 1)
    return Objective(
        name="quadratic",
        title="Quadratic",
        formula=r"\frac{1}{2}(w-w^\star)^2",
        height=lambda w: 0.5 * (w - center) * (w - center),
        slopes=lambda w: (w - center,),
        separation=lambda w: abs(w - center),
        minimizer=read_only(center),
        minimum=0.0,
        smoothness=1.0,
        strong_convexity=1.0,
        default_start=(3.0,),
        bounds=((-4.0, 4.0),),
    )


@_family
def _absolute(minimizer: Point = (0.0,), slope: float = 1.0) -> Objective:
    """G|w-w*|: eta = eps/G^2 reaches a gap of eps after |w_0-w*| G/eps steps, then oscillates."""
    (center,) = point(minimizer, 1)
    if not 0 < slope < math.inf:
        raise ValueError(f"slope is {slope!r}; it must be a finite number above 0.")
    slope = float(slope)
    return Objective(
        name="absolute",
        title="Absolute value",
        formula=r"G\,|w-w^\star|",
        height=lambda w: slope * abs(w - center),
        slopes=lambda w: (slope * sign(w - center),),
        separation=lambda w: abs(w - center),
        minimizer=read_only(center),
        minimum=0.0,
        smoothness=None,
        strong_convexity=None,
        default_start=(3.0,),
        bounds=((-4.0, 4.0),),
        curvature_note="The kink at the minimizer has no curvature: a constant learning rate "
        "ends in an oscillation of width at most learning rate times slope.",
    )


@_family
def _huber(minimizer: Point = (0.0,)) -> Objective:
    """w^2/2 for |w| <= 1 and |w|-1/2 beyond (w measured from the minimizer). Lecture, Huber."""
    (center,) = point(minimizer, 1)
    return Objective(
        name="huber",
        title="Huber",
        formula=r"\frac{u^2}{2}\ (|u|\leq 1),\quad |u|-\frac{1}{2}\ (|u|>1),\quad u=w-w^\star",
        height=lambda w: clipped(w - center) * (w - center - 0.5 * clipped(w - center)),
        slopes=lambda w: (clipped(w - center),),
        separation=lambda w: abs(w - center),
        minimizer=read_only(center),
        minimum=0.0,
        smoothness=1.0,
        strong_convexity=None,
        default_start=(5.0,),
        bounds=((-6.0, 6.0),),
        curvature_note="Curvature is 1 only within distance 1 of the minimizer: above a learning "
        "rate of 2 the iterates stop converging but stay bounded, in a 2-cycle.",
    )


def _rotated_bowl(
    center: Point, weak: float, radians: float
) -> tuple[Callable[..., Coordinate], Callable[..., tuple[Coordinate, ...]]]:
    """Height and slopes of (1/2)(u^2 + weak v^2), (u, v) the axes turned by the angle.

    Written in the eigenbasis, so that F keeps its relative accuracy for large conditions, where
    the entries of M would cancel.
    """
    x0, y0 = center
    cosine, sine = math.cos(radians), math.sin(radians)

    def height(x: Coordinate, y: Coordinate) -> Coordinate:
        u = cosine * (x - x0) + sine * (y - y0)
        v = cosine * (y - y0) - sine * (x - x0)
        return 0.5 * (u * u + weak * v * v)

    def slopes(x: Coordinate, y: Coordinate) -> tuple[Coordinate, ...]:
        u = cosine * (x - x0) + sine * (y - y0)
        v = weak * (cosine * (y - y0) - sine * (x - x0))
        return cosine * u - sine * v, sine * u + cosine * v

    return height, slopes


@_family
def _quadratic_2d(
    minimizer: Point = (0.0, 0.0), condition: float = 10.0, angle: float = 30.0
) -> Objective:
    """(1/2)(w-w*)^T M (w-w*), M = R(angle) diag(1, 1/condition) R(angle)^T, angle in degrees."""
    center = point(minimizer, 2)
    if not 1 <= condition < math.inf:
        raise ValueError(f"condition is {condition!r}; it must be a finite number of at least 1.")
    if not math.isfinite(angle):
        raise ValueError(f"angle is {angle!r}; it must be a finite number of degrees.")
    height, slopes = _rotated_bowl(center, 1 / float(condition), math.radians(angle))
    return Objective(
        name="quadratic_2d",
        title="Quadratic in the plane",
        formula=r"\frac{1}{2}(w-w^\star)^\top R_\theta"
        r"\begin{pmatrix}1&0\\0&1/\kappa\end{pmatrix}R_\theta^\top(w-w^\star)",
        height=height,
        slopes=slopes,
        separation=lambda x, y: np.hypot(x - center[0], y - center[1]),
        minimizer=read_only(*center),
        minimum=0.0,
        smoothness=1.0,
        strong_convexity=1 / condition,
        default_start=(2.0, 1.5),
        bounds=((-2.5, 2.5), (-2.5, 2.5)),
    )


@_family
def _exercise_a() -> Objective:
    """x^2/2 in the plane: the minimizers are the line x=0 and y never moves. Exercise a)."""
    return Objective(
        name="exercise_a",
        title="Exercise a: a flat direction",
        formula=r"\frac{x^2}{2}",
        height=lambda x, y: 0.5 * x * x + 0.0 * y,
        slopes=lambda x, y: (x, 0.0 * y),
        separation=lambda x, y: abs(x) + 0.0 * y,
        minimizer=read_only(0.0, 0.0),
        minimum=0.0,
        smoothness=1.0,
        strong_convexity=0.0,
        default_start=(2.0, 1.0),
        bounds=((-2.5, 2.5), (-2.5, 2.5)),
        curvature_note="Curvature is 1 along x and 0 along y: the loss goes to 0 at the rate of x.",
    )


@_family
def _exercise_b() -> Objective:
    """x^2/2 + 10^-5 y^2/2: the loss looks converged long before the iterate is. Exercise b)."""
    return Objective(
        name="exercise_b",
        title="Exercise b: a nearly flat direction",
        formula=r"\frac{x^2}{2}+10^{-5}\,\frac{y^2}{2}",
        height=lambda x, y: 0.5 * x * x + 0.5e-5 * y * y,
        slopes=lambda x, y: (x, 1e-5 * y),
        separation=np.hypot,
        minimizer=read_only(0.0, 0.0),
        minimum=0.0,
        smoothness=1.0,
        strong_convexity=1e-5,
        default_start=(2.0, 1.0),
        bounds=((-2.5, 2.5), (-2.5, 2.5)),
    )


@_family
def _exercise_c() -> Objective:
    """x^2/2 + |y|: y moves by eta at each step, then oscillates forever. Exercise c)."""
    return Objective(
        name="exercise_c",
        title="Exercise c: a kink",
        formula=r"\frac{x^2}{2}+|y|",
        height=lambda x, y: 0.5 * x * x + abs(y),
        slopes=lambda x, y: (x, sign(y)),
        separation=np.hypot,
        minimizer=read_only(0.0, 0.0),
        minimum=0.0,
        smoothness=None,
        strong_convexity=None,
        default_start=(2.0, 1.0),
        bounds=((-2.5, 2.5), (-2.5, 2.5)),
        curvature_note="The kink along y has no curvature: no constant learning rate converges.",
    )


@_family
def _rosenbrock() -> Objective:
    """(1-x)^2 + 100 (y-x^2)^2, a curved valley. Rosenbrock, The Computer Journal, 1960."""
    return Objective(
        name="rosenbrock",
        title="Rosenbrock's valley",
        formula=r"(1-x)^2+100\,(y-x^2)^2",
        height=lambda x, y: (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
        slopes=lambda x, y: (2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)),
        separation=lambda x, y: np.hypot(x - 1, y - 1),
        minimizer=read_only(1.0, 1.0),
        minimum=0.0,
        smoothness=None,
        strong_convexity=None,
        default_start=(-1.2, 1.0),
        bounds=((-2.0, 2.0), (-1.0, 3.0)),
        curvature_note="Curvature grows without bound away from the valley; at the minimizer it "
        "is 1001.6, so a learning rate above 0.001997 cannot settle there.",
    )


@_family
def _saddle() -> Objective:
    """x^2/2 - y^2/2 + y^4/4: a saddle at the origin between the minimizers (0, 1) and (0, -1)."""
    return Objective(
        name="saddle",
        title="Saddle",
        formula=r"\frac{x^2}{2}-\frac{y^2}{2}+\frac{y^4}{4}",
        height=lambda x, y: 0.5 * x * x + 0.25 * y * y * (y * y - 2),
        slopes=lambda x, y: (x, y * (y * y - 1)),
        separation=lambda x, y: np.hypot(x, abs(y) - 1),
        minimizer=read_only(0.0, 1.0),
        minimum=-0.25,
        smoothness=None,
        strong_convexity=None,
        default_start=(1.5, 0.001),
        bounds=((-2.0, 2.0), (-1.75, 1.75)),
        curvature_note="Curvature is -1 along y at the saddle and 2 at the minimizers, so a "
        "learning rate above 1 cannot settle there.",
    )
