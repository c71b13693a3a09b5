from __future__ import annotations

from dataclasses import replace

import numpy as np

from noetra_ros.core.types import JointState
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.swing import SwingBackend


def at(observation, time_s):
    return replace(observation, stamp_ns=observation.stamp_ns + round(time_s * 1e9))


def test_one_of_two_joints_is_fast_at_every_instant_and_none_too_fast(so101, observation):
    backend = SwingBackend(BackendOptions(so101))
    backend.infer(observation)
    steps = [
        np.abs(np.diff(backend.infer(at(observation, t)).values, axis=0)) for t in np.arange(1.0, 6.0, 0.2)
    ]
    fastest = np.array([step.max() / 0.1 for step in steps])
    assert fastest.min() > 0.3 and fastest.max() < 0.7


def test_it_begins_where_the_robot_is_and_stays_around_it(so101, observation):
    backend = SwingBackend(BackendOptions(so101))
    first = backend.infer(observation).values
    np.testing.assert_allclose(first[0], observation.joints.positions, atol=0.02)
    away = np.abs(backend.infer(at(observation, 7.3)).values - observation.joints.positions).max(axis=0)
    assert away.max() <= 0.8 + 1e-9 and np.count_nonzero(away) == 2


def test_a_base_drives_a_circle_within_its_limits(diffbot, observation):
    nothing = JointState(1, (), np.zeros(0), np.zeros(0), np.zeros(0))
    backend = SwingBackend(BackendOptions(diffbot))
    still = replace(observation, joints=nothing)
    backend.infer(still)
    values = backend.infer(at(still, 3.0)).values
    np.testing.assert_allclose(values, np.tile([0.15, 0.0, 0.9], (8, 1)))
