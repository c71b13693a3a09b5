from __future__ import annotations

import pytest

from noetra_ros.cli.demos import command, describe
from noetra_ros.cli.main import main
from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.demonstrations import episode_files, read_episode
from noetra_ros.robots.profile import load_robot


def test_all_wrong_options_come_at_once():
    with pytest.raises(ConfigError) as error:
        describe(load_robot("so101"), ("pick", "juggle"), 0, "eval")
    assert [fault.key for fault in error.value.faults] == ["tasks", "variation"]


def test_a_robot_without_cameras_cannot_demonstrate():
    with pytest.raises(ConfigError, match="an arm with cameras"):
        describe(load_robot("diffbot"), ("pick",), 0, "train")


def test_evaluation_seeds_are_refused(tmp_path, capsys):
    assert main(["demos", "--out", str(tmp_path), "--seed", "1000000000", "--episodes", "1"]) == 2
    assert "at most 999999999" in capsys.readouterr().err


@pytest.mark.gl
def test_a_run_goes_on_where_it_was_and_a_seed_repeats(tmp_path):
    command(tmp_path / "a", tasks="reach", episodes=1, processes=1)
    before = episode_files(tmp_path / "a")[0].stat().st_mtime_ns
    command(tmp_path / "a", tasks="reach", episodes=2, processes=1)
    assert episode_files(tmp_path / "a")[0].stat().st_mtime_ns == before
    command(tmp_path / "b", tasks="reach", episodes=1, processes=1)
    one, two = (read_episode(episode_files(tmp_path / name)[0]) for name in "ab")
    assert (one.chunks == two.chunks).all() and (one.pictures["wrist"] == two.pictures["wrist"]).all()
    assert len(episode_files(tmp_path / "a")) == 2 and one.chunks.shape[1:] == (8, 6)
