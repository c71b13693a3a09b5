"""Two arms under one supervisor: they keep apart, and each tool stays in its own box."""

import dataclasses

import numpy as np
import pytest
import yaml
from made_trajectories import smooth
from obstacles_around import obstacle, scene
from supervised import SETTINGS, Supervised
from two_arms import TwoArms, home_of

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_file
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.trajectory.judging import Rehearsal
from noetra_ros.safety.trajectory.path import Path
from noetra_ros.safety.trajectory.reading import read

# Postures in which both tools are 5 cm beyond the middle: the grippers are inside one another.
MEETING = {
    "aloha": (0.0, -0.08, 0.55, 0.0, -0.27, 0.0, 0.057) * 2,
    "g1_upper_body": (-0.3, -0.03, -0.37, -0.07, 0.04, 0.1, -0.25, -0.3, 0.03, 0.37, -0.07, -0.04, 0.1, 0.25),
}
TWIST_LIMITS = (
    "linear_mps", "linear_mps2", "linear_mps3", "angular_radps", "angular_radps2", "angular_radps3",
)  # fmt: skip
ALOHA = load_robot("aloha")
HOME = home_of(ALOHA)
IS_ARM = np.array(([1.0] * 6 + [0.0]) * 2)  # not the grippers, whose positions are m
# The second arm turns round and stretches: over the edge of the table, where somebody may stand.
OVER_THE_EDGE = HOME + np.array([0.0] * 7 + [1.9, 0.9, -0.5, 0.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize("robot", MEETING)
def test_arms_that_are_driven_together_stop_before_they_touch(robot):
    arms = TwoArms(robot)
    arms.start()
    gaps = arms.drive(np.array(MEETING[robot]), 250)
    assert gaps.min() > 0.0
    assert gaps[-1] < 0.05, "they came near: it is not that they stood still"
    assert arms.reasons().count("left_") and "of room" in arms.reasons()


@pytest.mark.parametrize("robot", MEETING)
def test_without_the_barrier_they_would_have_met(robot):
    arms = TwoArms(robot, barriers=("workspace",))
    arms.start()
    assert arms.drive(np.array(MEETING[robot]), 250).min() < -0.01


@pytest.mark.parametrize("barriers", [("workspace",), ()], ids=["barrier", "check alone"])
def test_the_second_arm_does_not_reach_over_the_edge(barriers):
    """Only the first tool had a box: the second arm would have swung at who stands beside the table."""
    arms = TwoArms("aloha", barriers)
    arms.start()
    arms.drive(OVER_THE_EDGE, 400)
    left_m, right_m = arms.tools_m()
    box = ALOHA.further_tools["right"]
    assert (np.array(box.lower_m) <= right_m).all() and (right_m <= box.upper_m).all()
    assert "right_tool0" in arms.reasons()
    assert left_m == pytest.approx(arms.limits.tool.tool_position(HOME), abs=1e-6)


def test_without_its_box_it_would_have():
    arms = TwoArms(dataclasses.replace(ALOHA, further_tools={}), ())
    arms.start()
    arms.drive(OVER_THE_EDGE, 400)
    kinematics = channel_limits(ALOHA, ALOHA.channel()).tools[1].kinematics
    assert kinematics.tool_position(arms.sent[-1])[1] < ALOHA.further_tools["right"].lower_m[1] - 0.05


def test_reduced_speed_is_that_of_the_fastest_tool():
    """The first arm is folded, the second one stretched: its tool is the fast one."""
    profile = dataclasses.replace(ALOHA, sim=dataclasses.replace(ALOHA.sim, home=_second_stretched()))
    shares = []
    for robot in (profile, dataclasses.replace(profile, further_tools={})):
        arms = TwoArms(robot, ())
        arms.start()
        arms.supervisor.reduce_speed(True, arms.now_ns)
        arms.hold(home_of(profile).tolist(), 5)
        shares.append(arms.supervisor.report(arms.now_ns).scale)
    assert shares[0] < 0.8 * shares[1] < 0.8


def _second_stretched():
    folded, stretched = (0.0, -1.6, 1.5, 0.0, 1.5, 0.0, 0.03), (0.0, 0.3, -0.3, 0.0, 0.0, 0.0, 0.03)
    return dict(zip(ALOHA.joint_names, folded + stretched, strict=True))


def test_a_trajectory_that_takes_the_second_tool_outside_is_refused():
    limits = channel_limits(ALOHA, ALOHA.channel())
    for goal, is_refused in ((OVER_THE_EDGE, True), (HOME + 0.05 * IS_ARM, False)):
        plan = read(smooth(goal, 6.0, start=HOME, names=limits.names), 0.0, limits)
        rehearsal = Rehearsal(Path(plan.spline(HOME), plan.begun_s, limits), limits, None, HOME)
        verdict = None
        while verdict is None and not rehearsal.is_over:
            verdict = rehearsal.go_on()
        assert (verdict is not None) is is_refused
        assert verdict is None or "the tool right_tool0" in verdict.reason


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"workspace": None}, "further_tools"),
        ({"tool_link": "left_tool0"}, r"further_tools\.right\.tool_link"),
        ({"frame": "left_base_link"}, r"further_tools\.right\.frame"),
    ],
)
def test_what_makes_no_sense_is_named(change, key):
    box = ALOHA.further_tools["right"]
    own = {"workspace": None} if "workspace" in change else {}
    further = box if own else dataclasses.replace(box, **change)
    with pytest.raises(ConfigError, match=key):
        dataclasses.replace(ALOHA, further_tools={"right": further}, **own)


@pytest.mark.parametrize("robot", MEETING)
def test_an_adversary_brings_neither_arm_into_the_other(robot):
    """Anywhere within the limits of the joints, at once, again and again."""
    arms, draw = TwoArms(robot), np.random.default_rng(3)
    arms.start()
    ends = np.array([(axis.lower, axis.upper) for axis in arms.limits.axes]).T
    towards = np.array(MEETING[robot])
    for _ in range(8):
        goal = np.clip(towards + draw.normal(0.0, 0.3, len(towards)), *ends)
        assert arms.drive(goal, 80).min() > 0.0
    for point_m, box in zip(arms.tools_m(), arms.profile.tool_boxes, strict=True):
        assert (np.array(box.lower_m) <= point_m).all() and (point_m <= np.array(box.upper_m)).all()


def test_a_tool_that_the_urdf_lacks_is_named():
    box = dataclasses.replace(ALOHA.further_tools["right"], tool_link="third_hand")
    wrong = dataclasses.replace(ALOHA, further_tools={"right": box})
    with pytest.raises(ConfigError, match="third_hand"):
        channel_limits(wrong, wrong.channel())


def test_twists_of_one_of_several_tools_are_refused():
    values = yaml.safe_load(config_file("robots", "aloha").read_text(encoding="utf-8"))
    values["channels"]["tool"] = {
        "kind": "ee_twist", "topic": "twist", "message": "geometry_msgs/TwistStamped", "rate_hz": 100.0,
        "twist": {"frame": "table", **dict.fromkeys(TWIST_LIMITS, 1.0)},
    }  # fmt: skip
    with pytest.raises(ConfigError, match="no twist of one tool"):
        load(RobotProfile, values, "aloha")


@pytest.mark.parametrize(("x_m", "side"), [(-1.0, "left"), (1.0, "right")])
def test_a_person_beside_either_arm_holds_both(x_m, side):
    limits = channel_limits(ALOHA, ALOHA.channel(), watch_people=True)
    checks = (*SETTINGS.checks, "perception", "separation")
    arms = Supervised(limits, HOME, checks=checks)
    beside = obstacle((x_m, 0.0, 0.2), size_m=(0.15, 0.6, 0.0))
    measured = limits.body.measure(scene(beside, frame="table"), HOME)
    body = limits.body.capsules
    moving = [name for name, is_fixed in zip(body.names, body.is_fixed, strict=True) if not is_fixed]
    assert moving[int(np.argmin(measured.distance_m.min(axis=-1)))].startswith(side)
    arms.supervisor.on_scene(scene(frame="table", stamp_ns=arms.now_ns), arms.now_ns, 0.0)
    arms.start()
    for step in range(60):
        if step % 5 == 0:
            seen = dataclasses.replace(beside, seen_ns=arms.now_ns)
            told = scene(seen, frame="table", stamp_ns=arms.now_ns)
            arms.supervisor.on_scene(told, arms.now_ns, 0.0)
        arms.step((HOME + 0.1 * np.sin(0.1 * step) * IS_ARM).tolist())
    assert arms.supervisor.mode is Mode.PROTECTIVE_STOP
    assert arms.supervisor.report(arms.now_ns).is_at_rest
