from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import JointState
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.replay import APPROACH_RADPS, ReplayBackend
from noetra_ros.policy.demonstrations import episode_path, write_description, write_episode
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.preflight import Serving, require_preflight

JOINTS = ("shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper")


@pytest.fixture
def folder(tmp_path, description, episodes):
    write_description(tmp_path, description)
    write_episode(tmp_path, episodes[0])
    return tmp_path


@pytest.fixture
def backend(so101, folder):
    return ReplayBackend(BackendOptions(so101, checkpoint=folder))


def seen_at(observation, time_s, positions):
    stamp_ns = round(time_s * 1e9)
    joints = JointState(stamp_ns, JOINTS, np.asarray(positions, float), np.zeros(6), np.zeros(6))
    return replace(observation, stamp_ns=stamp_ns, joints=joints)


def test_a_robot_at_the_beginning_gets_the_recorded_rows_in_time(backend, observation, episodes):
    recorded = episodes[0].chunks[:, 0]
    chunk = backend.infer(seen_at(observation, 0.0, recorded[0]))
    assert (chunk.step_s, chunk.start_offset_s, len(chunk.values)) == (pytest.approx(0.1), 0.0, 8)
    np.testing.assert_allclose(chunk.values[1:], recorded[:7], atol=1e-6)
    later = backend.infer(seen_at(observation, 0.35, recorded[2]))
    np.testing.assert_allclose(later.values[0], (recorded[2] + recorded[3]) / 2, atol=1e-6)


def test_a_robot_elsewhere_is_led_to_the_beginning_first(backend, observation, episodes):
    first = episodes[0].chunks[0, 0].astype(float)
    chunk = backend.infer(seen_at(observation, 0.0, first + 0.6))
    np.testing.assert_allclose(chunk.values[0], first + 0.6)
    speeds_radps = np.abs(np.diff(chunk.values, axis=0)) / chunk.step_s
    np.testing.assert_allclose(speeds_radps, APPROACH_RADPS, atol=1e-6)


def test_time_waits_for_a_robot_that_has_been_stopped(backend, observation, episodes):
    first = episodes[0].chunks[0, 0].astype(float)
    backend.infer(seen_at(observation, 0.0, first))
    stopped = backend.infer(seen_at(observation, 0.2, first - 1.0)).values
    still = backend.infer(seen_at(observation, 5.0, first - 1.0)).values
    np.testing.assert_array_equal(stopped, still)


def test_at_the_end_the_last_row_is_held(backend, observation, episodes):
    recorded = episodes[0].chunks[:, 0].astype(float)
    backend.infer(seen_at(observation, 0.0, recorded[0]))
    chunk = backend.infer(seen_at(observation, 60.0, recorded[0]))
    np.testing.assert_allclose(chunk.values, np.tile(recorded[-1], (8, 1)), atol=1e-6)


def test_reset_begins_anew(backend, observation, episodes):
    recorded = episodes[0].chunks[:, 0].astype(float)
    first = backend.infer(seen_at(observation, 1.0, recorded[0])).values
    backend.infer(seen_at(observation, 1.5, recorded[0]))
    backend.reset()
    np.testing.assert_array_equal(backend.infer(seen_at(observation, 0.5, recorded[0])).values, first)


def test_a_clock_that_goes_back_is_told(backend, observation, episodes):
    backend.infer(seen_at(observation, 1.0, episodes[0].chunks[0, 0]))
    with pytest.raises(PolicyError, match="reset first"):
        backend.infer(seen_at(observation, 0.5, episodes[0].chunks[0, 0]))


def test_an_episode_is_picked_by_its_number(so101, folder, episodes):
    write_episode(folder, episodes[4])
    picked = ReplayBackend(BackendOptions(so101, checkpoint=folder.with_name(folder.name + "#4")))
    assert picked.spec.model == "replay episode_000000004"
    by_file = ReplayBackend(BackendOptions(so101, checkpoint=episode_path(folder, 4)))
    assert by_file.spec.model == picked.spec.model


def test_it_fits_the_robot_of_the_recording_and_no_other(backend, so101, diffbot):
    require_preflight(backend.spec, Serving(so101, is_simulation=False))
    with pytest.raises(ConfigError, match="kind"):
        require_preflight(backend.spec, Serving(diffbot, is_simulation=False))


@pytest.mark.parametrize(
    ("name", "words"),
    [("none", "no .*none, expected a file or folder"), ("stray", "of no known format.*demonstration")],
)
def test_what_is_no_recording_is_refused(so101, tmp_path, name, words):
    (tmp_path / "stray").mkdir()
    with pytest.raises(ConfigError, match=words):
        ReplayBackend(BackendOptions(so101, checkpoint=tmp_path / name))


def test_without_a_place_it_says_what_to_set(so101):
    with pytest.raises(ConfigError, match="a recorded episode"):
        ReplayBackend(BackendOptions(so101))
