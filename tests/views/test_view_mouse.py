"""Mouse, context menu, pictures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from lazygui.style import themes
from lazygui.views.view import View
from tests.views import histories
from tests.views.showing import by_name


class TestMouseAndMenu:
    def press(self, view: View, kind: QEvent.Type, place: QPoint, button=Qt.MouseButton.LeftButton):
        spot = QPointF(place)
        glob = QPointF(view.mapToGlobal(place))
        target = view.header.title
        QApplication.sendEvent(
            target, QMouseEvent(kind, spot, glob, button, button, Qt.KeyboardModifier.NoModifier)
        )

    def test_a_double_click_on_the_title_asks_for_the_stage(self, shown, qtbot):
        view = shown(by_name("gap"), histories.descent())
        with qtbot.waitSignal(view.maximize_requested) as asked:
            self.press(view, QEvent.Type.MouseButtonDblClick, QPoint(5, 5))
        assert asked.args == ["gap"]

    def menu(self, view: View) -> QMenu:
        place = view.mapToGlobal(QPoint(50, 50))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(50, 50), place)
        QApplication.sendEvent(view, event)
        return view.findChild(QMenu, "view-menu")

    def action(self, menu: QMenu, name: str):
        return next(a for a in menu.actions() if a.objectName() == f"view-menu-{name}")

    def test_the_menu_is_our_own(self, shown):
        view = shown(by_name("gap"), histories.descent())
        menu = self.menu(view)
        texts = [action.text() for action in menu.actions() if action.text()]
        assert texts == [
            "Log x", "Log y", "Time t = ηk", "Step k", "Show all data", "Copy", "Save figure…",
        ]  # fmt: skip
        menu.close()

    def test_a_right_click_on_the_plot_opens_it(self, shown):
        view = shown(by_name("gap"), histories.descent())
        view.plot.menu_requested.emit(QPoint(10, 10))
        menu = view.findChild(QMenu, "view-menu")
        assert menu is not None
        menu.close()

    def test_the_menu_switches_axes(self, shown):
        view = shown(by_name("gap"), histories.descent())
        menu = self.menu(view)
        self.action(menu, "log-y").trigger()
        self.action(menu, "log-x").trigger()
        assert (view.log_x, view.log_y) == (True, False)
        assert (view.plot.canvas.log_x, view.plot.canvas.log_y) == (True, False)
        menu.close()

    def test_closed_menus_do_not_pile_up(self, shown, qtbot):
        view = shown(by_name("gap"), histories.descent())
        for _ in range(3):
            self.menu(view).close()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda: view.findChildren(QMenu) == [])

    def test_save_and_copy(self, shown, qtbot):
        view = shown(by_name("gap"), histories.descent())
        menu = self.menu(view)
        with qtbot.waitSignal(view.export_requested) as asked:
            self.action(menu, "export").trigger()
        assert asked.args == ["gap"]
        with qtbot.waitSignal(view.copy_requested) as asked:
            self.action(menu, "copy").trigger()
        assert asked.args == ["gap"]
        menu.close()


class TestImage:
    def test_twice_the_size_has_twice_the_detail(self, shown):
        view = shown(by_name("gap"), histories.descent())
        picture = view.image(2.0)
        assert (picture.width(), picture.height()) == (840, 640)

    def test_a_view_that_was_never_shown_can_be_drawn(self, qtbot):
        view = by_name("gap")(themes.LIGHT)
        qtbot.addWidget(view)
        view.resize(420, 320)
        view.begin(histories.descent())
        picture = view.image(1.0)
        network = {picture.pixelColor(x, y).name() for x in range(420) for y in range(60, 280)}
        assert themes.LIGHT.network in network

    @pytest.mark.parametrize("scale", [0.0, -1.0, 1000.0])
    def test_an_impossible_size_is_refused(self, shown, scale):
        view = shown(by_name("gap"), histories.descent())
        with pytest.raises(ValueError, match="image:"):
            view.image(scale)
