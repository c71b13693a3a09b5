"""Writes audit records on a thread of its own, so that a slow disk never holds up a command."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from noetra_ros.core.errors import NoetraError
from noetra_ros.ros.urgency import lower_thread
from noetra_ros.safety.audit.log import AuditLog

CAPACITY = 10_000
CHECKPOINT_RECORDS = 256
CHECKPOINT_S = 5.0  # what a power cut may cost at most
LOOK_S = 0.05  # between two looks for records
RETRY_S = 2.0

Record = Mapping[str, Any]


class AuditThread:
    """Takes records at once and writes them in order.

    A disk that is full or gone is tried again and again; what came meanwhile is written then, as far as it
    could be kept, and the log says how much could not.

    Args:
        open_log: opens the log, also again after an error.

    Raises:
        NoetraError: the log is broken.
        OSError: it cannot be written to.
    """

    def __init__(self, open_log: Callable[[], AuditLog]) -> None:
        self._open_log = open_log
        self._log: AuditLog | None = open_log()
        self._records: deque[Callable[[], Record]] = deque()
        self._is_closing = threading.Event()
        self._waiting: deque[Record] = deque()
        self._dropped = 0
        self._unsigned, self._signed_s = 0, time.monotonic()
        self._fault, self._failed_s = "", 0.0
        self._thread = threading.Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> str:
        """Why nothing can be written at the moment; empty = all is well."""
        return self._fault if self._thread.is_alive() else "audit log: its thread has ended"

    def put(self, make: Callable[[], Record]) -> None:
        """Hand over what makes one record; counted as lost when the disk has fallen far behind.

        Nobody is woken: that would cost the thread that judges commands ten times as much as this.
        """
        if len(self._records) < CAPACITY:
            self._records.append(make)
        else:
            self._dropped += 1

    def close(self) -> None:
        """Write what is left, sign the end."""
        self._is_closing.set()
        self._thread.join(timeout=5.0)

    def _work(self) -> None:
        lower_thread()  # a slow disk may wait
        is_last = False
        while not is_last:
            is_last = self._is_closing.wait(LOOK_S)
            while self._records:
                self._waiting.append(_made(self._records.popleft()))
            if is_last or not self._fault or time.monotonic() - self._failed_s >= RETRY_S:
                self._write()
        if self._log is not None:
            self._try(self._log.close)

    def _write(self) -> None:
        if self._log is None:
            self._try(self._reopen)
        if self._log is not None:
            self._try(self._write_waiting)
        while len(self._waiting) > CAPACITY:
            self._waiting.popleft()
            self._dropped += 1

    def _write_waiting(self) -> None:
        assert self._log is not None, "the caller looks"
        if self._dropped:
            self._log.append({"kind": "dropped", "records": self._dropped})
            self._dropped = 0
        while self._waiting:
            self._append(self._log, self._waiting[0])
            self._waiting.popleft()
            self._unsigned += 1
        is_due = time.monotonic() - self._signed_s >= CHECKPOINT_S
        if self._unsigned >= CHECKPOINT_RECORDS or (self._unsigned and is_due):
            self._log.checkpoint()
            self._unsigned, self._signed_s = 0, time.monotonic()

    @staticmethod
    def _append(log: AuditLog, record: Record) -> None:
        try:
            log.append(record)
        except (TypeError, ValueError) as error:  # no JSON: it is said that something was there
            log.append({"kind": "unwritable", "was": str(record.get("kind")), "reason": str(error)})

    def _reopen(self) -> None:
        self._log = self._open_log()

    def _try(self, work: Callable[[], None]) -> None:
        """Do it; an error of the disk becomes `fault`, and the log is opened anew the next time."""
        try:
            work()
            self._fault = ""
        except (OSError, NoetraError) as error:
            self._fault, self._failed_s = f"audit log: {error}", time.monotonic()
            log, self._log = self._log, None
            if log is not None:
                log.abandon()


def _made(make: Callable[[], Record]) -> Record:
    """The record; where it cannot be made, that something was to be written."""
    try:
        return make()
    except Exception as error:  # whatever it is, the records after it are written
        return {"kind": "unwritable", "reason": f"{type(error).__name__}: {error}"}
