"""Formulas of several lines: where they are parted, and how they stand in a narrow column."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from lazygui.panels.formula_view import FormulaView, lines_of
from lazygui.scenarios.catalogue import Entry, entries
from lazygui.style.formulas import Formulas

COLUMN = 220  # pixels that the note has for a formula at its usual width
SMALLEST = 0.84  # a formula that is shrunk more cannot be read


@pytest.mark.parametrize(
    ("latex", "lines"),
    [
        (r"a=b", ["a=b"]),
        (r"a=b,\\ c=d \\", ["a=b,", "c=d"]),
        (r"f=\begin{cases}1 & a\\ 2 & b\end{cases}", [r"f=\begin{cases}1 & a\\ 2 & b\end{cases}"]),
        (r"\begin{cases}1\\2\end{cases}\\ x", [r"\begin{cases}1\\2\end{cases}", "x"]),
        ("", []),
    ],
)
def test_lines_are_parted_outside_of_environments(latex: str, lines: list[str]) -> None:
    assert lines_of(latex) == lines


def test_lines_stand_below_each_other(qtbot: QtBot) -> None:
    view = FormulaView(Formulas())
    qtbot.addWidget(view)
    view.resize(COLUMN, 30)
    view.set_formula(r"w_{t+1}=w_t-\eta\,g_t,\\ \eta_t=\frac{\eta}{1+t}")
    qtbot.waitUntil(view.is_typeset, timeout=5000)
    first, second = view._targets()
    assert second.top() > first.bottom()
    assert view.height() >= second.bottom()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_formula_can_be_read_in_the_column(qtbot: QtBot, entry: Entry) -> None:
    view = FormulaView(Formulas())
    qtbot.addWidget(view)
    view.resize(COLUMN, 30)
    view.set_formula(entry.formula)
    qtbot.waitUntil(view.is_typeset, timeout=5000)
    zoom = view.logicalDpiY() / 72.0
    for number, place in enumerate(view._targets()):
        wanted = view._pictures[number].defaultSize().width() * zoom
        assert place.width() >= SMALLEST * wanted
