"""The demos: all present, all runnable, all explained."""

from __future__ import annotations

import re
from contextlib import closing
from html.parser import HTMLParser

import numpy as np
import pytest

from lazygui.scenarios.catalogue import DEFAULT, SECTIONS, Entry, entries, entry, named_scenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps, loads
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.views.registry import every_view

BY_NAME = {view.name: view for view in every_view()}
ENTRIES = [pytest.param(item, id=item.id) for item in entries()]
RICH_TEXT = {"i", "b", "sub", "sup", "br", "p"}


def test_there_are_enough_demos_under_distinct_names():
    ids = [item.id for item in entries()]
    assert len(ids) >= 12
    assert len(set(ids)) == len(ids)
    assert len({item.title for item in entries()}) == len(ids)


def test_every_section_has_demos_and_they_come_in_its_order():
    sections = [item.section for item in entries()]
    assert set(sections) == set(SECTIONS)
    assert sections == sorted(sections, key=SECTIONS.index)


def test_the_demo_of_the_start_needs_nothing_that_is_slow_to_load():
    assert entry(DEFAULT).scenario.kind == "descent"


@pytest.mark.parametrize("item", ENTRIES)
def test_a_demo_says_what_it_shows(item: Entry):
    assert re.fullmatch(r"[a-z0-9-]+", item.id)
    assert item.claim
    assert item.title
    assert item.note.strip()
    assert "\\" in item.formula or item.formula
    assert item.formula.count("{") == item.formula.count("}")
    assert item.speed >= 0


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in RICH_TEXT, f"<{tag}> is not drawn"
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


@pytest.mark.parametrize("item", ENTRIES)
def test_its_rich_text_is_well_formed(item: Entry):
    for text in (item.note, item.slip):
        tags = _Tags()
        tags.feed(text)
        assert tags.open == []


@pytest.mark.parametrize("item", ENTRIES)
def test_a_demo_runs_and_its_views_have_what_they_need(item: Entry):
    simulation = build_simulation(item.scenario)
    history = History(item.scenario, simulation.columns, dict(simulation.facts))
    steps = 2 if item.scenario.kind == "sweep" else 50
    with closing(simulation):
        history.append(simulation.advance(steps))
        history.record_facts(simulation.diagnose())
    assert simulation.step == steps or simulation.outcome is not None
    lasts = history["diverged"] == 0 if "diverged" in history else slice(None)
    assert "loss" not in history or np.isfinite(history["loss"][lasts]).all()
    for name in item.views:
        assert name in BY_NAME, f"there is no view '{name}'"
        assert BY_NAME[name].suits(history)


@pytest.mark.parametrize("item", ENTRIES)
def test_a_demo_survives_its_file(item: Entry):
    assert loads(dumps(item.scenario)) == item.scenario


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("lazy-scael", "there is no scenario 'lazy-scael'; did you mean 'lazy-scale'?"),
        ("zzzz", "there is no scenario 'zzzz'; 'lazygui list' shows them all"),
        ("", "there is no scenario ''"),
    ],
)
def test_an_unknown_name_gives_a_sentence(name: str, sentence: str):
    with pytest.raises(ScenarioError) as caught:
        named_scenario(name)
    assert str(caught.value).startswith(sentence)


def test_a_path_is_read_as_a_file(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(dumps(entry(DEFAULT).scenario.replace(seed=9)), encoding="utf-8")
    assert named_scenario(str(file)).seed == 9
    with pytest.raises(ScenarioError, match="cannot read the file: No such file"):
        named_scenario(str(tmp_path / "other.toml"))
