"""Writes the supervisor's calls on a thread of its own; what the disk does not take is lost and told."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.ros.urgency import lower_thread
from noetra_ros.safety.replay.files import CallFile, file_name, make_room
from noetra_ros.safety.replay.header import Header, SetUp, versions
from noetra_ros.safety.replay.state import State, plain_state

CAPACITY = 20_000  # calls that wait for the disk: about half a minute
FILE_BYTES = 64_000_000
FILES_MIN = 4  # of a folder: what the bound takes away at once is a quarter of it
FLUSH_S = 1.0  # what a power cut may cost
LOOK_S = 0.05
RETRY_S = 2.0
NEXT_FILE, CLOSED = "goes on in the next file", "the supervisor ended"


@dataclass(frozen=True)
class _Begin:
    """A state, and the number of the call after it."""

    state: State
    first_call: int


class RecordingThread:
    """The tape of a `RecordedSupervisor`: takes records at once, writes them in order into a bounded folder.

    Each file begins with a state, so that it can be replayed alone. After a loss (disk full or gone, more
    calls than it takes) a new file begins as soon as it can; its header says how many calls are missing.

    Args:
        folder: of the files; made.
        set_up: of the supervisor.
        max_bytes: of all files together; the oldest go first.
        open_file: opens a file.
        retry_s: between two tries.

    Raises:
        OSError: the folder cannot be made.

    Attributes:
        needs_state: the next record can be written only after the state before it.
        calls: handed over so far, lost ones included.
        lost: of them that are in no file, as far as it is known.
    """

    def __init__(
        self,
        folder: Path,
        set_up: SetUp,
        max_bytes: int,
        open_file: Callable[[Path, Header], CallFile] = CallFile,
        retry_s: float = RETRY_S,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._set_up, self._max_bytes = folder, set_up, max_bytes
        self._file_bytes = min(FILE_BYTES, max_bytes // FILES_MIN)
        self._open_file, self._retry_s = open_file, retry_s
        self._versions = versions()
        self._begin_utc_ns, self._number = time.time_ns(), 0
        self.needs_state = True
        self.calls = self.lost = 0
        self._fault = ""
        self._is_taking = self._is_full = False
        self._items: deque[_Begin | bytes] = deque()
        self._file: CallFile | None = None
        self._next_call = 0  # the first that is not in a file
        self._failed_s, self._flushed_s = 0.0, time.monotonic()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="recording", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> str:
        """Why nothing is recorded at the moment; empty = all is well."""
        return self._fault if self._thread.is_alive() else "recording for replay: its thread has ended"

    def begin(self, state: State) -> None:
        """The state before the next record."""
        self.needs_state, self._is_taking = False, True
        self._items.append(_Begin(state, self.calls))

    def put(self, record: bytes) -> None:
        """One call. Nobody is woken: that would cost the thread that judges commands more than this."""
        self.calls += 1
        if self._is_taking and len(self._items) < CAPACITY:
            self._items.append(record)
        elif self._is_taking:
            self.lose(f"{CAPACITY} calls wait for the disk")

    def lose(self, why: str) -> None:
        """From here on nothing is recorded, until a new state."""
        self.needs_state = self._is_taking = False
        self._fail(why)

    def close(self) -> None:
        """Write what is left."""
        self._is_closing.set()
        self._thread.join(timeout=5.0)
        self.lost += self.calls - self._next_call

    def _fail(self, why: str) -> None:
        self._fault, self._failed_s = f"recording for replay: {why}", time.monotonic()

    def _work(self) -> None:
        lower_thread()  # a slow disk may wait
        is_last = False
        while not is_last:
            is_last = self._is_closing.wait(LOOK_S)
            while self._items:
                self._take(self._items.popleft())
            if time.monotonic() - self._flushed_s >= FLUSH_S:
                self._try(self._flush)
            if self._fault and not self._items and time.monotonic() - self._failed_s >= self._retry_s:
                self.needs_state = True
        self._try(lambda: self._end_file(CLOSED))

    def _take(self, item: _Begin | bytes) -> None:
        if isinstance(item, _Begin):
            self._try(lambda: self._begin_file(item))
        elif self._file is not None:
            self._try(lambda: self._append(item))

    def _append(self, record: bytes) -> None:
        assert self._file is not None, "the caller looks"
        self._file.append(record)
        if self._file.size >= self._file_bytes and not self._is_full:
            self._is_full = self.needs_state = True  # until the next state comes this file goes on

    def _begin_file(self, begin: _Begin) -> None:
        self._end_file(NEXT_FILE)
        state, missing = plain_state(begin.state), begin.first_call - self._next_call
        why = self._fault if missing else ""
        header = Header(
            self._set_up, state, self._versions, begin.first_call, missing, why, utc_ns=time.time_ns()
        )
        make_room(self._folder, self._file_bytes, self._max_bytes)
        self._number += 1
        self._file = self._open_file(self._folder / file_name(self._begin_utc_ns, self._number), header)
        self.lost += missing
        self._is_full = False
        self._next_call, self._fault = begin.first_call, ""

    def _flush(self) -> None:
        self._flushed_s = time.monotonic()
        if self._file is not None:
            self._file.flush()

    def _end_file(self, why: str) -> None:
        if self._file is None:
            return
        file = self._file
        file.close(why)
        self._next_call += file.written
        self._file = None

    def _try(self, work: Callable[[], None]) -> None:
        """Do it; an error becomes `fault`, and a new file is tried later."""
        try:
            work()
        except Exception as error:  # whatever it is, what comes after it is recorded
            words = str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
            self._fail(words)
            file, self._file = self._file, None
            if file is not None:
                self._next_call += file.written
                file.abandon()
