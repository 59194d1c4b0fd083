"""Libraries load without what nobody uses, and lose nothing by it."""

from __future__ import annotations

import importlib
import sys
import types
import typing
from types import SimpleNamespace

import pytest

from lazygui.lean import missing, uncompiled_references, without

UNLIKELY = "colorsys"


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, UNLIKELY, raising=False)


def test_a_stand_in_loads_what_is_used(unloaded: None):
    with without(UNLIKELY):
        import colorsys as stand_in
        from colorsys import rgb_to_hsv

        assert stand_in.__all__ == ()
        assert type(stand_in).__name__ == "_StandIn"
    assert UNLIKELY not in sys.modules
    assert rgb_to_hsv(1.0, 0.0, 0.0) == (0.0, 1.0, 1.0)
    real = importlib.import_module(UNLIKELY)
    assert stand_in.hsv_to_rgb is real.hsv_to_rgb
    with pytest.raises(AttributeError, match="nonsense"):
        assert stand_in.nonsense


def test_a_class_of_a_stand_in_can_be_derived_from_and_looked_into(monkeypatch):
    monkeypatch.delitem(sys.modules, "sched", raising=False)
    with without("sched"):
        from sched import scheduler
    assert scheduler.enter.__qualname__ == "scheduler.enter"

    class Mine(scheduler):
        pass

    assert Mine.__bases__ == (importlib.import_module("sched").scheduler,)


def test_a_loaded_module_stays(monkeypatch):
    mine = SimpleNamespace()
    monkeypatch.setitem(sys.modules, UNLIKELY, mine)
    with without(UNLIKELY), missing(UNLIKELY):
        assert sys.modules[UNLIKELY] is mine
    assert sys.modules[UNLIKELY] is mine


def test_a_missing_module_cannot_be_imported_meanwhile(unloaded: None):
    with missing(UNLIKELY), pytest.raises(ImportError):
        importlib.import_module(UNLIKELY)
    assert importlib.import_module(UNLIKELY).rgb_to_hsv


def declared(text: str) -> typing.Any:
    """A class as pydantic's core declares hundreds: its annotations are texts."""
    return types.new_class(
        "Kind", (typing.TypedDict,), {}, lambda body: body.update(__annotations__={"a": text})
    )


def test_references_are_evaluated_as_ever():
    with uncompiled_references():
        good, bad = declared("list[int]"), declared("no such type")
    assert good.__annotations__ == declared("list[int]").__annotations__
    assert typing.get_type_hints(good) == {"a": list[int]}
    assert isinstance(good.__annotations__["a"], typing.ForwardRef)
    with pytest.raises(SyntaxError):
        typing.get_type_hints(bad)
