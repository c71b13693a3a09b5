"""What can be touched of an arm of the stand is the same in both: the shapes of its URDF, link by link."""

import coal
import mujoco
import numpy as np
import pytest
from sdf_reading import half_sizes

from noetra_ros.robots.link_shapes import shape_points
from noetra_ros.sim.scenes.stand import mount_names


def points_of(collision, folder):
    """(n, 3) of a shape, frame of the collision; round ones where we take points of them everywhere."""
    (shape,) = collision.findall("geometry/*")
    sizes = half_sizes(collision) if shape.tag != "mesh" else ()
    match shape.tag:
        case "mesh":
            scale = np.array([float(word) for word in shape.findtext("scale").split()])
            return coal.MeshLoader().load(str(folder / shape.findtext("uri")), scale).vertices()
        case "box":
            geometry = coal.Box(*(2 * half for half in sizes))
        case "sphere":
            geometry = coal.Sphere(*sizes)
        case "cylinder":
            geometry = coal.Cylinder(sizes[0], 2 * sizes[1])
    return shape_points(geometry, "test", collision.get("name"))


def mujoco_points(model, data):
    """(n, 3) of the meshes that MuJoCo has made of each link, world frame, by link."""
    found = {}
    for geom in range(model.ngeom):
        link, _, number = model.geom(geom).name.rpartition("_")
        if number.isdigit() and model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_MESH:
            mesh = model.geom_dataid[geom]
            first, count = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
            points = model.mesh_vert[first : first + count]
            placed = data.geom_xpos[geom] + points @ data.geom_xmat[geom].reshape(3, 3).T
            found[link] = np.vstack([found.get(link, np.empty((0, 3))), placed])
    return found


def test_links_can_be_touched_at_the_same_places(scene, files, robot, zero):
    if not scene.mends_urdf:
        pytest.skip("fitted boxes in MuJoCo")
    theirs = mujoco_points(*zero)
    links = [link for link in robot.model.findall("link") if link.find("collision") is not None]
    assert {link.get("name") for link in links} == set(theirs)
    for link in links:
        ours = []
        for collision in link.findall("collision"):
            pose = robot.inside(link, collision)
            ours.append(pose[:3, 3] + points_of(collision, files.folder) @ pose[:3, :3].T)
        ours, points = np.vstack(ours), theirs[link.get("name")]
        assert ours.min(axis=0) == pytest.approx(points.min(axis=0), abs=1e-6)
        assert ours.max(axis=0) == pytest.approx(points.max(axis=0), abs=1e-6)


def test_the_arm_and_the_room_touch_and_nothing_else_does(profile, scene, zero):
    if not scene.mends_urdf:
        pytest.skip("things at the table touch one another")
    model, _ = zero
    solid = {part.name for part in scene.fixed if part.surface is not None}
    room = [model.geom(name).id for name in solid]
    shapes = [geom for geom in range(model.ngeom) if model.geom_contype[geom] and geom not in room]
    assert solid == {*mount_names(profile), "floor"}
    assert (model.geom_contype[shapes][:, None] & model.geom_conaffinity[room][None]).all()
    assert not (model.geom_contype[shapes][:, None] & model.geom_conaffinity[shapes][None]).any()
    assert model.geom_contype.astype(bool).sum() == len(room) + len(shapes)
