"""The corrector that ships: its sheet, its weights, what it needs, and that pictures decide what it says."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CameraFrame
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER
from noetra_ros.policy.correction.corrector import Ahead, create_corrector
from noetra_ros.policy.errors import PolicyError

SHIPPED = SHIPPED_FOLDER / "noetra_nano_corrector"


@pytest.fixture(scope="module")
def corrector():
    made = create_corrector("noetra_nano_corrector")
    made.load()
    return made


def ahead_of(observation):
    """A chunk that stays where the robot is."""
    joints = observation.joints.positions
    return Ahead(np.tile(joints, (5, 1)), joints, 0.3, 0.5)


def test_the_sheet_declares_bounds_rate_and_latency(corrector, so101):
    spec = corrector.spec
    assert spec.joints == so101.joint_names and [c.name for c in spec.cameras] == ["front", "wrist"]
    assert (spec.limit_rad[:5] > 0.0).all() and (spec.limit_rad <= 0.5).all()
    assert spec.limit_rad[5] == 0.0  # when to grip is the policy's decision
    assert spec.rate_hz == 50.0 and spec.latency_s == 0.01


def test_it_is_small():
    assert (SHIPPED / "model.safetensors").stat().st_size < 1_500_000


def test_it_answers_finite_numbers_that_depend_on_the_pictures(corrector, observation):
    first = corrector.residuals(observation, ahead_of(observation))
    assert first.shape == (4, 6) and np.isfinite(first).all()
    dark = {n: CameraFrame(f.stamp_ns, n, f.rgb // 4) for n, f in observation.frames.items()}
    other = corrector.residuals(replace(observation, frames=dark), ahead_of(observation))
    assert np.abs(other - first).max() > 1e-3


def test_an_observation_that_lacks_something_is_an_expected_error(corrector, observation, without_camera):
    with pytest.raises(PolicyError, match="wrist"):
        corrector.residuals(without_camera, ahead_of(observation))
    with pytest.raises(PolicyError, match="sentence"):
        corrector.residuals(replace(observation, instruction=" "), ahead_of(observation))


def test_weights_that_are_not_those_of_the_sheet_are_refused(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "other")
    weights = tmp_path / "other" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(ConfigError, match="weights_sha256"):
        create_corrector("noetra_nano_corrector", tmp_path / "other").load()


def test_an_unknown_name_or_folder_says_what_there_is(tmp_path):
    with pytest.raises(ConfigError, match="noetra_nano_corrector"):
        create_corrector("glue")
    with pytest.raises(ConfigError, match="train-corrector"):
        create_corrector("noetra_nano_corrector", tmp_path / "nothing")
