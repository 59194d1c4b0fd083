"""Roles and the viridis sequence."""

from __future__ import annotations

import numpy as np
import pytest

from lazygui.style import pens, themes
from lazygui.style.pens import Role


@pytest.mark.parametrize(
    ("place", "published"),
    [
        (0.0, (0.267004, 0.004874, 0.329415)),
        (0.5, (0.127568, 0.566949, 0.550556)),
        (1.0, (0.993248, 0.906157, 0.143936)),
    ],
)
def test_viridis_agrees_with_the_published_map(place, published):
    colour = pens.viridis(np.array([place]))[0]
    assert colour[:3] == pytest.approx(published, abs=0.01)
    assert colour[3] == 1.0


def test_viridis_grows_lighter_throughout():
    colours = pens.viridis(np.linspace(0, 1, 64))
    light = colours[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > 0).all()


@pytest.mark.parametrize("place", [np.nan, -5.0, 7.0, np.inf, -np.inf])
def test_viridis_survives_what_is_no_place(place):
    colour = pens.viridis(np.array([place]))
    assert ((colour >= 0) & (colour <= 1)).all()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_pen_a_brush_and_a_symbol(role):
    for theme in themes.THEMES.values():
        pen = pens.pen(theme, role)
        assert not pen.isCosmetic()
        assert pen.widthF() > 0
        assert pens.brush(theme, role).color().isValid()
        assert pens.symbol(role)


def test_theory_is_dash_dot_and_differs_from_the_linearization():
    theory = pens.pen(themes.LIGHT, Role.THEORY).dashPattern()
    assert len(theory) == 4
    assert theory != pens.pen(themes.LIGHT, Role.LINEARIZATION).dashPattern()


def test_each_ghost_belongs_to_its_own_colour():
    assert pens.ghost_of(Role.LINEARIZATION) is Role.GHOST_LINEARIZATION
    assert pens.ghost_of(Role.NETWORK) is Role.GHOST
    assert pens.ghost_of(Role.ITERATE) is Role.GHOST
