"""Writes incident files on a thread of its own; a full disk is waited for, within bounds."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from noetra_ros.ros.urgency import lower_thread

WAITING_MAX = 2  # files that wait for the disk: each holds its messages in memory
RETRY_S = 5.0

Filing = Callable[[], Path]


class FilingThread:
    """Takes files to write and writes them in order. What cannot be written is tried again.

    Args:
        on_filed: told the path of each file, on this thread.
        retry_s: time between two tries.
    """

    def __init__(self, on_filed: Callable[[Path], None], retry_s: float = RETRY_S) -> None:
        self._on_filed, self._retry_s = on_filed, retry_s
        self._waiting: queue.Queue[Filing | None] = queue.Queue(WAITING_MAX)
        self._is_closing = threading.Event()
        self.filed = 0
        self.lost = 0
        self.fault = ""
        self._thread = threading.Thread(target=self._work, name="filing", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Files that are still to be written, the one in work left out."""
        return self._waiting.qsize()

    def put(self, filing: Filing) -> bool:
        """Hand over what writes one file; false where too many wait already: it is lost, and counted."""
        try:
            self._waiting.put_nowait(filing)
            return True
        except queue.Full:
            self.lost += 1
            return False

    def close(self, timeout_s: float = 3.0) -> None:
        """Write what waits, each tried once more."""
        self._is_closing.set()
        try:
            self._waiting.put(None, timeout=timeout_s)
        except queue.Full:
            return  # the disk hangs; a daemon thread does not hold up the end
        self._thread.join(timeout=timeout_s)

    def _work(self) -> None:
        lower_thread()
        while (filing := self._waiting.get()) is not None:
            while not self._try(filing):
                if self._is_closing.wait(self._retry_s):
                    self.lost += 0 if self._try(filing) else 1
                    break

    def _try(self, filing: Filing) -> bool:
        """Write it; false where the disk does not take it now."""
        try:
            path = filing()
        except OSError as error:
            self.fault = f"black box: {error}"
            return False
        except Exception as error:  # a file that cannot be made is lost; the next ones are not
            self.fault = f"black box: {type(error).__name__}: {error}"
            self.lost += 1
            return True
        self.filed += 1
        self.fault = ""
        self._on_filed(path)
        return True
