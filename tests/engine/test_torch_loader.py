"""What loads behind the window."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lazygui.engine import torch_loader

ALONE = """
import sys
from pathlib import Path
from lazygui.engine.torch_loader import load_library
assert load_library()
assert "torch" not in sys.modules
mapped = lambda: {line.split()[-1] for line in open("/proc/self/maps") if "libtorch_cpu" in line}
before = mapped()
import torch
assert len(before) == 1 and mapped() == before
assert float((torch.ones(3) @ torch.ones(3))) == 3.0
print("whole")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_library_loads_without_torch_and_torch_takes_it():
    answer = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "whole", answer.stderr


UNHELD = """
import sys, threading, time
from lazygui.engine.torch_loader import load_library
ticks, going = [], True
def tick():
    while going:
        ticks.append(time.perf_counter())
        time.sleep(0.001)
thread = threading.Thread(target=tick)
thread.start()
start = time.perf_counter()
assert load_library()
took = time.perf_counter() - start
going = False
thread.join()
print(took, sum(tick > start for tick in ticks))
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the same elsewhere, at other times"
)
def test_other_threads_run_while_it_loads():
    answer = subprocess.run(
        [sys.executable, "-c", UNHELD], capture_output=True, text=True, check=True
    )
    took, ticks = answer.stdout.split()
    # Held, the interpreter would let none of them run; half of them is a very busy machine.
    assert int(ticks) > max(1, 0.1 * float(took) / 0.001)


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_where_it_cannot_be_loaded_torch_loads_as_ever(monkeypatch, error):
    class Library:
        def __init__(self, name):
            if error is not AttributeError:
                raise error

    monkeypatch.setattr(torch_loader.ctypes, "CDLL", Library)
    assert torch_loader.load_library() is False


def test_without_torch_there_is_nothing_to_load(monkeypatch):
    monkeypatch.setattr(torch_loader, "find_spec", lambda name: None)
    assert torch_loader.load_library() is False
