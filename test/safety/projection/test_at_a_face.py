"""Commands that lead beyond the workspace: the arm goes along the face; it does not stand still at it, does
not brake for it again and again, and does not swing out beyond it.
"""

import numpy as np
import pytest

from noetra_ros.core.types import Command
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.barrier import Body
from noetra_ros.safety.projection.projection import build_projection
from noetra_ros.safety.settings import shipped_settings

NO_LIMIT_MPS = 9.0
PERIOD_NS = 10_000_000
GOAL_EVERY = 100
STILL_RADPS, FAR_RAD = 1e-3, 0.1


def still_periods(robot, seed, goals):
    """Most periods in a row in which the arm stands still far from a goal, goal by goal, drawn at random."""
    profile = load_robot(robot)
    supervisor = assemble(
        profile, profile.channel(), shipped_settings(tool_speed_mps=NO_LIMIT_MPS)
    ).supervisor
    joints = np.array([profile.sim.home.get(name, 0.0) for name in profile.joint_names])
    moved = list(supervisor.limits.joint_indices)
    supervisor.on_joint_state(joints, 0)
    supervisor.tick(0)
    assert not supervisor.arm(0).refusal
    lower, upper = (np.array(supervisor.limits.column(name)) for name in ("lower", "upper"))
    draw, most = np.random.default_rng(seed), []
    for index in range(goals * GOAL_EVERY):
        if index % GOAL_EVERY == 0:
            goal, still = lower + (upper - lower) * draw.uniform(0.05, 0.95, len(moved)), 0
            most.append(0)
        now_ns = (index + 1) * PERIOD_NS
        supervisor.on_joint_state(joints, now_ns)
        values = supervisor.on_command(Command(supervisor.limits.kind, goal, now_ns)).values
        is_still = np.abs(values - joints[moved]).max() < STILL_RADPS * PERIOD_NS * 1e-9
        still = still + 1 if is_still and np.abs(goal - joints[moved]).max() > FAR_RAD else 0
        most[-1] = max(most[-1], still)
        joints = joints.copy()
        joints[moved] = values
    return most


@pytest.mark.parametrize(("robot", "seed", "goals"), [("fr3", 1, 5), ("fr3", 2, 6), ("aloha", 1, 8)])
def test_an_arm_goes_along_the_faces_of_its_box(robot, seed, goals):
    """It once rested at a face for as long as the goal beyond it was asked for: what joints at rest were said
    to travel was what they would at a quarter of their speed, so that no answer was found.
    """
    assert max(still_periods(robot, seed, goals)) <= 3


def held_at_faces(robot, seed, goals):
    """Goals drawn at random, held by the barriers alone.

    Returns:
        Share of the commands that were held for which nothing but a controlled stop was found; and m how far
        the tools came out of their boxes at most.
    """
    profile = load_robot(robot)
    settings, channel = shipped_settings(tool_speed_mps=NO_LIMIT_MPS), profile.channel()
    limits = channel_limits(profile, channel)
    projection = build_projection(settings.barriers, profile, channel, limits, settings)
    lower, upper = (np.array(limits.column(name)) for name in ("lower", "upper"))
    joints = np.array([profile.sim.home.get(name, 0.0) for name in profile.joint_names])
    columns, motion, tools = list(limits.joint_indices), ChannelMotion(limits), Body(profile, settings).tools
    motion.start_at(joints[columns])
    draw, stops, out_m = np.random.default_rng(seed), [], 0.0
    for index in range(goals * GOAL_EVERY):
        if index % GOAL_EVERY == 0:
            goal = tuple((lower + (upper - lower) * draw.uniform(0.05, 0.95, len(lower))).tolist())
        answer = projection.apply(motion, motion.propose(goal, (0.0,) * len(lower), 1.0), 1.0, joints)
        motion.commit(answer.values)
        if answer.held:
            stops.append(answer.is_stopping)
        joints[columns] = motion.positions()
        for tool in tools:
            place_m = tool.kinematics.tool_position(joints)
            beyond_m = np.maximum(np.array(tool.box.lower_m) - place_m, place_m - np.array(tool.box.upper_m))
            out_m = max(out_m, float(beyond_m.max()))
    return float(np.mean(stops)), out_m


@pytest.mark.parametrize("robot", ["fr3", "ur5e", "aloha", "g1_upper_body"])
def test_an_arm_at_a_face_seldom_has_to_brake_and_does_not_swing_out(robot):
    """Whoever stands at the fence of a cell counts on the face: between the looks at its stop an arm once
    swung 0.9 mm out. And an arm that brakes for most of what it is told (89 %, once) is not used long.
    """
    stops, out_m = held_at_faces(robot, 0, 10)
    assert stops <= 0.12
    assert out_m <= 1e-4
