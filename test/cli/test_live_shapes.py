"""Obstacles and separation in a picture that MuJoCo draws."""

import mujoco
import numpy as np
import pytest

from noetra_ros.core.obstacles import Obstacle, ObstacleKind, ObstacleScene, Shape
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.rendering import choose_backend, make_context
from noetra_ros.sim.world import make_world

pytestmark = pytest.mark.ros
SIZES = {Shape.SPHERE: (0.06, 0, 0), Shape.CAPSULE: (0.05, 0.2, 0), Shape.BOX: (0.1, 0.1, 0.1)}


@pytest.fixture(scope="module")
def drawn():
    """Draws a picture with some shapes: (picture, its geoms)."""
    world = make_world(load_robot("so101"))
    world.reset(3)
    model, data = world.model_and_data()
    mujoco.mj_forward(model, data)
    camera, options, viewport = mujoco.MjvCamera(), mujoco.MjvOption(), mujoco.MjrRect(0, 0, 320, 240)
    camera.lookat[:], camera.distance, camera.azimuth, camera.elevation = (0.15, 0.0, 0.08), 0.9, 140, -30
    window = make_context(choose_backend(), 320, 240)
    context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100.value)
    mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, context)
    scene = mujoco.MjvScene(model, maxgeom=600)

    def draw(shapes):
        mujoco.mjv_updateScene(model, data, options, None, camera, mujoco.mjtCatBit.mjCAT_ALL.value, scene)
        before = scene.ngeom
        if shapes:
            shapes.draw(scene, data)
        mujoco.mjr_render(viewport, scene, context)
        rgb = np.empty((240, 320, 3), np.uint8)
        mujoco.mjr_readPixels(rgb, None, viewport, context)
        return rgb[::-1].astype(int), [scene.geoms[row] for row in range(before, scene.ngeom)]

    yield draw
    context.free()
    window.free()


def told(obstacles=(), **separation):
    from noetra_ros.msg import SeparationState

    from noetra_ros.cli.live_shapes import LiveShapes
    from noetra_ros.ros.perception_messages import scene_to_message

    shapes = LiveShapes()
    shapes.on_obstacles(scene_to_message(ObstacleScene(1, "base_link", tuple(obstacles), ())))
    if separation:
        shapes.on_separation(SeparationState(link="gripper_link", has_person=True, **separation))
    return shapes


def obstacle(number=1, kind=ObstacleKind.PERSON, shape=Shape.SPHERE, at_m=(0.3, -0.15, 0.1)):
    nan = np.full(3, np.nan)
    return Obstacle(number, kind, shape, at_m, (0, 0, 0, 1), SIZES[shape], nan, 0.01, 0.9, 1)


@pytest.mark.parametrize("shape", SIZES)
def test_an_obstacle_is_seen_with_its_size_and_the_colour_of_its_kind(drawn, shape):
    bare, _ = drawn(None)
    picture, [geom] = drawn(told([obstacle(shape=shape)]))
    changed = np.abs(picture - bare).sum(axis=2) > 20
    assert changed.sum() > 200
    redder = (picture - bare)[changed]
    assert redder[:, 0].mean() > redder[:, 2].mean() + 10, "a person is red"
    half = {Shape.SPHERE: (0.06,) * 3, Shape.CAPSULE: (0.05, 0.05, 0.1), Shape.BOX: (0.05,) * 3}[shape]
    assert geom.size == pytest.approx(half)


@pytest.mark.parametrize(
    ("scale", "colour"), [(1.0, (43, 154, 93)), (0.4, (217, 154, 11)), (0.0, (210, 59, 50))]
)
def test_the_line_to_a_person_tells_both_distances_in_the_colour_of_what_the_robot_does(drawn, scale, colour):
    _, geoms = drawn(told([obstacle(7)], track_id=7, distance=0.234, required=0.311, scale=scale))
    line = geoms[-1]
    assert line.label == "0.23 m, needs 0.31 m"
    assert np.round(255 * line.rgba[:3]) == pytest.approx(colour)
    assert line.size[2] > 0.02, "from link to person"


def test_nobody_near_or_a_person_whom_perception_no_longer_tells_has_no_line(drawn):
    assert len(drawn(told([obstacle(7)], track_id=8, distance=0.2, required=0.3, scale=1.0))[1]) == 1
    assert drawn(told())[1] == []


def test_a_crowd_that_finds_no_room_in_the_picture_is_cut_off(drawn):
    many = [obstacle(number) for number in range(20_000)]
    assert 0 < len(drawn(told(many, track_id=1, distance=0.2, required=0.3, scale=1.0))[1]) < 20_000
