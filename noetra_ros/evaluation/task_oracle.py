"""Judges by the recorded physics whether an episode did what the sentence said, with the named cube."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import World, make_world


@dataclass(frozen=True)
class TaskVerdict:
    """What became of a sentence.

    Attributes:
        success: the goal was reached and held.
        wrong_object: another object was handled as only the named one should be.
        success_at_s: simulated time at which success was certain; NaN without.
    """

    success: bool
    wrong_object: bool
    success_at_s: float


class TaskOracle:
    """Replays poses in a world of its own and asks the task's definition about them. One watch at a time.

    Args:
        profile: the robot, with a simulated world that has tasks.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self._world = make_world(profile)

    def watch(self, seed: int, variation: str, task: str, colour: str) -> TaskWatch:
        """Begin to judge an episode instant by instant.

        Args:
            seed: of its world.
            variation: of its world.
            task: what was asked for.
            colour: of the named cube.
        """
        self._world.reset(seed, variation)
        return TaskWatch(self._world, Judge(TASKS.get(task), colour))

    def judge(
        self, trace: PhysicsTrace, seed: int, variation: str, task: str, colour: str, since_s: float
    ) -> TaskVerdict:
        """Judge a recorded episode from `since_s` on, the simulated time of its sentence.

        Raises:
            NoetraError: this world has no tasks.
        """
        watch = self.watch(seed, variation, task, colour)
        for row, time_s in enumerate(trace.object_time_s):
            if time_s >= since_s:
                step = min(int(np.searchsorted(trace.time_s, time_s)), len(trace.time_s) - 1)
                watch.update(float(time_s), trace.positions[step], trace.object_poses[row])
        return watch.verdict


class TaskWatch:
    """Judges one episode as it goes on, from poses alone."""

    def __init__(self, world: World, judge: Judge) -> None:
        self._world, self._judge = world, judge
        self._before: tuple[float, FloatArray] | None = None
        self.verdict = TaskVerdict(False, False, math.nan)

    def update(self, time_s: float, positions: FloatArray, object_poses: FloatArray) -> bool:
        """Take the next instant, about ten a second.

        Args:
            time_s: simulated time.
            positions: (d,) rad, joints in profile order.
            object_poses: (k, 7) in the order of the world's objects.

        Returns:
            True: success is certain by now.
        """
        self._world.show(positions, object_poses)
        truth = self._world.truth()
        if truth is None:
            raise NoetraError(f"world of {self._world.profile.name}: it has no tasks to judge")
        speeds = self._speeds_mps(time_s, object_poses)
        objects = {n: dataclasses.replace(o, speed_mps=speeds[n]) for n, o in truth.objects.items()}
        self._judge.update(dataclasses.replace(truth, time_s=time_s, objects=objects))
        if self._judge.succeeded and not self.verdict.success:
            self.verdict = dataclasses.replace(self.verdict, success=True, success_at_s=time_s)
        self.verdict = dataclasses.replace(self.verdict, wrong_object=self._judge.handled_wrong)
        return self.verdict.success

    @property
    def object_names(self) -> tuple[str, ...]:
        """The world's objects, in the order of their poses."""
        return tuple(self._world.object_names)

    def _speeds_mps(self, time_s: float, poses: FloatArray) -> dict[str, float]:
        """Mean speed of each object since the instant before; 0 for the first."""
        before, self._before = self._before, (time_s, poses.copy())
        if before is None or time_s <= before[0]:
            return dict.fromkeys(self.object_names, 0.0)
        moved_m = np.linalg.norm(poses[:, :3] - before[1][:, :3], axis=1)
        return dict(zip(self.object_names, (moved_m / (time_s - before[0])).tolist(), strict=True))
