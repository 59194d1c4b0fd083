"""Memory that was freed is used again, or goes back."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys

import psutil
import pytest

from lazygui import memory

MIB = 2**20


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
    assert memory.give_back()
    assert before - psutil.Process().memory_info().rss > 32 * MIB
    libc.free(blocks[-1])


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_a_c_library_without_it_is_left_alone(monkeypatch, error):
    class Library:
        def __init__(self, name):
            if error is not AttributeError:
                raise error

    monkeypatch.setattr(memory.ctypes, "CDLL", Library)
    memory._function.cache_clear()
    assert memory.give_back() is False
    assert memory.share_free_memory() is False
    assert memory.keep_free_memory.__wrapped__() is False
    memory._function.cache_clear()


SHARED = """
import ctypes, threading
from lazygui import memory
assert memory.share_free_memory()
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
    assert int(said.stdout) <= memory.ARENAS


REUSED = """
import resource
import numpy as np
from lazygui import memory
first, second = np.zeros(90_000), np.ones(90_000)
def faults():
    for _ in range(20): first * second + first
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(100): first * second + first
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
usual = faults()
assert memory.keep_free_memory()
print(usual, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has the thresholds")
def test_arrays_come_from_memory_that_was_freed():
    said = subprocess.run(
        [sys.executable, "-c", REUSED], capture_output=True, text=True, check=True
    )
    usual, kept = map(int, said.stdout.split())
    assert kept <= 50
    assert usual == 0 or kept < usual
