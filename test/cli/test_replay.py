"""noetra replay: equal or the first difference, what is not the same here, gaps, damage; exit codes."""

import gzip
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "safety" / "replay"))

from taped import record_episode

from noetra_ros.cli.main import main
from noetra_ros.safety.replay import header
from noetra_ros.safety.replay.files import blocks_of
from noetra_ros.safety.replay.packing import packer, unpacked


@pytest.fixture
def folder(tmp_path):
    return record_episode(tmp_path / "", "diffbot", "plain", 3, periods=120, every=200).folder


@pytest.fixture
def path(folder):
    return sorted(folder.iterdir())[0]


def change_header(path, **changes):
    first, *rest = blocks_of(path)
    (plain,) = unpacked(first)
    path.write_bytes(b"".join(map(gzip.compress, [packer()(plain | changes), *rest])))


def test_a_folder_that_is_decided_alike(folder, capsys, tmp_path):
    assert main(["replay", str(folder), "--json", str(tmp_path / "out" / "result.json")]) == 0
    shown = capsys.readouterr().out
    files = len(list(folder.glob("calls-*")))
    assert shown.count("equal") == files > 1 and "200 calls over" in shown and "bit for bit" in shown
    result = json.loads((tmp_path / "out" / "result.json").read_text())
    assert result["is_equal"] and len(result["files"]) == files and result["not_the_same"] == []
    assert result["calls"] == sum(file["calls"] for file in result["files"])


def test_another_setting_shows_the_first_decision_that_differs(path, capsys, tmp_path):
    out = tmp_path / "result.json"
    assert main(["replay", str(path), "--setting", "command_timeout_s=0.02", "--json", str(out)]) == 1
    shown = capsys.readouterr().out
    assert "DIFFERENT" in shown and "(tick) at " in shown and "more than 0.02 s now" in shown
    difference = json.loads(out.read_text())["files"][0]["difference"]
    assert difference["call"] == "tick" and str(difference["number"]) in shown and difference["words"]


def test_a_setting_that_is_none_is_an_error(path, capsys):
    assert main(["replay", str(path), "--setting", "command_timeout_s"]) == 2
    assert "expected name=value" in capsys.readouterr().err
    assert main(["replay", str(path), "--setting", "telepathy=1"]) == 2
    assert "an unknown key" in capsys.readouterr().err


def test_another_version_is_named_and_needs_force(path, capsys):
    versions = {**header.versions(), "noetra_ros": "0.0.1", "numpy": "1.0"}
    change_header(path, versions=versions)
    assert main(["replay", str(path)]) == 2
    told = capsys.readouterr()
    assert "not the same  noetra_ros: 0.0.1 then," in told.out and "--force" in told.err
    assert main(["replay", str(path), "--force"]) == 0
    assert "numpy: 1.0 then" in capsys.readouterr().out


def test_another_profile_on_this_machine_is_named_and_the_recorded_one_taken(path, capsys):
    (plain,) = unpacked(next(blocks_of(path)))
    made_of = header.SetUp(**{**plain["set_up"], "profile": plain["set_up"]["profile"] + "# by hand\n"})
    set_up = {**plain["set_up"], "profile": made_of.profile}
    change_header(path, set_up=set_up, profile_sha256=made_of.profile_sha256)
    assert main(["replay", str(path)]) == 0
    assert "config/robots/diffbot.yaml; the recorded profile is taken" in capsys.readouterr().out


def test_a_gap_is_told(folder, capsys):
    second = sorted(folder.glob("calls-*"))[1]
    change_header(second, lost=17, lost_why="disk full")
    assert main(["replay", str(folder)]) == 0
    assert f"17 calls before {second.name} were not recorded: disk full" in capsys.readouterr().out


def test_a_file_that_is_cut_off_says_so(path, capsys):
    path.write_bytes(path.read_bytes()[:-20])
    assert main(["replay", str(path)]) == 0
    assert "no end" in capsys.readouterr().out


def test_a_damaged_file_fails(path, capsys):
    data = bytearray(path.read_bytes())
    data[-60] ^= 1
    path.write_bytes(data)
    assert main(["replay", str(path)]) == 1
    assert "DAMAGED" in capsys.readouterr().out


def test_what_is_no_recording_is_a_clear_error(tmp_path, capsys):
    assert main(["replay", str(tmp_path)]) == 2
    (tmp_path / "notes.txt").write_text("hello")
    assert main(["replay", str(tmp_path / "notes.txt")]) == 2
    assert "expected a file calls-<UTC>-<number>.msgpack.gz" in capsys.readouterr().err
