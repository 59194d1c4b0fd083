"""Drawings of views, and views as seen on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QImage

from lazygui.export import drawing as d
from lazygui.export.provenance import read_provenance
from lazygui.export.sizes import PRESETS
from lazygui.export.typeset import render
from lazygui.simulation.history import History
from lazygui.style import themes
from lazygui.views.as_seen import mounted, pdf_bytes, scaled
from lazygui.views.figures import ALONE, FigureSpec, prepare
from tests.views import histories
from tests.views.showing import CASES, IDS, KINDS, by_name

HEAT_MAPS = {
    "objective_2d": 1, "iterate_cloud": 1, "kernel_matrix": 4, "loss_slice": 1, "sweep_map": 1,
}  # fmt: skip
"""Views that may hold images, and how many: maps of a plane, and three matrices with their bar."""


def made(kind: str, name: str, theme: themes.Theme = themes.LIGHT):
    """A view that was never shown, with its run."""
    view = by_name(name)(theme)
    view.begin(KINDS[kind]())
    return view


def colours(drawing: d.Drawing) -> set[str]:
    found = {item.stroke.colour for item in drawing.items if hasattr(item, "stroke")}
    return found | {item.colour for item in drawing.items if isinstance(item, d.Points | d.Area)}


@pytest.mark.parametrize(("kind", "view"), CASES, ids=IDS)
class TestEveryView:
    def test_is_drawn_in_full_and_typeset(self, qtbot, kind, view):
        source = made(kind, view.name)
        qtbot.addWidget(source)
        figure = prepare([(source, ALONE)], FigureSpec("svg")).picture
        assert isinstance(figure, d.Drawing)
        assert len(figure.items) >= 1
        spans = [*figure.x.span, *figure.y.span]
        assert np.isfinite(spans).all()
        ElementTree.fromstring(render(figure, "svg", PRESETS["beamer"].size))

    def test_as_seen_is_a_pdf_of_vectors_twice_the_same(self, qtbot, kind, view):
        source = made(kind, view.name)
        qtbot.addWidget(source)
        spec = FigureSpec("pdf", typeset=False)
        data = prepare([(source, ALONE)], spec).finish()
        assert data.startswith(b"%PDF")
        assert b"/FontFile2" in data
        assert data.count(b"/Subtype /Image") <= HEAT_MAPS.get(view.name, 0)
        assert b"/DCTDecode" not in data
        assert prepare([(source, ALONE)], spec).finish() == data

    def test_a_run_without_rows_is_drawn(self, shown, kind, view):
        full = KINDS[kind]()
        source = shown(view, History(full.scenario, full.columns, full.facts))
        assert isinstance(source.drawing(), d.Drawing)


def test_a_drawing_says_what_the_view_shows(shown):
    history = histories.lazy(rows=1500)
    view = shown(by_name("training_loss"), history)
    figure = view.drawing()
    window = view.plot.canvas.shown()
    assert (figure.x.span, figure.y.span) == (window.x, window.y)
    assert (figure.x.log, figure.y.log) == (True, True)
    assert [entry.text for entry in figure.legend] == [
        entry.text for entry in view.header.legend.entries
    ]
    top = figure.items[-1]
    assert isinstance(top, d.Curve)
    assert top.stroke.colour == themes.LIGHT.network
    assert top.stroke.dashes == ()
    assert figure.items[-2].stroke.dashes == (5.0, 3.0)
    # A log axis has no place for t = 0, but for all that comes after.
    shown_there = top.x > 0.0
    assert top.y[shown_there].min() == history["loss"].min()
    assert top.x[-1] == history["time"][-1]


def test_a_drawing_keeps_the_peaks_of_a_long_run_and_stays_small(shown):
    rows = 15_000
    history = histories.lazy(rows=4)
    x = np.arange(5.0, 5.0 + rows)
    columns = histories.lazy_columns(x)
    noise = np.random.default_rng(0).uniform(0.1, 1.0, rows)
    noise[7777], noise[12345] = 1e-7, 1e4
    columns["loss"] = noise
    histories.append(history, columns)
    view = shown(by_name("training_loss"), history)
    view.set_log_x(False)
    curve = view.drawing().items[-1]
    assert len(curve.x) < rows / 4
    assert {1e-7, 1e4} <= set(curve.y.tolist())
    for form in ("pdf", "svg"):
        assert len(render(view.drawing(), form, PRESETS["columns"].size)) < 300_000


def test_what_is_drawn_does_not_change_with_the_run(shown):
    history = histories.lazy(rows=50)
    view = shown(by_name("training_loss"), history)
    figure = view.drawing()
    before = [item.y.copy() for item in figure.items]
    histories.append(history, histories.lazy_columns(np.arange(50.0, 90.0)))
    view.redraw()
    for item, values in zip(figure.items, before, strict=True):
        np.testing.assert_array_equal(item.y, values)


@pytest.mark.parametrize("background", ["light", "dark"])
def test_colours_are_those_of_the_theme(qtbot, background):
    source = made("lazy", "outputs")
    qtbot.addWidget(source)
    theme = themes.THEMES[background]
    figure = prepare([(source, ALONE)], FigureSpec(background=background)).picture
    assert {theme.network, theme.linearization, theme.data} <= colours(figure)
    assert figure.palette.ground == theme.surface


def test_the_users_choices_are_taken_over(shown):
    source = shown(by_name("training_loss"), KINDS["lazy"]())
    source.set_log_x(False)
    source.set_time(False)
    source.plot.box.setRange(xRange=(10.0, 60.0), yRange=(-2.5, -0.5), padding=0)
    source.plot._taken_over()
    figure = prepare([(source, ALONE)], FigureSpec()).picture
    assert figure.x.span == pytest.approx((10.0, 60.0))
    assert figure.y.span == pytest.approx((-2.5, -0.5))
    assert not figure.x.log
    assert "step" in figure.x.label


def test_the_chosen_quantity_of_a_sweep_is_taken_over(shown):
    source = shown(by_name("sweep_map"), KINDS["sweep over two"]())
    last = source.choice.count() - 1
    source.choice.setCurrentIndex(last)
    source.choice.activated.emit(last)
    bar = prepare([(source, ALONE)], FigureSpec()).picture.bar
    assert bar is not None
    assert bar.label == source.bar.label


def test_type_and_lines_grow_with_the_type_asked_for(qtbot):
    source = made("lazy", "training_loss")
    qtbot.addWidget(source)
    widths = []
    for font in (8.0, 24.0):
        spec = FigureSpec(size=replace(PRESETS["poster"].size, font=font))
        widths.append(prepare([(source, ALONE)], spec).picture.items[-1].stroke.width)
    assert widths[1] == pytest.approx(3 * widths[0])


def test_cells_of_a_matrix_are_one_pixel_each(qtbot):
    history = histories.lazy(rows=50)
    source = by_name("kernel_matrix")(themes.LIGHT)
    qtbot.addWidget(source)
    source.begin(history)
    first = prepare([(source, ALONE)], FigureSpec()).picture.items[0]
    assert isinstance(first, d.Image)
    assert first.rgba.shape == (12, 12, 4)
    assert not first.smooth


def test_the_stage_is_one_figure_in_a_grid(qtbot):
    places = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2))
    sources = [
        (made("lazy", name), place)
        for name, place in zip(("outputs", "training_loss", "neurons"), places, strict=True)
    ]
    for source, _ in sources:
        qtbot.addWidget(source)
    sheet = prepare(sources, FigureSpec(size=PRESETS["poster"].size)).picture
    assert isinstance(sheet, d.Sheet)
    assert sheet.shape == (2, 2)
    assert [place for _, place in sheet.panels] == list(places)
    assert len({drawing.title for drawing, _ in sheet.panels}) == 3


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_a_figure_as_seen_leads_back_to_its_run(qtbot, form, tmp_path):
    source = made("lazy", "outputs")
    qtbot.addWidget(source)
    figure = prepare([(source, ALONE)], FigureSpec(form, typeset=False))
    path = tmp_path / f"seen.{form}"
    path.write_bytes(figure.finish())
    assert read_provenance(path) == figure.provenance


def test_a_figure_as_seen_has_the_size_asked_for(qtbot):
    source = made("lazy", "outputs")
    qtbot.addWidget(source)
    size = PRESETS["column"].size
    pdf = prepare([(source, ALONE)], FigureSpec("pdf", size, typeset=False)).finish()
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf)
    assert float(box[1]) == pytest.approx(86 / 25.4 * 72, abs=0.8)
    assert float(box[2]) == pytest.approx(60 / 25.4 * 72, abs=0.8)
    png = prepare([(source, ALONE)], FigureSpec("png", size, typeset=False)).finish()
    picture = QImage.fromData(png)
    assert abs(picture.width() - 86 / 25.4 * 300) < 4
    assert picture.dotsPerMeterX() == round(300 / 0.0254)


def test_a_transparent_figure_as_seen_has_no_ground(qtbot):
    source = made("lazy", "outputs")
    qtbot.addWidget(source)
    for background, alpha in (("light", 255), ("transparent", 0)):
        spec = FigureSpec("png", background=background, typeset=False)
        picture = QImage.fromData(prepare([(source, ALONE)], spec).finish())
        middle = picture.width() // 2
        assert picture.pixelColor(middle, picture.height() - 30).alpha() == alpha


def test_nothing_to_click_is_on_a_figure(qtbot):
    source = made("sweep over two", "sweep_map")
    qtbot.addWidget(source)
    theme = scaled(themes.LIGHT, 9.0)
    mount = mounted([(source, ALONE)], theme, 529, 265)
    qtbot.addWidget(mount)
    view = mount.views[0]
    assert not view.choice.isVisible()
    assert pdf_bytes(mount, None).startswith(b"%PDF")
    mount.drop()


@pytest.mark.parametrize(
    ("spec", "word"),
    [(FigureSpec("gif"), "pdf, svg, pgf, eps, png"), (FigureSpec("svg", typeset=False), "pdf, png"),
     (FigureSpec(background="pink"), "light, dark, transparent")],
)  # fmt: skip
def test_what_there_is_not_is_refused_with_what_there_is(spec, word):
    with pytest.raises(ValueError, match=word):
        spec.check()
