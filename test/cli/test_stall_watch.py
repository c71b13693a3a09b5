"""Stalls of the machine: what held a core counts, what merely slept does not."""

import os
import time

import pytest

from noetra_ros.cli.stall_watch import Stall, StallWatch

NS = 1_000_000_000


def hold_a_core(time_s):
    """More urgent than the watcher, for as long as a stall takes."""
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(90))
        end_s = time.monotonic() + time_s
        while time.monotonic() < end_s:
            pass
        os._exit(0)
    os.waitpid(child, 0)


def test_a_core_that_is_held_is_told():
    with StallWatch() as watch:
        if not watch.is_granted:
            pytest.skip("no real-time urgency is granted here (ulimit -r)")
        begin_ns = time.monotonic_ns()
        hold_a_core(0.1)
        end_ns = time.monotonic_ns()
    longest = max(watch.within(begin_ns, end_ns), key=lambda stall: stall.end_ns - stall.begin_ns)
    assert longest.end_ns - longest.begin_ns > 0.08 * NS


def test_stalls_that_merely_touch_a_time_are_not_within_it():
    watch = StallWatch()
    watch.stalls = [Stall(10, 20), Stall(30, 40)]
    assert watch.within(20, 30) == [] and watch.within(15, 31) == watch.stalls
    assert watch.within(0, 11) == watch.stalls[:1]
