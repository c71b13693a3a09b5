"""The thread that files: tries again, counts what is lost, never takes more than it may."""

import errno
import threading
import time
from pathlib import Path

from noetra_ros.ros.filing_thread import WAITING_MAX, FilingThread


def wait_until(is_done, limit_s=20.0):
    deadline_s = time.monotonic() + limit_s
    while not is_done():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)


def test_a_full_disk_is_told_and_tried_again_until_there_is_room():
    filed, is_full = [], threading.Event()
    is_full.set()

    def file():
        if is_full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        return Path("a.mcap")

    thread = FilingThread(filed.append, retry_s=0.01)
    assert thread.put(file)
    wait_until(lambda: thread.fault)
    assert "No space left on device" in thread.fault and filed == []
    is_full.clear()
    wait_until(lambda: filed)
    thread.close()
    assert (filed, thread.filed, thread.lost, thread.fault) == ([Path("a.mcap")], 1, 0, "")


def test_waiting_files_are_bounded_and_the_lost_are_counted():
    release = threading.Event()
    started = threading.Event()

    def slow():
        started.set()
        release.wait()
        return Path("a.mcap")

    thread = FilingThread(lambda path: None)
    thread.put(slow)
    started.wait()
    taken = [thread.put(slow) for _ in range(WAITING_MAX + 2)]
    release.set()
    thread.close()
    assert taken == [True] * WAITING_MAX + [False] * 2
    assert (thread.filed, thread.lost) == (1 + WAITING_MAX, 2)


def test_a_file_that_cannot_be_made_does_not_end_the_thread():
    def wrong():
        raise ValueError("a bug")

    filed = []
    thread = FilingThread(filed.append)
    thread.put(wrong)
    thread.put(lambda: Path("b.mcap"))
    thread.close()
    assert (filed, thread.lost) == ([Path("b.mcap")], 1)


def test_at_the_end_a_disk_that_stays_full_does_not_hold_it_up():
    def file():
        raise OSError(errno.ENOSPC, "No space left on device")

    thread = FilingThread(lambda path: None, retry_s=60.0)
    thread.put(file)
    wait_until(lambda: thread.fault)
    thread.close()
    assert (thread.filed, thread.lost) == (0, 1)
