"""Several jobs at once, each in a process of its own; one that dies takes no other job with it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Listen = Callable[[float], None]
"""Hears which share of a job is done; what it raises, as KeyboardInterrupt, ends the job."""
Work = Callable[[Job, Listen], Result]
"""A job's work: a function of a module, with a result that can be sent to another process."""

PROCESSES = 2
ATTEMPTS = 2
TICK = 0.2  # seconds
GRACE = 30.0  # seconds
DIED = "its process died, and died again when the run was repeated"


@dataclass(frozen=True)
class Failure:
    """A job without a result; `reason` is the sentence for the user."""

    reason: str


@dataclass(frozen=True)
class _Answer:
    """What a process says at the end of a job."""

    result: Any


class _Stopped:
    """What a process that was told to stop says in the place of an answer."""


def serve(line: Connection, work: Work[Job, Result]) -> None:
    """The life of a process: do each job sent and send its result, until told to stop.

    Shares of a job go before its result. Whatever comes while one is being done, the end of the
    other process included, means: stop.
    """
    # Whoever started the process hears Ctrl-C and says so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def listen(share: float) -> None:
        if line.poll():
            raise KeyboardInterrupt
        line.send(float(share))

    with contextlib.suppress(EOFError, OSError):
        while (job := line.recv()) is not None:
            try:
                line.send(_Answer(_done(work, job, listen)))
            except KeyboardInterrupt:
                line.send(_Stopped())
                return


def _done(work: Work[Job, Result], job: Job, listen: Listen) -> Result | Failure:
    try:
        return work(job, listen)
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}".rstrip(": "))


class Lane(Generic[Job, Result]):
    """A process that does one job at a time; if it dies, a new one takes its place.

    `index` is the number of the job under way, −1 for none; `share` is how much of it is done.
    """

    def __init__(self, work: Work[Job, Result]) -> None:
        self._work = work
        self.index, self.share = -1, 0.0
        self._job: Job | None = None
        self._attempts = 0
        self._start()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.line, other = spawn.Pipe()
        self.process = spawn.Process(target=serve, args=(other, self._work))
        with _deaf():
            self.process.start()
        other.close()

    def give(self, index: int, job: Job) -> None:
        """Begin a job."""
        self.index, self._job, self._attempts = index, job, 0
        self._attempt()

    def _attempt(self) -> None:
        self._attempts += 1
        self.share = 0.0
        # One that has died says so when it is heard.
        with contextlib.suppress(OSError):
            self.line.send(self._job)

    def hear(self) -> Iterator[tuple[int, Result | Failure]]:
        """Take what the process says; yields the number and the result of a job that has ended.

        Raises KeyboardInterrupt when the process was stopped by somebody else.
        """
        try:
            said = self.line.recv()
        except (EOFError, OSError):
            said = self._replaced()
        if isinstance(said, _Stopped):
            raise KeyboardInterrupt
        if isinstance(said, float):
            self.share = said
        elif said is not None:
            index, self.index, self.share, self._job = self.index, -1, 0.0, None
            yield index, said.result

    def _replaced(self) -> _Answer | None:
        """Go on after a death: the same job once more, or word of its failure."""
        self.end()
        self._start()
        if self._attempts == ATTEMPTS:
            return _Answer(Failure(DIED))
        self._attempt()
        return None

    def stop(self) -> None:
        """Tell it to end, in the midst of a job if need be."""
        with contextlib.suppress(OSError, ValueError):
            self.line.send(None)

    def end(self) -> None:
        """Wait until it has ended, and not for ever."""
        try:
            self.process.join(GRACE)
        finally:
            if self.process.is_alive():
                self.process.kill()
                self.process.join()
            self.line.close()


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """What is started in here never hears Ctrl-C, not even while it loads."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def finished(
    jobs: Sequence[Job], work: Work[Job, Result], tick: Listen | None = None
) -> Generator[tuple[int, Result | Failure], None, None]:
    """The number and the result of each job as they finish; `tick` hears how many have, with
    fractions.

    A job that raises is a Failure, and so is one whose process dies twice. An exception of the
    reader or of `tick`, as KeyboardInterrupt, ends the jobs under way.
    """
    waiting = deque(enumerate(jobs))
    lanes: list[Lane[Job, Result]] = []
    count = 0
    try:
        while count < len(jobs):
            _fill(lanes, waiting, work)
            for result in _heard(lanes):
                count += 1
                yield result
            if tick is not None:
                tick(count + sum(lane.share for lane in lanes))
    finally:
        _close(lanes)


def _fill(
    lanes: list[Lane[Job, Result]], waiting: deque[tuple[int, Job]], work: Work[Job, Result]
) -> None:
    """Give each idle process a job, and start processes while there are jobs for them."""
    while len(lanes) < min(PROCESSES, len(lanes) + len(waiting)):
        lanes.append(Lane(work))
        lanes[-1].give(*waiting.popleft())
    for lane in lanes:
        if lane.index < 0 and waiting:
            lane.give(*waiting.popleft())


def _heard(lanes: Sequence[Lane[Job, Result]]) -> Iterator[tuple[int, Result | Failure]]:
    """The jobs that have ended within a tick."""
    ready = wait([lane.line for lane in lanes if lane.index >= 0], TICK)
    for lane in lanes:
        if lane.line in ready:
            yield from lane.hear()


def _close(lanes: Sequence[Lane[Job, Result]]) -> None:
    """End all processes: those at work first hear of it, then each is waited for."""
    for lane in lanes:
        lane.stop()
    for lane in lanes:
        lane.end()


def in_order(
    results: Generator[tuple[int, Result | Failure], None, None],
) -> Iterator[Result | Failure]:
    """The results in the order of their jobs, as soon as each and those before it are there."""
    held: dict[int, Result | Failure] = {}
    following = 0
    with contextlib.closing(results):
        for index, result in results:
            held[index] = result
            while following in held:
                yield held.pop(following)
                following += 1
