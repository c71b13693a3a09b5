"""Positions in the caller's order; joints that mimic others go along as pinocchio itself would have it."""

import numpy as np
import pinocchio
import pytest

from noetra_ros.robots import load_robot
from noetra_ros.robots.joint_order import JointOrder
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.link_hulls import LinkHulls

KNUCKLE = 6
FINGERS = ("gripper_left_finger", "gripper_right_finger")
POSTURE = np.array([0.3, -1.2, 1.4, -1.0, 0.5, 0.2, 0.6])
# Two joints mimic the first one: one that turns without end, before it in the model's order, and a slide.
MECHANISM = """<robot name="m"><link name="base"/><link name="a"/><link name="b"/><link name="c"/>
<joint name="lead" type="revolute"><parent link="base"/><child link="b"/><axis xyz="0 0 1"/>
<limit lower="-1" upper="1" velocity="1" effort="1"/></joint>
<joint name="early" type="continuous"><parent link="base"/><child link="a"/><axis xyz="1 0 0"/>
<limit velocity="1" effort="1"/><mimic joint="lead" multiplier="-2" offset="0.5"/></joint>
<joint name="slide" type="prismatic"><parent link="b"/><child link="c"/><axis xyz="1 0 0"/>
<limit lower="0" upper="1" velocity="1" effort="1"/>
<mimic joint="lead" multiplier="0.1" offset="0.2"/></joint>
</robot>"""


@pytest.fixture
def mechanism(tmp_path):
    path = tmp_path / "m.urdf"
    path.write_text(MECHANISM)
    model = pinocchio.buildModelFromUrdf(str(path))
    return path, model, {model.names[i]: model.joints[i].idx_q for i in range(1, model.njoints)}


def test_what_mimics_a_joint_goes_along(mechanism):
    path, model, at = mechanism
    q = JointOrder(model, ("lead",), path).configuration(np.array([0.3]))
    assert q[at["lead"]] == 0.3 and q[at["slide"]] == pytest.approx(0.23)
    assert q[at["early"] : at["early"] + 2] == pytest.approx([np.cos(-0.1), np.sin(-0.1)])


def test_a_joint_that_is_told_where_to_be_mimics_nothing(mechanism):
    path, model, at = mechanism
    q = JointOrder(model, ("slide", "lead"), path).configuration(np.array([0.7, 0.3]))
    assert (q[at["slide"]], q[at["lead"]]) == (0.7, 0.3)


def test_without_its_leader_it_is_where_that_one_is_at_zero(mechanism):
    path, model, at = mechanism
    q = JointOrder(model, (), path).configuration(np.zeros(0))
    assert q[at["lead"]] == 0.0 and q[at["slide"]] == 0.2
    assert q[at["early"] : at["early"] + 2] == pytest.approx([np.cos(0.5), np.sin(0.5)])


def test_rates_are_told_per_unit_of_the_leader(mechanism):
    path, model, _ = mechanism
    order = JointOrder(model, ("lead",), path)
    assert len(order.velocities_at) == 3
    assert order.folded(np.array([[1.0, 10.0, 100.0]])).tolist() == [[1.0 - 20.0 + 10.0]]
    assert order.folded_most(np.array([1.0, 10.0, 100.0])).tolist() == [1.0 + 20.0 + 10.0]


def test_capsules_of_both_fingers_part_as_far_as_the_gripper_opens():
    body = LinkCapsules(load_robot("ur5e"))
    rows = [body.names.index(name) for name in FINGERS]
    middles = [body.segments(POSTURE + np.eye(7)[KNUCKLE] * dq).mean(axis=1)[rows] for dq in (0.0, 0.1)]
    apart_m = [np.linalg.norm(left - right) for left, right in middles]
    assert apart_m[0] - apart_m[1] == pytest.approx(0.1 * 0.085 / 0.7929)
    assert not body.is_fixed[rows].any()


def test_points_of_both_fingers_move_with_the_knuckle():
    body = LinkCapsules(load_robot("ur5e"))
    steps = 1e-6 * np.eye(7)
    numeric = [(body.segments(POSTURE + s) - body.segments(POSTURE - s)) / 2e-6 for s in steps]
    jacobians = body.point_jacobians(POSTURE, body.segments(POSTURE)[:, 0])
    assert jacobians == pytest.approx(np.array(numeric)[:, :, 0].transpose(1, 2, 0), abs=1e-7)


def test_hulls_of_both_fingers_move_with_the_knuckle():
    hulls = LinkHulls(load_robot("ur5e"))
    hulls.place(POSTURE)
    rows = [row for row, link in enumerate(hulls.links) if link in FINGERS]
    assert len(rows) == 6 and hulls.supports[rows].all()
    assert hulls.reach[rows, KNUCKLE] == pytest.approx(0.5 * 0.085 / 0.7929)
    speeds = [hulls.speed_row(rows[i], np.zeros(3), axis)[KNUCKLE] for i in (0, 3) for axis in np.eye(3)]
    assert np.linalg.norm(speeds[:3]) == pytest.approx(0.5 * 0.085 / 0.7929)
    assert speeds[:3] == pytest.approx([-speed for speed in speeds[3:]])
