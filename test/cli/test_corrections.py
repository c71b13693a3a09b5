"""noetra corrections: episodes with what the corrector was told; goes on where it was."""

import numpy as np
import pytest

from noetra_ros.cli.main import main
from noetra_ros.policy.correction.episodes import read_track
from noetra_ros.policy.demonstrations import read_description, read_episode


@pytest.mark.gl
def test_an_episode_holds_clean_answers_and_what_was_told(tmp_path, capsys):
    arguments = ["--out", str(tmp_path), "--policy", "noetra_nano", "--tasks", "reach", "--episodes", "1"]
    assert main(["corrections", *arguments, "--processes", "1"]) == 0
    episode = read_episode(tmp_path / "episode_000200000.npz")
    looks = len(episode)
    track = read_track(tmp_path, 200_000, looks, 4, 6)
    assert looks > 5 and episode.chunks.shape == (looks, 4, 6)
    assert read_description(tmp_path).rows == 4 and set(episode.tasks) == {"reach"}
    assert (track.age_s > 0.05).all() and (track.left_s > 0.0).all()
    assert np.abs(episode.chunks[:, 0] - episode.joints).max() <= 0.1401  # the expert's own speed, no noise
    assert main(["corrections", *arguments]) == 0
    assert "0 new ones" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "word"), [(["--seed", "999999999"], "seed"), (["--tasks", "juggle"], "juggle")]
)
def test_what_cannot_be_made_is_refused(tmp_path, arguments, word, capsys):
    assert main(["corrections", "--out", str(tmp_path), *arguments]) == 2
    assert word in capsys.readouterr().err
