"""Judges by the recorded physics whether an episode did what the sentence said, with the named cube."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.scene import ObjectTruth, SceneTruth
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import make_world


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
    """Replays recorded poses in a world of its own and asks the task's definition about them.

    Args:
        profile: the robot, with a simulated world that has tasks.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self._world = make_world(profile)

    def judge(
        self, trace: PhysicsTrace, seed: int, variation: str, task: str, colour: str, since_s: float
    ) -> TaskVerdict:
        """Judge one episode.

        Args:
            trace: its physics.
            seed: of its world.
            variation: of its world.
            task: what was asked for.
            colour: of the named cube.
            since_s: simulated time of the sentence; what was before does not count.

        Raises:
            NoetraError: this world has no tasks.
        """
        self._world.reset(seed, variation)
        judge = Judge(TASKS.get(task), colour)
        success_at_s = float("nan")
        for truth in self._scenes(trace, since_s):
            if judge.update(truth) and np.isnan(success_at_s):
                success_at_s = truth.time_s
        return TaskVerdict(judge.succeeded, judge.handled_wrong, success_at_s)

    def _scenes(self, trace: PhysicsTrace, since_s: float) -> Iterator[SceneTruth]:
        for row, time_s in enumerate(trace.object_time_s):
            if time_s < since_s:
                continue
            step = int(np.searchsorted(trace.time_s, time_s))
            self._world.show(trace.positions[min(step, len(trace.time_s) - 1)], trace.object_poses[row])
            truth = self._world.truth()
            if truth is None:
                raise NoetraError(f"world of {self._world.profile.name}: it has no tasks to judge")
            speeds = _speeds_mps(trace, row)
            objects = {name: _with_speed(thing, speeds[name]) for name, thing in truth.objects.items()}
            yield dataclasses.replace(truth, time_s=float(time_s), objects=objects)


def _speeds_mps(trace: PhysicsTrace, row: int) -> dict[str, float]:
    """Mean speed of each object since the pose before; 0 for the first."""
    if row == 0:
        return dict.fromkeys(trace.object_names, 0.0)
    moved_m = trace.object_poses[row, :, :3] - trace.object_poses[row - 1, :, :3]
    span_s = trace.object_time_s[row] - trace.object_time_s[row - 1]
    speeds = np.linalg.norm(moved_m, axis=1) / span_s
    return dict(zip(trace.object_names, speeds.tolist(), strict=True))


def _with_speed(thing: ObjectTruth, speed_mps: float) -> ObjectTruth:
    return dataclasses.replace(thing, speed_mps=speed_mps)
