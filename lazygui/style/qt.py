"""Loading Qt and pyqtgraph for no more than what of them is used."""

from __future__ import annotations

import builtins
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from lazygui.lean import missing, without

_HOOK = "__feature_import__"
_BEFORE = "__orig_import__"
_COPIED = ("QtCore", "QtGui", "QtWidgets")
_USED = (
    "graphicsItems.AxisItem", "graphicsItems.GraphicsItem", "graphicsItems.GraphicsObject",
    "graphicsItems.GraphicsWidget", "graphicsItems.GraphicsWidgetAnchor",
    "graphicsItems.ItemGroup", "graphicsItems.ViewBox", "widgets.GraphicsView",
)  # fmt: skip
"""Of pyqtgraph's items and widgets, all of which it loads with itself."""
_UNUSED = (
    "Qt.OpenGLHelpers", "SignalProxy", "ThreadsafeTimer", "WidgetGroup",
    "graphicsItems.ViewBox.ViewBoxMenu", "imageview", "multiprocess", "util.cprint",
)  # fmt: skip
_BESIDES = ("cProfile", "subprocess", "xml.etree.ElementTree")
_DOCUMENTATION = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")
_OPTIONAL = ("PySide6.QtOpenGLWidgets", "PySide6.QtSvg", "PySide6.QtTest")


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
        with _mirrors(), without(*_DOCUMENTATION, *_BESIDES, *_unused()), missing(*_OPTIONAL):
            importlib.import_module("pyqtgraph")


def _unused() -> Iterator[str]:
    found = importlib.util.find_spec("pyqtgraph")
    for folder in (found and found.submodule_search_locations) or ():
        for part in ("graphicsItems", "widgets"):
            for module in pkgutil.iter_modules([os.path.join(folder, part)]):
                if f"{part}.{module.name}" not in _USED:
                    yield f"pyqtgraph.{part}.{module.name}"
    yield from (f"pyqtgraph.{name}" for name in _UNUSED)


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
