"""The expert's plans from messages: which sentence means what, and which truth counts."""

import numpy as np
import pytest

pytestmark = pytest.mark.ros
pytest.importorskip("rclpy")

from geometry_msgs.msg import Pose  # noqa: E402
from noetra_ros.msg import PhysicsState  # noqa: E402

from noetra_ros.core.types import JointState, Observation  # noqa: E402
from noetra_ros.policy.errors import PolicyError  # noqa: E402
from noetra_ros.robots.profile import load_robot  # noqa: E402
from noetra_ros.ros.conversions import ns_to_stamp  # noqa: E402
from noetra_ros.ros.truth_planner import TruthPlanner, scene_from_message, sentence_meanings  # noqa: E402
from noetra_ros.sim.scene import CUBES, DISTRACTORS  # noqa: E402

MS = 1_000_000
PROFILE = load_robot("so101")
HOME = np.array([PROFILE.sim.home[name] for name in PROFILE.joint_names])


def pose(x_m, y_m):
    made = Pose()
    made.position.x, made.position.y, made.position.z = x_m, y_m, 0.014
    return made


def truth(stamp_ms, red_y_m=0.1, names=(*CUBES, *DISTRACTORS, "bowl")):
    message = PhysicsState(joint_names=list(PROFILE.joint_names), joint_positions=HOME.tolist())
    message.header.stamp = ns_to_stamp(stamp_ms * MS)
    message.object_names = list(names)
    message.object_poses = [pose(0.2, red_y_m if n == "red_cube" else -0.05 * i) for i, n in enumerate(names)]
    return message


def observation(sentence, stamp_ms):
    joints = JointState(stamp_ms * MS, PROFILE.joint_names, HOME, HOME * 0, HOME * 0)
    return Observation(stamp_ms * MS, sentence, joints)


def test_every_wording_of_every_task_is_known():
    meanings = sentence_meanings()
    assert meanings["pick up the red cube"] == ("pick", "red")
    assert meanings["put the blue cube into the bowl"] == ("place", "blue")
    assert {task for task, _ in meanings.values()} == {"drive", "reach", "push", "pick", "place"}


def test_a_plan_turns_towards_the_cube_that_the_sentence_names():
    planner = TruthPlanner(PROFILE)
    planner.add(truth(100))
    left = planner(observation("Reach for the  red cube.", 100), 8, 0.1)
    planner.add(truth(200, red_y_m=-0.1))
    right = planner(observation("reach for the red cube", 200), 8, 0.1)
    assert left.shape == right.shape == (8, 6)
    assert np.sign(left[-1, 0] - HOME[0]) == -np.sign(right[-1, 0] - HOME[0]) != 0


def test_the_truth_of_the_observation_counts_not_the_newest():
    planner = TruthPlanner(PROFILE)
    planner.add(truth(100))
    before = planner(observation("reach for the red cube", 100), 8, 0.1)
    planner.add(truth(200, red_y_m=-0.1))
    assert np.array_equal(planner(observation("reach for the red cube", 100), 8, 0.1), before)


def test_an_unknown_sentence_is_named_with_examples():
    planner = TruthPlanner(PROFILE)
    planner.add(truth(100))
    with pytest.raises(PolicyError, match=r"'sing a song'.*it knows \d+ sentences"):
        planner(observation("sing a song", 100), 8, 0.1)


def test_without_a_truth_the_topic_is_named():
    with pytest.raises(PolicyError, match="sim/physics_state"):
        TruthPlanner(PROFILE)(observation("reach for the red cube", 100), 8, 0.1)


def test_a_world_without_a_bowl_is_refused():
    with pytest.raises(ValueError, match="no bowl"):
        scene_from_message(truth(100, names=CUBES))
