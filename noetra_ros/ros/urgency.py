"""How urgent the threads of this process are to the scheduler, and what would hold them up."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def raise_process(niceness: int) -> None:
    """Urgency of every thread of this process, those of DDS included, and of those that they start.

    Args:
        niceness: below 0 asks for round-robin real-time scheduling at that priority (low beside drivers, but
            before all that has none), or for the nice value where the system grants no real time (rtprio).
    """
    threads = [int(entry.name) for entry in os.scandir("/proc/self/task")]
    for thread in threads:
        _raise_thread(thread, niceness)


def raise_thread(niceness: int) -> None:
    """Urgency of this thread alone; see `raise_process`."""
    _raise_thread(threading.get_native_id(), niceness)


def lower_thread() -> None:
    """This thread is no more urgent than other programs: for work that may wait, in an urgent process."""
    thread = threading.get_native_id()
    with contextlib.suppress(OSError):
        os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
        if os.getpriority(os.PRIO_PROCESS, thread) < 0:  # who was started with less urgency keeps that
            os.setpriority(os.PRIO_PROCESS, thread, 0)


def is_real_time_granted(niceness: int) -> bool:
    """This user may have a thread as urgent as `raise_process` takes `niceness`, below 0, to ask for."""

    def try_it() -> bool:
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(-niceness))
        except OSError:
            return False
        return True

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(try_it).result()


def at_ease(function: Callable[[], Result]) -> Result:
    """Run a function in an urgent process as `lower_thread` says, and wait for it.

    Building the core takes a tenth of a second and more. Done with the urgency of the control path, this
    is a time in which another robot that is driven from this computer gets no command.

    Args:
        function: makes no thread and no part of a node: these would not be urgent either.
    """
    with ThreadPoolExecutor(1, "at ease", lower_thread) as thread:
        return thread.submit(function).result()


def settle_memory() -> None:
    """Take what lives now for what lives on: from now on Python's collector looks only at what is made later,
    and no longer holds this process up for ten milliseconds and more every now and then. Asked again, it lets
    go of what has lived on in vain.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _raise_thread(thread: int, niceness: int) -> None:
    with contextlib.suppress(OSError):  # not granted, or the thread has just ended
        if niceness < 0:
            os.sched_setscheduler(thread, os.SCHED_RR, os.sched_param(-niceness))
            return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, niceness)
