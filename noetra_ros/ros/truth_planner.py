"""Plans of the scripted expert from the simulator's truth; simulation only."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from geometry_msgs.msg import Pose

from noetra_ros.core.types import FloatArray, Observation
from noetra_ros.msg import PhysicsState
from noetra_ros.policy.errors import PolicyError
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.sim.scene import CUBE_COLOURS, ObjectTruth, SceneTruth
from noetra_ros.sim.scripted import make_expert
from noetra_ros.sim.task import SPLITS, TASKS

# Truths to choose the one of the observation from: three seconds at 10 Hz.
TRUTH_MEMORY = 30
BOWL = "bowl"


class TruthPlanner:
    """A `policy.backend.TruthPlanner`; filled from one thread, asked from another.

    Args:
        profile: the simulated robot.
    """

    def __init__(self, profile: RobotProfile) -> None:
        self._expert = make_expert(profile)
        self._meanings = sentence_meanings()
        self._truths: deque[tuple[int, SceneTruth]] = deque(maxlen=TRUTH_MEMORY)

    def add(self, message: PhysicsState) -> int:
        """Keep a truth; gives its stamp.

        Raises:
            ValueError: it has no bowl: not a world with tasks.
        """
        stamp_ns = stamp_to_ns(message.header.stamp)
        self._truths.append((stamp_ns, scene_from_message(message)))
        return stamp_ns

    def __call__(
        self, observation: Observation, rows: int, step_s: float, decided: FloatArray | None = None
    ) -> FloatArray:
        """(rows, joints) rad, profile order, or (rows, 3) twists of a base; row k for stamp +
        (k + 1) * step_s; `decided` rows come first.

        Raises:
            PolicyError: a sentence that the expert does not know, or no truth yet.
        """
        sentence = _plain(observation.instruction)
        if sentence not in self._meanings:
            examples = ", ".join(repr(words) for words in list(self._meanings)[::20][:4])
            known = f"it knows {len(self._meanings)} sentences, e.g. {examples}"
            raise PolicyError(f"the expert does not know {observation.instruction!r}; {known}")
        truths = list(self._truths)
        if not truths:
            raise PolicyError("the expert has no truth: is the simulator publishing sim/physics_state?")
        _, truth = min(truths, key=lambda item: abs(item[0] - observation.stamp_ns))
        task, colour = self._meanings[sentence]
        positions = observation.joints.positions
        return self._expert.action_chunk(truth, positions, task, colour, rows, step_s, decided)


def sentence_meanings() -> dict[str, tuple[str, str]]:
    """Every wording of every task and colour, in plain form, to (task, colour)."""
    return {
        _plain(sentence): (name, colour)
        for name in TASKS.names()
        for colour in CUBE_COLOURS
        for split in SPLITS
        for sentence in TASKS.get(name).sentences(colour, split)
    }


def scene_from_message(message: PhysicsState) -> SceneTruth:
    """The scene as the expert needs it: where objects started and how fast they are is left out.

    Raises:
        ValueError: there is no bowl.
    """
    poses = dict(zip(message.object_names, message.object_poses, strict=True))
    if BOWL not in poses:
        raise ValueError(f"sim/physics_state has no bowl, only {', '.join(poses) or 'nothing'}")
    bowl = _position(poses.pop(BOWL))
    return SceneTruth(
        time_s=stamp_to_ns(message.header.stamp) * 1e-9,
        objects={name: _object(pose) for name, pose in poses.items()},
        bowl_position_m=bowl,
        tool_point_m=_position(message.tool_pose),
        gripper_rad=float(message.joint_positions[-1]) if message.joint_positions else math.nan,
    )


def _object(pose: Pose) -> ObjectTruth:
    q = pose.orientation
    return ObjectTruth(_position(pose), np.array([q.w, q.x, q.y, q.z]), _position(pose))


def _position(pose: Pose) -> FloatArray:
    return np.array([pose.position.x, pose.position.y, pose.position.z])


def _plain(sentence: str) -> str:
    """Small letters, single blanks, no full stop."""
    return " ".join(sentence.casefold().split()).rstrip(".!")
