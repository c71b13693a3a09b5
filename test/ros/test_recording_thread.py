"""The recording thread: whole recordings, a bounded folder, a disk that is full or hangs and comes back."""

import errno
import threading
import time

import numpy as np
import pytest

from noetra_ros.core.types import Command
from noetra_ros.evaluation.fuzz.episode import Episode
from noetra_ros.evaluation.fuzz.setup import Setup
from noetra_ros.ros import recording_thread
from noetra_ros.ros.recording_thread import CLOSED, NEXT_FILE, RecordingThread
from noetra_ros.safety.replay import files
from noetra_ros.safety.replay.files import CallFile, files_of
from noetra_ros.safety.replay.header import set_up
from noetra_ros.safety.replay.reading import Recording
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.replay.replaying import rebuild, replay

BASE = Setup("diffbot")
MADE_OF = set_up("diffbot", BASE.profile, "", BASE._core[2])
PERIOD_NS = 20_000_000


class Disk:
    """Files whose blocks are refused while `error` is set, and wait while `is_hanging` is."""

    def __init__(self):
        self.error, self.is_hanging = None, threading.Event()
        self.is_hanging.set()

    def open(self, path, header):
        disk = self

        class File(CallFile):
            def flush(self):
                disk.is_hanging.wait()
                if disk.error is not None:
                    raise disk.error
                super().flush()

        return File(path, header)


class Driven:
    """A base that is recorded, and one beside it that is not; both are given the same."""

    def __init__(self, tape):
        self.recorded, self.alone = RecordedSupervisor(BASE.supervisor(), tape), BASE.supervisor()
        self.now_ns, self.period = 10**12, 0

    def drive(self, periods):
        for _ in range(periods):
            self.now_ns += PERIOD_NS
            self.period += 1
            speed = 0.1 + 0.05 * np.sin(0.1 * self.period)
            command = Command(self.alone.limits.kind, np.array([speed, 0.0, 0.1]), self.now_ns)
            answers = []
            for supervisor in (self.recorded, self.alone):
                for stream in supervisor.limits.stream_max_age_s:
                    supervisor.on_stream(stream, self.now_ns)
                decisions = [supervisor.tick(self.now_ns)]
                if self.period == 3:
                    decisions.append(supervisor.arm(self.now_ns))
                decisions.append(supervisor.on_command(command))
                answers.append(
                    [(d.report, d.refusal, [] if d.values is None else d.values.tolist()) for d in decisions]
                )
            assert str(answers[0]) == str(answers[1])
        return self


def wait(is_done):
    end_s = time.monotonic() + 20.0
    while not is_done():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def replayed(path):
    recording = Recording(path)
    return replay(recording, rebuild(recording))


def test_an_episode_in_one_file(tmp_path):
    thread = RecordingThread(tmp_path / "made", MADE_OF, 10**9)

    class Recorded(Setup):
        def supervisor(self):
            return RecordedSupervisor(super().supervisor(), thread)

    Episode(Recorded("diffbot"), 5, 200).play()
    thread.close()
    (path,) = files_of(tmp_path / "made")
    result = replayed(path)
    assert result.is_equal and result.end == CLOSED
    assert result.calls == thread.calls > 500 and thread.lost == 0


def test_the_folder_stays_within_its_bound_and_what_is_left_can_be_replayed(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 2000)
    (tmp_path / "mine.txt").write_text("not ours")
    thread = RecordingThread(tmp_path, MADE_OF, 50_000)
    driven = Driven(thread)
    for _ in range(40):
        driven.drive(25)
        wait(lambda: not thread._items)
    thread.close()
    paths = files_of(tmp_path)
    headers = [Recording(path).header for path in paths]
    assert sum(path.stat().st_size for path in paths) < 60_000 and (tmp_path / "mine.txt").exists()
    assert len(paths) >= 3 and headers[0].first_call > 0, "the oldest are gone"
    results = [replayed(path) for path in paths]
    assert all(result.is_equal for result in results) and [r.end for r in results[:-1]] == [NEXT_FILE] * (
        len(paths) - 1
    )
    assert [h.first_call for h in headers[1:]] == [r.first_call + r.calls for r in results[:-1]]
    assert thread.lost == 0


def test_a_full_disk_touches_no_decision_and_the_gap_is_told(tmp_path):
    disk = Disk()
    thread = RecordingThread(tmp_path, MADE_OF, 10**9, disk.open, retry_s=0.1)
    driven = Driven(thread).drive(60)
    wait(lambda: not thread._items)
    disk.error = OSError(errno.ENOSPC, "No space left on device")
    wait(lambda: thread.fault)
    assert "No space left on device" in thread.fault
    driven.drive(60)
    time.sleep(0.3)
    driven.drive(1)  # tries again, and fails again
    disk.error = None
    end_s = time.monotonic() + 20.0
    while thread.fault:
        assert time.monotonic() < end_s
        driven.drive(1)
        time.sleep(0.02)
    driven.drive(60)
    thread.close()
    *_, last = files_of(tmp_path)
    header, result = Recording(last).header, replayed(last)
    assert header.lost > 0 and "No space left" in header.lost_why
    assert header.lost <= thread.lost == thread.calls - written(tmp_path)
    assert result.is_equal and result.end == CLOSED and result.calls > 200


def written(folder):
    """Calls that can be read from all files."""
    return sum(len(list(Recording(path).records())) for path in files_of(folder))


def test_a_disk_that_hangs_holds_up_nothing_and_too_many_calls_are_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(recording_thread, "CAPACITY", 200)
    disk = Disk()
    thread = RecordingThread(tmp_path, MADE_OF, 10**9, disk.open, retry_s=0.1)
    driven = Driven(thread).drive(5)
    wait(lambda: not thread._items)
    disk.is_hanging.clear()
    time.sleep(1.2)  # it hangs in a block
    driven.drive(150)
    assert len(thread._items) <= 201 and "200 calls wait for the disk" in thread.fault
    disk.is_hanging.set()
    wait(lambda: thread.needs_state)
    driven.drive(20)
    thread.close()
    first, second = (replayed(path) for path in files_of(tmp_path))
    header = Recording(files_of(tmp_path)[1]).header
    assert first.is_equal and second.is_equal
    assert header.lost == header.first_call - first.calls == thread.lost > 0
    assert "calls wait" in header.lost_why


def test_a_folder_that_goes_away_is_told(tmp_path):
    folder = tmp_path / "calls"
    thread = RecordingThread(folder, MADE_OF, 10**9, retry_s=0.1)
    folder.rmdir()
    driven = Driven(thread).drive(3)
    wait(lambda: "No such file" in thread.fault)
    folder.mkdir()
    wait(lambda: thread.needs_state)
    driven.drive(3)
    wait(lambda: not thread.fault)
    thread.close()
    (path,) = files_of(folder)
    assert replayed(path).is_equal and Recording(path).header.lost > 0


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "calls").write_text("a file")
    with pytest.raises(OSError):
        RecordingThread(tmp_path / "calls", MADE_OF, 10**9)
