"""Keys, and what the colours mean."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lazygui import __version__
from lazygui.style.themes import Theme

WIDTH = 440  # pixels of the text in plain type


class HelpDialog(QDialog):
    """A page that closes with Escape."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("help-dialog")
        self.setWindowTitle(self.tr("LazyGUI {version}").format(version=__version__))
        text = QLabel(self._page(theme))
        text.setObjectName("help-text")
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setWordWrap(True)
        width = round(WIDTH * theme.font_scale)
        text.setMinimumWidth(width)
        text.ensurePolished()
        page = QScrollArea()
        page.setObjectName("help-page")
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setWidgetResizable(True)
        page.setWidget(text)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setMinimumWidth(width + page.verticalScrollBar().sizeHint().width())
        # In large type the page is longer than a low screen is high.
        page.setMinimumHeight(min(text.heightForWidth(width), parent.height() - 120))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.addWidget(page)
        column.addWidget(buttons)

    def _page(self, theme: Theme) -> str:
        keys = (
            (self.tr("Space"), self.tr("play or pause")),
            (".", self.tr("one step")),
            ("R", self.tr("restart from the same initialization")),
            ("N", self.tr("new seed")),
            ("← →", self.tr("slower, faster")),
            ("↑ ↓", self.tr("previous, next demo")),
            ("V", self.tr("hide the verdicts, then reveal them")),
            (self.tr("Backspace"), self.tr("from a run of a sweep back to the sweep")),
            (self.tr("Double-click"), self.tr("on a view's title: let it fill the stage")),
            ("Esc", self.tr("bring all views back")),
            ("F2, F3, F4", self.tr("lecture, parameters, claims")),
            ("Ctrl+O, Ctrl+S", self.tr("open, save a scenario")),
            ("Ctrl+Shift+S", self.tr("save the numbers of the run")),
            ("Ctrl+E", self.tr("a figure of the stage or of a view")),
            ("Ctrl+Shift+R", self.tr("record the session, and make a film of it")),
            ("Ctrl+Shift+F", self.tr("a film of this run")),
            ("Ctrl+T", self.tr("light, dark, projector")),
        )
        colours = (
            (theme.network, "━━", self.tr("network αh(w)")),
            (theme.linearization, "╍╍", self.tr("linearization αh̄(w̄)")),
            (theme.data, "●", self.tr("data")),
            (theme.theory, "─·─", self.tr("theory")),
        )
        rows = "".join(
            f"<tr><td><b>{k}</b>&nbsp;&nbsp;</td><td>{text}</td></tr>" for k, text in keys
        )
        marks = "".join(
            f"<tr><td><span style='color:{c}'>{mark}</span>&nbsp;&nbsp;</td><td>{text}</td></tr>"
            for c, mark, text in colours
        )
        return (
            f"<h3>{self.tr('Keys')}</h3><table>{rows}</table>"
            f"<h3>{self.tr('Colours')}</h3><table>{marks}</table>"
            f"<p>{self.tr('The previous run stays behind as a faded ghost.')}</p>"
        )
