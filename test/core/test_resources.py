"""Configuration files are found by name, in the package and in the user's own folder, and by path."""

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_file, config_names


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "noetra" / "robots"
    folder.mkdir(parents=True)
    return folder


def test_a_file_of_the_user_is_found_by_name(own):
    (own / "my_arm.yaml").write_text("name: my_arm\n")
    assert config_file("robots", "my_arm") == own / "my_arm.yaml"
    assert "my_arm" in config_names("robots")
    assert "so101" in config_names("robots")


def test_a_name_that_is_there_twice_is_refused(own):
    (own / "so101.yaml").write_text("name: so101\n")
    with pytest.raises(ConfigError, match="there are two"):
        config_file("robots", "so101")


def test_a_path_is_taken_as_it_is(own):
    (own / "my_arm.yaml").write_text("name: my_arm\n")
    assert config_file("robots", str(own / "my_arm.yaml")) == own / "my_arm.yaml"


def test_an_unknown_name_lists_what_is_known(own):
    (own / "my_arm.yaml").write_text("name: my_arm\n")
    with pytest.raises(ConfigError, match="my_arm"):
        config_file("robots", "nobody")
