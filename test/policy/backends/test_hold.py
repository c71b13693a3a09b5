from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.types import JointState
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.hold import HoldBackend
from noetra_ros.policy.errors import PolicyError


def moved(observation, by_rad):
    joints = replace(observation.joints, positions=observation.joints.positions + by_rad)
    return replace(observation, joints=joints)


def test_the_first_measurement_is_held_until_reset(so101, observation):
    backend = HoldBackend(BackendOptions(so101))
    first = backend.infer(observation).values
    np.testing.assert_array_equal(first, np.tile(observation.joints.positions, (8, 1)))
    np.testing.assert_array_equal(backend.infer(moved(observation, -0.1)).values, first)
    backend.reset()
    np.testing.assert_allclose(backend.infer(moved(observation, -0.1)).values, first - 0.1)


def test_a_base_stands_still(diffbot, observation):
    nothing = JointState(1, (), np.zeros(0), np.zeros(0), np.zeros(0))
    chunk = HoldBackend(BackendOptions(diffbot)).infer(replace(observation, joints=nothing))
    assert chunk.names == ("vx", "vy", "wz") and not chunk.values.any()


def test_joints_that_are_not_finite_are_not_held(so101, observation):
    with pytest.raises(PolicyError, match="not finite"):
        HoldBackend(BackendOptions(so101)).infer(moved(observation, np.inf))
