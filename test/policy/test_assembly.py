"""Observations are complete, fresh and aligned, or a reason is given."""

import numpy as np
import pytest

from noetra_ros.core.types import CameraFrame, JointState, Observation
from noetra_ros.policy.assembly import Assembler, Incomplete, Needs, Timing

MS = 1_000_000
LIVE = Timing(max_age_ns=300 * MS, tolerance_ns=60 * MS)
PICTURE = np.full((2, 2, 3), 7, dtype=np.uint8)


def frame(camera, stamp_ms):
    return CameraFrame(stamp_ms * MS, camera, PICTURE)


def joints(stamp_ms, position_rad=0.5):
    value = np.array([position_rad])
    return JointState(stamp_ms * MS, ("elbow",), value, value, value)


def two_cameras(timing=LIVE):
    return Assembler(Needs(("front", "wrist")), timing)


def filled(front_ms=1000, wrist_ms=1000, joints_ms=1000, timing=LIVE):
    assembler = two_cameras(timing)
    assembler.add_frame(frame("front", front_ms))
    assembler.add_frame(frame("wrist", wrist_ms))
    assembler.add_joints(joints(joints_ms))
    return assembler


def test_all_parts_make_an_observation_with_the_stamp_of_the_oldest():
    found = filled(front_ms=1000, wrist_ms=1040, joints_ms=995).assemble(1100 * MS, "go")
    assert isinstance(found, Observation)
    assert (found.stamp_ns, found.instruction) == (995 * MS, "go")
    assert set(found.frames) == {"front", "wrist"} and found.joints.positions.tolist() == [0.5]


def test_every_missing_part_is_named():
    assembler = two_cameras()
    assembler.add_frame(frame("wrist", 1000))
    found = assembler.assemble(1000 * MS, "go")
    assert found == Incomplete("camera front: nothing received; joint_states: nothing received")


@pytest.mark.parametrize(
    ("now_ms", "is_complete"), [(1000, True), (1300, True), (1301, False), (700, True), (699, False)]
)
def test_age_is_judged_against_the_stamp_both_ways(now_ms, is_complete):
    found = filled().assemble(now_ms * MS, "go")
    assert isinstance(found, Observation) is is_complete


def test_an_old_part_is_named_with_age_and_limit():
    found = filled(front_ms=500).assemble(1000 * MS, "go")
    assert isinstance(found, Incomplete)
    assert "camera front: 0.50 s old, allowed 0.3 s" in found.reason


@pytest.mark.parametrize(("wrist_ms", "is_complete"), [(1060, True), (1061, False), (939, False)])
def test_parts_may_lie_apart_by_the_tolerance(wrist_ms, is_complete):
    found = filled(wrist_ms=wrist_ms).assemble(1100 * MS, "go")
    assert isinstance(found, Observation) is is_complete


def test_the_joint_state_nearest_to_the_pictures_is_taken():
    assembler = filled(joints_ms=980)
    assembler.add_joints(joints(1002, 0.7))
    assembler.add_joints(joints(1050, 0.9))
    found = assembler.assemble(1060 * MS, "go")
    assert isinstance(found, Observation) and found.joints.positions.tolist() == [0.7]


def test_lock_step_takes_only_parts_of_one_tick():
    exact = Timing(max_age_ns=None, tolerance_ns=0)
    assert isinstance(filled(timing=exact).assemble(99_000 * MS, "go"), Observation)
    assert isinstance(filled(joints_ms=1001, timing=exact).assemble(1001 * MS, "go"), Incomplete)


def test_a_picture_from_the_past_does_not_replace_a_newer_one():
    assembler = filled(front_ms=1000)
    assembler.add_frame(frame("front", 900))
    assert assembler.beat_ns == 1000 * MS


def test_the_beat_waits_for_the_slowest_camera():
    assembler = two_cameras()
    assembler.add_frame(frame("front", 1000))
    assert assembler.beat_ns == 0
    assembler.add_frame(frame("wrist", 900))
    assert assembler.beat_ns == 900 * MS


def test_without_pictures_the_joints_give_the_beat():
    assembler = Assembler(Needs(()), LIVE)
    assembler.add_joints(joints(50))
    assert assembler.beat_ns == 50 * MS


def test_a_further_part_is_waited_for():
    assembler = Assembler(Needs((), others=("truth",)), Timing(None, 0))
    assembler.add_joints(joints(100))
    assert isinstance(assembler.assemble(0, "go"), Incomplete)
    assembler.add_other("truth", 100 * MS)
    assert isinstance(assembler.assemble(0, "go"), Observation)


def test_a_policy_without_needs_is_asked_by_the_clock():
    assembler = Assembler(Needs((), has_joints=False), LIVE)
    found = assembler.assemble(5 * MS, "go")
    assert not assembler.has_beat
    assert isinstance(found, Observation) and found.stamp_ns == 5 * MS and found.joints.names == ()


def test_clear_forgets_everything():
    assembler = filled()
    assembler.clear()
    assert assembler.beat_ns == 0 and isinstance(assembler.assemble(1000 * MS, "go"), Incomplete)
