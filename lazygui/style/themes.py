"""Colours of the three themes, the palettes made of them, and what a palette can't say."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from lazygui.shipped import resource
from lazygui.style import fonts
from lazygui.style.contrast import blend


@dataclass(frozen=True)
class Theme:
    """Every colour of the program by its meaning; `*_soft` are grounds for text in `*`.

    `network`, `linearization`, `data`, `theory` and `difference` (of network and linearization) are
    the colours of lines, with a contrast of at least 3 on `surface`; `ink`, `muted`, `accent`,
    `good`, `bad` and `warn` are colours of text, with at least 4.5.
    """

    name: str
    title: str
    dark: bool
    window: str
    surface: str
    ink: str
    muted: str
    border: str
    accent: str
    accent_soft: str
    network: str
    linearization: str
    data: str
    theory: str
    difference: str
    good: str
    good_soft: str
    bad: str
    bad_soft: str
    warn: str
    warn_soft: str
    font_scale: float = 1.0
    line_scale: float = 1.0
    ghost_share: float = 0.5


LIGHT = Theme(
    name="light",
    title="Light",
    dark=False,
    window="#f3f4f6",
    surface="#ffffff",
    ink="#1b2430",
    muted="#5a6572",
    border="#dde1e7",
    accent="#006aa7",
    accent_soft="#e4f0f8",
    network="#0072b2",
    linearization="#d55e00",
    data="#1b2430",
    theory="#737c88",
    difference="#8a3b86",
    good="#0a6e4e",
    good_soft="#def3ea",
    bad="#b3261e",
    bad_soft="#fbe7e5",
    warn="#855000",
    warn_soft="#fdf0db",
)

DARK = Theme(
    name="dark",
    title="Dark",
    dark=True,
    window="#121519",
    surface="#1b2026",
    ink="#e9ecef",
    muted="#a4adb8",
    border="#363d46",
    accent="#6cbdec",
    accent_soft="#17364a",
    network="#56b4e9",
    linearization="#f0a020",
    data="#f2f4f6",
    theory="#98a2ae",
    difference="#dd9fd8",
    good="#4fd1a1",
    good_soft="#123a2d",
    bad="#ff8a80",
    bad_soft="#4a1f1d",
    warn="#f5bd5c",
    warn_soft="#43310f",
    ghost_share=0.58,
)

# Projectors wash pale colours out: no grey lighter than 5:1, no yellow, larger type and lines.
PROJECTOR = Theme(
    name="projector",
    title="Projector",
    dark=False,
    window="#ffffff",
    surface="#ffffff",
    ink="#000000",
    muted="#3a424c",
    border="#8b949e",
    accent="#00558a",
    accent_soft="#d8ebf7",
    network="#0062a3",
    linearization="#c24a00",
    data="#000000",
    theory="#555d66",
    difference="#70246d",
    good="#005c3c",
    good_soft="#d3f0e3",
    bad="#9c1610",
    bad_soft="#fadcd9",
    warn="#6b3d00",
    warn_soft="#f7e3c8",
    font_scale=1.4,
    line_scale=1.6,
    ghost_share=0.68,
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, PROJECTOR)}


def palette(theme: Theme) -> QPalette:
    """Every role of Fusion's palette, for the active, inactive and disabled group."""
    result = QPalette()
    group = QPalette.ColorGroup
    for role, colour in _roles(theme).items():
        result.setColor(group.All, role, QColor(colour))
    faint = blend(theme.ink, theme.surface, 0.45)
    kind = QPalette.ColorRole
    for role in (kind.WindowText, kind.Text, kind.ButtonText, kind.ToolTipText):
        result.setColor(group.Disabled, role, faint)
    result.setColor(group.Disabled, kind.Highlight, QColor(theme.border))
    result.setColor(group.Disabled, kind.HighlightedText, faint)
    result.setColor(group.All, kind.PlaceholderText, blend(theme.muted, theme.surface, 0.9))
    return result


def _roles(theme: Theme) -> dict[QPalette.ColorRole, str | QColor]:
    kind = QPalette.ColorRole
    # Fusion draws frames of buttons and check boxes from Light…Shadow: in a dark palette its
    # own derived shades almost vanish.
    frame = blend(theme.ink, theme.surface, 0.35)
    return {
        kind.Window: theme.window,
        kind.WindowText: theme.ink,
        kind.Base: theme.surface,
        kind.AlternateBase: theme.window,
        kind.Text: theme.ink,
        kind.Button: theme.surface,
        kind.ButtonText: theme.ink,
        kind.BrightText: theme.bad,
        kind.ToolTipBase: theme.surface,
        kind.ToolTipText: theme.ink,
        kind.Highlight: theme.accent,
        kind.HighlightedText: "#10141a" if theme.dark else "#ffffff",
        kind.Accent: theme.accent,
        kind.Link: theme.accent,
        kind.LinkVisited: theme.accent,
        kind.Light: blend(theme.ink, theme.surface, 0.10),
        kind.Midlight: theme.border,
        kind.Mid: frame,
        kind.Dark: frame,
        kind.Shadow: blend(theme.ink, theme.surface, 0.6),
    }


def stylesheet(theme: Theme) -> str:
    """What Fusion's palette can't do: cards, flat tool bars, headings, rounded fields.

    A widget asks for a look by dynamic properties: `card` = true, and `look` = "heading", "title",
    "muted", "number", "good", "bad" or "warn" on labels, "primary" on buttons.
    """
    text = resource("styles/lazygui.qss").read_text(encoding="utf-8")
    colours = {name: str(value) for name, value in vars(theme).items()}
    sizes = {f"pt_{size.name.lower()}": f"{fonts.points(theme, size):.1f}" for size in fonts.Size}
    return Template(text).substitute(
        colours, **sizes, frame=blend(theme.ink, theme.surface, 0.35).name()
    )


_PREPARED, _DRESSED = "lazygui-colours", "lazygui-theme"
_STYLE = "fusion"
STYLED = ("-style", _STYLE)
"""Arguments of an application that begins in its style: Python makes no types of styles."""


def prepare(app: QApplication, theme: Theme, *, is_styled: bool = False) -> None:
    """Style, type and colours. Call it before the first widget.

    is_styled: the application was made with the arguments `STYLED`.
    """
    prepared = app.property(_PREPARED)
    if prepared == theme.name:
        return
    # Under a style sheet the style no longer tells its name, and setting it anew is slow.
    if not prepared and not is_styled:
        app.setStyle(_STYLE)
    app.setProperty(_PREPARED, theme.name)
    app.setFont(fonts.font(theme))
    app.setPalette(palette(theme))


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole application, once its widgets stand and at each change of theme.

    A widget that moves to another parent under a style sheet is dressed anew with all its children:
    a window is built faster without one.
    """
    if app.property(_DRESSED) == theme.name:
        return
    prepare(app, theme)
    app.setProperty(_DRESSED, theme.name)
    app.setStyleSheet(stylesheet(theme))
