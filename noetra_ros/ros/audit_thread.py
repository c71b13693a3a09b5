"""Writes audit records on a thread of its own, so that a slow disk never holds up a command."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from noetra_ros.core.errors import single_fault
from noetra_ros.ros.urgency import lower_thread
from noetra_ros.safety.audit import AuditLog

CAPACITY = 10_000


class AuditThread:
    """Takes records at once and writes them in order.

    Args:
        path: audit file.

    Raises:
        ConfigError: the file cannot be written, or its chain is broken.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._log = AuditLog(path)
        except (OSError, ValueError) as error:
            raise single_fault(
                "supervisor", "audit_path", str(error), "a file that can be appended to"
            ) from None
        self._records: queue.Queue[Mapping[str, Any] | None] = queue.Queue(CAPACITY)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write, name="audit", daemon=True)
        self._thread.start()

    def put(self, record: Mapping[str, Any]) -> None:
        """Hand over one record; counts it as dropped when the disk has fallen far behind."""
        try:
            self._records.put_nowait(record)
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Write what is left and end."""
        self._records.put(None)
        self._thread.join(timeout=5.0)
        self._log.close()

    def _write(self) -> None:
        lower_thread()  # a slow disk may wait
        while (record := self._records.get()) is not None:
            if self._dropped:
                self._log.append({"kind": "dropped", "records": self._dropped})
                self._dropped = 0
            self._log.append(record)
