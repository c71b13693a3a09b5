"""How people and the robot of the world `approach` move, all paths at once."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.approach import ApproachWorld, Paths

# Nobody walks through the robot: who touches it stands.
TOUCH_M = -0.02


class People:
    """Positions of people, with their past for a camera that is late."""

    def __init__(self, world: ApproachWorld, paths: Paths) -> None:
        self._world, self._paths = world, paths
        self.position_m = paths.start_m.copy()
        longest_s = world.camera_latency_s + 2.0 * world.camera_period_s
        self._past = np.repeat(self.position_m[np.newaxis], round(longest_s / world.step_s) + 2, axis=0)
        self._at = 0

    def step(self, now_s: float, tip_m: FloatArray) -> None:
        """Walk for one step; `tip_m` (n,) is where the robot truly is."""
        world, paths = self._world, self._paths
        towards = -self.position_m
        towards[:, 0] += tip_m
        distance_m = np.hypot(towards[:, 0], towards[:, 1])
        towards /= np.maximum(distance_m, 1e-9)[:, np.newaxis]
        gap_m = distance_m - world.body_m - paths.intrusion_m
        is_leaving = now_s > paths.leave_s
        heading = np.where(is_leaving[:, np.newaxis], -towards, towards)
        heading = np.where(paths.is_passing[:, np.newaxis], paths.heading, heading)
        # Near the robot a hand reaches out, faster than a walk, by those who go at the bound.
        ratio = world.human.near_mps / world.human.far_mps
        speed_mps = paths.speed_mps * np.where((gap_m < world.human.near_m) & ~paths.is_passing, ratio, 1.0)
        closing = (heading * towards).sum(axis=1) > 0.0
        is_still = (now_s < paths.begin_s) | ((gap_m < TOUCH_M) & closing & ~paths.is_passing)
        self.position_m = (
            self.position_m + np.where(is_still, 0.0, speed_mps * world.step_s)[:, None] * heading
        )
        self._at = (self._at + 1) % len(self._past)
        self._past[self._at] = self.position_m

    def seen(self, now_s: float) -> tuple[FloatArray, FloatArray]:
        """Newest picture that has arrived: positions (n, 2) in it, and its age (n,) s."""
        world = self._world
        since_s = now_s - world.camera_latency_s - self._paths.camera_phase_s
        taken_s = np.floor(since_s / world.camera_period_s + 1e-9) * world.camera_period_s
        age_s = now_s - self._paths.camera_phase_s - taken_s
        back = np.minimum(np.ceil(age_s / world.step_s - 1e-9).astype(int), len(self._past) - 1)
        rows = (self._at - back) % len(self._past)
        return self._past[rows, np.arange(len(rows))], age_s


class Tip:
    """The robot: sent motion within its limits; the true one is behind by the latency."""

    def __init__(self, world: ApproachWorld, paths: Paths) -> None:
        self._world = world
        count = paths.count
        self._jerk_step = world.jerk_mps3 * world.step_s
        self._goal_m = np.where(paths.robot_phase < 0.5, world.track_m, 0.0)
        self.velocity = np.zeros(count)
        self._acceleration = np.zeros(count)
        self._position_m = paths.robot_phase * world.track_m
        self._sent_m = np.repeat(self._position_m[np.newaxis], world.latency_steps + 1, axis=0)
        self._sent_mps = np.zeros((world.latency_steps + 1, count))
        self._at = 0

    @property
    def true_m(self) -> FloatArray:
        """(n,) where the tip is."""
        position_m: FloatArray = self._sent_m[(self._at + 1) % len(self._sent_m)]
        return position_m

    @property
    def true_mps(self) -> FloatArray:
        """(n,) how fast it is."""
        speed: FloatArray = self._sent_mps[(self._at + 1) % len(self._sent_mps)]
        return speed

    def step(self, share: FloatArray) -> None:
        """One step to and fro at no more than `share` (n,) of the speed limit."""
        world = self._world
        way_m = self._goal_m - self._position_m
        is_there = np.abs(way_m) < 0.02
        self._goal_m = np.where(is_there, world.track_m - self._goal_m, self._goal_m)
        way_m = self._goal_m - self._position_m
        reach_mps = np.sqrt(2.0 * 0.5 * world.acceleration_mps2 * np.abs(way_m))
        goal_mps = np.sign(way_m) * np.minimum(np.maximum(share, 0.0) * world.speed_mps, reach_mps)
        self._acceleration = ramp_acceleration(
            self.velocity - goal_mps,
            self._acceleration,
            world.acceleration_mps2,
            self._jerk_step,
            world.step_s,
        )
        self.velocity = self.velocity + self._acceleration * world.step_s
        self.velocity[np.abs(self.velocity) < 1e-9] = 0.0
        self._position_m = self._position_m + self.velocity * world.step_s
        self._at = (self._at + 1) % len(self._sent_m)
        self._sent_m[self._at], self._sent_mps[self._at] = self._position_m, self.velocity


def ramp_acceleration(
    excess: FloatArray, acceleration: FloatArray, limit: float, step: float, dt_s: float
) -> FloatArray:
    """Next acceleration (n,) of a dead-beat ramp that takes the excess speed (n,) to zero."""
    wanted = np.abs(excess) / dt_s
    count = np.floor((np.sqrt(1.0 + 8.0 * wanted / step) - 1.0) / 2.0)
    size = np.minimum(limit, (wanted + step * count * (count + 1.0) / 2.0) / (count + 1.0))
    target = np.where(excess > 0.0, -size, size)
    return np.clip(target, acceleration - step, acceleration + step)
