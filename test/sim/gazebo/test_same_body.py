"""What can be touched of an arm of the stand is the same in both: the shapes of its URDF, link by link."""

import coal
import mujoco
import numpy as np
import pytest
from sdf_reading import half_sizes, rolling

from noetra_ros.robots.link_shapes import shape_points
from noetra_ros.sim.scene_description import Mount
from noetra_ros.sim.scenes.room import BOXES
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


def test_links_can_be_touched_at_the_same_places(profile, scene, files, robot, zero):
    if not scene.mends_urdf:
        pytest.skip("fitted boxes in MuJoCo")
    theirs = mujoco_points(*zero)
    links = [link for link in robot.model.findall("link") if link.find("collision") is not None]
    # Of a base: test_same_scene.py.
    own = {profile.base_frame, "left_wheel", "right_wheel"} if rolling(profile) else set()
    assert own <= {link.get("name") for link in links}
    links = [link for link in links if link.get("name") not in own]
    assert {link.get("name") for link in links} == set(theirs)
    for link in links:
        ours = []
        for collision in link.findall("collision"):
            pose = robot.inside(link, collision)
            ours.append(pose[:3, 3] + points_of(collision, files.folder) @ pose[:3, :3].T)
        ours, points = np.vstack(ours), theirs[link.get("name")]
        assert ours.min(axis=0) == pytest.approx(points.min(axis=0), abs=1e-6)
        assert ours.max(axis=0) == pytest.approx(points.max(axis=0), abs=1e-6)


def solid_parts(scene):
    """Names of what can be touched of a scene, fixed and loose."""
    loose = [part for thing in scene.things for part in thing.parts]
    return {part.name for part in (*scene.fixed, *loose) if part.surface is not None}


def met(model, these, those):
    """(n, k) whether MuJoCo lets shapes of two lists come upon one another."""
    types, affinities = model.geom_contype, model.geom_conaffinity
    return (types[these][:, None] & affinities[those] != 0) | (affinities[these][:, None] & types[those] != 0)


def test_the_robot_and_the_room_touch_and_the_robot_never_itself(profile, scene, robot, zero):
    if not scene.mends_urdf:
        pytest.skip("things at the table touch one another")
    model, _ = zero
    solid = solid_parts(scene)
    walls = {f"wall_{side}" for side in ("east", "north", "west", "south")}
    expected = {*mount_names(profile)} if scene.mount is Mount.FIXED else {*walls, *BOXES}
    assert solid == {*expected, "floor"}
    room = [model.geom(name).id for name in solid]
    shapes = [geom for geom in range(model.ngeom) if model.geom_contype[geom] and geom not in room]
    assert met(model, shapes, room).all()
    assert not met(model, shapes, shapes).any()
    assert model.geom_contype.astype(bool).sum() == len(room) + len(shapes)
    assert robot.model.findtext("self_collide") == "false"


def test_loose_things_touch_one_another_and_the_room(scene, zero):
    loose = [part.name for thing in scene.things if thing.is_free for part in thing.parts]
    if not loose:
        pytest.skip("nothing is loose")
    model, _ = zero
    geoms, room = ([model.geom(name).id for name in names] for names in (loose, solid_parts(scene)))
    assert met(model, geoms, room).all()
