"""Obstacles in the picture: coloured by kind, moved, resized, taken away."""

import numpy as np

from noetra_ros.core.obstacles import Obstacle, ObstacleKind, Shape
from noetra_ros.view.obstacle_bodies import ObstacleBodies


class Body:
    def __init__(self, name, vertices, faces, **about):
        self.name, self.vertices, self.faces, self.about = name, vertices, faces, about
        self.is_removed = False

    def remove(self):
        self.is_removed = True


class PlayedScene:
    """Keeps what it was asked to draw."""

    def __init__(self):
        self.bodies = []

    def add_frame(self, name, **about): ...

    def add_mesh_simple(self, name, vertices, faces, **about):
        self.bodies.append(Body(name, vertices, faces, **about))
        return self.bodies[-1]


def obstacle(kind=ObstacleKind.PERSON, shape=Shape.CAPSULE, size=(0.1, 0.5, 0.0), x=1.0):
    return Obstacle(7, kind, shape, (x, 0, 0), (0, 0, 0, 1), size, (0, 0, 0), 0.01, 0.9, 0)


def test_a_person_is_red_and_follows_its_track():
    scene = PlayedScene()
    bodies = ObstacleBodies(scene, "/o")
    bodies.update([obstacle()])
    bodies.update([obstacle(x=2.0)])
    (body,) = scene.bodies
    assert body.name == "/o/7_person_capsule"
    assert body.about["color"] == (230, 26, 26)
    assert body.position.tolist() == [2.0, 0.0, 0.0]
    assert body.wxyz == (1.0, 0.0, 0.0, 0.0)


def test_a_body_grows_without_being_made_anew():
    scene = PlayedScene()
    bodies = ObstacleBodies(scene, "/o")
    bodies.update([obstacle(shape=Shape.BOX, size=(0.2, 0.2, 0.2))])
    bodies.update([obstacle(shape=Shape.BOX, size=(0.4, 0.2, 0.2))])
    (body,) = scene.bodies
    assert np.allclose(np.ptp(body.vertices, axis=0), [0.4, 0.2, 0.2])


def test_what_is_gone_or_turns_out_to_be_something_else_is_taken_away():
    scene = PlayedScene()
    bodies = ObstacleBodies(scene, "/o")
    bodies.update([obstacle(kind=ObstacleKind.UNKNOWN)])
    bodies.update([obstacle(kind=ObstacleKind.OBJECT, shape=Shape.SPHERE, size=(0.1, 0, 0))])
    assert [body.is_removed for body in scene.bodies] == [True, False]
    bodies.update([])
    assert all(body.is_removed for body in scene.bodies)
