from __future__ import annotations

from dataclasses import replace

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.match import match_faults, require_match
from noetra_ros.policy.spec import CameraNeed, JointStatistics, PolicySpec

JOINTS = ("shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper")
SWAPPED = (JOINTS[1], JOINTS[0], *JOINTS[2:])
FITTING = PolicySpec(
    model="test 1",
    kind=CommandKind.JOINT_POSITION,
    joints=JOINTS,
    actions=JOINTS,
    unit="rad",
    rows=8,
    step_s=0.1,
    start_offset_s=0.1,
    replan_s=0.2,
    cameras=(CameraNeed("front", 96, 96), CameraNeed("wrist", 96, 96)),
    statistics=(JointStatistics("gripper", 0.3, 0.2, 0.0, 0.6),),
)


def test_a_fitting_policy_has_no_fault(so101):
    assert match_faults(FITTING, so101, is_simulation=False) == []


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"cameras": (CameraNeed("top", 96, 96),)}, "cameras.top", "the robot has front, wrist"),
        ({"cameras": (CameraNeed("front", 128, 128),)}, "cameras.front", "96x96 px, expected 128x128 px"),
        ({"cameras": (CameraNeed("front", 128, 96),)}, "cameras.front", "aspect ratio differs"),
        ({"cameras": (CameraNeed("front", 96, 96, "bgr"),)}, "cameras.front.colour_order", "rgb"),
        ({"replan_s": 0.05}, "cameras.front.rate_hz", "10.0 Hz, expected >= 20 Hz"),
        ({"unit": "deg"}, "unit", "got deg, expected rad"),
        ({"kind": CommandKind.JOINT_VELOCITY}, "kind", "joint_position"),
        ({"actions": SWAPPED}, "actions", "the order shoulder_pan, shoulder_lift"),
        ({"actions": JOINTS[:5]}, "actions", "5 values, expected 6 values"),
        ({"actions": (*JOINTS[:5], "claw")}, "actions", "got claw"),
        ({"joints": (*JOINTS, "waist")}, "joints.waist", "a missing joint"),
        (
            {"statistics": (JointStatistics("elbow_flex", 10.0, 30.0, -80.0, 90.0),)},
            "statistics.elbow_flex",
            "degrees for radians",
        ),
        (
            {"statistics": (JointStatistics("elbow_flex", 0.0, float("nan"), -1.0, 1.0),)},
            "statistics.elbow_flex",
            "finite numbers",
        ),
        ({"needs_truth": True}, "needs_truth", "a simulation"),
    ],
)
def test_each_mismatch_is_named(so101, change, key, words):
    faults = match_faults(replace(FITTING, **change), so101, is_simulation=False)
    assert [fault for fault in faults if fault.key == key and words in str(fault)], [str(f) for f in faults]


def test_all_mismatches_come_at_once(so101):
    wrong = replace(FITTING, cameras=(CameraNeed("top", 96, 96),), unit="deg", actions=SWAPPED)
    with pytest.raises(ConfigError) as error:
        require_match(wrong, so101, is_simulation=True)
    assert [fault.key for fault in error.value.faults] == ["cameras.top", "unit", "actions"]


def test_truth_is_there_in_simulation(so101):
    assert match_faults(replace(FITTING, needs_truth=True), so101, is_simulation=True) == []


def test_an_arm_policy_does_not_fit_a_base(diffbot):
    keys = [fault.key for fault in match_faults(FITTING, diffbot, is_simulation=True)]
    assert {"cameras.wrist", "kind", "unit", "joints.gripper"} <= set(keys)
