"""What a demo is about: its title, formula and text, and where the slide slips."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from lazygui.panels.appearance import DEFAULT_THEME, describe, narrowest, panel_sheet
from lazygui.panels.column_scroll import ColumnScroll
from lazygui.panels.formula_view import FormulaView
from lazygui.style.formulas import Formulas
from lazygui.style.themes import Theme


class NotePanel(QWidget):
    """The note under the catalogue; scrolls when it is too long.

    Signal: `recompute_requested`, for the results at the paper's size.
    """

    recompute_requested = Signal()

    def __init__(self, parent: QWidget | None = None, theme: Theme = DEFAULT_THEME) -> None:
        super().__init__(parent)
        self.setObjectName("note-panel")
        self.setAccessibleName(self.tr("Note"))
        self._title = _label("note-title", self.tr("Title of the demo"), "title")
        self._formula = FormulaView(_shared_formulas())
        self._text = _label("note-text", self.tr("What to look at"), "")
        self._text.setOpenExternalLinks(True)
        self._slip = _label("note-slip", self.tr("Where the slide slips"), "warn")
        self._slip.setProperty("box", "warn")
        self._slip.hide()
        self._results = _label("note-results", self.tr("Results at the paper's size"), "note")
        self._recompute = QPushButton()
        describe(
            self._recompute,
            "note-recompute",
            self.tr("Compute at the paper's size"),
            self.tr("Run the whole sweep at the paper's size; it can be paused and taken up again"),
        )
        self._recompute.clicked.connect(self.recompute_requested)
        self.set_results("", "")
        self._area = self._make_area()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)
        self.set_theme(theme)

    def _make_area(self) -> ColumnScroll:
        body = QWidget()
        body.setObjectName("panel-body")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(16, 12, 12, 12)
        inside.setSpacing(8)
        for widget in (self._title, self._formula, self._text, self._slip, self._results):
            inside.addWidget(widget)
        inside.addWidget(self._recompute, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addStretch(1)
        return ColumnScroll("note-scroll", body)

    def set_note(self, title: str, formula_latex: str, text_html: str, slip_html: str) -> None:
        """Show a note; an empty formula or slip takes no room."""
        self._title.setText(title)
        self._formula.set_formula(formula_latex)
        self._text.setText(text_html)
        heading = self.tr("The slide slips:")
        self._slip.setText(f"<b>{heading}</b> {slip_html}" if slip_html else "")
        self._slip.setVisible(bool(slip_html))
        self._area.verticalScrollBar().setValue(0)

    def set_results(self, text: str, action: str) -> None:
        """Say what is known at the paper's size, with a button; empty texts take no room."""
        self._results.setText(text)
        self._results.setVisible(bool(text))
        self._recompute.setText(action)
        self._recompute.setVisible(bool(action))

    def set_theme(self, theme: Theme) -> None:
        """Dress the panel anew."""
        self.setMinimumWidth(narrowest(200, theme))
        self.setStyleSheet(panel_sheet(theme))
        self._formula.set_theme(theme)


def _label(name: str, accessible_name: str, look: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(accessible_name)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setProperty("look", look)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
    )
    return label


def _shared_formulas() -> Formulas:
    """The application's typesetter.

    It must not belong to a panel: deleting it waits for the formula at work, which waits for the
    interpreter lock that the deleting thread holds.
    """
    app = QCoreApplication.instance()
    known = app.findChild(Formulas) if app is not None else None
    return known if known is not None else Formulas(app)
