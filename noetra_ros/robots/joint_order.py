"""Joint positions in the caller's order, put where pinocchio wants them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pinocchio

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.urdf import followers, read_urdf_joints


class JointOrder:
    """From the caller's joint order to the model's.

    Args:
        model: built from the URDF; holds every name. Mimic joints move by themselves in it: pinocchio 4.1
            refuses to couple those that come before their leader in its own order.
        joint_names: (n) names in the order of every `positions` argument; others stay at zero, and what
            mimics them (f joints) goes along.
        urdf: the file of the model.

    Attributes:
        velocities_at: (n + f) where the velocity of each joint stands, those that mimic last.
    """

    def __init__(self, model: pinocchio.Model, joint_names: Sequence[str], urdf: Path) -> None:
        all_joints = read_urdf_joints(urdf)
        moved = followers(all_joints, joint_names)
        names = (*joint_names, *(joint.name for joint in moved))
        joints = [model.joints[model.getJointId(name)] for name in names]
        self._positions_at = np.array([joint.idx_q for joint in joints], dtype=np.intp)
        self.velocities_at = np.array([joint.idx_v for joint in joints], dtype=np.intp)
        # A continuous joint is stored as cosine and sine.
        self._continuous = np.array([joint.nq == 2 for joint in joints], dtype=bool)
        self._has_continuous = bool(self._continuous.any())
        self._neutral = pinocchio.neutral(model)
        still = [joint for joint in all_joints.values() if joint.mimics and joint.name not in names]
        for joint in still:
            placed = model.joints[model.getJointId(joint.name)]
            value = (joint.offset,) if placed.nq == 1 else (math.cos(joint.offset), math.sin(joint.offset))
            self._neutral[placed.idx_q : placed.idx_q + placed.nq] = value
        self._leaders = [list(joint_names).index(joint.mimics) for joint in moved]
        self._ratios = np.array([joint.ratio for joint in moved])
        self._offsets = np.array([joint.offset for joint in moved])
        self._fold = np.vstack([np.eye(len(joint_names)), np.zeros((len(moved), len(joint_names)))])
        self._fold[np.arange(len(joint_names), len(names)), self._leaders] = self._ratios

    def configuration(self, positions: FloatArray) -> FloatArray:
        """(nq,) configuration of the model for (n,) positions, rad or m, in the caller's order."""
        configuration: FloatArray = self._neutral.copy()
        values = positions
        if self._leaders:
            values = np.asarray(positions, dtype=np.float64)
            values = np.concatenate([values, self._ratios * values[self._leaders] + self._offsets])
        if not self._has_continuous:
            configuration[self._positions_at] = values
            return configuration
        values = np.asarray(values, dtype=np.float64)
        configuration[self._positions_at] = np.where(self._continuous, np.cos(values), values)
        sines_at = self._positions_at[self._continuous] + 1
        configuration[sines_at] = np.sin(values[self._continuous])
        return configuration

    def coupling(self, joints: Sequence[pinocchio.JointModel]) -> tuple[FloatArray, FloatArray]:
        """How joints of the model follow the caller's.

        Args:
            joints: (c) of the model, of one axis each; others count as ones that stay.

        Returns:
            (c, n) units of each per unit of the caller's joints, and (c,) where each is with those at zero.
        """
        place = {int(column): row for row, column in enumerate(self.velocities_at)}
        count = self._fold.shape[1]
        rows, offsets = np.zeros((len(joints), count)), np.zeros(len(joints))
        for at, joint in enumerate(joints):
            row = place.get(joint.idx_v)
            if row is not None:
                rows[at] = self._fold[row]
                offsets[at] = self._offsets[row - count] if row >= count else 0.0
            elif joint.nv == 1:
                values = self._neutral[joint.idx_q : joint.idx_q + joint.nq]
                offsets[at] = values[0] if joint.nq == 1 else math.atan2(values[1], values[0])
        return rows, offsets

    def folded(self, rates: FloatArray) -> FloatArray:
        """(..., n) per unit of each joint of the caller, from (..., n + f) per unit of each that moves."""
        return rates @ self._fold if self._leaders else rates

    def folded_most(self, reaches: FloatArray) -> FloatArray:
        """As `folded`, of reaches that know no sign: nothing cancels."""
        return reaches @ np.abs(self._fold) if self._leaders else reaches
