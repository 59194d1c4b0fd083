"""Numbers as text and back: exact values for fields, three digits for readouts.

Both decimal signs are read (0.25 and 0,25); what is written always has a point, so that a copied
value pastes into a script.
"""

from __future__ import annotations

import math
import re

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f\t"), " ")
_NUMBER = re.compile(r"[+-]?(\d{1,3}( \d{3})+|\d+|(?=[.]\d))([.]\d*)?(e[+-]?\d+)?", re.ASCII)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_THIN_SPACE = "\u202f"

UNKNOWN = "…"


def parse_number(text: str) -> float:
    """The finite number that `text` stands for: 0.25, 0,25, 1e-3, 1 000, −2.

    Raises ValueError with the sentence to show to the user.
    """
    plain = text.translate(_SPACES).strip().replace("−", "-").lower()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not plain:
        raise ValueError("type a number, such as 0.25")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"“{text.strip()}” is not a number; type for example 0.25 or 1e-3")
    value = float(plain.replace(" ", ""))
    if not math.isfinite(value):
        raise ValueError(f"“{text.strip()}” is too large for a float64 number")
    return value


def exact_text(value: float) -> str:
    """The shortest text that reads back as the same number (at most six digits where they do)."""
    short = f"{value:.6g}"
    if float(short) != value:
        return repr(int(value)) if _is_integer(value) else repr(float(value))
    if "e" in short and _is_integer(value) and abs(value) < 1e7:
        return str(int(value))
    return re.sub(r"e([+-])0?(\d)", _short_exponent, short)


def _short_exponent(match: re.Match[str]) -> str:
    return f"e{'-' if match[1] == '-' else ''}{match[2]}"


def _is_integer(value: float) -> bool:
    return float(value).is_integer() and abs(value) < 1e15


def readable(value: float) -> str:
    """Three significant digits: 0.632, 3.41, 4.40 × 10⁻⁵; ∞ and “undefined” for what is no number.

    Trailing zeros stay, so that a running readout keeps its width.
    """
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    mantissa, exponent = f"{abs(value):.2e}".split("e")
    power = int(exponent)
    if -3 <= power <= 2:
        digits = f"{float(f'{abs(value):.2e}'):.{2 - power}f}"
    else:
        digits = f"{mantissa} × 10{str(power).translate(_SUPERSCRIPTS)}"
    return f"−{digits}" if value < 0 else digits


def short(value: float) -> str:
    """Three significant digits without trailing zeros, for a number inside a sentence."""
    text = readable(value)
    head, times, power = text.partition(" × ")
    if "." in head:
        head = head.rstrip("0").rstrip(".")
    return head + times + power


def grouped(value: int) -> str:
    """A whole number in groups of three digits: 2 840."""
    return f"{value:,}".replace(",", _THIN_SPACE)


def parse_vector(text: str, expected: int) -> tuple[float, ...]:
    """The numbers of “1, 2”, “1;2”, “1 2” or “1,5; 2,5”.

    A comma may separate or be a decimal sign: the reading that gives `expected` numbers wins.
    Raises ValueError with the sentence to show to the user.
    """
    readings = [_split(text, separators) for separators in (r";", r"[;\s]", r"[;,\s]")]
    known = [reading for reading in readings if reading is not None]
    fitting = [reading for reading in known if len(reading) == expected]
    if fitting:
        return fitting[0]
    if not known:
        raise ValueError(f"“{text.strip()}” is not a list of numbers; type for example 1.5, 2")
    return known[-1]


def _split(text: str, separators: str) -> tuple[float, ...] | None:
    parts = [part.rstrip(",") for part in re.split(separators, text) if part.strip(" ,")]
    try:
        return tuple(parse_number(part) for part in parts) or None
    except ValueError:
        return None


def vector_text(values: tuple[float, ...]) -> str:
    """The exact numbers, separated so that they read back as they are."""
    return ", ".join(exact_text(value) for value in values)
