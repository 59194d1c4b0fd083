"""Memory is collected between frames, and given back."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QObject

from lazygui.app import garbage


class Ring:
    """Holds itself, so only the cyclic collection frees it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qapp):
    parent = QObject()
    collector = garbage.GarbageCollector(parent)
    collector.start()
    yield collector
    collector.stop()
    parent.deleteLater()


def test_rings_go_with_the_collector_and_not_without(collector):
    assert not gc.isenabled()
    seen = weakref.ref(Ring())
    assert seen() is not None
    collector.collect()
    assert seen() is None


def test_the_automatic_collection_comes_back(qapp):
    parent = QObject()
    collector = garbage.GarbageCollector(parent)
    collector.start()
    collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_free_memory_is_given_back_with_each_full_collection(collector, monkeypatch):
    given = []
    monkeypatch.setattr(garbage, "give_back", lambda: given.append(True))
    for _ in range(2 * garbage.FULL_EVERY):
        collector.collect()
    assert len(given) == 2
