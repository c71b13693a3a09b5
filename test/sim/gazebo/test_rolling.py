"""The base written for Gazebo stands on its wheels and rolls: its URDF in MuJoCo, the arm held out."""

from xml.etree import ElementTree

import mujoco
import numpy as np
import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.folder import URDF, scene_of, write_folder

WHEELS = ("left_wheel_joint", "right_wheel_joint")
STEP_S = 0.002
SPEED_LOOP_PER_S = 30.0


def held_still(path):
    """The URDF as text: shapes without meshes, every joint but those of the wheels fixed where it is zero."""
    robot = ElementTree.parse(path).getroot()
    for link in robot.findall("link"):
        for shape in [s for s in link if s.tag == "visual" or s.find("geometry/mesh") is not None]:
            link.remove(shape)
    for joint in robot.findall("joint"):
        joint.set("type", "continuous" if joint.get("name") in WHEELS else "fixed")
    return ElementTree.tostring(robot, encoding="unicode")


class Rolling:
    """A robot on a floor.

    Args:
        robot: profile.
        folder: for its files.
    """

    def __init__(self, robot, folder):
        self.profile = load_robot(robot)
        files = write_folder(self.profile, scene_of(self.profile, 0), folder)
        spec = mujoco.MjSpec.from_string(held_still(files.path(URDF)))
        spec.option.timestep, spec.option.integrator = STEP_S, mujoco.mjtIntegrator.mjINT_IMPLICITFAST
        spec.body(self.profile.base_frame).add_freejoint()
        spec.worldbody.add_geom(type=mujoco.mjtGeom.mjGEOM_PLANE, size=[9.0, 9.0, 0.1])
        for geom in spec.geoms:
            if geom.type == mujoco.mjtGeom.mjGEOM_SPHERE:  # a caster: without friction
                geom.condim, geom.priority = 1, 1
        chassis = self.profile.sim.chassis
        stiffness = SPEED_LOOP_PER_S * chassis.mass_kg * chassis.wheel_radius_m**2
        for name in WHEELS:
            motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
            motor.set_to_velocity(kv=stiffness)
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)

    def roll(self, left_radps, right_radps, duration_s):
        self.data.ctrl[:] = [left_radps, right_radps]
        for _ in range(round(duration_s / STEP_S)):
            mujoco.mj_step(self.model, self.data)

    @property
    def pose(self):
        """x, y, z in m and yaw in rad."""
        forward = self.data.body(self.profile.base_frame).xmat.reshape(3, 3)[:, 0]
        return [*self.data.body(self.profile.base_frame).xpos, np.arctan2(forward[1], forward[0])]

    @property
    def turned_rad(self):
        return [float(self.data.joint(name).qpos[0]) for name in WHEELS]

    @property
    def tilt_rad(self):
        return float(np.arccos(min(1.0, self.data.body(self.profile.base_frame).xmat[8])))


@pytest.fixture(params=["diffbot", "turtlebot4", "mobile_ur5e"])
def robot(request, tmp_path):
    return Rolling(request.param, tmp_path)


def test_it_stands_where_it_is_put_down(robot):
    robot.roll(0.0, 0.0, 1.0)
    assert robot.pose == pytest.approx([0.0, 0.0, 0.0, 0.0], abs=5e-3)
    assert robot.tilt_rad < 0.01


def test_both_wheels_ahead_are_ahead(robot):
    radius_m = robot.profile.sim.chassis.wheel_radius_m
    robot.roll(0.3 / radius_m, 0.3 / radius_m, 2.0)
    left, right = robot.turned_rad
    assert left > 0.3 / radius_m
    assert [robot.pose[0]] * 2 == pytest.approx([left * radius_m, right * radius_m], rel=0.02)
    assert [robot.pose[1], robot.pose[3]] == pytest.approx([0.0, 0.0], abs=0.01)
    assert robot.tilt_rad < 0.03


def test_the_right_wheel_ahead_of_the_left_one_turns_to_the_left(robot):
    """By as much as diff_drive_controller reckons with, from the same radius and gap."""
    chassis = robot.profile.sim.chassis
    wheel_radps = 0.5 * chassis.wheel_gap_m / 2 / chassis.wheel_radius_m
    robot.roll(-wheel_radps, wheel_radps, 2.0)
    left, right = robot.turned_rad
    reckoned_rad = chassis.wheel_radius_m * (right - left) / chassis.wheel_gap_m
    assert reckoned_rad > 0.5
    assert robot.pose[3] == pytest.approx(reckoned_rad, rel=0.05)
    assert np.hypot(*robot.pose[:2]) < 0.02
