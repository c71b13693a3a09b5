"""Writes physics traces on a thread of its own: packing one takes longer than a stopped clock is forgiven."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from noetra_ros.core.errors import NoetraError
from noetra_ros.ros.urgency import lower_thread
from noetra_ros.sim.trace import Recording, TraceRecorder
from noetra_ros.sim.world import World


class TraceSaver:
    """Records the episodes of a world that want a trace.

    Args:
        world: what is recorded.
        waits: an episode ends when its file is written; else the file is there in one move soon after.
    """

    def __init__(self, world: World, waits: bool) -> None:
        self._recorder, self._waits = TraceRecorder(world), waits
        self._path = ""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="trace", initializer=lower_thread)
        self._written: Future[None] | None = None

    def ask(self, path: str) -> None:
        """Of the episode that begins, a trace is wanted; empty = none. The one before must have ended."""
        self._path = path

    def begin(self) -> None:
        """The world stands as the episode begins."""
        if self._path:
            self._recorder.start()

    def end(self) -> None:
        """The episode has ended.

        Raises:
            NoetraError: its trace or the one before could not be written.
        """
        self.check(waits=True)
        path, self._path = self._path, ""
        if not path:
            return
        self._recorder.stop()
        self._written = self._thread.submit(_write, self._recorder.recording(), path)
        self.check(self._waits)

    def check(self, waits: bool = False) -> None:
        """Tell that the last trace could not be written, where that is known by now.

        Raises:
            NoetraError: it could not.
        """
        if self._written is not None and (waits or self._written.done()):
            self._written.result()

    def close(self) -> None:
        """End the thread, once all is written."""
        self._thread.shutdown()


def _write(recording: Recording, path: str) -> None:
    try:
        recording.save(Path(path))
    except (OSError, ValueError) as error:
        raise NoetraError(f"physics trace {path}: {error}") from error
