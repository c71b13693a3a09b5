"""Observations are complete, fresh and aligned, or a reason is given."""

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.stream_timing import Align, StreamTiming
from noetra_ros.core.types import CameraFrame, CommandKind, JointState, Observation
from noetra_ros.policy.assembly import Incomplete
from noetra_ros.policy.history import History
from noetra_ros.policy.modality import assembler_of
from noetra_ros.policy.spec import CameraNeed, PolicySpec

MS = 1_000_000
PICTURE = np.full((2, 2, 3), 7, dtype=np.uint8)
LIVE = StreamTiming(Align.AS_OF, tolerance_s=0.06, max_age_s=0.3)
BLIND = PolicySpec("test 1", CommandKind.JOINT_POSITION, ("elbow",), ("elbow",), "rad", 8, 0.1, 0.1, 0.2)
SEEING = replace(BLIND, cameras=(CameraNeed("front", 2, 2), CameraNeed("wrist", 2, 2)))


class Bench:
    """An assembler and what comes in.

    Args:
        spec: what the policy needs.
        lock_step: parts of one tick.
        **timings: of streams, over `LIVE`.
    """

    def __init__(self, spec=SEEING, lock_step=False, **timings):
        stated = dict.fromkeys(("front", "wrist", "joint_states", "sim_truth"), LIVE) | timings
        self.assembler = assembler_of(spec, stated, lock_step)

    def frames(self, camera, *stamps_ms):
        for stamp_ms in stamps_ms:
            frame = CameraFrame(stamp_ms * MS, camera, PICTURE)
            self.assembler.add(f"camera {camera}", frame.stamp_ns, frame)
        return self

    def joints(self, *stamps_ms, value=0.5):
        for stamp_ms in stamps_ms:
            state = JointState(stamp_ms * MS, ("elbow",), *[np.array([value])] * 3)
            self.assembler.add("joint_states", state.stamp_ns, state)
        return self

    def look(self, now_ms):
        return self.assembler.look(now_ms * MS, "go")

    def take(self, now_ms):
        return self.assembler.take(now_ms * MS, "go")


def filled(front_ms=1000, wrist_ms=1000, joints_ms=1000, **arguments):
    return Bench(**arguments).frames("front", front_ms).frames("wrist", wrist_ms).joints(joints_ms)


def test_all_parts_make_an_observation_with_the_stamp_of_the_oldest():
    found = filled(front_ms=1000, wrist_ms=1040, joints_ms=995).look(1100)
    assert isinstance(found, Observation)
    assert (found.stamp_ns, found.instruction) == (995 * MS, "go")
    assert set(found.frames) == {"front", "wrist"} and found.joints.positions.tolist() == [0.5]
    assert found.videos == {} and found.past_joints == ()


def test_every_missing_part_is_named():
    found = Bench().frames("wrist", 1000).look(1000)
    assert found == Incomplete("camera front: nothing received; joint_states: nothing received")


@pytest.mark.parametrize(
    ("now_ms", "is_complete"), [(1000, True), (1300, True), (1301, False), (700, True), (699, False)]
)
def test_age_is_judged_against_the_stamp_both_ways(now_ms, is_complete):
    assert isinstance(filled().look(now_ms), Observation) is is_complete


def test_only_the_stream_that_has_stopped_is_named_with_age_and_limit():
    found = filled(front_ms=500).look(1000)
    assert found == Incomplete("camera front: 0.50 s old, allowed 0.3 s")


@pytest.mark.parametrize(("wrist_ms", "is_complete"), [(1060, True), (1061, False), (939, False)])
def test_parts_may_lie_apart_by_the_tolerance(wrist_ms, is_complete):
    assert isinstance(filled(wrist_ms=wrist_ms).look(1100), Observation) is is_complete


def test_a_part_too_far_from_the_instant_is_named_with_distance_and_tolerance():
    found = filled(wrist_ms=1061).look(1100)
    assert found == Incomplete("camera wrist: 0.061 s after the instant, allowed 0.06 s")


def test_each_stream_has_its_own_tolerance_and_age():
    strict = StreamTiming(Align.AS_OF, tolerance_s=0.004, max_age_s=0.2)
    assert isinstance(filled(joints_ms=996, joint_states=strict).look(1100), Observation)
    assert filled(joints_ms=995, joint_states=strict).look(1100) == Incomplete(
        "joint_states: 0.005 s before the instant, allowed 0.004 s"
    )
    assert filled(joint_states=strict).look(1250) == Incomplete("joint_states: 0.25 s old, allowed 0.2 s")


def test_as_of_takes_the_sample_nearest_to_the_instant():
    bench = filled(joints_ms=980).joints(1002, value=0.7).joints(1050, value=0.9)
    assert bench.look(1060).joints.positions.tolist() == [0.7]


def test_a_faster_camera_gives_the_frame_of_the_instant_not_its_newest():
    bench = filled(front_ms=1000).frames("wrist", 1033, 1066, 1100)
    assert bench.look(1100).frames["wrist"].stamp_ns == 1000 * MS


def test_hold_keeps_what_changes_slowly_and_does_not_age_the_observation():
    held = StreamTiming(Align.HOLD, tolerance_s=0.0, max_age_s=2.0)
    found = filled(wrist_ms=200, wrist=held).look(1100)
    assert found.stamp_ns == 1000 * MS and found.frames["wrist"].stamp_ns == 200 * MS
    assert filled(wrist_ms=200, wrist=held).look(2201) == Incomplete(
        "camera front: 1.20 s old, allowed 0.3 s; camera wrist: 2.00 s old, allowed 2 s; "
        "joint_states: 1.20 s old, allowed 0.3 s"
    )


def test_hold_takes_nothing_of_after_the_instant():
    held = StreamTiming(Align.HOLD, tolerance_s=0.0, max_age_s=2.0)
    found = filled(wrist_ms=1001, wrist=held).look(1100)
    assert found == Incomplete("camera wrist: nothing at or before the instant, allowed 0 s")


def test_drop_uses_a_sample_once_where_as_of_takes_it_again():
    once = StreamTiming(Align.DROP, tolerance_s=0.06, max_age_s=0.3)
    for timing, is_complete in ((LIVE, True), (once, False)):
        bench = filled(front_ms=1000, wrist_ms=1020, wrist=LIVE, joint_states=timing)
        assert isinstance(bench.take(1030), Observation)
        bench.frames("front", 1040).frames("wrist", 1040)
        assert isinstance(bench.take(1050), Observation) is is_complete
    assert bench.look(1050) == Incomplete("joint_states: no new sample for this instant")
    assert isinstance(bench.joints(1045).look(1050), Observation)


def test_silence_is_named_and_a_taken_observation_is_no_silence():
    once = StreamTiming(Align.DROP, tolerance_s=0.06, max_age_s=0.3)
    bench = filled(front=once, joint_states=once)
    assert bench.assembler.silence(1000 * MS) is None
    bench.take(1000)
    assert bench.assembler.silence(1050 * MS) is None
    assert "camera front: 0.31 s old" in bench.assembler.silence(1310 * MS).reason
    bench.frames("front", 1100).frames("wrist", 1100)
    assert bench.assembler.silence(1110 * MS) == Incomplete("joint_states: no new sample for this instant")


def test_video_is_oldest_first_and_ends_with_the_frame_of_the_instant():
    spec = replace(SEEING, cameras=(CameraNeed("front", 2, 2, history=History(3, 0.1)),))
    bench = Bench(spec).frames("front", 795, 850, 905, 950, 1000).joints(1000)
    found = bench.look(1000)
    assert [frame.stamp_ns // MS for frame in found.videos["front"]] == [795, 905, 1000]
    assert found.frames["front"] is found.videos["front"][-1]


def test_a_video_that_is_too_short_is_never_padded():
    spec = replace(SEEING, cameras=(CameraNeed("front", 2, 2, history=History(3, 0.1)),))
    found = Bench(spec).frames("front", 900, 1000).joints(1000).look(1000)
    assert found == Incomplete("camera front: nothing of 0.200 s before, allowed 0.06 s")
    slow = Bench(spec, front=StreamTiming(Align.AS_OF, 0.11, 0.3)).frames("front", 900, 1000).joints(1000)
    assert "nothing of 0.200 s before" in slow.look(1000).reason


def test_joints_can_be_looked_back_to():
    spec = replace(BLIND, joint_history=History(2, 0.05))
    found = Bench(spec).joints(950, value=0.1).joints(1000, value=0.2).look(1000)
    assert [state.positions.tolist() for state in found.past_joints] == [[0.1]]
    assert found.joints.positions.tolist() == [0.2]


@pytest.mark.parametrize(
    ("joints_ms", "is_complete"), [((1000,), True), ((990, 1000), True), ((1001,), False)]
)
def test_lock_step_takes_only_parts_of_one_tick_and_knows_no_age(joints_ms, is_complete):
    bench = Bench(lock_step=True).frames("front", 1000).frames("wrist", 1000).joints(*joints_ms)
    assert isinstance(bench.look(99_000), Observation) is is_complete


def test_a_picture_from_the_past_does_not_replace_a_newer_one():
    bench = filled(front_ms=1000).frames("front", 900)
    assert bench.assembler.beat_ns == 1000 * MS


def test_the_beat_waits_for_the_slowest_camera_and_is_new_until_taken():
    bench = Bench().frames("front", 1000)
    assert bench.assembler.beat_ns == 0 and not bench.assembler.has_new_beat
    bench.frames("wrist", 950).joints(950)
    assert bench.assembler.beat_ns == 950 * MS and bench.assembler.has_new_beat
    bench.take(1000)
    assert not bench.assembler.has_new_beat
    assert bench.frames("wrist", 1000).assembler.has_new_beat


def test_without_pictures_the_joints_give_the_beat():
    assert Bench(BLIND).joints(50).assembler.beat_ns == 50 * MS


def test_the_simulators_truth_is_waited_for():
    bench = Bench(replace(BLIND, needs_truth=True)).joints(100)
    assert bench.look(100) == Incomplete("the simulator's truth: nothing received")
    bench.assembler.add("the simulator's truth", 100 * MS, None)
    assert isinstance(bench.look(100), Observation)


def test_a_policy_without_needs_is_asked_by_the_clock():
    bench = Bench(replace(BLIND, joints=()))
    found = bench.look(5)
    assert not bench.assembler.has_beat
    assert isinstance(found, Observation) and found.stamp_ns == 5 * MS and found.joints.names == ()


def test_clear_forgets_everything_and_earlier_stamps_count_again():
    bench = filled()
    bench.take(1000)
    bench.assembler.clear()
    assert bench.assembler.beat_ns == 0 and isinstance(bench.look(1000), Incomplete)
    bench.frames("front", 40).frames("wrist", 40).joints(40)
    assert bench.assembler.has_new_beat and isinstance(bench.take(50), Observation)


def test_a_stream_without_stated_timing_is_a_setup_error_that_names_all():
    with pytest.raises(ConfigError) as error:
        assembler_of(SEEING, {"front": LIVE}, lock_step=False)
    assert [fault.key for fault in error.value.faults] == ["observation.wrist", "observation.joint_states"]
