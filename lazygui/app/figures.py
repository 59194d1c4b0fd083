"""Figures of the stage and its views: asked for, previewed, saved, copied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from lazygui.app.background import Background
from lazygui.app.dialogs import Dialogs
from lazygui.app.director import Director
from lazygui.app.figure_choice import STAGE, FigureChoice, remembered
from lazygui.app.figure_dialog import PREVIEW, FigureDialog
from lazygui.app.settings import Settings
from lazygui.app.stage import Stage
from lazygui.export.atomic import ExportError, write_bytes
from lazygui.views.arrangement import places
from lazygui.views.figures import ALONE, Prepared, Source, prepare, preview_of

if TYPE_CHECKING:
    from lazygui.app.main_window import MainWindow

COPIED = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@dataclass(frozen=True)
class FinishedFigure:
    """A figure to be finished, in any thread, and written if it has a `path`."""

    figure: Prepared
    forms: tuple[str, ...]
    path: Path | None = None

    def __call__(self) -> dict[str, bytes]:
        """The figure in each format. Raises ValueError, ExportError."""
        files = {form: self.figure.finish(form) for form in self.forms}
        if self.path is not None:
            write_bytes(self.path, files[self.forms[0]])
        return files


class Figures(QObject):
    """What becomes of the wish for a figure. Signal: told(str level, str text)."""

    told = Signal(str, str)

    def __init__(
        self,
        stage: Stage,
        director: Director,
        dialogs: Dialogs,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._stage, self._director = stage, director
        self._dialogs, self._settings, self._window = dialogs, settings, window
        self.dialog: FigureDialog | None = None
        self._background = Background("figures", self)
        self._background.finished.connect(self._on_finished)
        self._asked = self._previewed = 0
        self._purposes: dict[int, Path | None] = {}

    # The dialog

    @Slot()
    def open(self) -> None:
        """Ask for a figure, of the stage at first."""
        self.open_for(STAGE)

    @Slot(str)
    def open_for(self, name: str) -> None:
        """Ask for a figure of this view."""
        if not self._stage.available():
            self.told.emit("info", self.tr("Nothing has run yet."))
            return
        if self.dialog is not None:
            self.dialog.close()
        titles = [(shown, self._title(shown)) for shown in self._stage.visible()]
        choice = remembered(self._settings.figure).of_view(name)
        self.dialog = FigureDialog(choice, titles, self._window)
        self.dialog.preview_asked.connect(self._preview)
        self.dialog.save_asked.connect(self.save)
        self.dialog.copy_asked.connect(self.copy)
        self.dialog.finished.connect(self._forget)
        self.dialog.show()

    @Slot()
    def _forget(self) -> None:
        if self.sender() is self.dialog:
            self.dialog = None

    def _title(self, name: str) -> str:
        view = self._stage.view(name)
        return view.translated(view.title)

    # Making

    def _sources(self, name: str) -> list[Source]:
        shown = self._stage.visible()
        if name != STAGE or len(shown) == 1:
            return [(self._stage.view(name or shown[0]), ALONE)]
        grid = places(len(shown))
        return [(self._stage.view(n), place) for n, place in zip(shown, grid, strict=True)]

    def _prepared(self, choice: FigureChoice) -> Prepared | None:
        try:
            return prepare(self._sources(choice.view), choice.spec())
        except (ValueError, ExportError) as error:
            self._say(str(error))
            return None

    def _say(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.show_problem(sentence)
        else:
            self.told.emit("error", sentence)

    def _number(self) -> int:
        self._asked += 1
        return self._asked

    @Slot(object)
    def _preview(self, choice: FigureChoice) -> None:
        try:
            spec = preview_of(choice.spec(), 2 * PREVIEW.width())
            figure = prepare(self._sources(choice.view), spec, stamped=False)
        except (ValueError, ExportError) as error:
            self._say(str(error))
            return
        self._previewed = self._number()
        self._background.start(self._previewed, FinishedFigure(figure, ("png",)))

    @Slot(object)
    def save(self, choice: FigureChoice) -> None:
        """Ask for a file, and write the figure to it."""
        form = choice.form
        name = "-".join(part for part in (self._run(), choice.view.replace("_", "-")) if part)
        pattern = f"{form.upper()} (*.{form})"
        path = self._dialogs.save_file(self.tr("Save the figure"), f"{name}.{form}", pattern)
        figure = self._prepared(choice) if path is not None else None
        if path is None or figure is None:
            return
        self._settings.figure = choice.to_json()
        number = self._number()
        self._purposes[number] = path
        self._background.start(number, FinishedFigure(figure, (form,), path), keep=True)

    def _run(self) -> str:
        return self._director.entry.id if self._director.entry is not None else "lazygui"

    @Slot(str)
    def copy_view(self, name: str) -> None:
        """Put a view on the clipboard, as the figure chosen last."""
        self.copy(remembered(self._settings.figure).of_view(name))

    @Slot(object)
    def copy(self, choice: FigureChoice) -> None:
        """Put a figure on the clipboard as PNG, SVG and PDF at once.

        As seen there is no SVG; PNG and PDF are drawn then.
        """
        if choice.typeset:
            figure = self._prepared(choice)
            if figure is not None:
                number = self._number()
                self._purposes[number] = None
                self._background.start(number, FinishedFigure(figure, tuple(COPIED)))
            return
        seen = {form: self._prepared(replace(choice, form=form)) for form in ("png", "pdf")}
        self._to_clipboard({form: f.seen for form, f in seen.items() if f is not None})

    # What comes back

    @Slot(int, object, str)
    def _on_finished(self, number: int, files: dict[str, bytes] | None, sentence: str) -> None:
        if number not in self._purposes:
            self._show_preview(number, files, sentence)
            return
        path = self._purposes.pop(number)
        if sentence:
            self.told.emit("error", sentence)
            if self.dialog is not None:
                self.dialog.say(sentence)
        elif path is not None:
            self.told.emit("info", self.tr("Saved: {path}").format(path=path))
        elif files is not None:
            self._to_clipboard(files)

    def _show_preview(self, number: int, files: dict[str, bytes] | None, sentence: str) -> None:
        if self.dialog is None or number != self._previewed:
            return
        if files is None:
            self.dialog.show_problem(sentence)
        else:
            self.dialog.show_preview(files["png"])

    def _to_clipboard(self, files: dict[str, bytes]) -> None:
        if not files:
            return
        content = QMimeData()
        for form, data in files.items():
            content.setData(COPIED[form], QByteArray(data))
        if "png" in files:
            content.setImageData(QImage.fromData(QByteArray(files["png"])))
        QGuiApplication.clipboard().setMimeData(content)
        names = ", ".join(form.upper() for form in files)
        self.told.emit("info", self.tr("Copied as {formats}").format(formats=names))

    def close(self) -> None:
        """Let no figure be half made when the window goes."""
        self._background.close()

    def finish(self) -> None:
        """Wait until every figure that was to be saved is."""
        self._background.finish()


def figures_of(window: MainWindow) -> Figures:
    """The figures of a window, which hears what they tell."""
    figures = Figures(
        window.stage, window.director, window.tools.desk.dialogs, window.settings, window
    )
    figures.told.connect(window.workspace.messages.show_message)
    return figures
