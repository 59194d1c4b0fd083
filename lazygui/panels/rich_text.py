"""Symbols in rich text: as a label, as plain characters, as words."""

from __future__ import annotations

import html
import re

_SUB = str.maketrans("0123456789+-−()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUP = str.maketrans("0123456789+-−()inktmpT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁱⁿᵏᵗᵐᵖᵀ")
_WORD = re.compile(r"[A-Za-z ]{3,}")
_FRACTION = re.compile(r"(?<=[\w)])/(?=[\w(<])")
_MATH_FONTS = "'STIX Two Text','Cambria Math','Latin Modern Math','DejaVu Serif',serif"


def plain(text: str) -> str:
    """Rich text without its tags: w<sub>0</sub> becomes w₀, λ<sub>max</sub> becomes λmax."""
    raised = re.sub(r"<sub>(.*?)</sub>", _lowered, text)
    raised = re.sub(r"<sup>(.*?)</sup>", _raised, raised)
    return html.unescape(re.sub(r"<[^>]*>", "", raised))


def _lowered(match: re.Match[str]) -> str:
    # A subscript of several letters is only half there in Unicode: better on the line than mixed.
    inner = match[1]
    known = all(ord(character) in _SUB for character in inner)
    return inner.translate(_SUB) if known and not inner.isalpha() else _letters(inner)


def _letters(inner: str) -> str:
    return inner.translate(_SUB) if len(inner) == 1 else inner


def _raised(match: re.Match[str]) -> str:
    return match[1].translate(_SUP)


def symbol_html(symbol: str) -> str:
    """A mathematical symbol in an italic serif; nothing for a plain word such as “seed”."""
    if _WORD.fullmatch(plain(symbol)):
        return ""
    return f'<span style="font-family:{_MATH_FONTS}; font-style:italic">{symbol}</span>'


def label_html(title: str, symbol: str) -> str:
    """“step size η”: the title, then the typeset symbol where there is one."""
    typeset = symbol_html(symbol)
    return f"{html.escape(title)}&nbsp;&nbsp;{typeset}" if typeset else html.escape(title)


def whole_fractions(text: str) -> str:
    """Text of which no line ends within 1/α; the slash of a closing tag follows a bracket."""
    return _FRACTION.sub("/\N{WORD JOINER}", text)


def tooltip(*lines: str) -> str:
    """A rich tooltip that wraps: one paragraph for each non-empty line."""
    return "<qt>" + "<br>".join(line for line in lines if line) + "</qt>"
