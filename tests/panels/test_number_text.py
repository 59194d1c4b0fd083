from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazygui.panels.number_text import (
    exact_text,
    grouped,
    parse_number,
    parse_vector,
    readable,
    short,
    vector_text,
)

GOOD = [
    ("0.25", 0.25),
    ("0,25", 0.25),
    (".5", 0.5),
    (",5", 0.5),
    ("5.", 5.0),
    ("1e-3", 1e-3),
    ("1E+3", 1000.0),
    ("2,5e-3", 2.5e-3),
    ("1 000", 1000.0),
    ("1\u00a0000", 1000.0),
    ("1\u202f234\u202f567", 1234567.0),
    ("-2", -2.0),
    ("−2", -2.0),
    ("+3", 3.0),
    ("  7 ", 7.0),
]
BAD = [
    "", " ", "nan", "inf", "-inf", "Infinity", "abc", "1,2,3", "1,000.5", "1.2.3", "1e", "e3",
    "0x10", "1_000", "1 2", "--1", "1e999", "٣", "1/2", "⁵", ".", ",", "-",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_number_is_read(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", BAD)
def test_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|type"):
        parse_number(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"), (1e-3, "0.001"), (1e-7, "1e-7"),
        (1000.0, "1000"), (1_000_000.0, "1000000"), (1234567.0, "1234567"), (1e12, "1e12"),
        (4294967295.0, "4294967295"), (0.0, "0"), (-2.5, "-2.5"), (1 / 3, "0.3333333333333333"),
    ],
)  # fmt: skip
def test_exact_text_is_short_and_exact(value: float, text: str) -> None:
    assert exact_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_exact_text_reads_back(value: float) -> None:
    assert parse_number(exact_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.632, "0.632"), (3.41, "3.41"), (1.0, "1.00"), (4.4e-5, "4.40 × 10⁻⁵"), (0.0, "0"),
        (999.4, "999"), (999.6, "1.00 × 10³"), (0.001, "0.00100"), (0.0009996, "0.00100"),
        (-0.05, "−0.0500"), (12345.0, "1.23 × 10⁴"), (9.995, "9.99"), (1e300, "1.00 × 10³⁰⁰"),
        (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "undefined"), (5e-324, "4.94 × 10⁻³²⁴"),
    ],
)  # fmt: skip
def test_three_digits(value: float, text: str) -> None:
    assert readable(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2"), (2.1, "2.1"), (-1.1, "−1.1"), (100.0, "100"), (1e5, "1 × 10⁵")]
)
def test_sentence_number_has_no_trailing_zeros(value: float, text: str) -> None:
    assert short(value) == text


def test_whole_numbers_are_grouped() -> None:
    assert grouped(1234567) == "1\u202f234\u202f567"
    assert grouped(12) == "12"


@pytest.mark.parametrize(
    ("text", "expected", "values"),
    [
        ("1, 2", 2, (1.0, 2.0)), ("1;2", 2, (1.0, 2.0)), ("1 2", 2, (1.0, 2.0)),
        ("1,2", 2, (1.0, 2.0)), ("0,4", 1, (0.4,)), ("1,5; 2,5", 2, (1.5, 2.5)),
        ("1,5 2,5", 2, (1.5, 2.5)), ("1.5,-2e-1", 2, (1.5, -0.2)), ("3", 1, (3.0,)),
        ("1, 2, 3", 2, (1.0, 2.0, 3.0)),
    ],
)  # fmt: skip
def test_vector_is_read(text: str, expected: int, values: tuple[float, ...]) -> None:
    assert parse_vector(text, expected) == values


@pytest.mark.parametrize("text", ["", "a", "1, b", "nan, 1", ";"])
def test_vector_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="list of numbers"):
        parse_vector(text, 2)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=4))
def test_vector_text_reads_back(values: list[float]) -> None:
    assert parse_vector(vector_text(tuple(values)), len(values)) == tuple(values)
