"""The demos: one TOML file each in resources/lecture, with its text and its scenario."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean
from lazygui.scenarios.files import load
from lazygui.scenarios.kinds import build_scenario
from lazygui.shipped import resource

SECTIONS = (
    "Risk and SGD",
    "One dimension",
    "Two dimensions",
    "Linear models",
    "Neural networks",
    "Lazy training",
    "Beyond the lecture",
)
# Shown at the start: it runs at once, while what the networks need loads behind it.
DEFAULT = "conditioning"


@dataclass(frozen=True)
class Entry:
    """One demo: its claim as a sentence, its text, how fast it plays and what it runs.

    `formula` is LaTeX, `note` and `slip` are rich text; `views` names the views to show first,
    `speed` is in steps per second (0: as fast as possible), `claims` names what the run checks.
    The scenarios are made on first need: a start that waited for all of them would be seen.
    """

    id: str
    order: int
    section: str
    title: str
    claim: str
    formula: str
    note: str
    make: Callable[[], Scenario]
    make_full: Callable[[], Scenario] | None = None
    slip: str = ""
    source: str = ""
    speed: float = 0.0
    views: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @cached_property
    def scenario(self) -> Scenario:
        """The run. Raises ScenarioError if the file describes none."""
        return self.make()

    @cached_property
    def full(self) -> Scenario | None:
        """The run at the size of the paper, where the live one is smaller.

        Raises ScenarioError if the file describes none.
        """
        return self.make_full() if self.make_full is not None else None


@cache
def entries() -> tuple[Entry, ...]:
    """Every demo, by section of the lecture and order within it."""
    return tuple(sorted((_entry(file) for file in _files().values()), key=_place))


def entry(name: str) -> Entry:
    """The demo of that id, read alone. Raises ScenarioError with a near miss."""
    files = _files()
    if name not in files:
        hint = did_you_mean(name, files)
        sentence = f"there is no scenario '{name}'{hint}; 'lazygui list' shows them all"
        raise ScenarioError([Fault("", sentence)])
    return _entry(files[name])


def named_scenario(name: str) -> Scenario:
    """The scenario of a demo, or of a TOML file when `name` is a path.

    Raises ScenarioError naming what is wrong.
    """
    path = Path(name)
    if path.suffix.lower() == ".toml" or len(path.parts) > 1:
        return load(path)
    return entry(name).scenario


@cache
def _files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(resource("lecture").glob("*.toml"))}


@cache
def _entry(file: Path) -> Entry:
    values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    live, overrides = values.pop("scenario"), values.pop("full", None)
    values["make"] = partial(build_scenario, live, file.name)
    if overrides is not None:
        values["make_full"] = partial(build_scenario, _merged(live, overrides), file.name)
    views, claims = (tuple(values.pop(name, ())) for name in ("views", "claims"))
    made = Entry(id=file.stem, views=views, claims=claims, **values)
    if made.section not in SECTIONS:
        raise ScenarioError([Fault("section", f"'{made.section}' is not a section")], file.name)
    return made


def _merged(values: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with `overrides` in their place; tables within tables are merged likewise."""
    result = dict(values)
    for name, value in overrides.items():
        known = result.get(name)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            value = _merged(known, value)
        result[name] = value
    return result


def _place(item: Entry) -> tuple[int, int, str]:
    return SECTIONS.index(item.section), item.order, item.id
