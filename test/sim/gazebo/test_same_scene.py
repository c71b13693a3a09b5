"""MuJoCo's world and Gazebo's are the same: joints, limits, inertias, cameras, things."""

import mujoco
import numpy as np
import pytest
from sdf_reading import ModelFrames, followers, half_sizes, inertia_of, models_of, rolling

from noetra_ros.robots.urdf import read_urdf_joints
from noetra_ros.sim.gazebo.sensors import OPTICAL_FROM_GAZEBO
from noetra_ros.sim.least_inertia import LEAST_MASS_KG

PIXEL_MIDDLE = (
    0.5  # Gazebo counts pixels from the picture's edge, CameraInfo here from the first one's middle
)


def test_the_joints_are_the_same_with_their_limits_and_drives(arm, robot, zero):
    model, _ = zero
    moving = {j.get("name"): j for j in robot.model.findall("joint") if j.get("type") != "fixed"}
    speeds = {name: joint.velocity_radps for name, joint in read_urdf_joints(arm.urdf_path).items()}
    assert set(moving) == {*arm.joint_names, *followers(arm), *rolling(arm)}
    for name, joint in ((name, moving[name]) for name in arm.joint_names):
        limit, index = joint.find("axis/limit"), model.joint(name).id
        ends = [float(limit.findtext("lower")), float(limit.findtext("upper"))]
        if model.jnt_limited[index]:
            assert ends == pytest.approx(model.jnt_range[index].tolist(), abs=1e-9)
        else:
            assert (joint.get("type"), ends) == ("continuous", [-1e16, 1e16])
        assert float(limit.findtext("velocity")) == speeds[name]  # MuJoCo knows none
        largest = model.actuator(name).forcerange[1] if model.actuator(name).forcelimited[0] else np.inf
        assert float(limit.findtext("effort", "inf")) == largest
        damping = model.dof_damping[model.joint(name).dofadr[0]]
        assert float(joint.findtext("axis/dynamics/damping", "0")) == pytest.approx(damping)


def test_the_joints_are_at_the_same_places_and_turn_about_the_same_axes(arm, robot, zero):
    model, data = zero
    for name in arm.joint_names:
        pose, index = robot.of(name), model.joint(name).id
        axis = np.array([float(word) for word in robot.named[name].findtext("axis/xyz").split()])
        assert pose[:3, 3] == pytest.approx(data.xanchor[index], abs=1e-9)
        assert pose[:3, :3] @ axis == pytest.approx(data.xaxis[index], abs=1e-9)


def test_every_link_that_a_joint_carries_has_the_same_mass_and_inertia(arm, robot, zero):
    model, data = zero
    beside = {"mount", *rolling(arm)}  # the wheels: test_a_base_with_its_wheels_weighs_the_same
    carried = {j.findtext("child") for j in robot.model.findall("joint") if j.get("name") not in beside}
    assert len(carried) >= len(arm.joint_names)
    for name in carried:
        mass, centre, tensor = inertia_of(robot.named[name])
        body = model.body(name).id
        assert mass == pytest.approx(model.body_mass[body], abs=1e-7)  # a mark weighs 1e-9 kg
        turn = data.ximat[body].reshape(3, 3)
        in_world = turn @ np.diag(model.body_inertia[body]) @ turn.T
        to_world = (robot.of(name) @ centre)[:3, :3]
        assert to_world @ tensor @ to_world.T == pytest.approx(in_world, rel=1e-4, abs=1e-9)
        if mass > LEAST_MASS_KG:  # of a gram without a place MuJoCo takes the middle of the link's shape
            assert (robot.of(name) @ centre)[:3, 3] == pytest.approx(data.xipos[body], abs=1e-6)


def test_what_mujoco_moves_beside_these_links_are_marks_of_a_gram(arm, robot, zero):
    model, _ = zero
    links = {link.get("name") for link in robot.model.findall("link")}
    frames = {frame.get("name") for frame in robot.model.findall("frame")}
    trees = {int(model.body_rootid[model.joint(name).bodyid[0]]) for name in arm.joint_names}
    for body in (b for b in range(1, model.nbody) if int(model.body_rootid[b]) in trees):
        name = model.body(body).name
        assert name in links or (name in frames and model.body_mass[body] <= LEAST_MASS_KG)


def test_a_base_with_its_wheels_weighs_the_same(profile, robot, zero):
    """MuJoCo's base is one body; in Gazebo it is a body and two wheels, as they stand at the start."""
    if profile.base is None:
        pytest.skip("an arm")
    model, data = zero
    wheels = [j.findtext("child") for j in robot.model.findall("joint") if j.get("name") in rolling(profile)]
    parts = []
    for name in (profile.base_frame, *wheels):
        mass, centre, tensor = inertia_of(robot.named[name])
        pose = robot.of(name) @ centre
        parts.append((mass, pose[:3, 3], pose[:3, :3] @ tensor @ pose[:3, :3].T))
    body = model.body(profile.base_frame).id
    assert len(parts) == 3
    assert sum(mass for mass, _, _ in parts) == pytest.approx(model.body_mass[body])
    middle = sum(mass * at for mass, at, _ in parts) / model.body_mass[body]
    assert middle == pytest.approx(data.xipos[body], abs=1e-9)
    about = sum(tensor + mass * off_centre(at - middle) for mass, at, tensor in parts)
    turn = data.ximat[body].reshape(3, 3)
    assert about == pytest.approx(turn @ np.diag(model.body_inertia[body]) @ turn.T, rel=1e-9, abs=1e-9)


def off_centre(at):
    """(3, 3) by which the inertia of 1 kg grows that is moved from a point, m (Steiner)."""
    return at @ at * np.eye(3) - np.outer(at, at)


def test_a_base_has_the_same_body_and_all_that_rolls_is_below_it(profile, robot, zero):
    if profile.base is None:
        pytest.skip("an arm")
    model, data = zero
    base, geom = robot.named[profile.base_frame], model.geom("chassis")
    for shape in (base.find("collision[@name='body']"), base.find("visual")):
        assert half_sizes(shape) == pytest.approx(geom.size[:2].tolist())
        assert robot.inside(base, shape)[:3, 3] == pytest.approx(data.geom_xpos[geom.id], abs=1e-9)
    colour = [float(word) for word in base.findtext("visual/material/diffuse").split()]
    assert colour == pytest.approx(geom.rgba.tolist(), abs=1e-6)
    assert len(base.findall("visual")) == 1
    rolls = [(base, c) for c in base.findall("collision") if c.get("name").startswith("caster")]
    wheels = [robot.named[name.removesuffix("_joint")] for name in rolling(profile)]
    rolls += [(wheel, wheel.find("collision")) for wheel in wheels]
    assert len(rolls) == 4
    for link, shape in rolls:
        radius, *half_width = half_sizes(shape)
        x, y, z = robot.inside(link, shape)[:3, 3]
        assert z == pytest.approx(radius)  # on the floor
        assert np.hypot(abs(x) + radius, abs(y) + sum(half_width)) <= geom.size[0] + 1e-9


def test_the_fingers_are_the_same_boxes(arm, robot, zero):
    if arm.sim.hand is None:
        pytest.skip("no hand")
    model, data = zero
    for name, box in arm.sim.hand.boxes.items():
        link = robot.named[box.link]
        (collision,) = [c for c in link.findall("collision") if c.get("name") == name]
        geom = model.geom(name).id
        assert half_sizes(collision) == pytest.approx(model.geom_size[geom].tolist())
        assert robot.inside(link, collision)[:3, 3] == pytest.approx(data.geom_xpos[geom], abs=1e-9)


def test_the_cameras_see_from_the_same_places(profile, sdf_world, world, zero):
    model, data = zero
    found = {}
    for element in models_of(sdf_world).values():
        frames = ModelFrames(element)
        for link in element.findall("link"):
            for sensor in (s for s in link.findall("sensor") if s.find("camera") is not None):
                found[sensor.get("name")] = (sensor, frames.inside(link, sensor))
    assert set(found) == set(profile.cameras)
    for name, (sensor, pose) in found.items():
        index = model.camera(name).id
        optical = pose[:3, :3] @ OPTICAL_FROM_GAZEBO.T
        looks = data.cam_xmat[index].reshape(3, 3) @ np.diag([1.0, -1.0, -1.0])
        assert pose[:3, 3] == pytest.approx(data.cam_xpos[index], abs=1e-9)
        assert optical == pytest.approx(looks, abs=1e-9)
        _same_lens(sensor.find("camera"), world.intrinsics(name))


def _same_lens(camera, expected):
    width, height = (int(camera.findtext(f"image/{tag}")) for tag in ("width", "height"))
    assert (width, height) == (expected.width_px, expected.height_px)
    focal_px = 0.5 * width / np.tan(0.5 * float(camera.findtext("horizontal_fov")))
    assert [focal_px] * 2 == pytest.approx([expected.fx_px, expected.fy_px], rel=1e-9)
    middle = [0.5 * width - PIXEL_MIDDLE, 0.5 * height - PIXEL_MIDDLE]
    assert middle == [expected.cx_px, expected.cy_px]


def test_things_lie_at_the_same_places(sdf_world, world):
    """MuJoCo lets them settle for 0.3 s before an episode begins."""
    frames = {name: ModelFrames(model) for name, model in models_of(sdf_world).items()}
    for name, pose in zip(world.object_names, world.object_poses(), strict=True):
        if name == "base":
            continue
        assert frames[name].base[:3, 3] == pytest.approx(pose[:3], abs=1e-3)
        x_axis = frames[name].base[:3, 0]
        turned = np.zeros(3)
        mujoco.mju_rotVecQuat(turned, np.array([1.0, 0.0, 0.0]), pose[3:])
        assert x_axis == pytest.approx(turned, abs=5e-3)


def test_things_have_the_same_shapes_and_friction(sdf_world, robot, zero):
    model, _ = zero
    compared = set()
    for element in sdf_world.findall(".//collision[@name]"):
        name = element.get("name")
        geom = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_GEOM, name)
        if geom < 0:
            continue
        sizes = half_sizes(element)
        assert sizes == pytest.approx(model.geom_size[geom][: len(sizes)].tolist())
        assert float(element.findtext("surface/friction/ode/mu")) == model.geom_friction[geom][0]
        compared.add(name)
    # MuJoCo's shapes of links have no names, or those of the links: test_same_body.py.
    links = tuple(f"{word}_" for word in (*robot.named, robot.model.get("name")))
    touchable = {model.geom(k).name for k in range(model.ngeom) if model.geom_contype[k]}
    assert {name for name in touchable - {"", "chassis"} if not name.startswith(links)} <= compared


def test_things_look_the_same(sdf_world, scene, zero):
    model, _ = zero
    parts = [*scene.fixed, *(part for thing in scene.things for part in thing.parts)]
    seen = {visual.get("name"): visual for visual in sdf_world.iter("visual")}
    for part in (*parts, *(mark.part for mark in scene.marks)):
        visual, geom = seen[f"{part.name}_visual"], model.geom(part.name)
        sizes = half_sizes(visual)
        assert sizes == pytest.approx(geom.size[: len(sizes)].tolist())
        colour = [float(word) for word in visual.findtext("material/diffuse").split()]
        assert colour == pytest.approx(geom.rgba.tolist(), abs=1e-6)


def test_what_stands_still_is_at_the_same_places(sdf_world, scene, zero):
    model, data = zero
    surroundings = ModelFrames(models_of(sdf_world)["surroundings"])
    (link,) = surroundings.model.findall("link")
    for part in scene.fixed:
        visual = link.find(f"visual[@name='{part.name}_visual']")
        assert surroundings.inside(link, visual)[:3, 3] == pytest.approx(
            data.geom_xpos[model.geom(part.name).id]
        )
    for collision in link.findall("collision"):
        geom = model.geom(collision.get("name")).id
        assert surroundings.inside(link, collision)[:3, 3] == pytest.approx(data.geom_xpos[geom])


def test_marks_show_the_same_places_of_the_robot(robot, scene, zero):
    model, data = zero
    for mark in scene.marks:
        name = f"{mark.part.name}_visual"
        link = robot.model.find(f"link/visual[@name='{name}']/..")
        place = robot.inside(link, link.find(f"visual[@name='{name}']"))
        assert place[:3, 3] == pytest.approx(data.geom_xpos[model.geom(mark.part.name).id], abs=1e-9)


def test_free_things_have_the_same_mass_and_inertia(sdf_world, zero):
    model, _ = zero
    free = {model.joint(k).name for k in range(model.njnt) if model.jnt_type[k] == mujoco.mjtJoint.mjJNT_FREE}
    models = models_of(sdf_world)
    assert {n for n, m in models.items() if m.findtext("static") == "false"} == free
    for name in free:
        mass, _, tensor = inertia_of(models[name].find("link"))
        assert mass == pytest.approx(model.body(name).mass[0])
        assert np.sort(np.diag(tensor)) == pytest.approx(np.sort(model.body(name).inertia), rel=1e-9)


def test_step_gravity_and_light_are_the_same(sdf_world, world, zero):
    model, _ = zero
    assert float(sdf_world.findtext("physics/max_step_size")) == world.step_s
    assert [float(w) for w in sdf_world.findtext("gravity").split()] == model.opt.gravity.tolist()
    direction = np.array([float(w) for w in sdf_world.findtext("light/direction").split()])
    assert direction / np.linalg.norm(direction) == pytest.approx(model.light_dir[0])
    ambient = [float(w) for w in sdf_world.findtext("scene/ambient").split()]
    glow = model.vis.headlight.ambient if model.vis.headlight.active else np.zeros(3)
    assert ambient[:3] == pytest.approx((model.light_ambient[0] + glow).tolist())
    diffuse = [float(w) for w in sdf_world.findtext("light/diffuse").split()]
    assert diffuse[:3] == pytest.approx(model.light_diffuse[0].tolist())
