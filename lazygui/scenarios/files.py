"""Scenario files: TOML with a format number, strict in what they accept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lazygui.scenarios.axis import Axis
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError
from lazygui.scenarios.kinds import build_scenario
from lazygui.scenarios.parameters import Parameter

if TYPE_CHECKING:
    from tomlkit.container import Container
    from tomlkit.items import AoT, Table

    from lazygui.scenarios.sweep import SweepScenario

FORMAT = 1
SIZE_LIMIT = 1_000_000


def loads(text: str, source: str = "") -> Scenario:
    """The scenario in a TOML text. Raises ScenarioError with every fault and its line."""
    values = parse_toml(text, source)
    _check_format(values, source)
    values.pop("format", None)
    try:
        return build_scenario(values, source)
    except ScenarioError as error:
        raise ScenarioError([_located(fault, text) for fault in error.faults], source) from None


def load(path: Path) -> Scenario:
    """The scenario in a file. Raises ScenarioError when it cannot be read or run."""
    return loads(read_text(path), str(path))


def read_text(path: Path, most: int = SIZE_LIMIT) -> str:
    """The text of a UTF-8 file of at most `most` bytes.

    Raises ScenarioError naming the path and the reason.
    """
    try:
        if path.exists() and not path.is_file():
            raise _error("it is a folder or a device, not a file", str(path))
        size = path.stat().st_size
        if size > most:
            raise _error(f"the file has {size} bytes; a scenario has at most {most}", str(path))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _error("the file is not UTF-8 text; save it as UTF-8", str(path)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(f"cannot read the file: {reason}", str(path)) from None


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """The table in a TOML text. Raises ScenarioError with line and column."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise _error(f"not a TOML file: {error}", source) from None
    except RecursionError:
        raise _error("not a scenario: nested too deeply", source) from None


def dumps(scenario: Scenario) -> str:
    """The complete scenario as commented TOML; `loads` gives back an equal scenario."""
    import tomlkit

    from lazygui.scenarios.sweep import SweepScenario

    document = tomlkit.document()
    document.add(tomlkit.comment("LazyGUI scenario; run it with: lazygui run FILE --out FOLDER"))
    document.add("format", tomlkit.item(FORMAT))
    if isinstance(scenario, SweepScenario):
        _add_sweep(document, scenario)
    else:
        _add_run(document, scenario)
    return tomlkit.dumps(document)


def _add_run(table: Container | Table, scenario: Scenario) -> None:
    import tomlkit

    table.add("kind", tomlkit.item(scenario.kind))
    for parameter in scenario.parameters():
        item = tomlkit.item(_plain(getattr(scenario, parameter.name)))
        table.add(parameter.name, item.comment(_remark(parameter)))
    if scenario.changes:
        table.add("changes", _tables([change.model_dump() for change in scenario.changes]))


def _add_sweep(table: Container, scenario: SweepScenario) -> None:
    import tomlkit

    table.add("kind", tomlkit.item(scenario.kind))
    table.add(
        "metrics", tomlkit.item(list(scenario.metrics)).comment("drawn, the first by default")
    )
    table.add("abscissa", tomlkit.item(scenario.abscissa).comment("empty for the first axis"))
    base = tomlkit.table()
    _add_run(base, scenario.base)
    table.add("base", base)
    table.add("axes", _tables([_axis_values(axis) for axis in scenario.axes]))


def _axis_values(axis: Axis) -> dict[str, Any]:
    if axis.listed is not None:
        values: dict[str, Any] = {"name": axis.name, "values": list(axis.listed)}
        if axis.spacing == "log":
            values["spacing"] = axis.spacing
    else:
        names = ("name", "start", "stop", "count", "spacing")
        values = {name: getattr(axis, name) for name in names}
    linked = {name: list(numbers) for name, numbers in axis.linked.items()}
    return values | ({"linked": linked} if linked else {})


def _tables(rows: list[dict[str, Any]]) -> AoT:
    import tomlkit

    tables = tomlkit.aot()
    for row in rows:
        tables.append(tomlkit.item(row))
    return tables


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _remark(parameter: Parameter) -> str:
    return ", ".join(map(str, parameter.choices)) if parameter.choices else parameter.title


def _check_format(values: Mapping[str, Any], source: str) -> None:
    number = values.get("format")
    if type(number) is not int or number < 1:
        raise ScenarioError(
            [Fault("format", f"a scenario file starts with 'format = {FORMAT}'")], source
        )
    if number > FORMAT:
        raise ScenarioError(
            [
                Fault(
                    "format",
                    f"{number} was made by a newer LazyGUI; this one reads format "
                    f"{FORMAT}: update LazyGUI",
                )
            ],
            source,
        )


def _located(fault: Fault, text: str) -> Fault:
    """The fault with its line: that of the innermost part of `axes.1.count` that is found."""
    found, table = -1, None
    for key in fault.field.split("."):
        name = rf"[\"']?{re.escape(key)}[\"']?"
        place = re.compile(rf"^[ \t]*(?:{name}\s*[=.]|\[{{1,2}}\s*{name}\s*[].])", re.MULTILINE)
        if key.isdigit() and table is not None:
            # The name of an array of tables stands before each of them, its first found already.
            starts = [match.start() for match in table.finditer(text)]
            found = starts[int(key)] if int(key) < len(starts) else found
            continue
        match = place.search(text, found + 1) if key else None
        if match is None:
            break
        found, table = match.start(), place
    if found < 0:
        return fault
    line = text.count("\n", 0, found) + 1
    return Fault(fault.field, f"{fault.sentence} (line {line})")


def _error(sentence: str, source: str) -> ScenarioError:
    return ScenarioError([Fault("", sentence)], source)
