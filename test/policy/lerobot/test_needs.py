from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.lerobot.checkpoint import read_checkpoint
from noetra_ros.policy.lerobot.needs import needed_by
from noetra_ros.policy.lerobot.sheet import LeRobotSheet
from noetra_ros.policy.model_sheet import read_sheet
from noetra_ros.policy.preflight import Serving, preflight_faults


def needed(lerobot_folder):
    path = lerobot_folder.written()
    return needed_by(read_checkpoint(path), read_sheet(LeRobotSheet, path, ()))


def test_numbers_are_converted_both_ways(lerobot_folder):
    lerobot_folder.sheet += "scales: {gripper: {rad_per_unit: 0.02, zero_rad: -0.2}}\n"
    found = needed(lerobot_folder)
    back = found.joints_to_model(np.array([np.pi, 0, 0, 0, 0, 0.8]))
    np.testing.assert_allclose(back, [180, 0, 0, 0, 0, 50])
    np.testing.assert_allclose(found.actions_from_model(np.full(6, 90.0))[[0, 5]], [np.pi / 2, 1.6])


def test_statistics_are_told_in_rad_so_that_the_preflight_sees_a_wrong_unit(lerobot_folder, so101):
    row = needed(lerobot_folder).spec.statistics[0]
    assert (row.lowest_rad, row.highest_rad) == pytest.approx((np.deg2rad(-20), np.deg2rad(40)))
    lerobot_folder.sheet = lerobot_folder.sheet.replace("deg", "rad")
    keys = [
        fault.key
        for fault in preflight_faults(needed(lerobot_folder).spec, Serving(so101, is_simulation=False))
    ]
    assert "statistics.shoulder_pan" in keys


def test_timing_comes_from_the_sheet_and_half_a_chunk_is_kept_in_reserve(lerobot_folder):
    spec = needed(lerobot_folder).spec
    assert (spec.rows, spec.step_s, spec.replan_s, spec.trained_rate_hz) == (8, 0.1, 0.4, 10.0)
    lerobot_folder.sheet += "replan_s: 0.2\n"
    assert needed(lerobot_folder).spec.replan_s == 0.2


def test_a_camera_is_the_last_part_of_its_name_or_as_the_sheet_says(lerobot_folder):
    lerobot_folder.sheet += (
        "cameras: {observation.images.wrist: {camera: hand, width_px: 128, height_px: 64}}\n"
    )
    front, hand = needed(lerobot_folder).spec.cameras
    assert (front.name, front.width_px, front.height_px) == ("front", 96, 96)
    assert (hand.name, hand.width_px, hand.height_px) == ("hand", 128, 64)


def test_what_looks_back_wants_its_instants_a_step_apart(lerobot_folder):
    lerobot_folder.config |= {"type": "diffusion", "n_action_steps": 8, "n_obs_steps": 2}
    spec = needed(lerobot_folder).spec
    assert (spec.joint_history.count, spec.joint_history.step_s) == (2, 0.1)
    assert {need.history for need in spec.cameras} == {spec.joint_history}


def test_a_policy_that_resizes_by_itself_says_so(lerobot_folder):
    lerobot_folder.config["type"] = "smolvla"
    assert {(need.resize, need.resizes_itself) for need in needed(lerobot_folder).spec.cameras} == {
        ("letterbox_end", True)
    }


def test_sheet_and_checkpoint_that_contradict_each_other_are_refused_at_once(lerobot_folder):
    lerobot_folder.sheet = "unit: deg\nrate_hz: 10\njoints: [gripper]\ncameras: {side: {camera: front}}\n"
    with pytest.raises(ConfigError) as error:
        needed(lerobot_folder)
    assert [fault.key for fault in error.value.faults] == ["joints", "actions", "cameras.side"]


def test_a_base_has_columns_of_its_own_and_no_scale(lerobot_folder):
    lerobot_folder.config["output_features"]["action"]["shape"] = [3]
    lerobot_folder.sheet += "kind: base_twist\n"
    path = lerobot_folder.written()
    checkpoint = replace(read_checkpoint(path), statistics={})
    found = needed_by(checkpoint, read_sheet(LeRobotSheet, path, ()))
    assert (found.spec.actions, found.spec.unit) == (("vx", "vy", "wz"), "m/s")
    np.testing.assert_array_equal(found.actions_from_model(np.ones(3)), np.ones(3))
