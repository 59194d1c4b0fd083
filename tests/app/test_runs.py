"""Choosing demos, pressing buttons, changing the theme: the window lives and one run goes on."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from lazygui import headless
from lazygui.engine.session import State
from lazygui.export.table import history_csv
from lazygui.scenarios.catalogue import entries, entry
from lazygui.scenarios.kinds import replaced
from lazygui.simulation.build import build_simulation
from lazygui.simulation.outcome import Outcome
from lazygui.style.themes import THEMES
from tests.app.conftest import Bench

LEFT_OUT = {"button-help"}


def test_the_default_demo_moves_in_its_views(bench: Bench):
    bench.choose("lazy-scale")
    bench.until(lambda: bench.history.last_step > 0, 4000)
    assert bench.session.state is State.RUNNING
    assert bench.window.stage.shown() == entry("lazy-scale").views
    assert all(bench.window.stage.view(name).isVisible() for name in entry("lazy-scale").views)


@pytest.mark.parametrize("section", sorted({item.section for item in entries()}))
def test_every_demo_can_be_chosen_after_another(bench: Bench, section: str):
    for item in [item for item in entries() if item.section == section]:
        history = bench.choose(item.id)
        shown = bench.window.stage.shown()
        assert bench.window.director.entry is item
        assert history.scenario == item.scenario
        assert shown == item.views if item.views else shown
        bench.until(lambda: bench.history.last_step > 0)
        assert bench.message == "" or bench.session.outcome is Outcome.DIVERGED


def test_every_button_can_be_pressed_twice(bench: Bench):
    bench.choose("quadratic")
    buttons = [
        button
        for button in bench.window.findChildren(QAbstractButton)
        if button.objectName() not in LEFT_OUT | {"", "views-button"}
        and not button.objectName().startswith("qt_")
    ]
    assert len(buttons) >= 12
    for button in buttons:
        for _ in range(2):
            button.click()
            bench.rest(5)
    bench.until(lambda: bench.session.state is not State.LOADING)
    assert bench.window.isVisible()
    assert all(thread.isRunning() for thread in bench.session._threads)
    history = bench.awaited(bench.window.director.restart)
    bench.until(lambda: history.last_step > 0)
    assert bench.history is history


def test_help_opens_and_closes(bench: Bench):
    bench.window.show_help()
    dialogs = [w for w in bench.window.children() if type(w).__name__ == "HelpDialog"]
    assert len(dialogs) == 1
    assert dialogs[0].isVisible()
    dialogs[0].close()
    assert not dialogs[0].isVisible()


def test_the_themes_come_round_and_the_run_goes_on(bench: Bench):
    history = bench.choose("lazy-scale")
    for name in [*list(THEMES)[1:], "light"]:
        before = history.last_step
        bench.window.next_theme()
        assert bench.window.theme is THEMES[name]
        assert bench.window.settings.theme == name
        bench.until(lambda before=before: history.last_step > before)
    assert bench.history is history


def test_five_runs_in_the_window_are_the_run_without_a_window_to_the_byte(bench: Bench):
    scenario = replaced(entry("lazy-scale").scenario, steps=300)
    expected, _ = headless.run(build_simulation(scenario))
    for turn in range(5):
        bench.window.director._start(scenario)
        bench.until(lambda turn=turn: len(bench.ended) > turn)
        assert bench.history.last_step == 300
        assert history_csv(bench.history) == history_csv(expected)


@pytest.mark.parametrize("theme", ["light", "projector"])
def test_the_help_is_whole_or_scrolls(bench: Bench, theme: str):
    bench.window.resize(1024, 768)
    bench.window.set_theme(THEMES[theme])
    bench.window.show_help()
    bench.rest()
    page, text = (bench.window.findChild(QWidget, name) for name in ("help-page", "help-text"))
    assert text.height() >= text.heightForWidth(text.width())
    hidden = text.height() - page.viewport().height()
    assert page.verticalScrollBar().maximum() >= hidden
    assert page.window().height() <= 768
    assert text.width() <= page.viewport().width()
    page.window().close()
