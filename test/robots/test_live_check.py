"""Each thing that can be wrong on a live graph is found, told with what to do, and nothing else is."""

import dataclasses
import math

import numpy as np
import pytest

from noetra_ros.robots.live_check import (
    Endpoint,
    HeardCommands,
    HeardJoints,
    HeardRobot,
    HeardTopic,
    State,
    examine,
)
from noetra_ros.robots.profile import load_robot

PROFILE = load_robot("so101")
NAMES = PROFILE.joint_names
DRIVER = Endpoint("/driver", "sensor_msgs/JointState")
TIMES = [k * 0.01 for k in range(500)]
TOPIC = HeardTopic(
    "/joint_states",
    "sensor_msgs/JointState",
    100.0,
    0.1,
    [DRIVER],
    TIMES,
    [0.002] * 500,
    [1e9 + t for t in TIMES],
)
CONTROLLER = Endpoint("/controller_manager", "std_msgs/Float64MultiArray")
COMMANDS = HeardCommands("/cmds", "std_msgs/Float64MultiArray", (), [CONTROLLER])
JOINTS = HeardJoints(NAMES, np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6]))
ROBOT = HeardRobot(5.0, False, False, {"joint_states": TOPIC}, JOINTS, COMMANDS)


def wrongs(heard, profile=PROFILE):
    found = examine(profile, profile.channel(), heard)
    return [finding for finding in found if finding.state is State.WRONG]


def topic(**changes):
    return dataclasses.replace(ROBOT, topics={"joint_states": dataclasses.replace(TOPIC, **changes)})


def commands(**changes):
    return dataclasses.replace(ROBOT, commands=dataclasses.replace(COMMANDS, **changes))


def joints(names=NAMES, positions=JOINTS.positions):
    return dataclasses.replace(ROBOT, joints=HeardJoints(names, np.asarray(positions)))


def test_a_healthy_robot_has_no_findings():
    assert wrongs(ROBOT) == []


CASES = {
    "missing": (topic(publishers=(), arrivals_s=(), ages_s=(), stamps_s=()), "nobody publishes it"),
    "silent": (topic(arrivals_s=(), ages_s=(), stamps_s=()), "nothing comes"),
    "type": (
        topic(publishers=[Endpoint("/d", "std_msgs/String")], arrivals_s=()),
        "publishes std_msgs/String",
    ),
    "quality": (
        topic(publishers=[dataclasses.replace(DRIVER, mismatch="lacks x")], arrivals_s=()),
        "lacks x",
    ),
    "slow": (topic(arrivals_s=TIMES[::4], ages_s=[0.0] * 125, stamps_s=TIMES[::4]), "25.0 Hz"),
    "one": (topic(arrivals_s=[0.0], ages_s=[0.0], stamps_s=[1e9]), "one message in 5 s"),
    "pause": (topic(arrivals_s=TIMES[:250] + [t + 0.3 for t in TIMES[250:]]), "pauses of 0.31 s"),
    "no stamp": (topic(stamps_s=[0.0] * 500), "stamps are zero"),
    "other clock": (topic(ages_s=[1.7e9] * 500), "of another clock"),
    "backwards": (topic(stamps_s=[*TIMES[1:], 0.5]), "stamps go backwards"),
    "ahead": (topic(ages_s=[-0.5] * 500), "0.50 s ahead"),
    "late": (topic(ages_s=[0.4] * 500), "0.40 s old on arrival"),
    "names": (joints(["a", *NAMES[1:]]), "joints missing: shoulder_pan"),
    "NaN": (joints(positions=[math.nan, -1.0, 0.9, 0.9, 0.0, 0.6]), "shoulder_pan has no position"),
    "outside": (joints(positions=[57.3, -1.0, 0.9, 0.9, 0.0, 0.6]), "shoulder_pan is at 57.300"),
    "second sender": (
        commands(publishers=[Endpoint("/ns/teleop", "std_msgs/Float64MultiArray")]),
        "/ns/teleop",
    ),
    "no taker": (commands(subscribers=()), "nobody takes commands"),
    "taker's type": (commands(subscribers=[Endpoint("/c", "std_msgs/String")]), "takes std_msgs/String"),
    "taker's quality": (commands(subscribers=[dataclasses.replace(CONTROLLER, mismatch="y")]), "y"),
    "clock there": (dataclasses.replace(ROBOT, has_clock=True), "publishes simulated time"),
    "clock missing": (dataclasses.replace(ROBOT, uses_sim_time=True), "nobody publishes it"),
}


@pytest.mark.parametrize("case", CASES)
def test_every_fault_is_found_alone_and_says_what_to_do(case):
    heard, words = CASES[case]
    found = wrongs(heard)
    assert words in found[0].found
    assert all(finding.todo for finding in found)
    assert len(found) <= 2


def test_the_supervisor_itself_may_send():
    assert wrongs(commands(publishers=[Endpoint("/ns/supervisor", "std_msgs/Float64MultiArray")])) == []


def test_further_joints_of_the_robot_are_no_fault():
    assert wrongs(joints([*NAMES, "lift"], [*JOINTS.positions, 0.3])) == []


def test_topics_of_the_wanted_type_are_offered():
    heard = topic(publishers=(), arrivals_s=(), ages_s=(), stamps_s=(), elsewhere=["/arm/joint_states"])
    assert "/arm/joint_states" in wrongs(heard)[0].todo


def test_guesses_are_findings():
    guessed = dataclasses.replace(PROFILE, open_points={"joints.*.jerk_radps3": "take the maker's"})
    assert [finding.subject for finding in wrongs(ROBOT, guessed)] == ["joints.*.jerk_radps3"]
    simulated = dataclasses.replace(ROBOT, uses_sim_time=True, has_clock=True)
    assert wrongs(simulated, guessed) == []
