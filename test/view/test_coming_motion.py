"""What a chunk means in space."""

import numpy as np
import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.view.coming_motion import base_path, joint_postures


def chunk(kind, names, values, step_s=0.5):
    return ActionChunk(0, 1, "arm", kind, names, 0.0, step_s, np.array(values))


def test_positions_are_the_postures_themselves():
    postures = joint_postures(chunk(CommandKind.JOINT_POSITION, ("a",), [[1.0], [2.0]]), {"a": 0.0, "b": 9.0})
    assert postures == [{"a": 1.0, "b": 9.0}, {"a": 2.0, "b": 9.0}]


def test_velocities_add_up_from_where_the_robot_is():
    postures = joint_postures(chunk(CommandKind.JOINT_VELOCITY, ("a",), [[1.0], [2.0]]), {"a": 3.0})
    assert [posture["a"] for posture in postures] == [3.5, 4.5]


def test_a_base_turns_and_drives():
    twists = chunk(CommandKind.BASE_TWIST, ("vx", "vy", "wz"), [[1.0, 0.0, np.pi], [1.0, 0.0, 0.0]])
    assert joint_postures(twists, {}) == []
    assert base_path(twists, (0.0, 0.0, 0.0)) == pytest.approx(np.array([[0, 0], [0.5, 0.0], [0.5, 0.5]]))


def test_an_arm_has_no_way_on_the_floor():
    assert base_path(chunk(CommandKind.JOINT_POSITION, ("a",), [[1.0]]), (1.0, 2.0, 0.0)).tolist() == [
        [1.0, 2.0]
    ]
