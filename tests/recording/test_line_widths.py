"""A line has the same width relative to the picture, in films and in figures as seen."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from lazygui.export.sizes import size_of
from lazygui.recording.composer import Composer
from lazygui.recording.film import Film
from lazygui.recording.heading import Texts
from lazygui.recording.script import Look
from lazygui.simulation.history import History
from lazygui.style import pens, themes
from lazygui.style.pens import Role
from lazygui.views.figures import ALONE, FigureSpec, prepare
from tests.recording.films import colours
from tests.views.histories import descent
from tests.views.showing import by_name

pytestmark = pytest.mark.usefixtures("qapp")

STREAM = rb"FlateDecode\s*>>\s*stream\r?\n(.*?)\r?\nendstream"


def level() -> History:
    """A run whose distance to the minimizer stays the same: the rate is as small as can be."""
    return descent(rows=50, rate=1e-12)


def thickness(picture: QImage) -> float:
    """Pixels of a level line in the colour of the iterates, wherever its edges lie.

    In each column the shares of the colour over the surface are added up; what counts is the
    middle one of many columns.
    """
    shown = colours(picture)
    surface, line = (
        np.array(QColor(colour).getRgb()[:3], dtype=float)
        for colour in (themes.LIGHT.surface, pens.colour(themes.LIGHT, Role.ITERATE))
    )
    rows, columns = shown.shape[:2]
    part = shown[int(0.3 * rows) : int(0.8 * rows), int(0.3 * columns) : int(0.9 * columns)]
    shares = (part - surface) @ (line - surface) / ((line - surface) @ (line - surface))
    return float(np.median(shares.sum(axis=0)))


def seen(scale: float, form: str = "png") -> bytes:
    """A figure as seen with so many pixels per pixel of the screen."""
    source = by_name("distance")(themes.LIGHT)
    source.begin(level())
    size = replace(size_of(480, 320, "px"), dots=96.0 * scale)
    data = prepare([(source, ALONE)], FigureSpec(form, size, typeset=False)).finish()
    source.deleteLater()
    return data


def filmed(scale: float) -> QImage:
    """A frame of a film of this view alone."""
    film = Film(width=round(640 * scale), height=round(360 * scale), views=("distance",))
    composer = Composer(film, Texts("", "", "", "", ""))
    composer.begin(level(), None, [Look("distance")])
    composer.refresh()
    picture = composer.image()
    composer.close()
    composer.deleteLater()
    return picture


def width_in(pdf: bytes, colour: QColor) -> float:
    """The width set for strokes of a colour in pixels of the screen, of which the page is made."""
    operators = b"".join(
        zlib.decompressobj().decompress(part) for part in re.findall(STREAM, pdf, re.DOTALL)
    ).decode("latin-1")
    assert re.match(r"[^\n]*\n0\.750* 0 0 -0\.750* 0 [\d.]+ cm", operators)
    number = r"(\d+(?:\.\d+)?)"
    strokes = re.findall(rf"{number} {number} {number} SCN\n{number} w", operators)
    wanted = np.array(colour.getRgbF()[:3])
    (found,) = {float(w) for *rgb, w in strokes if np.allclose(np.float64(rgb), wanted, atol=2e-3)}
    return found


def test_a_line_of_a_figure_as_seen_is_three_times_as_thick_at_three_times_the_size():
    one, three = (thickness(QImage.fromData(seen(scale))) for scale in (1.0, 3.0))
    assert three / one == pytest.approx(3.0, abs=0.5)


def test_a_line_of_a_film_is_three_times_as_thick_at_three_times_the_size():
    one, three = (thickness(filmed(scale)) for scale in (1.0, 3.0))
    assert three / one == pytest.approx(3.0, abs=0.5)


def test_a_line_of_a_pdf_is_as_thick_as_on_the_screen():
    shade = pens.colour(themes.LIGHT, Role.ITERATE)
    assert width_in(seen(1.0, "pdf"), shade) == pytest.approx(
        thickness(QImage.fromData(seen(1.0))), rel=0.05
    )
