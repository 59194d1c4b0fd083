"""The dialog of a figure: what it shows, how large it is, and what it will look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from lazygui.app.figure_choice import CUSTOM, STAGE, UNITS_OFFERED, FigureChoice
from lazygui.export.sizes import FONTS, PRESETS
from lazygui.export.typeset import FORMATS
from lazygui.panels.appearance import describe
from lazygui.views.figures import SEEN_FORMATS

REST_MS = 180  # after the last change, before a preview is made
PREVIEW = QSize(420, 320)
SQUARE = 8  # pixels, of the ground behind a transparent figure


class Preview(QWidget):
    """The figure as it will be, fitted into the room there is, on a chequered ground."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(PREVIEW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture = QPixmap()

    def show_png(self, data: bytes) -> None:
        """Show a picture."""
        self.picture = QPixmap()
        self.picture.loadFromData(data)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the middle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().mid().color().lighter(130))
        if not self.picture.isNull():
            ratio = self.devicePixelRatioF()
            room = (self.size() - QSize(16, 16)) * ratio
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            fitted = self.picture.scaled(room, keep, smooth)
            fitted.setDevicePixelRatio(ratio)
            size = fitted.deviceIndependentSize().toSize()
            left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
            self._chequer(painter, QRect(left, top, size.width(), size.height()))
            painter.drawPixmap(left, top, fitted)
        painter.end()

    @staticmethod
    def _chequer(painter: QPainter, room: QRect) -> None:
        """What shows through where the figure has no ground of its own."""
        painter.save()
        painter.setClipRect(room)
        painter.fillRect(room, QColor("#ffffff"))
        for row in range(room.height() // SQUARE + 1):
            for column in range(row % 2, room.width() // SQUARE + 1, 2):
                left, top = room.left() + SQUARE * column, room.top() + SQUARE * row
                painter.fillRect(left, top, SQUARE, SQUARE, QColor("#ececec"))
        painter.restore()


class FigureDialog(QDialog):
    """Asks for a figure and shows it.

    Signals: save_asked(FigureChoice), copy_asked(FigureChoice), preview_asked(FigureChoice), some
    time after the last change.
    """

    save_asked = Signal(object)
    copy_asked = Signal(object)
    preview_asked = Signal(object)

    def __init__(
        self, choice: FigureChoice, views: Sequence[tuple[str, str]], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("figure-dialog")
        self.setWindowTitle(self.tr("Figure"))
        self.setAccessibleName(self.tr("Figure"))
        self._choice = choice
        self._filling = False
        self._make_fields(views)
        self._make_preview()
        self._lay_out()
        self._show(choice)
        self._connect()
        self._changed()

    def _make_fields(self, views: Sequence[tuple[str, str]]) -> None:
        tr = self.tr
        self.view = _combo("figure-view", tr("Picture"), tr("The stage, or one of its views"))
        self.view.addItem(tr("the stage"), STAGE)
        for name, title in views:
            self.view.addItem(title, name)
        self.style_ = _combo("figure-style", tr("Style"), tr("Set as in a paper, or as you see it"))
        self.style_.addItem(tr("typeset"), True)
        self.style_.addItem(tr("as on the screen"), False)
        self.format = _combo("figure-format", tr("Format"), tr("The kind of file"))
        self.preset = _combo("figure-preset", tr("Size"), tr("Usual sizes"))
        for name, preset in PRESETS.items():
            self.preset.addItem(tr(preset.title), name)
        self.preset.addItem(tr("Other"), CUSTOM)
        self.width_ = _number("figure-width", tr("Width"), 1.0, 30000.0)
        self.height_ = _number("figure-height", tr("Height"), 1.0, 30000.0)
        self.unit = _combo("figure-unit", tr("Unit"), tr("mm, inches, or pixels of 1/96 inch"))
        for unit in UNITS_OFFERED:
            self.unit.addItem(unit, unit)
        self.font_ = _number("figure-font", tr("Size of the type in points"), *FONTS)
        self.font_.setSuffix(" pt")
        self.background = _combo("figure-background", tr("Paper"), tr("The ground of the figure"))
        for name, title in (
            ("light", tr("light")), ("dark", tr("dark")), ("transparent", tr("transparent")),
        ):  # fmt: skip
            self.background.addItem(title, name)

    def _make_preview(self) -> None:
        self.preview = Preview()
        describe(self.preview, "figure-preview", self.tr("Preview"), "")
        self.sentence = QLabel()
        self.sentence.setObjectName("figure-sentence")
        self.sentence.setWordWrap(True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self.save = _button("figure-save", self.tr("Save…"), self.tr("Choose a file and write it"))
        self.save.setDefault(True)
        self.copy = _button(
            "figure-copy", self.tr("Copy"), self.tr("To the clipboard, as PNG, SVG and PDF at once")
        )

    def _lay_out(self) -> None:
        tr = self.tr
        form = QFormLayout()
        rows = (
            (tr("Picture"), self.view), (tr("Style"), self.style_), (tr("Format"), self.format),
            (tr("Size"), self.preset),
            ("", _line(self.width_, QLabel("×"), self.height_, self.unit)),
            (tr("Type"), self.font_), (tr("Paper"), self.background),
        )  # fmt: skip
        for name, widget in rows:
            form.addRow(name, widget)
        left = QVBoxLayout()
        left.addLayout(form)
        left.addWidget(self.sentence)
        left.addStretch(1)
        left.addWidget(_line(self.copy, self.save))
        columns = QHBoxLayout(self)
        columns.setContentsMargins(20, 20, 20, 16)
        columns.setSpacing(20)
        columns.addLayout(left)
        columns.addWidget(self.preview, 1)

    def _connect(self) -> None:
        self.view.currentIndexChanged.connect(self._view_changed)
        for combo in (self.format, self.background):
            combo.currentIndexChanged.connect(self._changed)
        self.style_.currentIndexChanged.connect(self._style_changed)
        self.preset.currentIndexChanged.connect(self._preset_changed)
        self.unit.currentIndexChanged.connect(self._unit_changed)
        for side in (self.width_, self.height_):
            side.valueChanged.connect(self._size_changed)
        self.font_.valueChanged.connect(self._changed)
        self._rest.timeout.connect(self._ask_preview)
        self.save.clicked.connect(self._ask_save)
        self.copy.clicked.connect(self._ask_copy)

    # What is chosen

    def choice(self) -> FigureChoice:
        """What is chosen now."""
        return self._choice

    def _show(self, choice: FigureChoice) -> None:
        """Put a choice into the fields."""
        self._filling = True
        forms = FORMATS if choice.typeset else SEEN_FORMATS
        self.format.clear()
        for form in forms:
            self.format.addItem(form.upper(), form)
        for combo, value in (
            (self.view, choice.view), (self.style_, choice.typeset), (self.format, choice.form),
            (self.preset, choice.preset), (self.unit, choice.unit),
            (self.background, choice.background),
        ):  # fmt: skip
            combo.setCurrentIndex(max(combo.findData(value), 0))
        decimals = {"mm": 1, "in": 2, "px": 0}[choice.unit]
        for field, side in ((self.width_, choice.width), (self.height_, choice.height)):
            field.setDecimals(decimals)
            field.setValue(side)
        self.font_.setValue(choice.font)
        self._filling = False
        self._choice = self._read()

    def _read(self) -> FigureChoice:
        return FigureChoice(
            str(self.view.currentData()), bool(self.style_.currentData()),
            str(self.format.currentData()), str(self.preset.currentData()),
            self.width_.value(), self.height_.value(), str(self.unit.currentData()),
            self.font_.value(), str(self.background.currentData()),
        )  # fmt: skip

    @Slot()
    def _view_changed(self) -> None:
        if not self._filling:
            self._show(self._choice.of_view(str(self.view.currentData())))
            self._changed()

    @Slot()
    def _style_changed(self) -> None:
        if not self._filling:
            self._show(replace(self._read(), form=self._choice.form))
            self._changed()

    @Slot()
    def _preset_changed(self) -> None:
        if not self._filling:
            self._show(self._choice.with_preset(str(self.preset.currentData())))
            self._changed()

    @Slot()
    def _unit_changed(self) -> None:
        if not self._filling:
            self._show(self._choice.in_unit(str(self.unit.currentData())))
            self._changed()

    @Slot()
    def _size_changed(self) -> None:
        if not self._filling:
            self._show(replace(self._read(), preset=CUSTOM))
            self._changed()

    @Slot()
    def _changed(self) -> None:
        """Say what is wrong with the choice, or have its preview made before long."""
        if self._filling:
            return
        self._choice = self._read()
        try:
            self._choice.spec()
        except ValueError as error:
            self.show_problem(str(error))
            return
        self._rest.start()

    # What comes of it

    @Slot()
    def _ask_preview(self) -> None:
        self.preview_asked.emit(self._choice)

    @Slot()
    def _ask_save(self) -> None:
        self.save_asked.emit(self._choice)

    @Slot()
    def _ask_copy(self) -> None:
        self.copy_asked.emit(self._choice)

    def show_preview(self, png: bytes) -> None:
        """Show the figure."""
        self.sentence.clear()
        self.preview.show_png(png)
        self._allow(True)

    def say(self, sentence: str) -> None:
        """Say what went wrong with a file, until the choice changes."""
        self.sentence.setText(sentence)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no such figure."""
        self._rest.stop()
        self.say(sentence)
        self._allow(False)

    def _allow(self, on: bool) -> None:
        self.save.setEnabled(on)
        self.copy.setEnabled(on)


def _combo(name: str, title: str, tip: str) -> QComboBox:
    combo = QComboBox()
    describe(combo, name, title, tip)
    return combo


def _number(name: str, title: str, low: float, high: float) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(low, high)
    field.setDecimals(1)
    field.setKeyboardTracking(False)
    describe(field, name, title, title)
    return field


def _button(name: str, title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setAutoDefault(False)
    describe(button, name, title, tip)
    return button


def _line(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        line.addWidget(widget)
    return holder
