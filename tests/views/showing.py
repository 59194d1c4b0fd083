"""Runs of each kind, the views that suit them, and how a view is painted."""

from __future__ import annotations

from lazygui.views.registry import VIEWS
from lazygui.views.view import View
from tests.views import histories

KINDS = {
    "descent in one dimension": histories.descent,
    "descent in two dimensions": lambda: histories.descent(2),
    "least squares": histories.least_squares,
    "lazy": lambda: histories.lazy(rows=300),
}
CASES = [(kind, view) for kind, make in KINDS.items() for view in VIEWS if view.suits(make())]
IDS = [f"{view.name}-{kind}" for kind, view in CASES]


def by_name(name: str) -> type[View]:
    return next(view for view in VIEWS if view.name == name)


def paint(view: View) -> None:
    """Paint the view as the screen does."""
    view.image(1.0)
