"""Walls in joint space, so that room can be told by hand: for tests of what holds motions before barriers."""

import dataclasses

import numpy as np
from made_snapshots import TWO_JOINTS

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import Projection

# Wide position limits: what holds is the wall.
JOINTS = dataclasses.replace(
    TWO_JOINTS, axes=tuple(dataclasses.replace(axis, lower=-9.0, upper=9.0) for axis in TWO_JOINTS.axes)
)
SPEEDS = dataclasses.replace(JOINTS, kind=CommandKind.JOINT_VELOCITY)


class Walls:
    """Rows of room = offset + normal . joints; counts which of them were measured."""

    unit = "m"
    left_out = ()

    def __init__(self, *rows, name="wall", unit="m"):
        self.names = tuple(f"{name} {k}" for k in range(len(rows)))
        self.unit = unit
        self.offsets = np.array([row[0] for row in rows], dtype=float)
        self.normals = np.array([row[1:] for row in rows], dtype=float)
        self.reach = np.abs(self.normals)
        self.left_out = (f"{name}: nobody",)
        self.asked = []

    def room(self, positions, rows):
        """As the formula says."""
        self.asked.append(list(rows))
        return self.offsets[rows] + self.normals[rows] @ positions

    def gradient(self, rows):
        """The normals."""
        return self.normals[rows]


class SeenWalls(Walls):
    """Walls that come with what is seen: a number, the offset of one wall before the first joint."""

    def __init__(self, joints=2):
        super().__init__()
        self.normals, self.reach, self._joints = np.zeros((0, joints)), np.zeros((0, joints)), joints

    def see(self, scene):
        """None = nothing is there; the same as before changes nothing."""
        told = () if scene is None else (float(scene),)
        if tuple(self.offsets) == told:
            return False
        away = [-1.0] + [0.0] * (self._joints - 1)
        super().__init__(*((offset, *away) for offset in told), name="seen")
        self.normals = self.normals.reshape(-1, self._joints)
        self.reach = np.abs(self.normals)
        return True


class Held:
    """Two joints under their limits and walls."""

    def __init__(self, *rows, limits=JOINTS, start=(0.0, 0.0), walls=None):
        self.walls = Walls(*rows) if walls is None else walls
        self.motion = ChannelMotion(limits)
        self.motion.start_at(start)
        self.projection = Projection([self.walls], limits)
        self.at = np.array(start, dtype=float)
        self.answers = []

    def step(self, wanted, scale=1.0, beside=(0.0, 0.0), joints=()):
        """One command; gives the answer, which is carried out."""
        is_position = self.motion.limits.is_position
        proposed = self.motion.propose(tuple(wanted), (0.0, 0.0), scale)
        here = self.motion.positions() if is_position else self.at
        if not is_position:
            self.motion.observe(tuple(self.at.tolist()))
        answer = self.projection.apply(self.motion, proposed, scale, np.array([*here, *joints]) + beside)
        self.answers.append((proposed, answer))
        self.motion.commit(answer.values)
        self.at = self.at + np.array(self.motion.velocity()) * 0.01
        return answer

    def go(self, wanted, count, **about):
        """The same command again and again; gives where it led."""
        for _ in range(count):
            self.step(wanted, **about)
        return np.array(self.motion.positions() if self.motion.limits.is_position else self.at)

    def names(self):
        """Of all that held a command."""
        return {held.name for _, answer in self.answers for held in answer.held}
