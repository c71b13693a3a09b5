"""Evens out the arrival of setpoints in real time, as the interpolation buffers of real drives do.

Two clocks of 100 Hz drift against each other: now and then a control period gets no setpoint and the next
gets two. Taken as they come, that is a standstill and a jump. A drive therefore plays setpoints from a short
queue, one a period, and smooths what is left (CiA 402 interpolated position mode has such a buffer, UR's
servoj a look-ahead).
"""

from __future__ import annotations

from collections import deque

import numpy as np

from noetra_ros.core.types import FloatArray

QUEUE_DEPTH = 4  # setpoints that wait while all is well: what a stall of 40 ms uses up
MOST_WAITING = 8  # above it two are played in a period, until the queue is short again
SMOOTHED_PERIODS = 5  # moving average over the last setpoints played


class SetpointBuffer:
    """Takes setpoints as they come and gives one for each control period.

    Args:
        start: (n,) setpoint at which the drive stands.
    """

    def __init__(self, start: FloatArray) -> None:
        self.clear(start)

    def clear(self, start: FloatArray) -> None:
        """Forget what waits; the drive stands at `start`, (n,)."""
        self._queue: deque[FloatArray] = deque()
        self._played: deque[FloatArray] = deque([start.copy()] * SMOOTHED_PERIODS, maxlen=SMOOTHED_PERIODS)
        self._given = start.copy()
        self._is_playing = False
        self._waited = 0

    def push(self, setpoint: FloatArray) -> None:
        """A setpoint has arrived, (n,)."""
        self._queue.append(setpoint.copy())

    def next(self) -> FloatArray | None:
        """The setpoint of the next control period, (n,); None where it is the one before."""
        self._played.append(self._play())
        smoothed = np.mean(self._played, axis=0)
        if (smoothed == self._given).all():
            return None
        self._given = smoothed
        return smoothed

    def _play(self) -> FloatArray:
        """The newest setpoint played; the one before again while the queue fills up."""
        if not self._queue:
            self._is_playing, self._waited = False, 0
            return self._played[-1]
        if not self._is_playing:
            self._waited += 1
            self._is_playing = len(self._queue) >= QUEUE_DEPTH or self._waited >= QUEUE_DEPTH
        if not self._is_playing:
            return self._played[-1]
        if len(self._queue) > MOST_WAITING:
            self._queue.popleft()
        return self._queue.popleft()
