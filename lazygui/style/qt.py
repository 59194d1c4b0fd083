"""Loading Qt and pyqtgraph for no more than what of them is used."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_HOOK = "__feature_import__"
_BEFORE = "__orig_import__"
_COPIED = ("QtCore", "QtGui", "QtWidgets")
_UNUSED = (
    "imageview", "multiprocess", "widgets.CheckTable", "widgets.ColorMapWidget",
    "widgets.DataFilterWidget", "widgets.DataTreeWidget", "widgets.DiffTreeWidget",
    "widgets.FeedbackButton", "widgets.GradientWidget", "widgets.HistogramLUTWidget",
    "widgets.JoystickButton", "widgets.LayoutWidget", "widgets.PathButton",
    "widgets.ProgressDialog", "widgets.RawImageWidget", "widgets.ScatterPlotWidget",
    "widgets.SpinBox", "widgets.TableWidget", "widgets.TreeWidget", "widgets.ValueLabel",
    "widgets.VerticalLabel",
)  # fmt: skip
"""Modules of pyqtgraph that it loads with itself; what of them is used is loaded then."""


def load_qt() -> None:
    """Import Qt and pyqtgraph, without the hook before later imports and types nobody uses.

    PySide's hook reads the source of each module that is imported, to learn whether
    `from __feature__ import` in it asks for other names of Qt's methods; this program asks for
    none. The reading takes a fifth of the program's start and most of the pause in which torch
    loads, and keeps what it read.
    """
    import PySide6.QtCore  # noqa: F401

    if getattr(builtins.__import__, "__name__", "") == _HOOK:
        builtins.__import__ = getattr(builtins, _BEFORE)
    if "pyqtgraph" not in sys.modules:
        with _mirrors(), _later():
            importlib.import_module("pyqtgraph")


@contextmanager
def _mirrors() -> Iterator[None]:
    """Inside, pyqtgraph finds mirrors of Qt's modules instead of making copies.

    It copies every name of three modules, for which PySide makes the types of all of them: half
    the time of its import. A mirror looks a name up when it is used; that there is nothing to
    copy is said by the module's `__dir__`.
    """
    modules = {name: importlib.import_module(f"PySide6.{name}") for name in _COPIED}
    listed = {name: module.__dir__ for name, module in modules.items()}
    for name, module in modules.items():
        sys.modules[f"pyqtgraph.Qt.{name}"] = _Mirror(f"pyqtgraph.Qt.{name}", module)
        module.__dir__ = list  # type: ignore[method-assign]
    try:
        yield
    finally:
        for name, module in modules.items():
            module.__dir__ = listed[name]  # type: ignore[method-assign]


@contextmanager
def _later() -> Iterator[None]:
    """Inside, pyqtgraph finds stand-ins for the modules it loads and doesn't need."""
    names = [f"pyqtgraph.{name}" for name in _UNUSED]
    sys.modules.update((name, _StandIn(name)) for name in names)
    try:
        yield
    finally:
        for name in names:
            if isinstance(sys.modules[name], _StandIn):
                del sys.modules[name]


class _StandIn(ModuleType):
    """Has nothing for `import *`, and loads the module itself when a name is asked for."""

    __all__: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


class _Mirror(ModuleType):
    """A module with the names of another one, and those that are set in it."""

    def __init__(self, name: str, source: ModuleType) -> None:
        super().__init__(name)
        self._source = source

    def __getattr__(self, name: str) -> object:
        value = getattr(self._source, name)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*dir(self._source), *vars(self)})
