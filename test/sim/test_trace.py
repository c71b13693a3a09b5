"""What is recorded comes back from the file as it was."""

import numpy as np
import pytest

from noetra_ros.sim.trace import TraceRecorder


def test_round_trip(arm_world, tmp_path):
    arm_world.reset(1)
    recorder = TraceRecorder(arm_world)
    recorder.start()
    arm_world.step(5)
    target = arm_world.joint_state().positions + 0.01
    arm_world.set_joint_targets(target)
    arm_world.step(100)
    recorder.stop()
    arm_world.step(7)
    recorder.save(tmp_path / "deep" / "episode.npz")
    with np.load(tmp_path / "deep" / "episode.npz", allow_pickle=False) as trace:
        assert trace["names"].tolist()[-1] == "gripper"
        assert trace["positions"].shape == trace["is_touching"].shape == (105, 6)
        assert np.diff(trace["time_s"]) == pytest.approx(0.002)
        assert np.isnan(trace["targets"][:5]).all()
        assert trace["targets"][5] == pytest.approx(target)
        assert trace["object_poses"].shape == (3, 5, 7)
        assert trace["object_names"].tolist() == list(arm_world.object_names)
        assert trace["object_time_s"] == pytest.approx(trace["time_s"][[0, 50, 100]])
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["episode.npz"]


def test_start_forgets_the_episode_before(arm_world, tmp_path):
    arm_world.reset(1)
    recorder = TraceRecorder(arm_world)
    for count in (9, 4):
        recorder.start()
        arm_world.step(count)
    recorder.save(tmp_path / "t.npz")
    with np.load(tmp_path / "t.npz") as trace:
        assert len(trace["time_s"]) == 4


def test_nothing_recorded_is_said(arm_world, tmp_path):
    with pytest.raises(ValueError, match="call start"):
        TraceRecorder(arm_world).save(tmp_path / "t.npz")
