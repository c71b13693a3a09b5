from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionPrefix, CommandKind, JointState
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.scripted import ScriptedBackend
from noetra_ros.policy.errors import PolicyError


def test_without_the_simulators_truth_it_does_not_load(so101):
    with pytest.raises(ConfigError, match="simulation only"):
        ScriptedBackend(BackendOptions(so101)).load()


def test_without_a_planner_it_does_not_answer(so101, observation):
    with pytest.raises(PolicyError, match="no planner"):
        ScriptedBackend(BackendOptions(so101)).infer(observation)


def test_the_planner_is_asked_for_the_rows_of_the_spec(so101, observation):
    asked = []

    def plan(seen, rows, step_s, decided):
        asked.append((seen.stamp_ns, rows, step_s))
        return np.full((rows, 6), 0.25)

    values = ScriptedBackend(BackendOptions(so101, planner=plan)).infer(observation).values
    assert asked == [(5_000_000, 8, 0.1)] and (values == 0.25).all()


def test_what_is_frozen_is_given_to_the_planner(so101, observation):
    told = []
    backend = ScriptedBackend(
        BackendOptions(so101, planner=lambda o, r, s, d: told.append(d.tolist()) or np.zeros((r, 6)))
    )
    backend.infer_after(observation, ActionPrefix(np.arange(18.0).reshape(3, 6), 2))
    assert told == [np.arange(12.0).reshape(2, 6).tolist()]


def test_a_plan_of_another_shape_is_refused(so101, observation):
    backend = ScriptedBackend(BackendOptions(so101, planner=lambda o, r, s, d: np.zeros((3, 6))))
    with pytest.raises(PolicyError, match="gave \\(3, 6\\), expected \\(8, 6\\)"):
        backend.infer(observation)


def test_a_base_is_told_twists(diffbot, observation):
    seen = replace(observation, joints=JointState(observation.stamp_ns, (), *np.zeros((3, 0))))
    backend = ScriptedBackend(BackendOptions(diffbot, planner=lambda o, r, s, d: np.full((r, 3), 0.1)))
    chunk = backend.infer(seen)
    assert chunk.names == ("vx", "vy", "wz") and (chunk.values == 0.1).all()
    assert backend.spec.joints == () and backend.spec.unit == "m/s"


def test_a_channel_of_speeds_has_no_expert(so101):
    speeds = replace(so101.channels["arm"], kind=CommandKind.JOINT_VELOCITY)
    with pytest.raises(ConfigError, match="joint_position or base_twist"):
        ScriptedBackend(BackendOptions(replace(so101, channels={"arm": speeds}, default_channel="arm")))
