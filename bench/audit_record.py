"""What a record of the audit log costs the thread that judges commands, and what it costs to write."""

from __future__ import annotations

import functools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.ros.audit_thread import AuditThread
from noetra_ros.ros.safety_messages import event_record
from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.log import AuditLog
from noetra_ros.safety.events import Event
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.verdict import Action, Verdict

RECORDS = 4000
PERIOD_S = 0.001  # ten times the rate of the commands
BAR_US = 20.0
REASON = "elbow_flex would move at 2.347 rad/s, limit 1.6 rad/s"
EVENT = Event(Verdict("velocity", Action.CLAMP, REASON, 0.7, "elbow_flex", 2.347, 1.6, "rad/s"), Mode.ACTIVE)


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Hand over records as the supervisor does, while the log's thread writes and signs them."""
    with tempfile.TemporaryDirectory() as name:
        key = SigningKey.load_or_make(Path(name) / "key.pem")
        thread = AuditThread(lambda: AuditLog(Path(name) / "audit", key, 184))
        handed_us = []
        for number in range(RECORDS):
            begin_s = time.perf_counter()
            thread.put(functools.partial(event_record, EVENT, number))
            handed_us.append((time.perf_counter() - begin_s) * 1e6)
            time.sleep(PERIOD_S)
            if number % 1000 == 0:
                say(f"{number} of {RECORDS}")
        thread.close()
        log = AuditLog(Path(name) / "alone", key, 184)
        written_us = []
        for number in range(RECORDS):
            begin_s = time.perf_counter()
            log.append(event_record(EVENT, number))
            written_us.append((time.perf_counter() - begin_s) * 1e6)
        log.close()
    written = record_of("audit_record_written", written_us, "us")
    return [record_of("audit_record_handed_over", handed_us, "us", "the bar, 20 us", BAR_US), written]
