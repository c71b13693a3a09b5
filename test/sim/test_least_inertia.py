"""The least inertia: sound tensors stay, principal moments are raised, impossible ones balanced."""

import numpy as np
import pytest

from noetra_ros.sim.least_inertia import sound_inertia


def test_what_is_sound_comes_back_as_it_is():
    tensor = np.array([[0.02, 0.001, 0.0], [0.001, 0.03, 0.0], [0.0, 0.0, 0.04]])
    assert sound_inertia(tensor) is tensor


def test_small_principal_moments_are_raised_about_their_own_axes():
    turn = np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]])
    sound = sound_inertia(turn @ np.diag([0.0, 2e-3, 2e-3]) @ turn.T)
    assert sound == pytest.approx(turn @ np.diag([1e-6, 2e-3, 2e-3]) @ turn.T, abs=1e-15)


def test_moments_that_no_body_has_become_their_mean():
    assert sound_inertia(np.diag([1e-3, 2e-3, 6e-3])) == pytest.approx(3e-3 * np.eye(3))


def test_two_moments_may_make_the_third():
    flat = np.diag([1e-3, 2e-3, 3e-3])
    assert sound_inertia(flat) is flat
