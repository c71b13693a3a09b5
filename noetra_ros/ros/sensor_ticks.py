"""Lock-step: when everything that a tick has to show has come."""

from __future__ import annotations

from collections.abc import Iterable

from noetra_ros.perception.gathering import Gatherer


class SensorTicks:
    """Answers one tick after another; a newer one takes the place of one that never became complete.

    Args:
        gatherer: where pictures and joints arrive.
        cameras: those that are looked through; pictures of others are not waited for.
        has_joints: a tick needs its joint state.
    """

    def __init__(self, gatherer: Gatherer, cameras: Iterable[str], has_joints: bool) -> None:
        self._gatherer, self._cameras, self._has_joints = gatherer, frozenset(cameras), has_joints
        self._tick_ns = 0
        self._wanted: list[tuple[str, int]] = []

    def begin(self, tick_ns: int, pictures: Iterable[tuple[str, int]]) -> None:
        """A tick was announced.

        Args:
            tick_ns: its stamp.
            pictures: camera and stamp of each picture that went out with it.
        """
        self._tick_ns = tick_ns
        self._wanted = [(camera, stamp) for camera, stamp in pictures if camera in self._cameras]

    def pop_complete(self) -> int:
        """Stamp of the announced tick, once, when all of it is there; else 0."""
        if not self._tick_ns or not all(self._gatherer.has_shot(*picture) for picture in self._wanted):
            return 0
        if self._has_joints and self._gatherer.joints_ns < self._tick_ns:
            return 0
        tick_ns, self._tick_ns = self._tick_ns, 0
        return tick_ns
