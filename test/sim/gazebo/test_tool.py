"""Asking sdformat: the newest that can be asked is taken, what it says is handed on."""

from types import SimpleNamespace

import pytest

from noetra_ros.sim.gazebo import tool


@pytest.mark.parametrize(("there", "found"), [({"12", "14"}, "lib14"), ({"12"}, "lib12"), ({"16"}, None)])
def test_the_newest_with_the_entry_is_taken(monkeypatch, there, found):
    libraries = {f"sdformat{version}": f"lib{version}" for version in there}
    monkeypatch.setattr(tool.ctypes.util, "find_library", libraries.get)
    assert tool.find_library() == found


@pytest.mark.parametrize(
    ("returncode", "out", "said"),
    [
        (0, "Valid.\n", ""),
        (0, "Error: fog\nValid.\n", "Error: fog\nValid."),
        (0, "", "sdformat ended with 0"),
        (255, "Error: " + 3000 * "x", "Error: " + 1993 * "x"),
    ],
)
def test_only_a_clean_valid_is_valid(monkeypatch, tmp_path, returncode, out, said):
    answer = SimpleNamespace(returncode=returncode, stdout=out, stderr="")
    monkeypatch.setattr(tool.subprocess, "run", lambda *_, **__: answer)
    assert tool.check_file(tmp_path / "world.sdf", "lib") == said
