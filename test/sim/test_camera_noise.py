"""Noise of simulated cameras: of the declared size, repeatable, none where none is declared."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.camera_noise import with_noise
from noetra_ros.sim.cameras import CameraImage

CAMERA = load_robot("so101").cameras["overhead"]
STILL = CameraImage(np.full((96, 96, 3), 120, np.uint8), np.full((96, 96), 1.5, np.float32))


def test_noise_has_the_declared_size():
    noisy = with_noise(STILL, "overhead", CAMERA, 7)
    assert np.std(noisy.rgb.astype(float)) == pytest.approx(CAMERA.noise_levels, rel=0.1)
    assert np.std(noisy.depth_m) == pytest.approx(CAMERA.depth_noise_m, rel=0.05)


def test_the_same_stamp_gives_the_same_noise_and_another_one_another():
    first, again, other = (with_noise(STILL, "overhead", CAMERA, stamp) for stamp in (7, 7, 8))
    assert (first.rgb == again.rgb).all() and (first.depth_m == again.depth_m).all()
    assert (first.rgb != other.rgb).any() and (first.depth_m != other.depth_m).any()


def test_cameras_of_the_policy_stay_as_they_are_drawn():
    for name in load_robot("so101").cameras_for("policy"):
        assert with_noise(STILL, name, load_robot("so101").cameras[name], 7) is STILL


def test_nothing_within_range_stays_so():
    empty = dataclasses.replace(STILL, depth_m=np.full((96, 96), np.inf, np.float32))
    assert np.isposinf(with_noise(empty, "overhead", CAMERA, 7).depth_m).all()
