"""Evens out the arrival of setpoints in real time, as the interpolation buffers of real drives do.

Two clocks of 100 Hz drift against each other: now and then a control period gets no setpoint and the next
gets two. Taken as they come, that is a standstill and a jump. A drive therefore plays setpoints from a short
queue and smooths what is left (CiA 402 interpolated position mode has such a buffer, UR's servoj a
look-ahead). As in the play-out buffers of voice over IP, the pace of playing holds the queue at its length:
a little slower while it is short, so that a lost setpoint does not run it dry, a little faster while it is
long, so that a late burst does not stay as latency, by which every later stop would come late.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from noetra_ros.core.types import FloatArray

QUEUE_DEPTH = 4  # setpoints that wait while all is well: what a stall of 40 ms uses up
PACE_PER_WAITING = 0.05  # by this share faster or slower for each setpoint that waits too many or too few
ROUNDING = 1e-12  # rad; nearer than this the setpoint itself is given
PACE_AT_MOST = 1.22  # of the normal pace: at full speed still within the limits that setpoints keep away from
SMOOTHED_PERIODS = 5  # moving average over the last setpoints played


class SetpointBuffer:
    """Takes setpoints as they come and gives one for each control period.

    Args:
        start: (n,) setpoint at which the drive stands.
        most_change: (n,) by how much the step of one period may differ from the one before: the drive's own
            limit of acceleration, rad. It counts where setpoints stop coming in the middle of a motion.
    """

    def __init__(self, start: FloatArray, most_change: FloatArray | float = np.inf) -> None:
        self._most_change = np.broadcast_to(np.asarray(most_change, dtype=np.float64), start.shape)
        self.clear(start)

    def clear(self, start: FloatArray) -> None:
        """Forget what waits; the drive stands at `start`, (n,)."""
        self._queue: deque[FloatArray] = deque()
        self._played: deque[FloatArray] = deque([start.copy()] * SMOOTHED_PERIODS, maxlen=SMOOTHED_PERIODS)
        self._given = self._passed = self._smoothed = start.copy()
        self._step = np.zeros_like(start)  # of the last period
        self._beyond = 0.0  # played beyond the setpoint `_passed`, in periods, 0 to 1
        self._is_playing = False
        self._waited = 0

    def push(self, setpoint: FloatArray) -> None:
        """A setpoint has arrived, (n,)."""
        self._queue.append(setpoint.copy())

    def next(self) -> FloatArray | None:
        """The setpoint of the next control period, (n,); None where it is the one before."""
        self._played.append(self._play())
        before, self._smoothed = self._smoothed, np.mean(self._played, axis=0)
        step = self._step_to(self._smoothed - before, before - self._given)
        if not step.any():
            return None
        is_there = np.abs(self._smoothed - self._given - step) < ROUNDING
        self._given = np.where(is_there, self._smoothed, self._given + step)
        return self._given

    def _step_to(self, wanted: FloatArray, behind: FloatArray) -> FloatArray:
        """(n,) the step of this period: the one that is wanted, and no more of what the drive is behind than
        can be braked off again; both within its acceleration.
        """
        most = self._most_change
        if np.isinf(most).all():
            self._step = wanted + behind
            return self._step
        brakeable = np.sqrt(most**2 / 4 + most * np.abs(behind)) - most / 2
        catch_up = np.sign(behind) * np.minimum(np.abs(behind), brakeable)
        self._step = np.clip(wanted + catch_up, self._step - most, self._step + most)
        return self._step

    def _play(self) -> FloatArray:
        """The setpoint at the place reached in the queue; the one before again while the queue fills up."""
        if not self._queue:
            self._is_playing, self._waited, self._beyond = False, 0, 0.0
            return self._passed
        if not self._is_playing:
            self._waited += 1
            self._is_playing = len(self._queue) >= QUEUE_DEPTH or self._waited >= QUEUE_DEPTH
        if not self._is_playing:
            return self._passed
        waiting = len(self._queue) - self._beyond
        self._beyond += min(1.0 + PACE_PER_WAITING * (waiting - QUEUE_DEPTH), PACE_AT_MOST)
        while self._queue and self._beyond >= 1.0:
            self._passed = self._queue.popleft()
            self._beyond -= 1.0
        if not self._queue:
            self._beyond = 0.0
            return self._passed
        return self._passed + self._beyond * (self._queue[0] - self._passed)
