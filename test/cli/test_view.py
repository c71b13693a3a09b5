"""`noetra view`: found, explained, and honest where viser is missing."""

import importlib.util

from noetra_ros.cli.main import find_commands, main
from noetra_ros.view import server


def test_the_command_is_there():
    assert find_commands()["view"].startswith("Watch a running robot in a browser")


def test_without_viser_it_names_the_command_that_installs_it(monkeypatch, capsys):
    monkeypatch.setattr(server.importlib.util, "find_spec", without_viser)
    assert main(["view"]) == 2
    assert "pip install 'noetra_ros[view]'" in capsys.readouterr().err


real_find_spec = importlib.util.find_spec


def without_viser(name, package=None):
    return None if name == "viser" else real_find_spec(name, package)
