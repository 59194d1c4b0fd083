"""A session that is closed whatever happens, and what it said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lazygui.engine.session import Session, State
from lazygui.scenarios.base import Scenario


class Listener:
    """Everything a session emitted, in order."""

    def __init__(self, session: Session) -> None:
        self.said: list[tuple[str, tuple[Any, ...]]] = []
        for name in ("run_started", "advanced", "diagnosed", "changed", "state_changed",
                     "run_finished", "failed", "noticed"):  # fmt: skip
            getattr(session, name).connect(self._note(name))

    def _note(self, name: str) -> Callable[..., None]:
        def note(*arguments: Any) -> None:
            self.said.append((name, arguments))

        return note

    def all(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for said, arguments in self.said if said == name]

    @property
    def states(self) -> list[State]:
        return [state for (state,) in self.all("state_changed")]


class Bench:
    """A session, its listener, and the waiting that tests of it need."""

    def __init__(self, qtbot: Any) -> None:
        self.session = Session()
        self.heard = Listener(self.session)
        self._qtbot = qtbot

    def until(self, condition: Callable[[], bool], milliseconds: int = 8000) -> None:
        self._qtbot.waitUntil(condition, timeout=milliseconds)

    def rest(self, seconds: float = 0.06) -> None:
        """Let whatever is under way arrive."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def started(self, scenario: Scenario, play: bool = False) -> None:
        """Start a run and wait until it is on show."""
        count = len(self.heard.all("run_started"))
        self.session.set_scenario(scenario, play)
        self.until(lambda: len(self.heard.all("run_started")) > count)
        self.until(lambda: self.session.state is not State.LOADING)

    def finished(self, scenario: Scenario) -> None:
        """Run a scenario to its end."""
        count = len(self.heard.all("run_finished"))
        self.session.set_scenario(scenario)
        self.until(lambda: len(self.heard.all("run_finished")) > count)

    @property
    def step(self) -> int:
        assert self.session.history is not None
        return self.session.history.last_step


@pytest.fixture
def bench(qtbot: Any) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    assert made.session.close()
