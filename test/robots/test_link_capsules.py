import dataclasses

import numpy as np
import pinocchio
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots import load_robot
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import LinkCapsule


@pytest.fixture(scope="module")
def so101():
    return load_robot("so101")


@pytest.fixture(scope="module")
def body(so101):
    return LinkCapsules(so101)


def mesh_vertices(profile, positions):
    """World points of every collision mesh by pinocchio's own geometry placement."""
    path = profile.urdf_path
    model = pinocchio.buildModelFromUrdf(str(path))
    shapes = pinocchio.GeometryModel()
    pinocchio.buildGeomFromUrdf(
        model, str(path), pinocchio.GeometryType.COLLISION, shapes, [str(path.parent)]
    )
    data, placed = model.createData(), shapes.createData()
    pinocchio.updateGeometryPlacements(model, data, shapes, placed, positions)
    for shape, pose in zip(shapes.geometryObjects, placed.oMg, strict=True):
        yield (
            model.frames[shape.parentFrame].name,
            shape.geometry.vertices() @ pose.rotation.T + pose.translation,
        )


def distances_m(points, segment):
    axis = segment[1] - segment[0]
    share = np.clip((points - segment[0]) @ axis / max(axis @ axis, 1e-30), 0.0, 1.0)
    return np.linalg.norm(points - segment[0] - share[:, None] * axis, axis=1)


@pytest.mark.parametrize("seed", range(3))
def test_capsules_hold_every_vertex_of_their_links(so101, body, seed):
    positions = np.random.default_rng(seed).uniform(-1.5, 1.5, 6)
    segments = dict(zip(body.names, body.segments(positions), strict=True))
    radii_m = dict(zip(body.names, body.radii_m, strict=True))
    for link, points in mesh_vertices(so101, positions):
        assert distances_m(points, segments[link]).max() <= radii_m[link] + 1e-6


def test_every_link_with_a_mesh_has_a_capsule_and_only_the_base_is_fixed(body):
    assert body.names == (
        "base_link", "shoulder_link", "upper_arm_link", "lower_arm_link", "wrist_link", "gripper_link",
        "moving_jaw_so101_v1_link",
    )  # fmt: skip
    assert body.is_fixed.tolist() == [True] + [False] * 6
    assert body.radii_m.max() < 0.06


@pytest.mark.parametrize("seed", range(3))
def test_point_jacobians_are_the_derivatives_of_points(body, seed):
    positions = np.random.default_rng(seed).uniform(-1.0, 1.0, 6)
    steps = 1e-6 * np.eye(6)
    numeric = [(body.segments(positions + s) - body.segments(positions - s)) / 2e-6 for s in steps]
    ends = body.segments(positions).transpose(1, 0, 2)  # (2, n, 3): both ends at once
    assert body.point_jacobians(positions, ends) == pytest.approx(
        np.array(numeric).transpose(2, 1, 3, 0), abs=1e-8
    )


def test_joint_order_is_the_profiles(so101, body):
    joints = dict(reversed(list(so101.joints.items())))
    turned = LinkCapsules(dataclasses.replace(so101, joints=joints))
    positions = np.array([0.3, -0.8, 0.7, 0.5, -0.2, 0.1])
    points = body.segments(positions)[:, 0]
    assert turned.segments(positions[::-1]) == pytest.approx(body.segments(positions))
    assert turned.point_jacobians(positions[::-1], points) == pytest.approx(
        body.point_jacobians(positions, points)[..., ::-1]
    )


def test_the_profile_can_replace_a_capsule(so101, body):
    mine = {"wrist_link": LinkCapsule((0.0, 0.0, 0.0), (0.0, 0.0, 0.1), 0.07)}
    replaced = LinkCapsules(dataclasses.replace(so101, body=mine))
    assert replaced.radii_m[body.names.index("wrist_link")] == 0.07
    assert replaced.names == body.names


def test_a_robot_without_urdf_is_refused():
    with pytest.raises(ConfigError, match="urdf"):
        LinkCapsules(load_robot("diffbot"))


def test_a_joint_that_nobody_measures_is_refused(so101):
    joints = {name: limits for name, limits in so101.joints.items() if name != "gripper"}
    channels = {
        name: dataclasses.replace(channel, joints=channel.joints[:-1])
        for name, channel in so101.channels.items()
        if len(channel.joints) > 1
    }
    with pytest.raises(ConfigError, match=r"joints\.gripper"):
        LinkCapsules(dataclasses.replace(so101, joints=joints, channels=channels))


def test_unknown_links_are_refused(so101):
    mine = {"tail": LinkCapsule((0.0, 0.0, 0.0), (0.0, 0.0, 0.1), 0.07)}
    with pytest.raises(ConfigError, match=r"body\.tail"):
        LinkCapsules(dataclasses.replace(so101, body=mine))
