"""Runs of each kind, the views that suit them, and how a view is painted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from lazygui.headless import run
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.views.registry import every_view
from lazygui.views.view import View
from tests.views import histories
from tests.views.sweep_histories import SCALE, SEED, WIDTH, sweep

Make = Callable[[], History]
SCATTER = {"abscissa": "kappa", "metrics": ("output_gap",)}


@cache
def ran(kind: str, steps: int, **values: object) -> History:
    """A short run of a kind whose records are too rich to make up."""
    simulation = build_simulation(build_scenario({"kind": kind, "steps": steps, **values}))
    history, _ = run(simulation)
    history.record_facts(simulation.diagnose())
    return history


def tracked(steps: int) -> History:
    """A small network with its tangent kernel."""
    return ran("lazy", steps, width=16, samples=8, track_kernel=True)


def landscape(steps: int) -> History:
    """A small network with a slice of its loss."""
    return ran("landscape", steps, width=8, samples=8, resolution=21)


# Each kind with many rows, and with one.
MAKERS: dict[str, tuple[Make, Make]] = {
    "descent in one dimension": (histories.descent, lambda: histories.descent(1, 1)),
    "descent in two dimensions": (lambda: histories.descent(2), lambda: histories.descent(2, 1)),
    "least squares": (histories.least_squares, lambda: histories.least_squares(1)),
    "lazy": (lambda: histories.lazy(rows=300), lambda: histories.lazy(rows=1)),
    "tracked": (lambda: tracked(200), lambda: tracked(1)),
    "landscape": (lambda: landscape(200), lambda: landscape(1)),
    "sgd": (lambda: ran("sgd", 300, runs=30), lambda: ran("sgd", 1, runs=30)),
    "sweep": (sweep, lambda: sweep(done=1)),
    "sweep over two": (lambda: sweep(SCALE, WIDTH), lambda: sweep(SCALE, WIDTH, done=1)),
    "sweep as a cloud": (
        lambda: sweep(SCALE, SEED, **SCATTER),
        lambda: sweep(SCALE, SEED, done=1, **SCATTER),
    ),
}
KINDS = {kind: makers[0] for kind, makers in MAKERS.items()}
CASES = [
    (kind, view) for kind, make in KINDS.items() for view in every_view() if view.suits(make())
]
IDS = [f"{view.name}-{kind}" for kind, view in CASES]


def by_name(name: str) -> type[View]:
    return next(view for view in every_view() if view.name == name)


def paint(view: View) -> None:
    """Paint the view as the screen does."""
    view.image(1.0)
