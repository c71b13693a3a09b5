"""Recognition beside geometry: where things are is told at once, what they are follows when it is known."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.perception.frames import DepthFrame
from noetra_ros.perception.gathering import CameraShot
from noetra_ros.perception.recognition import Recogniser


@dataclass(frozen=True)
class Recognised:
    """What was recognised in one picture.

    Attributes:
        camera: name in the robot profile.
        stamp_ns: of the picture.
        objects: what and where; empty = nothing.
        spent_s: time that it took.
    """

    camera: str
    stamp_ns: int
    objects: tuple[DetectedObject, ...]
    spent_s: float


class Recognition(Protocol):
    """Pictures in, names out; not every picture is looked at."""

    def offer(self, shot: CameraShot, frame: DepthFrame) -> None:
        """A picture, and depth of the same camera and instant."""

    def take(self) -> list[Recognised]:
        """What has been recognised since the last time.

        Raises:
            Exception: whatever the detector failed with.
        """

    def forget(self) -> None:
        """Another world has begun: its first picture is looked at, and names of the old one are dropped."""


class Beat:
    """Which pictures are looked at: by stamps alone, so that the same stamps give the same names.

    Args:
        period_s: least time between two pictures of one camera; 0 = every picture.
    """

    def __init__(self, period_s: float) -> None:
        self._period_ns = round(period_s * 1e9)
        self._last_ns: dict[str, int] = {}

    def is_due(self, camera: str, stamp_ns: int) -> bool:
        """This picture is looked at; after a jump back of the clock the count begins anew."""
        last_ns = self._last_ns.get(camera)
        if last_ns is not None and 0 <= stamp_ns - last_ns < self._period_ns:
            return False
        self._last_ns[camera] = stamp_ns
        return True

    def forget(self) -> None:
        """The next picture of every camera is looked at."""
        self._last_ns.clear()


class PromptRecognition:
    """Recognises while the caller waits: for lock-step, where time waits, too.

    Args:
        recogniser: already loaded, on the caller's thread.
        period_s: least time between two pictures of one camera.
    """

    def __init__(self, recogniser: Recogniser, period_s: float) -> None:
        self._recogniser, self._beat = recogniser, Beat(period_s)
        self._done: list[Recognised] = []

    def offer(self, shot: CameraShot, frame: DepthFrame) -> None:
        """Recognise, if the picture is due."""
        if self._beat.is_due(shot.camera, shot.stamp_ns):
            self._done.append(recognised(self._recogniser, shot, frame))

    def take(self) -> list[Recognised]:
        """What has been recognised since the last time."""
        done, self._done = self._done, []
        return done

    def forget(self) -> None:
        """Another world has begun."""
        self._beat.forget()
        self._done = []


class SideRecognition:
    """Recognises on another thread; of each camera the newest picture waits for it.

    Args:
        recogniser: already loaded, on that thread.
        period_s: least time between two pictures of one camera.
        submit: runs a job on that thread, in the place of one that has not begun.
    """

    def __init__(
        self, recogniser: Recogniser, period_s: float, submit: Callable[[Callable[[], None]], None]
    ) -> None:
        self._recogniser, self._beat, self._submit = recogniser, Beat(period_s), submit
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[CameraShot, DepthFrame]] = {}
        self._done: list[Recognised] = []
        self._failure: Exception | None = None
        self._worlds = 0  # that were forgotten: what was begun in one of them is dropped when it is done

    def offer(self, shot: CameraShot, frame: DepthFrame) -> None:
        """Ask for a picture to be looked at, if it is due."""
        if not self._beat.is_due(shot.camera, shot.stamp_ns):
            return
        with self._lock:
            self._waiting[shot.camera] = (shot, frame)
        self._submit(self._work)

    def take(self) -> list[Recognised]:
        """What has been recognised since the last time.

        Raises:
            Exception: whatever the detector failed with.
        """
        with self._lock:
            done, self._done = self._done, []
            if self._failure is not None:
                raise self._failure
        return done

    def forget(self) -> None:
        """Another world has begun."""
        self._beat.forget()
        with self._lock:
            self._worlds += 1
            self._waiting.clear()
            self._done = []

    def _work(self) -> None:
        while (order := self._next()) is not None:
            world, shot, frame = order
            try:
                done = recognised(self._recogniser, shot, frame)
            except Exception as error:  # `take` raises it where somebody can act on it
                with self._lock:
                    self._failure = error
                return
            with self._lock:
                if world == self._worlds:
                    self._done.append(done)

    def _next(self) -> tuple[int, CameraShot, DepthFrame] | None:
        with self._lock:
            if not self._waiting:
                return None
            return self._worlds, *self._waiting.pop(next(iter(self._waiting)))


def recognised(recogniser: Recogniser, shot: CameraShot, frame: DepthFrame) -> Recognised:
    """Look at one picture."""
    begin_s = time.perf_counter()
    objects = tuple(recogniser.see(shot.rgb, frame))
    return Recognised(shot.camera, shot.stamp_ns, objects, time.perf_counter() - begin_s)
