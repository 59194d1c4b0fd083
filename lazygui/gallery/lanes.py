"""Several demos at once: processes that make one demo after the other."""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from multiprocessing.connection import Connection

from lazygui.gallery.demo import failure, make_demo
from lazygui.gallery.record import Job, Record

PROCESSES = 2
TICK = 0.2  # seconds
GRACE = 30.0  # seconds


def serve(line: Connection) -> None:
    """The work of a process: make each demo sent and send its record, until told to stop.

    Shares of a demo go before its record. Whatever comes while a demo is being made, the end of
    the other process included, means: stop.
    """
    # Whoever started the process hears Ctrl-C and says so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def listen(share: float) -> None:
        if line.poll():
            raise KeyboardInterrupt
        line.send(float(share))

    with contextlib.suppress(EOFError, OSError):
        try:
            while (job := line.recv()) is not None:
                line.send(make_demo(job, listen))
        except KeyboardInterrupt:
            line.send(None)


class Lane:
    """A process that makes one demo at a time; if it dies, a new one takes its place."""

    def __init__(self) -> None:
        self.share = 0.0
        self._is_stopping = False
        self._start()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._line, other = spawn.Pipe()
        self._process = spawn.Process(target=serve, args=(other,))
        self._process.start()
        other.close()

    def make(self, job: Job) -> Record:
        """The record of a demo; a crash of the process makes it fail.

        Raises KeyboardInterrupt when the process was told to stop.
        """
        try:
            self._line.send(job)
            while isinstance(said := self._line.recv(), float):
                self.share = said
        except (EOFError, OSError):
            return self._replaced(job)
        finally:
            self.share = 0.0
        if not isinstance(said, Record):
            raise KeyboardInterrupt
        return said

    def _replaced(self, job: Job) -> Record:
        if self._is_stopping:
            raise KeyboardInterrupt
        self.end()
        self._line.close()
        self._start()
        return failure(job, "", "the process of the run died")

    def stop(self) -> None:
        """Tell it to end, in the midst of a demo if need be."""
        self._is_stopping = True
        with contextlib.suppress(OSError, ValueError):
            self._line.send(None)

    def end(self) -> None:
        """Wait until it has ended, and not for ever."""
        self._process.join(GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def made(jobs: Sequence[Job], tick: Callable[[float], None]) -> Iterator[Record]:
    """The records of the demos as they finish; `tick` hears how many are done, with fractions.

    An exception, as KeyboardInterrupt, ends the demos under way: they are not made.
    """
    lanes = [Lane() for _ in range(min(PROCESSES, len(jobs)))]
    idle: queue.SimpleQueue[Lane] = queue.SimpleQueue()
    for lane in lanes:
        idle.put(lane)
    threads = ThreadPoolExecutor(max(len(lanes), 1))
    finished = 0
    try:
        waiting = {threads.submit(_on_an_idle, idle, job) for job in jobs}
        while waiting:
            done, waiting = wait(waiting, TICK, FIRST_COMPLETED)
            finished += len(done)
            tick(finished + sum(lane.share for lane in lanes))
            yield from (future.result() for future in done)
    finally:
        for lane in lanes:
            lane.stop()
        for lane in lanes:
            lane.end()
        threads.shutdown(cancel_futures=True)


def _on_an_idle(idle: queue.SimpleQueue[Lane], job: Job) -> Record:
    lane = idle.get()
    try:
        return lane.make(job)
    finally:
        idle.put(lane)
