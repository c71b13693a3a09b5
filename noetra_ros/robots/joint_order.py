"""Joint positions in the caller's order, put where pinocchio wants them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio

from noetra_ros.core.types import FloatArray


class JointOrder:
    """From the caller's joint order to the model's.

    Args:
        model: built from the URDF; holds every name.
        joint_names: names in the order of every `positions` argument; others stay at zero.
    """

    def __init__(self, model: pinocchio.Model, joint_names: Sequence[str]) -> None:
        joints = [model.joints[model.getJointId(name)] for name in joint_names]
        self._positions_at = np.array([joint.idx_q for joint in joints], dtype=np.intp)
        self.velocities_at = np.array([joint.idx_v for joint in joints], dtype=np.intp)
        # A continuous joint is stored as cosine and sine.
        self._continuous = np.array([joint.nq == 2 for joint in joints], dtype=bool)
        self._has_continuous = bool(self._continuous.any())
        self._neutral = pinocchio.neutral(model)

    def configuration(self, positions: FloatArray) -> FloatArray:
        """(nq,) configuration of the model for (n,) positions, rad or m, in the caller's order."""
        configuration: FloatArray = self._neutral.copy()
        if not self._has_continuous:
            configuration[self._positions_at] = positions
            return configuration
        values = np.asarray(positions, dtype=np.float64)
        configuration[self._positions_at] = np.where(self._continuous, np.cos(values), values)
        sines_at = self._positions_at[self._continuous] + 1
        configuration[sines_at] = np.sin(values[self._continuous])
        return configuration
