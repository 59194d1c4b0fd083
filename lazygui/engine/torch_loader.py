"""Importing what is slow behind the window: no first frame and no chosen demo should wait for it.

numba comes first, since most demos train by it, then torch, which takes more than a second.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot


class TorchLoader(QObject):
    """Signals: `loaded(str)`, the version; `failed(str)`, a sentence. Both on the main thread."""

    loaded = Signal(str)
    failed = Signal(str)
    _done = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._done.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin to load; a second call does nothing."""
        if self._thread is not None:
            return
        # A daemon: closing the window in the middle of the import must not wait for it.
        self._thread = threading.Thread(target=self._load, name="torch-loader", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether the import is under way."""
        return self._thread is not None and self._thread.is_alive()

    def _load(self) -> None:
        try:
            self._load_kernels()
            load_library()
            import torch

            torch.set_num_threads(1)
            version = torch.__version__
        except Exception as error:  # whatever stands in its way, the window works without
            self._tell("", f"torch cannot be loaded ({error}); wide and deep nets need it.")
            return
        self._tell(version, "")

    def _tell(self, version: str, sentence: str) -> None:
        # The window may have been closed meanwhile, and this object with it.
        with suppress(RuntimeError):
            self._done.emit(version, sentence)

    def _load_kernels(self) -> None:
        import lazygui.numerics.compiled_passes  # noqa: F401 - for what it loads and compiles

    @Slot(str, str)
    def _report(self, version: str, sentence: str) -> None:
        if sentence:
            self.failed.emit(sentence)
        else:
            self.loaded.emit(version)


def load_library() -> bool:
    """Load the large library of torch before torch; whether it was there to be loaded.

    Its initialization takes a quarter of a second, for which `import torch` would hold the
    interpreter and the window stand still. A call through ctypes holds none.
    """
    found = find_spec("torch")
    if found is None or found.origin is None:
        return False
    ending = "dylib" if sys.platform == "darwin" else "so"
    path = Path(found.origin).with_name("lib") / f"libtorch_cpu.{ending}"
    try:
        load = ctypes.CDLL(None).dlopen
    except (AttributeError, OSError, TypeError):
        return False  # Windows loads libraries another way
    load.argtypes, load.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    return path.exists() and bool(load(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL))


def is_loaded() -> bool:
    """Whether torch is there already."""
    return "torch" in sys.modules
