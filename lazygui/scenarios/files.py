"""Scenario files: TOML with a format number, strict in what they accept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError
from lazygui.scenarios.kinds import build_scenario
from lazygui.scenarios.parameters import Parameter

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


def read_text(path: Path) -> str:
    """The text of a small UTF-8 file. Raises ScenarioError naming the path and the reason."""
    try:
        if path.exists() and not path.is_file():
            raise _error("it is a folder or a device, not a file", str(path))
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise _error(
                f"the file has {size} bytes; a scenario has at most {SIZE_LIMIT}", str(path)
            )
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

    document = tomlkit.document()
    document.add(tomlkit.comment("LazyGUI scenario; run it with: lazygui run FILE --out FOLDER"))
    document.add("format", tomlkit.item(FORMAT))
    document.add("kind", tomlkit.item(scenario.kind))
    for parameter in scenario.parameters():
        value = getattr(scenario, parameter.name)
        item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
        document.add(parameter.name, item.comment(_remark(parameter)))
    if scenario.changes:
        changes = tomlkit.aot()
        for change in scenario.changes:
            changes.append(tomlkit.item(change.model_dump()))
        document.add("changes", changes)
    return tomlkit.dumps(document)


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
    key = fault.field.split(".")[0]
    name = rf"[\"']?{re.escape(key)}[\"']?"
    place = rf"^[ \t]*(?:{name}\s*[=.]|\[{{1,2}}\s*{name}\s*[].])"
    match = re.search(place, text, re.MULTILINE) if key else None
    if match is None:
        return fault
    line = text.count("\n", 0, match.start()) + 1
    return Fault(fault.field, f"{fault.sentence} (line {line})")


def _error(sentence: str, source: str) -> ScenarioError:
    return ScenarioError([Fault("", sentence)], source)
