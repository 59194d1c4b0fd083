"""Fonts, icons, resources."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetricsF

from lazygui.shipped import resource
from lazygui.style import fonts, icons, themes
from lazygui.style.contrast import contrast


def test_the_shipped_family_is_used(qapp):
    assert fonts.family() == "Inter"


def test_the_font_licence_ships_with_the_fonts():
    assert "SIL OPEN FONT LICENSE" in resource("fonts/OFL.txt").read_text("utf-8")


def test_a_missing_resource_is_named():
    with pytest.raises(FileNotFoundError, match="resource 'fonts/none' is missing"):
        resource("fonts/none")


def test_all_figures_have_the_same_width(qapp):
    metrics = QFontMetricsF(fonts.font(themes.LIGHT))
    widths = {round(metrics.horizontalAdvance(figure * 8), 1) for figure in "0123456789"}
    assert len(widths) == 1


@pytest.mark.parametrize("theme", themes.THEMES.values(), ids=str)
def test_no_type_is_smaller_than_nine_points(qapp, theme):
    for size in fonts.Size:
        assert fonts.font(theme, size).pointSizeF() >= 9.0 * theme.font_scale


@pytest.mark.parametrize("name", icons.names())
def test_each_icon_is_drawn_in_the_colour_of_text(qapp, name):
    for theme in themes.THEMES.values():
        picture = icons.icon(name, theme).pixmap(48, 48).toImage()
        inked = [
            picture.pixelColor(x, y)
            for x in range(picture.width())
            for y in range(0, picture.height(), 3)
            if picture.pixelColor(x, y).alpha() > 250
        ]
        assert inked
        assert contrast(inked[0], theme.surface) >= 4.5


def test_an_icon_takes_another_colour(qapp):
    picture = icons.icon("check", themes.LIGHT, "#ff0000").pixmap(32, 32).toImage()
    assert picture.pixelColor(16, 6).name() in {"#ff0000", QColor(255, 0, 0).name()}


def test_an_unknown_icon_is_named(qapp):
    with pytest.raises(ValueError, match="none named 'nonsense'"):
        icons.icon("nonsense", themes.LIGHT)
