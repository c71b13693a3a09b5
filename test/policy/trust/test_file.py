from __future__ import annotations

import numpy as np
import pytest
from made_episodes import made_episode
from safetensors.numpy import load_file, save_file

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.trust.calibration import calibrate, watch_episode
from noetra_ros.policy.trust.file import TRUST_FILE, read_trust, write_trust


@pytest.fixture
def folder(tmp_path, training, good):
    write_trust(tmp_path, calibrate(training, good[:60], np.full(2, 0.1)))
    return tmp_path


def test_what_was_written_judges_alike(folder, training, good):
    model = calibrate(training, good[:60], np.full(2, 0.1))
    episode = made_episode(77, away=1.0)
    assert watch_episode(read_trust(folder), episode) == watch_episode(model, episode)


def test_a_checkpoint_may_have_none(tmp_path):
    assert read_trust(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("mean", np.full(8, np.nan, np.float32), "mean: got NaN"),
        ("scores", np.array([2.0, 1.0]), "scores: got unsorted"),
        ("directions", np.zeros(8, np.float32), "directions: got shape"),
    ],
)
def test_a_file_that_cannot_be_is_refused(folder, name, value, words):
    save_file(load_file(str(folder / TRUST_FILE)) | {name: value}, str(folder / TRUST_FILE))
    with pytest.raises(ConfigError, match=words):
        read_trust(folder)
