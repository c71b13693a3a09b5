"""The audit thread: order, records that cannot be made or written, a disk that goes and comes back."""

import math
import time

import pytest

from noetra_ros.ros.audit_thread import AuditThread
from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.lines import record_of
from noetra_ros.safety.audit.log import AuditLog
from noetra_ros.safety.audit.segments import segments_of
from noetra_ros.safety.audit.verification import verify


class Disk:
    """A log whose next records an error of the disk takes, as long as `error` is set."""

    def __init__(self, folder, key):
        self.folder, self.key, self.error = folder, key, None

    def open(self):
        disk = self

        class Log(AuditLog):
            def append(self, record):
                if disk.error is not None and record["kind"] != "checkpoint":
                    raise disk.error
                super().append(record)

        if self.error is not None:
            raise self.error
        return Log(self.folder, self.key, 184)


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path / "audit", SigningKey.load_or_make(tmp_path / "key.pem"))


def kinds(disk):
    return [record_of(line)["kind"] for segment in segments_of(disk.folder) for line in segment.lines()]


def wait(is_done):
    end_s = time.monotonic() + 20.0
    while not is_done():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def test_records_keep_their_order_and_the_end_is_signed(disk):
    thread = AuditThread(disk.open)
    for number in range(300):
        thread.put(lambda number=number: {"kind": f"r{number}"})
    thread.close()
    assert [kind for kind in kinds(disk) if kind != "checkpoint"] == [f"r{n}" for n in range(300)]
    assert verify(disk.folder, disk.key.public).is_ended


def test_what_cannot_be_made_or_written_is_told_and_the_rest_goes_on(disk):
    thread = AuditThread(disk.open)
    thread.put(lambda: 1 / 0)
    thread.put(lambda: {"kind": "event", "measured": math.nan})
    thread.put(lambda: {"kind": "later"})
    thread.close()
    assert [kind for kind in kinds(disk) if kind != "checkpoint"] == ["unwritable", "unwritable", "later"]


def test_a_full_disk_is_a_fault_until_there_is_room(disk):
    thread = AuditThread(disk.open)
    assert thread.fault == ""
    disk.error = OSError(28, "No space left on device")
    thread.put(lambda: {"kind": "during"})
    wait(lambda: "No space left" in thread.fault)
    thread.put(lambda: {"kind": "after"})
    disk.error = None
    wait(lambda: thread.fault == "")
    thread.close()
    assert [kind for kind in kinds(disk) if kind != "checkpoint"] == ["during", "after"]
    assert "its thread has ended" in thread.fault
    assert verify(disk.folder, disk.key.public).fault is None
