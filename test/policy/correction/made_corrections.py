"""A corrector that answers what it is told, and a chunk of six joints to correct."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.policy.correction.corrector import CorrectorSpec

JOINTS = ("shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper")
LIMIT_RAD = np.array([0.4, 0.4, 0.4, 0.4, 0.4, 0.0])


class Told:
    """Implements `Corrector`."""

    def __init__(self, ignore_rad=0.0):
        self.spec = CorrectorSpec("told 1", JOINTS, (), 0.1, 4, LIMIT_RAD, np.full(6, ignore_rad), 50.0, 0.01)
        self.answer = np.zeros((4, 6))
        self.ahead = None

    def load(self):
        """Nothing to load."""

    def residuals(self, observation, ahead):
        self.ahead = ahead
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def chunk_at(stamp_ns, instruction="pick up the red cube", value=0.0):
    """Eight rows of 0.1 s that rise by 0.1 rad each."""
    rows = value + 0.1 * np.arange(1, 9)[:, np.newaxis] * np.ones(6)
    kind = CommandKind.JOINT_POSITION
    return ActionChunk(stamp_ns, 1, "arm", kind, JOINTS, 0.1, 0.1, rows, instruction, "slow 1")


def seen_at(observation, stamp_ns, picture_ns=None):
    """The observation at another instant."""
    at_ns = stamp_ns if picture_ns is None else picture_ns
    frames = {name: replace(frame, stamp_ns=at_ns) for name, frame in observation.frames.items()}
    return replace(observation, stamp_ns=stamp_ns, frames=frames)
