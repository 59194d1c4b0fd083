"""Every view there is, in the order a stage offers them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from lazygui.simulation.history import History
from lazygui.views.view import View

NAMES = (
    "objective_1d",
    "objective_2d",
    "iterate_cloud",
    "gradient_cloud",
    "quantile_band",
    "chords",
    "outputs",
    "agreement",
    "loss_slice",
    "loss_along_line",
    "training_loss",
    "displacement",
    "difference",
    "sample_difference",
    "output_gap",
    "accuracy",
    "neurons",
    "kernel_matrix",
    "kernel_spectrum",
    "kernel_drift",
    "taylor",
    "heuristic",
    "modes",
    "loss_curve",
    "gap",
    "distance",
    "off_image",
    "sweep_curves",
    "sweep_scatter",
    "sweep_map",
)
"""A view's name is that of its module and, in words, of its class; it is loaded on first need."""


def view_class(name: str) -> type[View]:
    """The class of a view. Raises KeyError for an unknown name."""
    if name not in NAMES:
        raise KeyError(name)
    words = (word.title() for word in name.split("_"))
    view: type[View] = getattr(import_module(f"lazygui.views.{name}"), "".join(words))
    return view


def every_view() -> tuple[type[View], ...]:
    """All views."""
    return tuple(view_class(name) for name in NAMES)


def suits(name: str, history: History) -> bool:
    """Whether there is a view of that name, and it suits the run."""
    return name in NAMES and view_class(name).suits(history)


def views_for(run: History | Iterable[str]) -> list[type[View]]:
    """The views that suit a run.

    With a history the dimension of its objective counts too; with bare names (of columns, facts
    and frame arrays) only whether they are there.
    """
    if isinstance(run, History):
        return [view for view in every_view() if view.suits(run)]
    names = frozenset(run)
    return [view for view in every_view() if view.requires <= names]
