"""Contrast, palettes and style sheets of the three themes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from lazygui.style import pens, themes
from lazygui.style.contrast import blend, contrast, luminance
from lazygui.style.pens import Role

THEMES = list(themes.THEMES.values())
LINES = ("network", "linearization", "data", "theory", "difference")
TEXTS = ("ink", "muted", "accent", "good", "bad", "warn")
GROUNDS = (("accent", "accent_soft"), ("good", "good_soft"), ("bad", "bad_soft"),
           ("warn", "warn_soft"))  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),  # W3C's example of a grey that just fails
        ("#767676", "#ffffff", 4.54),  # and of the one that just passes
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_agrees_with_published_ratios(first, second, ratio):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert contrast(second, first) == contrast(first, second)


def test_luminance_of_the_primaries_is_their_weight():
    assert luminance("#ff0000") == pytest.approx(0.2126)
    assert luminance("#00ff00") == pytest.approx(0.7152)


def test_a_blend_is_between_its_colours():
    assert blend("#000000", "#ffffff", 1.0).name() == "#000000"
    assert blend("#000000", "#ffffff", 0.0).name() == "#ffffff"
    assert blend("#ff0000", "#0000ff", 0.5).name() == "#800080"


@pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])
class TestTheme:
    @pytest.mark.parametrize("name", LINES)
    def test_lines_stand_out(self, theme, name):
        assert contrast(getattr(theme, name), theme.surface) >= 3.0

    @pytest.mark.parametrize("name", TEXTS)
    def test_texts_are_legible_on_both_grounds(self, theme, name):
        assert contrast(getattr(theme, name), theme.surface) >= 4.5
        assert contrast(getattr(theme, name), theme.window) >= 4.5

    @pytest.mark.parametrize(("text", "ground"), GROUNDS)
    def test_texts_are_legible_on_their_own_ground(self, theme, text, ground):
        assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5
        assert contrast(theme.ink, getattr(theme, ground)) >= 4.5

    def test_network_and_linearization_differ_in_hue_and_dash(self, theme):
        network, linearization = QColor(theme.network), QColor(theme.linearization)
        assert abs(network.hue() - linearization.hue()) > 90
        assert pens.pen(theme, Role.NETWORK).dashPattern() == []
        assert pens.pen(theme, Role.LINEARIZATION).dashPattern() != []

    def test_a_ghost_keeps_the_hue_and_fades(self, theme):
        full, faded = pens.colour(theme, Role.NETWORK), pens.colour(theme, Role.GHOST)
        assert abs(full.hslHue() - faded.hslHue()) <= 12
        assert contrast(faded, theme.surface) < contrast(full, theme.surface)
        assert faded.alpha() == 255

    @pytest.mark.parametrize("count", [1, 2, 8, 40])
    def test_every_colour_of_a_sequence_is_visible(self, theme, count):
        shades = pens.sequence(theme, count)
        assert len(shades) == count
        assert all(contrast(shade, theme.surface) >= 3.0 for shade in shades)

    def test_the_palette_speaks_for_every_role_in_every_group(self, theme):
        palette = themes.palette(theme)
        surface = palette.color(QPalette.ColorRole.Base)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            text = palette.color(group, QPalette.ColorRole.Text)
            assert contrast(text, surface) >= 4.5
            chosen = palette.color(group, QPalette.ColorRole.Highlight)
            assert contrast(palette.color(group, QPalette.ColorRole.HighlightedText), chosen) >= 4.5
            # The frame of a check box is drawn from Dark.
            assert contrast(palette.color(group, QPalette.ColorRole.Dark), surface) >= 1.5
        disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        enabled = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
        assert contrast(disabled, surface) < contrast(enabled, surface)

    def test_the_style_sheet_is_complete_and_understood(self, theme, qtbot):
        sheet = themes.stylesheet(theme)
        assert "$" not in sheet
        label = QLabel("text")
        qtbot.addWidget(label)
        label.setProperty("look", "bad")
        label.setStyleSheet(sheet)
        label.ensurePolished()
        assert label.palette().color(QPalette.ColorRole.WindowText).name() == theme.bad


def test_a_projector_gets_larger_type_and_lines_and_no_yellow():
    theme = themes.PROJECTOR
    assert theme.font_scale == 1.4
    width = pens.pen(theme, Role.NETWORK).widthF()
    assert width == pytest.approx(1.6 * pens.pen(themes.LIGHT, Role.NETWORK).widthF())
    for name in LINES + TEXTS:
        shade = QColor(getattr(theme, name))
        assert not (45 <= shade.hsvHue() <= 70 and shade.value() > 128)


def test_apply_dresses_the_application(qapp):
    for theme in THEMES:
        themes.apply(qapp, theme)
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == theme.window
        assert qapp.font().pointSizeF() == pytest.approx(10.5 * theme.font_scale, abs=0.05)
        assert qapp.styleSheet() == themes.stylesheet(theme)
    qapp.setStyleSheet("")
    assert qapp.style().name() == "fusion"
    qapp.setStyleSheet(themes.stylesheet(theme))
