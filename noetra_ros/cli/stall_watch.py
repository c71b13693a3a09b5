"""Tells when the machine itself stood still: on each core a most urgent watcher wants to wake every 2 ms."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType

PERIOD_S = 0.002
LEAST_S = 0.008  # what is called a stall: a command of 100 Hz is missed, or nearly
PRIORITY = 80  # of 99: before every node, behind the kernel's own threads


@dataclass(frozen=True)
class Stall:
    """A time in which a core served nobody: a virtual machine whose processor was lent to another.

    Attributes:
        begin_ns, end_ns: monotonic clock.
    """

    begin_ns: int
    end_ns: int


class StallWatch:
    """Watches while it is entered. `stalls` is complete after the exit.

    Attributes:
        stalls: in the order in which they ended.
        is_granted: the system grants real-time urgency; without it nothing can be told and `stalls` is empty.
    """

    def __init__(self) -> None:
        self.stalls: list[Stall] = []
        self.is_granted = True
        self._watchers: list[tuple[multiprocessing.process.BaseProcess, Connection]] = []

    def __enter__(self) -> StallWatch:
        context = multiprocessing.get_context("spawn")
        for core in sorted(os.sched_getaffinity(0)):
            ours, theirs = context.Pipe()
            process = context.Process(target=_watch, args=(core, theirs), daemon=True)
            process.start()
            self._watchers.append((process, ours))
        granted = [pipe.recv() for _, pipe in self._watchers]  # every pipe is read
        self.is_granted = all(granted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process, pipe in self._watchers:
            pipe.send(None)
            self.stalls += [Stall(*stall) for stall in pipe.recv()]
            process.join()
        self.stalls.sort(key=lambda stall: stall.end_ns)

    def within(self, begin_ns: int, end_ns: int) -> list[Stall]:
        """Stalls that overlap a time."""
        return [stall for stall in self.stalls if stall.begin_ns < end_ns and stall.end_ns > begin_ns]


def _watch(core: int, pipe: Connection) -> None:
    """In a process of its own: says whether it is urgent, watches until told to end, says what it saw."""
    os.sched_setaffinity(0, {core})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except OSError:
        pipe.send(False)
        pipe.recv()
        pipe.send([])
        return
    pipe.send(True)
    stalls, before_ns = [], time.monotonic_ns()
    while not pipe.poll():
        time.sleep(PERIOD_S)
        now_ns = time.monotonic_ns()
        if now_ns - before_ns > (LEAST_S + PERIOD_S) * 1e9:
            stalls.append((before_ns + round(PERIOD_S * 1e9), now_ns))
        before_ns = now_ns
    pipe.recv()
    pipe.send(stalls)
