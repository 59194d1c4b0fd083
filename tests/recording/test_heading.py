"""What stands above the views of a film."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from lazygui.recording.formula import Formula, in_one_line
from lazygui.recording.heading import Heading, Texts
from lazygui.scenarios.catalogue import entries
from lazygui.style.themes import LIGHT


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (r"a=b,\\ c=d", r"a=b,\quad c=d"),
        (r"f(x)\\ \quad\le g(x)", r"f(x)\ \le g(x)"),
        (r"a\\ =b", r"a\ =b"),
        (r"(a,\\ b)", r"(a,\ b)"),
        (r"\begin{cases}a\\b\end{cases}", r"\begin{cases}a\\b\end{cases}"),
        ("", ""),
    ],
)
def test_the_lines_of_a_formula_become_one(lines: str, line: str) -> None:
    assert in_one_line(lines) == line


def test_each_formula_of_the_lecture_is_as_large_as_text_in_the_heading(qapp) -> None:
    for item in entries():
        heading = Heading(Texts("Title", "caption", formula=item.formula), LIGHT)
        room = 0.45 * 1256, heading.sizeHint().height()
        best = max(
            Formula(latex, LIGHT, 1.2).share(*room)
            for latex in (item.formula, in_one_line(item.formula))
        )
        assert best >= 0.6, item.id


def test_a_heading_shows_the_larger_form(qapp) -> None:
    latex = r"a=b,\\ c=d,\\ e=f"
    heading = Heading(Texts("Title", "caption", formula=latex), LIGHT)
    heading.resize(1200, heading.sizeHint().height())
    picture = heading.grab().toImage()
    wide = Formula(in_one_line(latex), LIGHT, 1.2)
    expected = QImage(picture.size(), QImage.Format.Format_RGB32)
    expected.fill(0xFFFFFF)
    painter = QPainter(expected)
    size = wide.size()
    wide.paint(painter, QRectF(1200 - size.width(), 0, size.width(), size.height()))
    painter.end()
    ink = [x for x in range(600, 1200) if _is_inked(picture, x)]
    wanted = [x for x in range(600, 1200) if _is_inked(expected, x)]
    assert min(ink) == pytest.approx(min(wanted), abs=2)


def _is_inked(picture: QImage, x: int) -> bool:
    return any(picture.pixelColor(x, y).lightness() < 128 for y in range(picture.height()))
