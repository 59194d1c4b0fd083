"""Icons in the colour of the theme's text: Fusion's own stay black on a dark ground."""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon

from lazygui.style.contrast import blend
from lazygui.style.themes import Theme

ICONS: dict[str, str] = {
    "play": "mdi6.play",
    "pause": "mdi6.pause",
    "step": "mdi6.skip-next",
    "back": "mdi6.skip-previous",
    "restart": "mdi6.restart",
    "stop": "mdi6.stop",
    "seed": "mdi6.dice-multiple-outline",
    "speed": "mdi6.speedometer",
    "open": "mdi6.folder-open-outline",
    "save": "mdi6.content-save-outline",
    "csv": "mdi6.file-delimited-outline",
    "image": "mdi6.image-outline",
    "copy": "mdi6.content-copy",
    "export": "mdi6.export-variant",
    "record": "mdi6.record-circle-outline",
    "film": "mdi6.movie-open-outline",
    "theme": "mdi6.theme-light-dark",
    "present": "mdi6.presentation-play",
    "fullscreen": "mdi6.fullscreen",
    "maximize": "mdi6.arrow-expand",
    "minimize": "mdi6.arrow-collapse",
    "undo": "mdi6.undo",
    "redo": "mdi6.redo",
    "pin": "mdi6.pin-outline",
    "help": "mdi6.help-circle-outline",
    "info": "mdi6.information-outline",
    "warning": "mdi6.alert-outline",
    "error": "mdi6.alert-circle-outline",
    "check": "mdi6.check-circle",
    "fail": "mdi6.close-circle",
    "pending": "mdi6.circle-outline",
    "reveal": "mdi6.eye-outline",
    "conceal": "mdi6.eye-off-outline",
    "claims": "mdi6.checkbox-marked-circle-outline",
    "close": "mdi6.close",
    "search": "mdi6.magnify",
    "menu": "mdi6.dots-vertical",
    "settings": "mdi6.tune-variant",
    "views": "mdi6.view-grid-outline",
    "expand": "mdi6.chevron-down",
    "collapse": "mdi6.chevron-right",
    "up": "mdi6.chevron-up",
}


def icon(name: str, theme: Theme, colour: str | None = None) -> QIcon:
    """The icon `name` in the theme's ink, or in `colour`; paler where it's disabled.

    Raises ValueError naming the icon when there is none of that name.
    """
    import qtawesome

    glyph = ICONS.get(name)
    if glyph is None:
        raise ValueError(f"icon: there is none named '{name}'; use one of {', '.join(ICONS)}")
    shade = QColor(colour or theme.ink)
    return qtawesome.icon(glyph, color=shade, color_disabled=blend(shade, theme.surface, 0.4))
