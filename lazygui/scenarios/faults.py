"""Every fault of a scenario as a sentence that names the field, the value and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field; `field` is empty when no single field is to blame."""

    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.field}: {self.sentence}" if self.field else self.sentence


class ScenarioError(ValueError):
    """A scenario that cannot be run; `faults` holds all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault], source: str = "") -> None:
        self.faults = tuple(faults)
        self.source = source
        lines = [str(fault) for fault in self.faults]
        super().__init__("\n".join([f"{source}:", *lines] if source else lines))


def faults_of(error: ValidationError, model: type[BaseModel]) -> tuple[Fault, ...]:
    """The faults that pydantic found, in the words of the user."""
    found: list[Fault] = []
    for item in error.errors(include_url=False):
        cause = item["ctx"]["error"] if item["type"] == "value_error" else None
        if isinstance(cause, ScenarioError):
            place = [str(part) for part in item["loc"]]
            found += [Fault(".".join([*place, f.field]), f.sentence) for f in cause.faults]
        else:
            found.append(_fault(item, model))
    return tuple(found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names a near miss, after a semicolon; else an empty string."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def _fault(item: Mapping[str, Any], model: type[BaseModel]) -> Fault:
    path = [str(part) for part in item["loc"]]
    field = ".".join(path)
    if item["type"] == "extra_forbidden":
        known = model.model_fields if len(path) == 1 else ()
        return Fault(field, f"there is no such parameter{did_you_mean(path[-1], known)}")
    if item["type"] == "value_error":
        return _from_validator(str(item["ctx"]["error"]), field)
    if item["type"] == "missing":
        return Fault(field, "it is missing")
    shown = _shown(item["input"])
    return Fault(field, f"{shown} is not allowed: {_demand(item)}")


def _from_validator(sentence: str, field: str) -> Fault:
    """Validators over several fields name the guilty one before the first colon."""
    name, colon, rest = sentence.partition(": ")
    if not field and colon and name.replace("_", "").isalnum():
        return Fault(name, rest)
    return Fault(field, sentence)


def _shown(value: Any) -> str:
    try:
        text = repr(list(value) if isinstance(value, tuple) else value)
    except ValueError:
        return "a number of thousands of digits"
    text = text if isinstance(value, str | list | tuple | dict | int | float) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


_DEMANDS = {
    "greater_than": "it must be greater than {gt:.10g}",
    "greater_than_equal": "it must be at least {ge:.10g}",
    "less_than": "it must be less than {lt:.10g}",
    "less_than_equal": "it must be at most {le:.10g}",
    "literal_error": "choose {expected}",
    "finite_number": "it must be a finite number",
    "int_type": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_type": "it must be a number",
    "bool_type": "it must be true or false",
    "string_type": "it must be a text in quotes",
    "tuple_type": "it must be a list in brackets",
    "model_type": "it must be a table with step, name and value",
    "string_too_long": "it must have at most {max_length} characters",
}


def _demand(item: Mapping[str, Any]) -> str:
    words = _DEMANDS.get(item["type"])
    return words.format(**item.get("ctx", {})) if words else item["msg"].lower()
