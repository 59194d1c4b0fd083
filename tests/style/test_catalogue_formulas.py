"""Every formula of the lecture is typeset, and Qt can draw the picture."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from lazygui.scenarios.catalogue import Entry, entries
from lazygui.style import formulas

WITH_FORMULA = [item for item in entries() if item.formula]


def test_most_demos_have_a_formula():
    assert len(WITH_FORMULA) > len(entries()) // 2


@pytest.mark.parametrize("item", WITH_FORMULA, ids=[item.id for item in WITH_FORMULA])
def test_the_formula_of_a_demo_leaves_ink(qapp: object, item: Entry):
    renderer = QSvgRenderer(QByteArray(formulas.svg(item.formula, 14.0, "#000000")))
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    dark = sum(
        image.pixelColor(x, y).lightness() < 128
        for x in range(image.width())
        for y in range(image.height())
    )
    assert dark > 40
