"""The scene around the robot as an SDF world: physics, light, fixed parts, things, somebody."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from noetra_ros.sim.gazebo.plugins import System, add_plugin
from noetra_ros.sim.gazebo.shapes import add_geometry, add_inertial, add_material, add_part
from noetra_ros.sim.gazebo.writing import add, add_pose
from noetra_ros.sim.scene_description import Lamp, PersonPart, Pose, Scene, Thing

GRAVITY_MPS2 = (0.0, 0.0, -9.81)
BACKGROUND = (0.0, 0.0, 0.0, 1.0)  # as MuJoCo draws where nothing is


def world_element(scene: Scene, systems: Iterable[System]) -> Element:
    """`world` without robot and cameras.

    Args:
        scene: what is in it.
        systems: plugins that the sensors of robot and cameras need.
    """
    world = Element("world", name=scene.name)
    physics = add(world, "physics", name="step", type="ignored")
    add(physics, "max_step_size", scene.step_s)
    add(physics, "real_time_factor", 1.0)
    for system in systems:
        add_plugin(world, system)
    add(world, "gravity", GRAVITY_MPS2)
    ambient = [a + b for a, b in zip(scene.lamp.ambient_rgb, scene.glow_rgb or (0.0, 0.0, 0.0), strict=True)]
    view = add(world, "scene")
    add(view, "ambient", [*ambient, 1.0])
    add(view, "background", BACKGROUND)
    add(view, "shadows", False)
    _add_lamp(world, scene.lamp)
    _add_fixed(world, scene)
    for thing in scene.things:
        _add_thing(world, thing)
    for part in scene.person:
        _add_person_part(world, part)
    return world


def _add_lamp(world: Element, lamp: Lamp) -> None:
    light = add(world, "light", name="lamp", type="directional")
    add_pose(light, Pose(lamp.position_m))
    add(light, "cast_shadows", False)
    add(light, "diffuse", [*lamp.rgb, 1.0])
    add(light, "specular", (0.0, 0.0, 0.0, 1.0))
    add(light, "direction", lamp.direction)


def _model(world: Element, name: str, pose: Pose, is_static: bool) -> Element:
    """A model of one link; gives back the link."""
    model = add(world, "model", name=name)
    add(model, "static", is_static)
    add_pose(model, pose)
    return add(model, "link", name="link")


def _add_fixed(world: Element, scene: Scene) -> None:
    link = _model(world, "surroundings", Pose(), is_static=True)
    for part in scene.fixed:
        add_part(link, part)


def _add_thing(world: Element, thing: Thing) -> None:
    link = _model(world, thing.name, thing.pose, is_static=not thing.is_free)
    if thing.is_free:
        (body,) = thing.parts  # inertia is worked out for things of one shape
        assert body.mass_kg is not None, f"{body.name} moves freely"
        add_inertial(link, body.shape, body.mass_kg)
    for part in thing.parts:
        add_part(link, part)


def _add_person_part(world: Element, part: PersonPart) -> None:
    """For eyes and laser only: nothing collides with it, as in MuJoCo, where it makes no force."""
    visual = add(_model(world, part.name, part.pose, is_static=True), "visual", name="visual")
    add_geometry(visual, part.shape)
    add_material(visual, part.rgb)
