from __future__ import annotations

import pytest

from lazygui.panels.rich_text import label_html, plain, symbol_html


@pytest.mark.parametrize(
    ("rich", "text"),
    [
        ("w<sub>0</sub>", "w₀"),
        ("λ<sub>max</sub>", "λmax"),
        ("(1 − ηλ<sub>i</sub>)<sup>t</sup>", "(1 − ηλᵢ)ᵗ"),
        ("m<sup>−1/2</sup>", "m⁻¹/²"),
        ("a &lt; b", "a < b"),
        ("<b>bold</b>", "bold"),
    ],
)
def test_plain(rich: str, text: str) -> None:
    assert plain(rich) == text


def test_words_are_no_symbols() -> None:
    assert symbol_html("seed") == ""
    assert symbol_html("data seed") == ""
    assert "italic" in symbol_html("η")


def test_title_is_escaped() -> None:
    assert label_html("a < b", "seed") == "a &lt; b"
