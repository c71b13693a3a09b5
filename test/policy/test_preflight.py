"""Serving equals training, or the mismatch has a name and a mend; nothing is repaired."""

from __future__ import annotations

from dataclasses import replace

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.stream_timing import Align, StreamTiming
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.history import History
from noetra_ros.policy.preflight import (
    PREFLIGHT_CHECKS,
    Serving,
    preflight,
    preflight_faults,
    require_preflight,
)
from noetra_ros.policy.spec import CameraNeed, DepthNeed, JointStatistics, PolicySpec, SignalNeed, SoundNeed
from noetra_ros.robots.profile import Microphone, Stream
from noetra_ros.robots.sensors import PolicyPicture

JOINTS = ("shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper")
SWAPPED = (JOINTS[1], JOINTS[0], *JOINTS[2:])
CAMERAS = tuple(CameraNeed(name, 96, 96, resize="none") for name in ("front", "wrist"))
STATISTICS = tuple(JointStatistics(name, 0.3, 0.2, 0.0, 0.6) for name in JOINTS)
LIVE = StreamTiming(Align.AS_OF, 0.06, 0.3)
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
    cameras=CAMERAS,
    statistics=STATISTICS,
    signals=(SignalNeed("wrench", ("force_z_n",)),),
    sounds=(SoundNeed("ear", 16000.0, 1.0),),
    depths=(DepthNeed("front", 96, 96),),
    action_meaning="absolute",
    trained_rate_hz=10.0,
    latency_s=0.2,
)


@pytest.fixture(scope="module")
def robot(so101):
    """An SO-101 with a wrench and a microphone."""
    return replace(
        so101,
        streams={**so101.streams, "wrench": Stream("wrench", 100.0, 0.1)},
        microphones={"ear": Microphone("ear", 16000.0, 1)},
        observation={**so101.observation, "wrench": LIVE, "ear": LIVE},
    )


def with_camera(robot, **changes):
    """The robot with another front camera."""
    return replace(robot, cameras={**robot.cameras, "front": replace(robot.cameras["front"], **changes)})


def statistics(name, *numbers):
    """The fitting ones with other numbers of one joint."""
    return tuple(JointStatistics(name, *numbers) if row.name == name else row for row in STATISTICS)


def test_what_fits_is_said_for_every_check_and_nothing_is_unknown(robot):
    found = preflight(FITTING, Serving(robot))
    assert [fault for comparison in found.values() for fault in comparison.faults] == []
    assert [words for comparison in found.values() for words in comparison.unknown] == []
    silent = {name for name, comparison in found.items() if not comparison.same}
    assert silent == {"truth", "one_beat"} and list(found) == PREFLIGHT_CHECKS.names()


def named(spec, serving, key, words):
    """The fault is there, with what was got and expected, and with a mend."""
    faults = preflight_faults(spec, serving)
    hits = [fault for fault in faults if fault.key == key and words in str(fault)]
    assert hits, [str(fault) for fault in faults]
    assert all(fault.remedy for fault in faults)


SEEDED_IN_THE_MODEL = [
    ({"cameras": (CameraNeed("top", 96, 96),)}, "cameras.top", "the robot has front, wrist"),
    ({"cameras": (CameraNeed("top", 96, 96),)}, "observation.top", "there is no default"),
    ({"cameras": (CameraNeed("front", 128, 128),)}, "cameras.front", "96x96 px, expected 128x128 px"),
    ({"cameras": (CameraNeed("front", 128, 96),)}, "cameras.front", "aspect ratio differs"),
    ({"cameras": (CameraNeed("front", 96, 96, "bgr"),)}, "cameras.front.colour_order", "got bgr"),
    (
        {"cameras": (CameraNeed("front", 96, 96, source_px=(640, 480), resize="letterbox"),)},
        "cameras.front.aspect",
        "got 1.00 (96x96 px), expected 1.33 (640x480 px)",
    ),
    (
        {"cameras": (CameraNeed("front", 96, 96, resize="none", history=History(4, 0.05)),)},
        "cameras.front.history",
        "got 10 Hz, expected >= 20 Hz",
    ),
    ({"depths": (DepthNeed("wrist", 96, 96),)}, "depths.wrist.has_depth", "no depth"),
    ({"replan_s": 0.05}, "cameras.front.rate_hz", "10.0 Hz, expected >= 20 Hz"),
    ({"unit": "deg"}, "unit", "got deg, expected rad"),
    ({"kind": CommandKind.JOINT_VELOCITY}, "kind", "joint_position"),
    ({"action_meaning": "delta"}, "action_meaning", "got delta, expected absolute"),
    ({"action_meaning": "velocity"}, "action_meaning", "got velocity, expected absolute"),
    ({"actions": SWAPPED}, "actions", "the order shoulder_pan, shoulder_lift"),
    ({"actions": JOINTS[:5]}, "actions", "5 values, expected 6 values"),
    ({"actions": (*JOINTS[:5], "claw")}, "actions", "got claw"),
    ({"joints": (*JOINTS, "waist")}, "joints.waist", "a missing joint"),
    ({"joints": (*JOINTS, "gripper")}, "joints.gripper", "named twice"),
    ({"joint_history": History(2, 0.005)}, "joint_states.history", "got 100 Hz, expected >= 200 Hz"),
    ({"statistics": statistics("elbow_flex", 10.0, 30.0, -80.0, 90.0)}, "statistics.elbow_flex", "degrees"),
    ({"statistics": statistics("elbow_flex", 0.0, float("nan"), -1.0, 1.0)}, "statistics.elbow_flex", "fin"),
    ({"statistics": statistics("elbow_flex", 5.0, 0.2, -1.0, 1.0)}, "statistics.elbow_flex.mean", "got 5"),
    ({"statistics": statistics("gripper", 0.5, 40.0, 0.0, 1.0)}, "statistics.gripper.deviation", "got 40"),
    ({"statistics": STATISTICS[:5]}, "statistics", "none of gripper"),
    ({"signals": (SignalNeed("imu", ("wz_radps",)),)}, "signals.imu", "a missing stream"),
    ({"signals": (SignalNeed("wrench", ("force_z_lbf",)),)}, "signals.wrench.names", "force_z_lbf"),
    ({"sounds": (SoundNeed("mouth", 16000.0, 1.0),)}, "sounds.mouth", "a missing microphone"),
    ({"sounds": (SoundNeed("ear", 48000.0, 1.0),)}, "sounds.ear.rate_hz", "got 16000 Hz, expected 48000 Hz"),
    ({"sounds": (SoundNeed("ear", 16000.0, 1.0, channels=2),)}, "sounds.ear.channels", "got 1, expected 2"),
    ({"trained_rate_hz": 30.0}, "step_s", "got 10 rows a second, expected 30"),
    ({"step_s": 0.002, "trained_rate_hz": 500.0}, "channels.arm.rate_hz", "got 100 Hz, expected >= 500 Hz"),
    ({"latency_s": 0.8}, "latency", "0.2 s between inferences + 0.800 s for an answer = 1.000 s"),
    ({"rows": 2, "replan_s": 0.5, "latency_s": None}, "latency", "expected <= 0.3 s, the reach of a chunk"),
    ({"needs_truth": True}, "needs_truth", "a simulation"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "key", "words"), SEEDED_IN_THE_MODEL)
def test_each_mismatch_seeded_in_the_model_is_named(robot, change, key, words):
    named(replace(FITTING, **change), Serving(robot), key, words)


SEEDED_ON_THE_ROBOT = [
    ({"width_px": 128}, "cameras.front", "128x96 px, expected 96x96 px"),
    ({"rate_hz": 2.0}, "cameras.front.rate_hz", "2.0 Hz, expected >= 5 Hz"),
    ({"rate_hz": 2.0}, "observation.front.max_age_s", "expected >= 0.5 s, its period"),
    ({"resize": "stretch", "source_width_px": 640, "source_height_px": 480}, "cameras.front.aspect", "1.33"),
    ({"resize": "crop", "source_width_px": 640, "source_height_px": 480}, "cameras.front.aspect", "1.33"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "key", "words"), SEEDED_ON_THE_ROBOT)
def test_each_mismatch_seeded_in_a_camera_is_named(robot, change, key, words):
    named(FITTING, Serving(with_camera(robot, **change)), key, words)


def test_two_camera_rates_are_named_in_lock_step_alone(robot):
    mixed = with_camera(robot, rate_hz=30.0)
    named(FITTING, Serving(mixed, lock_step=True), "cameras", "front 30 Hz, wrist 10 Hz")
    assert preflight_faults(FITTING, Serving(mixed)) == []


def test_a_slow_answer_measured_here_is_named(robot):
    named(FITTING, Serving(robot, latency_s=1.5), "latency", "1.500 s for an answer")


# A model that letterboxes by itself, trained on pictures as a camera of 1280x720 takes them.
LETTERBOXING = CameraNeed(
    "front", 512, 512, source_px=(1280, 720), resize="letterbox_end", resizes_itself=True
)
AS_TAKEN = {"width_px": 1280, "height_px": 720}
SQUEEZED = {
    "width_px": 256, "height_px": 256, "source_width_px": 1280, "source_height_px": 720, "resize": "stretch",
}  # fmt: skip


@pytest.mark.parametrize("source_px", [(1280, 720), None])
def test_the_resize_skew_of_lerobot_4345_is_named(robot, source_px):
    spec = replace(FITTING, cameras=(replace(LETTERBOXING, source_px=source_px),), depths=())
    assert preflight_faults(spec, Serving(with_camera(robot, **AS_TAKEN))) == []
    words = "stretch, and the model then does its own: shapes 0.56 times as wide, expected letterbox_end"
    named(spec, Serving(with_camera(robot, **SQUEEZED)), "cameras.front.resize", words)


def test_a_squeeze_that_the_model_says_nothing_about_is_refused_too(robot):
    spec = replace(FITTING, cameras=(CameraNeed("front", 256, 256),), depths=())
    named(spec, Serving(with_camera(robot, **SQUEEZED)), "cameras.front.resize", "which nobody says")


def test_a_squeeze_that_training_had_is_right(robot):
    trained = CameraNeed("front", 256, 256, source_px=(640, 360), resize="stretch")
    spec = replace(FITTING, cameras=(trained,), depths=())
    assert preflight_faults(spec, Serving(with_camera(robot, **SQUEEZED))) == []


@pytest.mark.parametrize("resize", ["letterbox", "letterbox_start"])
def test_bars_in_another_place_are_named(robot, resize):
    trained = CameraNeed("front", 256, 256, source_px=(1280, 720), resize="letterbox_end")
    spec = replace(FITTING, cameras=(trained,), depths=())
    served = with_camera(robot, **{**SQUEEZED, "resize": resize})
    named(spec, Serving(served), "cameras.front.resize", "expected picture 256x144 px at left 0, top 112")
    assert (
        preflight_faults(spec, Serving(with_camera(robot, **{**SQUEEZED, "resize": "letterbox_end"}))) == []
    )


def test_bars_before_a_model_that_makes_its_own_are_named(robot):
    spec = replace(FITTING, cameras=(replace(LETTERBOXING, resize="letterbox"),), depths=())
    served = with_camera(robot, **{**SQUEEZED, "resize": "letterbox_end"})
    named(spec, Serving(served), "cameras.front.resize", "publish the pictures as taken")


RESIZED_HERE = {**AS_TAKEN, "for_policy": PolicyPicture(256, 256, "letterbox_end")}


def test_resizing_in_the_policy_node_is_right_where_it_is_what_training_did(robot):
    trained = CameraNeed("front", 256, 256, source_px=(640, 360), resize="letterbox_end")
    spec = replace(FITTING, cameras=(trained,), depths=())
    assert preflight_faults(spec, Serving(with_camera(robot, **RESIZED_HERE))) == []


@pytest.mark.parametrize(
    ("need", "words"),
    [
        (CameraNeed("front", 256, 256, source_px=(640, 360), resize="stretch"), "letterbox_end: shapes 1.00"),
        (CameraNeed("front", 256, 256), "got letterbox_end, expected what training did, which nobody says"),
        (replace(LETTERBOXING, resize="letterbox"), "publish the pictures as taken"),
    ],
)
def test_resizing_in_the_policy_node_that_training_did_not_do_is_named(robot, need, words):
    spec = replace(FITTING, cameras=(need,), depths=())
    named(spec, Serving(with_camera(robot, **RESIZED_HERE)), "cameras.front.resize", words)


def test_what_a_model_does_not_say_is_told_as_unknown(robot):
    spec = replace(FITTING, cameras=(CameraNeed("front", 96, 96),), statistics=(), latency_s=None)
    found = preflight(spec, Serving(robot))
    assert {name for name, comparison in found.items() if comparison.unknown} == {
        "resize",
        "statistics",
        "latency",
    }
    assert preflight_faults(spec, Serving(robot)) == []


def test_all_mismatches_come_at_once(so101):
    wrong = replace(
        FITTING, cameras=(CameraNeed("top", 96, 96),), unit="deg", actions=SWAPPED, signals=(), sounds=()
    )
    with pytest.raises(ConfigError) as error:
        require_preflight(wrong, Serving(so101, is_simulation=True))
    keys = [fault.key for fault in error.value.faults]
    assert sorted(keys) == ["actions", "cameras.top", "observation.top", "unit"]


def test_truth_is_there_in_simulation(robot):
    spec = replace(FITTING, needs_truth=True)
    assert preflight_faults(spec, Serving(robot, is_simulation=True)) == []


def test_an_arm_policy_does_not_fit_a_base(diffbot):
    keys = [fault.key for fault in preflight_faults(FITTING, Serving(diffbot, is_simulation=True))]
    assert {"cameras.wrist", "kind", "unit", "joints.gripper"} <= set(keys)


@pytest.mark.parametrize("channel", ["tool", "gripper"])
def test_a_channel_that_no_policy_commands_is_a_fault(robot, channel):
    found = PREFLIGHT_CHECKS.get("actions")(FITTING, Serving(robot, channel))
    assert found.faults[0].key == "channel" and "joint_position" in found.faults[0].expected


@pytest.mark.parametrize(
    ("kind", "timeout_s", "is_refused"),
    [
        (CommandKind.JOINT_VELOCITY, None, True),
        (CommandKind.JOINT_VELOCITY, 0.0, True),
        (CommandKind.JOINT_VELOCITY, 0.5, False),
        (CommandKind.JOINT_POSITION, None, False),
        (CommandKind.EE_TWIST, None, True),
        (CommandKind.GRIPPER, None, False),
    ],
)
def test_speeds_need_a_controller_that_stops_when_commands_end(robot, kind, timeout_s, is_refused):
    """A supervisor that is killed ends the stream of commands, and can do nothing more."""
    channel = {CommandKind.EE_TWIST: "tool", CommandKind.GRIPPER: "gripper"}.get(kind, "arm")
    channel = replace(robot.channel(channel), kind=kind, controller_timeout_s=timeout_s)
    serving = Serving(replace(robot, channels={**robot.channels, robot.default_channel: channel}))
    found = PREFLIGHT_CHECKS.get("controller_timeout")(FITTING, serving)
    assert bool(found.faults) is is_refused and bool(found.same) is not is_refused
    if is_refused:
        assert found.faults[0].key == "channels.arm.controller_timeout_s"
        assert found.faults[0].got == str(timeout_s)
