"""The least mass and inertia of a link that moves: many URDFs have none, and no physics takes nothing."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray

LEAST_MASS_KG, LEAST_INERTIA_KGM2 = 1e-3, 1e-6


def sound_inertia(tensor_kgm2: FloatArray) -> FloatArray:
    """(3, 3) a tensor that a body can have, as MuJoCo makes it (`boundinertia`, `balanceinertia`).

    Principal moments are raised to the least one; where two together are less than the third, which no body
    has, their mean takes the place of each. What is sound comes back as it is.

    Args:
        tensor_kgm2: (3, 3) symmetric, about the centre of mass.
    """
    moments, axes = np.linalg.eigh(tensor_kgm2)
    raised = np.maximum(moments, LEAST_INERTIA_KGM2)
    is_balanced = bool(raised[0] + raised[1] >= raised[2])  # in rising order
    if is_balanced and np.array_equal(raised, moments):
        return tensor_kgm2
    sound = raised if is_balanced else np.full(3, raised.mean())
    return np.asarray(axes @ np.diag(sound) @ axes.T)
