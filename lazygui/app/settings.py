"""What the program remembers between starts: a small INI file in the user's folder."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QSettings

LAYOUT_VERSION = 1


def settings_path() -> Path:
    """Where the settings lie, the same for the window and the command line."""
    return user_config_path("LazyGUI", appauthor=False) / "settings.ini"


class Settings:
    """Typed access to the remembered values; what cannot be read counts as not there."""

    def __init__(self, path: Path | None = None) -> None:
        self._store = QSettings(str(path or settings_path()), QSettings.Format.IniFormat)

    @property
    def theme(self) -> str:
        """Name of the theme, empty to follow the system."""
        return str(self._store.value("theme", "") or "")

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def folder(self) -> str:
        """The folder of the last file dialog."""
        return str(self._store.value("folder", "") or "")

    @folder.setter
    def folder(self, path: str) -> None:
        self._store.setValue("folder", path)

    @property
    def claims_open(self) -> bool:
        """Whether the claims under the stage are unfolded."""
        return str(self._store.value("claims-open", "true")) != "false"

    @claims_open.setter
    def claims_open(self, open_: bool) -> None:
        self._store.setValue("claims-open", "true" if open_ else "false")

    @property
    def film(self) -> str:
        """The last choice of the film dialog, as JSON."""
        return str(self._store.value("film", "") or "")

    @film.setter
    def film(self, choice: str) -> None:
        self._store.setValue("film", choice)

    @property
    def figure(self) -> str:
        """The last choice of the figure dialog, as JSON."""
        return str(self._store.value("figure", "") or "")

    @figure.setter
    def figure(self, choice: str) -> None:
        self._store.setValue("figure", choice)

    def layout(self, name: str) -> QByteArray | None:
        """A remembered geometry or splitter state of the present layout version."""
        value = self._store.value(f"layout-{LAYOUT_VERSION}/{name}")
        return value if isinstance(value, QByteArray) else None

    def remember_layout(self, name: str, state: QByteArray) -> None:
        """Keep a geometry or splitter state."""
        self._store.setValue(f"layout-{LAYOUT_VERSION}/{name}", state)

    def save(self) -> None:
        """Write to disk; a read-only folder only means that nothing is remembered."""
        self._store.sync()
