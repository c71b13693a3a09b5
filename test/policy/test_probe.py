"""Probes hold what the spec asks for, and leave the policy as it was."""

from dataclasses import replace

import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.history import History
from noetra_ros.policy.probe import measured_latency_s, probe_observation
from noetra_ros.policy.spec import CameraNeed, DepthNeed, PolicySpec, SignalNeed, SoundNeed

SPEC = PolicySpec(
    "test 1", CommandKind.JOINT_POSITION, ("gripper",), ("gripper",), "rad", 8, 0.1, 0.1, 0.2,
    cameras=(
        CameraNeed("front", 8, 4, history=History(3, 0.1)), CameraNeed("wrist", 8, 8, resizes_itself=True),
    ),
    joint_history=History(2, 0.1), depths=(DepthNeed("front", 6, 5),),
    signals=(SignalNeed("wrench", ("force_z_n",), History(4, 0.01)),), sounds=(SoundNeed("ear", 100.0, 0.5),),
)  # fmt: skip


def test_every_part_has_the_shape_that_the_spec_asks_for(so101):
    probe = probe_observation(SPEC, so101)
    assert [frame.rgb.shape for frame in probe.videos["front"]] == [(4, 8, 3)] * 3
    assert probe.frames["wrist"].rgb.shape == (96, 96, 3), "as the robot's camera gives it"
    assert probe.depths["front"].depth_m.shape == (5, 6)
    assert probe.signals["wrench"].values.shape == (4, 1) and probe.sounds["ear"].samples.shape == (50, 1)
    assert [state.stamp_ns for state in probe.past_joints] == [probe.stamp_ns - 100_000_000]


class Recorder:
    """A policy that notes what is asked of it."""

    def __init__(self, spec, fails=False):
        self.spec, self.fails, self.calls = spec, fails, []

    def infer(self, observation):
        self.calls.append(observation.stamp_ns)
        if self.fails:
            raise PolicyError("not like this")
        return ActionChunk

    def reset(self):
        self.calls.append("reset")


def test_the_first_call_is_left_out_and_the_policy_is_reset(so101):
    policy = Recorder(SPEC)
    assert 0.0 <= measured_latency_s(policy, so101, 3) < 1.0
    assert (
        len(policy.calls) == 5
        and policy.calls[-1] == "reset"
        and policy.calls[:4] == sorted(policy.calls[:4])
    )


@pytest.mark.parametrize(
    ("spec", "fails", "calls"),
    [(SPEC, True, 3), (replace(SPEC, needs_truth=True), False, 3), (SPEC, False, 0)],
)
def test_nothing_measured_is_none(so101, spec, fails, calls):
    assert measured_latency_s(Recorder(spec, fails), so101, calls) is None


def test_a_shipped_policy_answers_probes(so101):
    policy = create_backend("hold", BackendOptions(so101))
    policy.load()
    assert measured_latency_s(policy, so101, 5) < 0.5
