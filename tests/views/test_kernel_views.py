"""The tangent kernel, its spectrum and drift, the Taylor error and the heuristic."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF

from lazygui.simulation.history import Frame, History
from lazygui.style import fonts, pens, themes
from lazygui.views.heuristic import at
from tests.views import histories
from tests.views.showing import by_name, paint


def more(history: History, frame: Frame, **columns: np.ndarray) -> None:
    """Hand the history one row more, with these columns in place of the usual ones."""
    step = float(frame.step)
    rows = histories.lazy_columns(np.arange(step, step + 1)) | columns
    histories.append(history, rows, (frame,))


class TestKernelMatrix:
    def test_all_three_share_one_range_of_colours(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("kernel_matrix"), history)
        limit = history.facts["infinite_width_kernel"]
        start = history.frames[0].arrays["kernel"]
        low, high = min(limit.min(), start.min()), max(limit.max(), start.max())
        now = history.now.arrays["kernel"]
        room = 0.1 * (high - low)
        above = max(np.ceil((now.max() - high) / room), 0) * room
        low -= max(np.ceil((low - now.min()) / room), 0) * room
        assert [word.text for word in view.numbers] == [
            f"{v:.2g}".replace("-", "−") for v in (low, (low + high + above) / 2, high + above)
        ]
        # The first sample at the top left: its cell has the colour of Θ(1, 1).
        corner = view.pictures[0].image.pixelColor(3, 3)
        red, green, blue, _ = pens.viridis((now[0, 0] - low) / (high + above - low))
        expected = QColor.fromRgbF(float(red), float(green), float(blue))
        for channel in ("red", "green", "blue"):
            assert getattr(corner, channel)() == pytest.approx(getattr(expected, channel)(), abs=2)

    def test_without_a_limit_its_square_is_left_out(self, shown):
        history = histories.lazy(rows=100)
        del history.facts["infinite_width_kernel"], history.facts["kernel_error"]
        view = shown(by_name("kernel_matrix"), history)
        assert not view.pictures[2].visible
        assert view.pictures[1].visible
        paint(view)

    def test_a_kernel_that_is_not_finite_is_not_drawn(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("kernel_matrix"), history)
        before = view.pictures[0].image
        broken = dict(history.now.arrays) | {"kernel": np.full((12, 12), np.nan)}
        more(history, Frame(100, broken))
        view.refresh()
        assert view.pictures[0].image is before

    @pytest.mark.parametrize("size", [(230, 180), (420, 320), (700, 240), (300, 600)])
    @pytest.mark.parametrize("theme", ["light", "projector"])
    def test_every_word_is_inside_the_plot_whatever_its_shape(self, shown, size, theme):
        view = shown(by_name("kernel_matrix"), histories.lazy(rows=100))
        view.set_theme(themes.THEMES[theme])
        view.resize(*size)
        paint(view)
        window = view.plot.canvas.shown()
        metrics = QFontMetricsF(fonts.font(view.theme, fonts.Size.SMALL))
        for word in (*view.words, *view.numbers):
            (x,), (y,) = window.pixels(np.array([word.x]), np.array([word.y]))
            ink = metrics.tightBoundingRect(word.text)
            if word.beside:
                ink.moveCenter(QPointF(x + 6.0 + ink.width() / 2, y))
            else:
                ink.moveBottomLeft(QPointF(x, y))
            assert ink.left() >= -1.0, word.text
            assert ink.right() <= window.width, word.text
            assert ink.top() >= 0.0, word.text
            assert ink.bottom() <= window.height, word.text

    def test_a_name_that_would_cover_the_bar_is_shortened(self, shown):
        view = shown(by_name("kernel_matrix"), histories.lazy(rows=100))
        view.resize(700, 500)
        paint(view)
        assert view.words[2].text == "infinite width"
        view.resize(230, 180)
        paint(view)
        assert view.words[2].text == "m → ∞"

    def test_samples_are_sorted_along_the_line(self, shown):
        history = histories.lazy(rows=50)
        shuffled = np.random.default_rng(0).permutation(12)
        coordinates = np.asarray(history.facts["sample_coordinates"])
        history.facts["sample_coordinates"] = coordinates[shuffled]
        view = shown(by_name("kernel_matrix"), history)
        assert np.array_equal(view._order, np.argsort(shuffled))


class TestSpectrum:
    def test_lines_are_the_eigenvalues_and_the_level_is_two_over_the_rate(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("kernel_spectrum"), history)
        values = history["kernel_eigenvalues"]
        for k, trace in enumerate(view.traces.values()):
            assert np.array_equal(trace.y, values[:, k])
        assert view.level.value == 2.0 / history.scenario.learning_rate

    def test_rounding_is_not_drawn(self, shown):
        history = histories.lazy(rows=100)
        tiny = np.geomspace(0.8, 1e-18, 10)[None]
        more(history, Frame(100, history.now.arrays), kernel_eigenvalues=tiny)
        view = shown(by_name("kernel_spectrum"), history)
        last = [trace.y[-1] for trace in view.traces.values()]
        assert np.isnan(last[-1])
        assert np.isfinite(last[0])


class TestTaylor:
    def test_the_guide_has_slope_two_and_the_place_is_the_displacement(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("taylor"), history)
        assert np.array_equal(view.errors.y, history.facts["taylor_errors"])
        slope = np.polyfit(np.log(view.guide.x), np.log(view.guide.y), 1)[0]
        assert slope == pytest.approx(2.0)
        assert view.place.value == history.latest("displacement")
        assert np.isnan(view.kink.value)

    def test_the_facts_may_come_later(self, shown):
        history = histories.lazy(rows=100)
        facts = {name: history.facts.pop(name) for name in list(history.facts) if "taylor" in name}
        view = shown(by_name("taylor"), history)
        paint(view)
        assert len(view.errors.x) == 0
        history.record_facts(facts | {"taylor_kink": 0.5})
        view.refresh()
        assert len(view.errors.x) == 25
        assert view.kink.value == 0.5


class TestHeuristic:
    def test_dots_stand_on_the_curves_at_the_rate_in_force(self, shown):
        history = histories.lazy(rows=100)
        view = shown(by_name("heuristic"), history)
        for share, curve, dots in zip((0.1, 0.004, 0.001), view.curves, view.dots, strict=True):
            assert np.array_equal(curve.x, history.facts["heuristic_rates"])
            assert dots.x.tolist() == [0.5]
            assert dots.y[0] == pytest.approx(0.5 * share)

    def test_beyond_the_ends_the_curve_goes_on_straight(self):
        rates, values = np.array([0.1, 1.0]), np.array([0.02, 0.2])
        for rate in (0.01, 0.3, 5.0):
            assert at(rate, rates, values) == pytest.approx(0.2 * rate)

    def test_only_for_the_square_loss(self):
        history = histories.lazy(rows=10)
        assert by_name("heuristic").suits(history)
        history.scenario = history.scenario.replace(loss="logistic")
        assert not by_name("heuristic").suits(history)


class TestDrift:
    def test_the_balance_is_drawn_for_relu_only(self, shown):
        history = histories.lazy(rows=50)
        assert "balance_drift" not in shown(by_name("kernel_drift"), history).traces
        assert "kernel_drift" in shown(by_name("kernel_drift"), history).traces


class TestNeurons:
    def test_the_teacher_has_a_colour_that_no_neuron_has(self, shown):
        view = shown(by_name("neurons"), histories.lazy(rows=50))
        neurons = {view.positive.colour.name(), view.negative.colour.name()}
        assert len(neurons) == 2
        assert view.positive.symbol != view.negative.symbol
        assert {arrow.pen.color().name() for arrow in view.teachers} & neurons == set()

    def test_the_range_frames_most_neurons_and_lets_one_run_away(self, shown):
        history = histories.lazy(rows=100)
        arrays = dict(history.now.arrays)
        places = arrays["neurons"].copy()
        places[0] = (500.0, 0.0)
        more(history, Frame(100, arrays | {"neurons": places}))
        view = shown(by_name("neurons"), history)
        low, high = view.plot.box.viewRange()[1]
        inside = (np.abs(places) < high).all(axis=1)
        assert inside[1:].mean() >= 0.9
        assert not inside[0]
        assert low == pytest.approx(-high)


class TestLossOfACatapult:
    def test_a_diverging_linearization_does_not_press_the_network_flat(self, shown):
        history = histories.lazy(rows=100)
        arrays, rows = history.now.arrays, histories.lazy_columns(np.arange(100.0, 101.0))
        histories.append(history, rows | {"loss_linearized": np.array([1e250])},
                         (Frame(100, arrays),))  # fmt: skip
        view = shown(by_name("training_loss"), history)
        low, high = view.plot.box.viewRange()[1]
        top = np.log10(history["loss"].max())
        assert top < high < top + 6.0
        assert low < np.log10(history["loss"].min())
