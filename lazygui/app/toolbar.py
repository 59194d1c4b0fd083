"""The tool bar: files on the left, views, theme and help on the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from lazygui.app.actions import dress
from lazygui.app.stage import Stage
from lazygui.style.icons import icon
from lazygui.style.themes import Theme
from lazygui.views.registry import view_class

FILES = ("open", "save", "save-data", "figure", "record", "film")
Style = Qt.ToolButtonStyle
_STYLES = Style.ToolButtonTextBesideIcon, Style.ToolButtonIconOnly
SETTINGS = ("lecture", "parameters", "claims", "theme", "help")


class ToolBar(QToolBar):
    """Holds the actions of the window and the menu that chooses the views."""

    def __init__(self, actions: dict[str, QAction], stage: Stage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Main tool bar"))
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions, self._stage = actions, stage
        self._status = _label("engine-status", "", "muted")
        self._menu = QMenu(self)
        self._views = self._views_button()
        self.addWidget(_label("product-name", "LazyGUI", "title"))
        self._add(FILES)
        self.addWidget(_spacer())
        self.addWidget(self._status)
        self.addWidget(self._views)
        self._add(SETTINGS)

    def _add(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.addAction(self._actions[name])
            button = self.widgetForAction(self._actions[name])
            button.setObjectName(f"button-{name}")
            button.setAccessibleName(self._actions[name].toolTip())

    def _views_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("views-button")
        button.setText(self.tr("Views"))
        button.setAccessibleName(self.tr("Views"))
        button.setToolTip(self.tr("Choose the views on the stage, up to six"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu.setObjectName("views-menu")
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._toggle_view)
        button.setMenu(self._menu)
        return button

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        shown = self._stage.shown()
        for name in self._stage.available():
            view = view_class(name)
            action = self._menu.addAction(view.translated(view.title))
            action.setObjectName(f"show-{name}")
            action.setData(name)
            action.setCheckable(True)
            action.setChecked(name in shown)

    @Slot(QAction)
    def _toggle_view(self, action: QAction) -> None:
        self._stage.toggle(str(action.data()))

    def check(self, name: str, on: bool) -> None:
        """Show whether a column is open."""
        self._actions[name].setChecked(on)

    @Slot(bool)
    def check_recording(self, on: bool) -> None:
        """Show whether what the user does is recorded."""
        self.check("record", on)

    @Slot(str)
    def show_status(self, text: str) -> None:
        """A quiet line: what loads in the background."""
        self._status.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Icons in the theme's colours."""
        dress(self._actions, theme)
        self._views.setIcon(icon("views", theme))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where there is no room for them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words beside all icons, or only on the right, or nowhere: whatever fits first."""
        words, none = _STYLES
        for files, settings in ((words, words), (none, words), (none, none)):
            self._write_words(files, settings)
            if self.sizeHint().width() <= self.width():
                return

    def _write_words(self, files: Style, settings: Style) -> None:
        for names, style in ((FILES, files), (SETTINGS, settings)):
            for name in names:
                button = self.widgetForAction(self._actions[name])
                if isinstance(button, QToolButton) and button.toolButtonStyle() != style:
                    button.setToolButtonStyle(style)
        self._views.setToolButtonStyle(settings)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()


def _label(name: str, text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setProperty("look", look)
    return label


def _spacer() -> QWidget:
    spacer = QWidget()
    spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spacer
