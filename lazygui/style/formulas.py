"""Formulas typeset from LaTeX as SVG, off the GUI thread."""

from __future__ import annotations

import re
import time
import warnings
from functools import lru_cache
from threading import Lock
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal, Slot

_typesetting = Lock()

_WORDS = {
    r"\alpha": "α", r"\beta": "β", r"\eta": "η", r"\kappa": "κ", r"\lambda": "λ", r"\theta": "θ",
    r"\Theta": "Θ", r"\sigma": "σ", r"\Sigma": "Σ", r"\nabla": "∇", r"\infty": "∞", r"\le": "≤",
    r"\ge": "≥", r"\ll": "≪", r"\gg": "≫", r"\cdot": "·", r"\times": "×", r"\to": "→", r"\in": "∈",
    r"\|": "‖", r"\Vert": "‖", r"\sum": "Σ", r"\approx": "≈", r"\propto": "∝", r"\ell": "ℓ",
    r"\quad": " ", r"\qquad": " ", r"\,": " ", r"\;": " ", r"\!": "", r"\mathbb": "",
    r"\left": "", r"\right": "", r"\mathcal": "", r"\mathrm": "", r"\text": "", r"\star": "*",
    r"\leq": "≤", r"\geq": "≥", r"\neq": "≠", r"\partial": "∂", r"\top": "ᵀ",
}  # fmt: skip


HEAD_START = 0.6  # seconds


class FormulaError(ValueError):
    """A LaTeX source that can't be typeset."""


@lru_cache(maxsize=512)
def svg(latex: str, size_pt: float, color: str) -> bytes:
    """The formula as an SVG picture, `size_pt` points high per em, in the colour `#rrggbb`.

    Takes tens of milliseconds, the first call 0.3 s more: from the GUI thread use `Formulas`.
    Raises FormulaError naming the source.
    """
    if not latex.strip():
        raise FormulaError("formula: the LaTeX source is empty; write a formula")
    with _typesetting:
        try:
            picture = str(_typesetter()(latex, size=size_pt, color=color).svg())
        except Exception as fault:  # the parser raises a dozen unrelated kinds
            raise FormulaError(
                f"formula: '{latex}' can't be typeset ({type(fault).__name__}); check the LaTeX"
            ) from fault
    return picture.encode()


@lru_cache(maxsize=1)
def _typesetter() -> Any:
    with warnings.catch_warnings():
        # ziamath reads its fonts by a function that newer Pythons call deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        import ziamath
    # The default writes <symbol viewBox>, of which Qt's SVG renderer clips most away.
    ziamath.config.svg2 = False
    return ziamath.Latex


def plain(latex: str) -> str:
    r"""The formula in plain letters, for a screen reader or where typesetting failed.

    >>> plain(r"\|w_t - w_0\| \le \frac{C}{\alpha}")
    '‖w_t - w_0‖ ≤ (C)/(α)'
    """
    text = re.sub(r"\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)", latex)
    text = re.sub(r"\\(?:bar|overline)\s*\{?(\w)\}?", "\\1\u0304", text)
    text = re.sub(r"\\[a-zA-Z]+|\\.", _word, text)
    text = text.replace("{", "").replace("}", "").replace("~", " ")
    return " ".join(text.split())


def _word(match: re.Match[str]) -> str:
    name = match.group()
    return _WORDS.get(name, name.lstrip("\\"))


class Formulas(QObject):
    """Typesets off the GUI thread; answers come back through signals, in the order asked.

    Signals: `ready(key, svg)` with the picture as bytes; `failed(key, text)` with plain text to
    show instead. `key` is what the request was given, so that late answers can be told.
    """

    ready = Signal(str, bytes)
    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._waiting: list[tuple[str, str, float, str]] = []
        self._lock = Lock()
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def request(self, key: str, latex: str, size_pt: float, color: str) -> None:
        """Ask for a formula; the answer carries `key`."""
        with self._lock:
            self._waiting.append((key, latex, size_pt, color))
        self._pool.start(self._typeset)

    def _typeset(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            key, latex, size_pt, color = self._waiting.pop(0)
        if _typesetter.cache_info().currsize == 0:
            # The first formula loads the typesetter: the window's first frames go before it.
            time.sleep(HEAD_START)
        try:
            picture = svg(latex, size_pt, color)
        except FormulaError:
            self.failed.emit(key, plain(latex))
        else:
            self.ready.emit(key, picture)

    @Slot()
    def close(self) -> None:
        """Drop what is waiting and let the formula at work finish."""
        with self._lock:
            self._waiting.clear()
        self._pool.waitForDone(5000)
