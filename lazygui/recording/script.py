"""What happened while ● was on, as a log of events that can be filmed again at any pace."""

from __future__ import annotations

import bisect
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lazygui.export.opening import LONGEST_LOG, SESSION
from lazygui.recording.formats import FilmError
from lazygui.scenarios.base import STEPS_LIMIT, Scenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import dumps, loads, parse_toml, read_text

FORMAT = 1
LONGEST = 24 * 3600.0


@dataclass(frozen=True)
class Look:
    """How a view was shown: its axes, and the ranges if the user had zoomed."""

    name: str
    log_x: bool | None = None
    log_y: bool | None = None
    abscissa: str = ""
    span: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Run:
    """From `at` on, this run is on show; its scenario has the changes made on the way.

    `ghost` is the number of the run that stood faded behind it, −1 for none.
    """

    at: float
    scenario: Scenario
    demo: str = ""
    ghost: int = -1


@dataclass(frozen=True)
class Pace:
    """At the time `at` the run on show had made `step` steps; between two, as many as pro rata."""

    at: float
    step: int


@dataclass(frozen=True)
class Scene:
    """From `at` on, these views fill the stage."""

    at: float
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Script:
    """Everything a film of a session needs; times in seconds since ● was pressed."""

    duration: float
    runs: tuple[Run, ...]
    paces: tuple[tuple[Pace, ...], ...]
    scenes: tuple[Scene, ...] = ()
    theme: str = "light"

    def run_at(self, at: float) -> int:
        """The number of the run on show."""
        return max(bisect.bisect_right([run.at for run in self.runs], at) - 1, 0)

    def step_at(self, at: float) -> int:
        """How many steps the run on show had made."""
        paces = self.paces[self.run_at(at)]
        after = bisect.bisect_right([pace.at for pace in paces], at)
        if after == 0:
            return paces[0].step
        if after == len(paces):
            return paces[-1].step
        first, second = paces[after - 1], paces[after]
        share = (at - first.at) / (second.at - first.at)
        return first.step + math.floor(share * (second.step - first.step) + 0.5)

    def scene_at(self, at: float) -> tuple[Look, ...]:
        """The views on show, empty for those of the demo."""
        known = [scene.looks for scene in self.scenes if scene.at <= at]
        return known[-1] if known else ()


def written(script: Script) -> str:
    """The log as TOML, one event per line."""
    lines = [
        "# LazyGUI session; film it with: lazygui record FILE -o film.mp4",
        f"format = {FORMAT}",
        f'kind = "{SESSION}"',
        f"duration = {script.duration:.6f}",
        f'theme = "{script.theme}"',
    ]
    for number, run in enumerate(script.runs):
        lines += ["", "[[runs]]", f"at = {run.at:.6f}"]
        lines += [f"demo = {json.dumps(run.demo)}", f"ghost = {run.ghost}"]
        lines.append("steps = [")
        lines += [f"  [{pace.at:.6f}, {pace.step}]," for pace in script.paces[number]]
        lines += ["]", f"scenario = {_quoted(dumps(run.scenario))}"]
    for scene in script.scenes:
        lines += ["", "[[scenes]]", f"at = {scene.at:.6f}", "views = ["]
        lines += [f"  {_look(look)}," for look in scene.looks]
        lines.append("]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string of many lines that holds any text."""
    escaped = json.dumps(text, ensure_ascii=False)[1:-1].replace("\\n", "\n").replace('\\"', '"')
    return '"""\n' + escaped.replace('"""', '""\\"').replace("\x7f", "\\u007f") + '"""'


def _look(look: Look) -> str:
    parts = [f"name = {json.dumps(look.name)}"]
    for name in ("log_x", "log_y"):
        if (value := getattr(look, name)) is not None:
            parts.append(f"{name} = {json.dumps(value)}")
    if look.abscissa:
        parts.append(f"abscissa = {json.dumps(look.abscissa)}")
    if look.span is not None:
        parts.append(f"span = [{', '.join(repr(float(value)) for value in look.span)}]")
    return "{ " + ", ".join(parts) + " }"


def read_script(path: Path) -> Script:
    """The log in a file. Raises FilmError or ScenarioError naming what is wrong."""
    values = parse_toml(read_text(path, LONGEST_LOG), str(path))
    if values.get("kind") != SESSION or values.get("format") != FORMAT:
        raise FilmError(f"{path} is not the log of a session that this version of LazyGUI can read")
    try:
        return _checked(_script(values, str(path)))
    except ScenarioError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = error.args[0] if error.args else type(error).__name__
        raise FilmError(f"{path}: the log of the session is damaged ({reason})") from None


def _script(values: Mapping[str, Any], source: str) -> Script:
    runs, paces = [], []
    for item in values["runs"]:
        scenario = loads(str(item["scenario"]), source)
        demo, ghost = str(item.get("demo", "")), int(item.get("ghost", -1))
        runs.append(Run(float(item["at"]), scenario, demo, ghost))
        paces.append(tuple(Pace(float(at), int(step)) for at, step in item["steps"]))
    scenes = tuple(
        Scene(float(item["at"]), tuple(_read_look(look) for look in item["views"]))
        for item in values.get("scenes", ())
    )
    return Script(
        float(values["duration"]), tuple(runs), tuple(paces), scenes, str(values.get("theme", ""))
    )


def _read_look(values: Mapping[str, Any]) -> Look:
    span = values.get("span")
    numbers = None if span is None else tuple(float(value) for value in span)
    if numbers is not None and (len(numbers) != 4 or not all(map(math.isfinite, numbers))):
        raise ValueError("span needs four numbers")
    return Look(
        str(values["name"]), values.get("log_x"), values.get("log_y"),
        str(values.get("abscissa", "")), numbers,  # type: ignore[arg-type]
    )  # fmt: skip


def _checked(script: Script) -> Script:
    if not 0.0 < script.duration <= LONGEST:
        raise ValueError(f"a duration of {script.duration:g} s")
    if not script.runs:
        raise ValueError("no run")
    _in_order([run.at for run in script.runs])
    _in_order([scene.at for scene in script.scenes])
    for scene in script.scenes:
        names = [look.name for look in scene.looks]
        if len(set(names)) < len(names):
            raise ValueError("a view that is shown twice at once")
    for number, (run, paces) in enumerate(zip(script.runs, script.paces, strict=True)):
        if not paces or not all(0 <= pace.step <= STEPS_LIMIT for pace in paces):
            raise ValueError("a run without steps")
        _in_order([pace.at for pace in paces])
        if not -1 <= run.ghost < number:
            raise ValueError("a ghost that is no run before")
    return script


def _in_order(times: Sequence[float]) -> None:
    if not all(map(math.isfinite, times)) or list(times) != sorted(times):
        raise ValueError("times that are not in order")
