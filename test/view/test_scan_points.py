"""A laser scan in the picture: where its beams meet something, and gone when it is old."""

import numpy as np
import pytest

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.view.heard import Heard
from noetra_ros.view.scan_points import ScanPoints

S = 1_000_000_000
SCAN = PlanarScan((0.1, 0.0), 0.0, np.pi / 2, np.array([2.0, np.inf, 1.0, np.nan]))


class Cloud:
    def __init__(self, points, visible):
        self.points, self.visible = points, visible


class PlayedScene:
    """Keeps the one cloud that it was asked to draw."""

    def add_point_cloud(self, name, points, colours, *, visible, **about):
        self.cloud = Cloud(points, visible)
        return self.cloud


def test_echoes_are_shown_at_the_height_of_the_scanner_and_nothing_else():
    scene = PlayedScene()
    ScanPoints(scene, "/robot/scan", 0.2).update(SCAN)
    assert scene.cloud.visible
    assert scene.cloud.points == pytest.approx(np.array([[2.1, 0.0, 0.2], [-0.9, 0.0, 0.2]]), abs=1e-6)


def test_a_scanner_that_falls_silent_shows_nothing():
    scene, heard = PlayedScene(), Heard()
    points = ScanPoints(scene, "/robot/scan", 0.2)
    heard.hear_scan(SCAN, 5 * S)
    points.update(heard.scan_now(5 * S + S // 2))
    assert scene.cloud.visible
    points.update(heard.scan_now(7 * S))
    assert not scene.cloud.visible
