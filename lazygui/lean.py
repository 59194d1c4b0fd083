"""Libraries without those of their parts that nobody here uses: half of their time to load."""

from __future__ import annotations

import importlib
import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_ForwardRef = typing.ForwardRef


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Inside, these modules are stand-ins: what is imported from them loads when it is used.

    Modules that are loaded already stay as they are. Afterwards they are imported as ever.
    """
    names = [name for name in modules if name not in sys.modules]
    sys.modules.update((name, _StandIn(name)) for name in names)
    try:
        yield
    finally:
        for name in names:
            if isinstance(sys.modules.get(name), _StandIn):
                del sys.modules[name]


@contextmanager
def missing(*modules: str) -> Iterator[None]:
    """Inside, importing these modules raises ImportError, for libraries that can do without."""
    names = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


@contextmanager
def uncompiled_references() -> Iterator[None]:
    """Inside, the annotations of a TypedDict are compiled when they are evaluated.

    pydantic's core declares several hundred that nobody evaluates. From Python 3.14 on this is
    the way of Python itself.
    """
    if sys.version_info >= (3, 14):
        yield
        return
    typing.ForwardRef = _Reference  # type: ignore[misc]
    try:
        yield
    finally:
        typing.ForwardRef = _ForwardRef  # type: ignore[misc]


class _StandIn(ModuleType):
    """Has nothing for `import *`; while it stands in, a name asked for is a `_Later`."""

    __all__: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            return _Later(self.__name__, name)
        return getattr(importlib.import_module(self.__name__), name)


class _Later:
    """A class or function of a module that loads when it is called, derived from or looked into."""

    def __init__(self, module: str, name: str) -> None:
        self._place = module, name

    def _loaded(self) -> Any:
        module, name = self._place
        return getattr(importlib.import_module(module), name)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._loaded()(*arguments, **keywords)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[Any, ...]:
        return (self._loaded(),)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._loaded(), name)


if sys.version_info < (3, 14):

    class _Reference(_ForwardRef, _root=True):  # type: ignore[call-arg, misc]
        """Python's own compiles its text as it is made."""

        __slots__ = ()

        def __init__(
            self, arg: str, is_argument: bool = True, module: Any = None, *, is_class: bool = False
        ) -> None:
            self.__forward_arg__ = arg
            self.__forward_evaluated__ = False
            self.__forward_value__ = None
            self.__forward_is_argument__ = is_argument
            self.__forward_is_class__ = is_class
            self.__forward_module__ = module

        @property
        def __forward_code__(self) -> Any:  # type: ignore[override]
            return _ForwardRef(self.__forward_arg__).__forward_code__
