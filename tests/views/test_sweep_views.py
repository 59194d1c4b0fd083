"""Views of sweeps: the table behind them, what they draw and say, how runs are opened."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from lazygui.style import themes
from lazygui.style.contrast import luminance
from lazygui.views.registry import every_view, views_for
from lazygui.views.sweep_colours import bar_ticks, scale_of
from lazygui.views.sweep_curves import SweepCurves
from lazygui.views.sweep_map import SweepMap, cell_edges
from lazygui.views.sweep_names import plain, slope_text, value_ticks
from lazygui.views.sweep_runs import grouped, rank_correlation, sweep_axes, sweep_table
from lazygui.views.sweep_scatter import SweepScatter
from tests.views import histories
from tests.views.sweep_histories import SCALE, SEED, WIDTH, finish, sweep

SWEEPS = (SweepCurves, SweepScatter, SweepMap)
THEMES = list(themes.THEMES.values())
SCATTER = {"abscissa": "kappa", "metrics": ("output_gap", "max_weight_gap")}


def history_for(view, **options):
    """A history that suits a view of sweeps."""
    if view is SweepScatter:
        return sweep(SCALE, SEED, **{**SCATTER, **options})
    return sweep(*((SCALE, WIDTH) if view is SweepMap else (SCALE, SEED)), **options)


def press(view, key) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def spot(view, mark: int) -> QPoint:
    """Where a mark is in the plot's viewport."""
    return view.plot.viewport().mapFromGlobal(view.pointer.spot(mark))


def hover(view, place: QPoint) -> None:
    """Move the mouse there, without the screen that the offscreen platform hasn't got."""
    view.plot.scene().sigMouseMoved.emit(view.plot.mapToScene(place))


def click(view, place: QPoint) -> None:
    QTest.mouseMove(view.plot.viewport(), place)
    QTest.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)


class TestTable:
    def test_runs_stand_where_their_values_say(self):
        history = sweep(SCALE, WIDTH, SEED, done=500)
        table = sweep_table(history)
        for axis in sweep_axes(history):
            np.testing.assert_array_equal(axis.values[table.place(axis)], history[axis.name])
        assert table.run.tolist() == list(range(500))

    def test_a_thinned_history_still_knows_its_runs(self):
        history = sweep(SCALE, SEED, done=0)
        small = History(history.scenario, history.columns, history.facts, trace_capacity=30)
        finish(small, range(100))
        table = sweep_table(small)
        assert len(table.run) < 40
        scale = sweep_axes(small)[0]
        np.testing.assert_array_equal(scale.values[table.place(scale)], small["scale"])

    def test_means_are_geometric_on_a_log_axis(self):
        values = np.array([1.0, 100.0, 3.0, np.nan, -1.0, 0.0])
        group = np.array([0, 0, 2, 1, 2, 2])
        found = grouped(values, group, log=True)
        assert found.group.tolist() == [0, 2]
        np.testing.assert_allclose(found.mean, [10.0, 3.0])
        np.testing.assert_allclose(found.low, [1.0, 3.0])
        np.testing.assert_allclose(found.high, [100.0, 3.0])
        assert found.count.tolist() == [2, 1]
        assert grouped(values, group, log=False).mean.tolist() == [50.5, pytest.approx(2 / 3)]

    def test_the_run_nearest_to_the_mean_is_named(self):
        values = np.array([1.0, 9.0, 2.5, 7.0, 4.0])
        found = grouped(values, np.array([0, 0, 0, 3, 0]), log=False)
        assert found.nearest.tolist() == [4, 3]

    def test_many_runs_have_quantiles(self):
        rng = np.random.default_rng(1)
        values, group = rng.lognormal(size=400), np.repeat([4, 1], 200)
        found = grouped(values, group, log=False)
        for k, name in enumerate((1, 4)):
            own = values[group == name]
            np.testing.assert_allclose(found.low[k], np.quantile(own, 0.1))
            np.testing.assert_allclose(found.high[k], np.quantile(own, 0.9))
            np.testing.assert_allclose(found.mean[k], own.mean())

    def test_nothing_gives_nothing(self):
        assert len(grouped(np.array([np.nan]), np.array([0]), log=True).mean) == 0

    def test_rank_correlation_is_spearmans(self):
        from scipy.stats import spearmanr

        rng = np.random.default_rng(2)
        x = rng.integers(0, 20, 80).astype(float)
        y = x**3 + rng.integers(0, 900, 80)
        assert rank_correlation(x, y) == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)
        assert rank_correlation(x, -(x**3)) == pytest.approx(-1.0)
        assert np.isnan(rank_correlation(x, np.ones(80)))
        assert np.isnan(rank_correlation(x[:2], y[:2]))


class TestTexts:
    def test_a_slope_has_the_decimals_of_its_error(self):
        from lazygui.numerics.fits import Fit

        assert slope_text(Fit(-1.98765, 0.0, 0.0123)) == "−1.99 ± 0.02"
        assert slope_text(Fit(-1.98765, 0.0, 0.0012)) == "−1.988 ± 0.002"
        assert slope_text(Fit(1.0, 0.0, 0.0)) == "1.000 ± 0.001"
        assert slope_text(Fit(0.5, 0.0, float("nan"))) == "0.50"

    def test_tags_go_and_digits_below_stay_below(self):
        assert plain("‖<i>w</i> − w<sub>0</sub>‖ &gt; 0") == "‖w − w₀‖ > 0"

    def test_edges_lie_half_way(self):
        assert cell_edges(np.array([1.0, 2.0, 4.0]), log=False).tolist() == [0.5, 1.5, 3.0, 5.0]
        edges = cell_edges(np.array([1.0, 10.0, 100.0]), log=True)
        assert edges.tolist() == [-0.5, 0.5, 1.5, 2.5]

    def test_colours_are_logarithmic_over_more_than_two_decades(self):
        assert scale_of(np.array([1.0, 1000.0, np.nan])).log
        assert not scale_of(np.array([1.0, 99.0])).log
        assert not scale_of(np.array([-1.0, 1000.0])).log
        assert scale_of(np.array([1.0, 1000.0])).indices(
            np.array([1.0, 1000.0, np.nan, 0.0])
        ).tolist() == [0, 255, -1, -1]
        flat = scale_of(np.array([5.0, 5.0]))
        assert flat.span[0] < 5.0 < flat.span[1]

    @pytest.mark.parametrize("span", [(1e-8, 1.0), (0.3, 0.31), (1.0, 20.0), (-3.0, 4.0)])
    def test_ticks_of_the_bar_are_in_its_scale(self, span):
        scale = scale_of(np.array(span))
        ticks = bar_ticks(scale, 5.0)
        assert 1 <= len(ticks) <= 9
        assert all(scale.span[0] - 1e-9 <= place <= scale.span[1] + 1e-9 for place, _ in ticks)

    def test_few_round_values_have_their_own_ticks(self):
        widths = sweep_axes(sweep(SCALE, WIDTH))[1]
        texts = [text for _, text in value_ticks(widths, 600.0, level=True, log=True)]
        assert texts == ["16", "32", "64", "128", "256", "512"]
        fewer = value_ticks(widths, 150.0, level=True, log=True)
        assert 0 < len(fewer) < 6
        assert value_ticks(sweep_axes(sweep())[0], 600.0, level=True, log=True) == []


class TestWhichViews:
    def test_a_sweep_gets_the_views_that_suit_it(self):
        assert set(views_for(sweep())) == {SweepCurves}
        assert set(views_for(sweep(SCALE, WIDTH, SEED))) == {SweepCurves, SweepMap}
        assert set(views_for(sweep(**SCATTER))) == {SweepCurves, SweepScatter}
        assert set(SWEEPS) <= set(every_view())

    def test_other_runs_get_none(self):
        for history in (histories.lazy(rows=10), histories.descent(), histories.least_squares()):
            assert not set(views_for(history)) & set(SWEEPS)


@pytest.mark.parametrize("view", SWEEPS)
class TestEverySweepView:
    @pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])
    def test_draws_in_every_theme_on_screen_and_off(self, shown, qtbot, view, theme):
        made = shown(view, history_for(view, lost=(5, 7)))
        made.set_theme(theme)
        QApplication.processEvents()
        hidden = view(theme)
        qtbot.addWidget(hidden)
        hidden.resize(420, 320)
        hidden.begin(history_for(view))
        for picture in (made.image(1.0), hidden.image(1.0)):
            assert picture.pixelColor(20, 316).name() == theme.surface
            colours = {picture.pixelColor(x, y).name() for x in range(420) for y in range(60, 290)}
            assert len(colours) > 12

    def test_is_named_for_those_who_do_not_see_it(self, shown, view):
        made = shown(view, history_for(view))
        assert made.objectName() == f"view-{view.name}"
        assert made.accessibleName()
        assert made.accessibleDescription() == made.summary()
        assert any(letter.isdigit() for letter in made.summary())
        assert "<" not in made.summary()
        for part in (made.choice, made.bar):
            assert part.objectName().startswith(made.objectName())
            assert part.accessibleName()

    @pytest.mark.parametrize("done", [0, 1, 2, 3, 14])
    def test_survives_a_sweep_that_has_just_begun(self, shown, view, done):
        made = shown(view, history_for(view, done=done, lost=(0,)))
        made.image(1.0)
        made.summary()

    def test_survives_that_every_run_diverged(self, shown, view):
        made = shown(view, history_for(view, lost=tuple(range(130))))
        made.image(1.0)
        runs = made.history.facts["runs"]
        assert f"{runs} diverged" in made.subtitle(made.history)

    @pytest.mark.parametrize("value", [np.inf, 1e308, -1.0, 0.0, 5e-324])
    def test_survives_values_that_cannot_be_drawn(self, shown, view, value, monkeypatch):
        history = history_for(view)
        original = History.__getitem__

        def spoilt(self, name):
            values = original(self, name)
            kept = ("step", "time", "diverged", "seed", "scale", "width")
            return values if name in kept else np.where(np.arange(len(values)) % 2, values, value)

        monkeypatch.setattr(History, "__getitem__", spoilt)
        made = shown(view, history)
        for log in (False, True):
            if made.can_log:
                made.set_log_x(log)
                made.set_log_y(log)
            made.image(1.0)
        assert np.isfinite(np.ravel(made.plot.box.viewRange())).all()

    @pytest.mark.parametrize("size", [(1, 1), (3, 400), (200, 200), (2000, 30)])
    def test_survives_any_size(self, shown, view, size):
        made = shown(view, history_for(view))
        made.setMinimumSize(0, 0)
        made.resize(*size)
        QApplication.processEvents()
        made.redraw()
        made.image(1.0)

    @pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])
    def test_has_a_plot_at_two_hundred_pixels(self, shown, view, theme):
        made = shown(view, history_for(view))
        made.set_theme(theme)
        made.setMinimumSize(1, 1)  # as on a stage, where the layout of the view has no say
        made.resize(200, 200)
        QApplication.processEvents()
        window = made.plot.canvas.shown()
        assert made.width() == 200
        assert window.width > 50
        assert window.height > 25

    def test_fills_as_runs_finish(self, shown, view):
        history = history_for(view, done=20)
        made = shown(view, history)
        runs = history.facts["runs"]
        assert made.header.subtitle.toolTip().find(f"20 of {runs} runs") >= 0
        finish(history, range(20, runs))
        made.refresh()
        assert f"{runs} runs" in made.header.subtitle.toolTip()
        assert " of " not in made.header.subtitle.toolTip().partition(" runs")[0]

    def test_takes_another_sweep_and_the_one_before_it(self, shown, view):
        first = history_for(view)
        made = shown(view, first)
        made.begin(history_for(view, done=30), first)
        made.image(1.0)
        if view is SweepMap:
            made.begin(sweep(SCALE, WIDTH, SEED, done=30), first)
        made.image(1.0)

    def test_a_click_opens_the_run(self, shown, qtbot, view):
        made = shown(view, history_for(view))
        mark = 8
        with qtbot.waitSignal(made.open_requested) as asked:
            click(made, spot(made, mark))
        assert asked.args == [int(made.pointer.marks.run[mark])]

    def test_a_click_beside_everything_opens_nothing(self, shown, view):
        made = shown(view, history_for(view, done=30))
        asked = []
        made.open_requested.connect(asked.append)
        click(made, QPoint(int(made.plot.width()) - 3, made.plot.height() // 2))
        assert asked == []

    def test_hovering_tells_parameters_and_values(self, shown, view):
        made = shown(view, history_for(view))
        hover(made, spot(made, 3))
        assert made.pointer.current == 3
        assert made.selection.visible
        text = made.describe(made.history, 3)
        assert "α = " in text or "</i> = " in text
        assert "run" in text
        hover(made, QPoint(2, 2))
        assert made.pointer.current == -1
        assert not made.selection.visible

    def test_arrows_choose_and_enter_opens(self, shown, qtbot, view):
        made = shown(view, history_for(view))
        press(made, Qt.Key.Key_Right)
        first = made.pointer.current
        assert first >= 0
        press(made, Qt.Key.Key_Right)
        second = made.pointer.current
        px = made.pointer.marks.places(made.pointer.window)[0]
        assert px[second] > px[first]
        assert str(int(made.pointer.marks.run[second]) + 1) in made.accessibleDescription()
        press(made, Qt.Key.Key_Left)
        assert made.pointer.current == first
        with qtbot.waitSignal(made.open_requested) as asked:
            press(made, Qt.Key.Key_Return)
        assert asked.args == [int(made.pointer.marks.run[first])]

    def test_keys_it_has_no_use_for_go_on(self, shown, view):
        made = shown(view, history_for(view))
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
        event.accept()
        made.keyPressEvent(event)
        assert not event.isAccepted()

    def test_what_is_chosen_stays_chosen_while_runs_finish(self, shown, view):
        history = history_for(view, done=20)
        made = shown(view, history)
        made.pointer.point(4)
        key = made.pointer.marks.key[4]
        finish(history, range(20, 60))
        made.refresh()
        assert made.pointer.marks.key[made.pointer.current] == key

    def test_a_refresh_of_a_thousand_runs_is_quick(self, shown, view):
        many = {"name": "scale", "start": 1.0, "stop": 1e4, "count": 100, "spacing": "log"}
        axes = (many, {**WIDTH, "values": [16 * k for k in range(1, 11)]})
        options = SCATTER if view is SweepScatter else {}
        history = sweep(*(axes if view is SweepMap else (many, SEED)), **options)
        made = shown(view, history)
        assert history.facts["runs"] == 1000
        best = np.inf
        for _ in range(7):
            history.record_facts({})
            start = time.perf_counter()
            made.refresh()
            best = min(best, time.perf_counter() - start)
        assert best < 0.02  # 5 ms on a free machine


class TestCurves:
    def test_the_legend_tells_slope_error_and_theory(self, shown):
        made = shown(SweepCurves, sweep())
        first = made.header.legend.entries[0].text
        assert first.startswith("max ‖w − w<sub>0</sub>‖: slope −1.0")
        assert "±" in first
        assert first.endswith("theory −1")

    def test_the_slope_is_the_one_the_claims_are_checked_by(self, shown):
        from lazygui.claims.slopes import ASYMPTOTIC_SCALE, fit_of

        history = sweep(lost=(20,))
        made = shown(SweepCurves, history)
        for curve in made.curves:
            assert curve.fit == fit_of(history, curve.metric, ASYMPTOTIC_SCALE)

    def test_only_where_theory_has_a_slope_is_a_line_fitted(self, shown):
        made = shown(SweepCurves, sweep(SEED, metrics=("kappa",)))
        made.set_log_x(True)
        assert made.straight
        assert (made.curves[0].theory, made.curves[0].fit) == (None, None)
        made.set_fits_all(True)
        assert made.curves[0].fit is not None

    def test_the_menu_asks_for_lines(self, shown):
        made = shown(SweepCurves, sweep(SEED, metrics=("kappa",)))
        made.set_log_x(True)
        made.show_menu(QPoint(0, 0))
        action = made.findChild(QAction, "view-menu-fits")
        assert (action.isChecked(), action.isEnabled()) == (False, True)
        action.trigger()
        assert made.curves[0].fit is not None

    def test_seeds_are_not_joined_by_a_line(self, shown):
        made = shown(SweepCurves, sweep(SEED, metrics=("kappa",)))
        assert not made.curves[0].line.visible
        assert shown(SweepCurves, sweep()).curves[0].line.visible

    def test_theory_goes_through_the_last_point(self, shown):
        made = shown(SweepCurves, sweep())
        curve = made.curves[1]
        x, y = curve.theory_line.x, curve.theory_line.y
        assert curve.theory == -2
        assert x[0] == pytest.approx(10 ** (5 / 3))
        assert (x[-1], y[-1]) == pytest.approx((1e4, curve.groups.mean[-1]))
        assert y[-1] / y[0] == pytest.approx((x[-1] / x[0]) ** -2.0)

    def test_curves_differ_by_marker_and_dashes(self, shown):
        made = shown(SweepCurves, sweep(metrics=("max_displacement", "max_weight_gap", "kappa")))
        assert len({curve.symbol for curve in made.curves}) == 3
        assert len({tuple(curve.pen.dashPattern()) for curve in made.curves}) == 3
        assert len({curve.colour.name() for curve in made.curves}) == 3

    def test_a_second_axis_of_numbers_parts_the_curves(self, shown):
        made = shown(SweepCurves, sweep(SCALE, WIDTH, SEED))
        assert [made.family.values[c.place] for c in made.curves] == WIDTH["values"]
        assert {c.metric for c in made.curves} == {"max_displacement"}
        assert made.bar.isVisible()
        assert made.choice.isVisible()
        light = [luminance(c.colour) for c in made.curves]
        assert light == sorted(light)

    def test_another_quantity_can_be_chosen(self, shown):
        made = shown(SweepCurves, sweep(SCALE, WIDTH, SEED))
        made.choice.setCurrentIndex(1)
        made.choice.activated.emit(1)
        assert {c.metric for c in made.curves} == {"max_weight_gap"}
        level = [c.groups.mean[0] for c in made.curves]
        assert level == sorted(level, reverse=True)

    def test_few_values_are_named_in_the_legend(self, shown):
        few = {"name": "width", "values": [16, 64, 256]}
        made = shown(SweepCurves, sweep(SCALE, few, SEED))
        texts = [plain(entry.text) for entry in made.header.legend.entries]
        assert [text.partition(":")[0] for text in texts[:3]] == ["m = 16", "m = 64", "m = 256"]
        assert not made.bar.isVisible()

    def test_diverged_runs_are_marked_counted_and_left_out(self, shown):
        lost = (3, 16, 3 + 26)
        made = shown(SweepCurves, sweep(lost=lost))
        values = made.main.values
        assert made.diverged.x.tolist() == [values[3]]
        assert "3 diverged (×)" in made.subtitle(made.history)
        assert made.curves[0].groups.count[3] == 7
        mark = int(np.flatnonzero(made.pointer.marks.pinned)[0])
        assert made.pointer.marks.run[mark] == 3
        assert "diverged" in made.describe(made.history, mark)

    def test_a_click_on_a_mean_opens_the_run_nearest_to_it(self, shown):
        history = sweep()
        made = shown(SweepCurves, history)
        run = int(made.pointer.marks.run[5])
        near = history["max_displacement"][5::13]
        centre = np.exp(np.log(near).mean())
        assert run % 13 == 5
        assert abs(np.log(near[run // 13] / centre)) == np.abs(np.log(near / centre)).min()

    def test_earlier_results_are_drawn_behind_and_named(self, shown):
        history = sweep(done=13)
        full = sweep()
        history.facts["reference"] = {n: full[n] for n in ("scale", "seed", "max_displacement")}
        history.facts["reference_note"] = "50 seeds, m = 1000"
        made = shown(SweepCurves, history)
        assert len(made.curves[0].ghost.x) == 13
        assert len(made.curves[1].ghost.x) == 0
        assert "50 seeds, m = 1000" in [entry.text for entry in made.header.legend.entries]
        expected = np.exp(np.log(full["max_displacement"].reshape(10, 13)).mean(axis=0))
        np.testing.assert_allclose(made.curves[0].ghost.y, expected)

    def test_the_sweep_before_is_a_ghost_over_the_same_axis_only(self, shown):
        made = shown(SweepCurves, sweep(done=13), sweep())
        assert len(made.curves[0].ghost.x) == 13
        other = shown(SweepCurves, sweep(WIDTH, SEED), sweep())
        assert all(len(curve.ghost.x) == 0 for curve in other.curves)

    def test_linear_axes_have_no_slopes(self, shown):
        made = shown(SweepCurves, sweep())
        made.set_log_x(False)
        assert all(curve.fit is None for curve in made.curves)
        assert "slope" not in made.header.legend.entries[0].text

    def test_the_user_s_axes_outlive_a_new_run_of_the_same_sweep(self, shown):
        made = shown(SweepCurves, sweep())
        assert (made.log_x, made.log_y) == (True, True)
        made.set_log_y(False)
        made.begin(sweep(done=4))
        assert (made.log_x, made.log_y) == (True, False)
        made.begin(sweep(SEED, metrics=("kappa",)))
        assert (made.log_x, made.log_y) == (False, True)

    def test_an_axis_may_be_the_abscissa(self, shown):
        made = shown(SweepCurves, sweep(SCALE, WIDTH, SEED, abscissa="width"))
        assert (made.main.name, made.family.name) == ("width", "scale")
        assert made.pointer.marks.x.max() == 512


class TestScatter:
    def test_the_caption_tells_the_rank_correlation(self, shown):
        history = history_for(SweepScatter)
        made = shown(SweepScatter, history)
        from scipy.stats import spearmanr

        expected = spearmanr(history["kappa"], history["output_gap"]).statistic
        assert f"rank correlation {expected:.2f}" in made.subtitle(history)

    def test_dots_have_the_colours_of_the_first_axis(self, shown):
        made = shown(SweepScatter, history_for(SweepScatter))
        filled = [len(dots.x) for dots in made.dots._dots if len(dots.x)]
        assert filled == [10] * 13

    def test_diverged_runs_are_left_out(self, shown):
        made = shown(SweepScatter, history_for(SweepScatter, lost=(4, 9)))
        assert len(made.pointer.marks.run) == 128
        assert not {4, 9} & set(made.pointer.marks.run.tolist())


class TestMap:
    def test_cells_hold_the_means(self, shown):
        history = sweep(SCALE, WIDTH, SEED)
        made = shown(SweepMap, history)
        expected = np.exp(np.log(history["max_displacement"].reshape(10, 6, 13)).mean(axis=0))
        np.testing.assert_allclose(made.means.reshape(6, 13), expected)

    def test_unordered_values_stand_in_order(self, shown):
        mixed = {"name": "width", "values": [64, 16, 256]}
        history = sweep(SCALE, mixed, metrics=("max_weight_gap",))
        made = shown(SweepMap, history)
        first_column = made.means.reshape(3, 13)[:, 0]
        assert (np.diff(first_column) < 0).all()
        mark = int(
            np.flatnonzero((made.pointer.marks.row == 2) & (made.pointer.marks.column == 0))[0]
        )
        assert history.scenario.run(int(made.pointer.marks.run[mark])).width == 256
        assert "256" in made.describe(history, mark)

    def test_diverged_cells_are_crossed_and_told(self, shown):
        made = shown(SweepMap, sweep(SCALE, WIDTH, lost=(14,)))
        assert made.cells._crossed.sum() == 1
        assert made.cells._crossed[1, 1]
        assert "diverged" in made.describe(made.history, 14)

    def test_cells_where_some_diverged_are_struck(self, shown):
        made = shown(SweepMap, sweep(SCALE, WIDTH, SEED, lost=(14,)))
        assert made.cells._crossed.sum() == 0
        assert made.cells._struck[1, 1]

    def test_up_goes_to_the_larger_value(self, shown):
        made = shown(SweepMap, sweep(SCALE, WIDTH))
        made.pointer.point(0)
        press(made, Qt.Key.Key_Up)
        assert made.pointer.marks.row[made.pointer.current] == 1
        press(made, Qt.Key.Key_Down)
        press(made, Qt.Key.Key_Down)
        assert made.pointer.current == 0

    def test_the_colours_at_the_cells_are_viridis(self, shown):
        made = shown(SweepMap, sweep(SCALE, WIDTH))
        picture = made.plot.grab().toImage()
        for mark, name in ((0, "#fde725"), (12, "#440154")):
            place = spot(made, mark)
            assert picture.pixelColor(QPointF(place).toPoint()).name() == name

    def test_the_bar_tells_the_range(self, shown):
        made = shown(SweepMap, sweep(SCALE, WIDTH))
        assert made.bar.isVisible()
        assert "max ‖w − w₀‖" in made.bar.toolTip()


def test_a_real_sweep_can_be_drawn(shown):
    scenario = sweep(done=0).scenario
    axes = [{"name": "scale", "values": [1.0, 10.0, 100.0]}, {"name": "seed", "values": [0, 1]}]
    scenario = scenario.replace(axes=axes, width=16, steps=20, metrics=("max_weight_gap", "kappa"))
    simulation = build_simulation(scenario)
    history = History(scenario, simulation.columns, dict(simulation.facts))
    while simulation.outcome is None:
        history.append(simulation.advance(10))
    simulation.close()
    made = shown(SweepCurves, history)
    assert made.subtitle(history).startswith("6 runs")
    assert len(made.curves[0].groups.mean) == 3
    assert np.isfinite(made.curves[1].groups.mean).all()
