"""Memory is collected between frames, and given back."""

from __future__ import annotations

import ctypes
import gc
import platform
import subprocess
import sys
import weakref

import psutil
import pytest
from PySide6.QtCore import QObject

from lazygui.app import garbage

MIB = 2**20


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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc holds pages free")
def test_what_lies_free_under_something_younger_goes_back():
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.restype, libc.free.argtypes = None, [ctypes.c_void_p]
    size = 60_000
    blocks = [libc.malloc(size) for _ in range(64 * MIB // size)]
    for block in blocks:
        ctypes.memset(block, 1, size)
    for block in blocks[:-1]:
        libc.free(block)
    before = psutil.Process().memory_info().rss
    assert garbage.give_back()
    assert before - psutil.Process().memory_info().rss > 32 * MIB
    libc.free(blocks[-1])


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_a_c_library_without_it_is_left_alone(monkeypatch, error):
    class Library:
        def __init__(self, name):
            if error is not AttributeError:
                raise error

    monkeypatch.setattr(garbage.ctypes, "CDLL", Library)
    garbage._function.cache_clear()
    assert garbage.give_back() is False
    assert garbage.share_free_memory() is False
    garbage._function.cache_clear()


SHARED = """
import ctypes, threading
from lazygui.app import garbage
assert garbage.share_free_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
together = threading.Barrier(12)
arenas = set()
def allocate():
    together.wait()
    # An arena of a thread begins at a multiple of 64 MiB, and small blocks lie within it.
    arenas.add(libc.malloc(40_000) >> 26)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(arenas))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_their_memory():
    said = subprocess.run(
        [sys.executable, "-c", SHARED], capture_output=True, text=True, check=True
    )
    assert int(said.stdout) <= garbage.ARENAS
