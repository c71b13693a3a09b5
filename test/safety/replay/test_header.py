"""What a recording says of what it was made with: hashes that fit, files that are the same, or it is told."""

import dataclasses
import hashlib
import json

import pytest
from supervised import SETTINGS

from noetra_ros.robots import load_robot
from noetra_ros.safety.replay import header
from noetra_ros.safety.replay.header import Header, SetUp, body_files, header_of, set_up, sha256

MADE = SetUp("made", "name: made\n", "arm", {"b": 1, "a": [2]}, {})
HEADER = Header(MADE, {"state": {}}, {"noetra_ros": "1"}, 40, 3, "disk full", 7)


def plain(**changes):
    return {**HEADER.plain(), **changes}


def test_hashes_are_of_the_text_and_of_the_settings_in_any_order():
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert MADE.profile_sha256 == sha256(b"name: made\n")
    turned = dataclasses.replace(MADE, settings={"a": [2], "b": 1})
    assert turned.settings_sha256 == MADE.settings_sha256
    assert MADE.settings_sha256 == sha256(json.dumps(["arm", {"a": [2], "b": 1}]).encode())
    assert dataclasses.replace(MADE, channel="").settings_sha256 != MADE.settings_sha256


def test_a_header_comes_back():
    assert header_of(plain()) == HEADER
    assert plain()["format"] == "noetra_ros supervisor calls" and plain()["format_version"] == 1
    assert plain()["legend"]["record"] == ["call", "arguments", "answer"]
    assert (plain()["first_call"], plain()["lost"], plain()["lost_why"]) == (40, 3, "disk full")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "no recording"),
        ([1], "no recording"),
        ({}, "no recording"),
        (plain(format="x"), "no recording"),
        (plain(format_version=2), "format version 2, this program reads 1"),
        (plain(format_version=None), "format version None"),
        (plain(set_up={"robot": "x"}), "does not fit: TypeError"),
        (plain(set_up=None), "does not fit: TypeError"),
        ({k: v for k, v in plain().items() if k != "state"}, "does not fit: KeyError: 'state'"),
        (plain(profile_sha256="0"), "not those that their hashes are of"),
        (plain(settings_sha256="0"), "not those that their hashes are of"),
        (plain(set_up={**plain()["set_up"], "channel": "tool"}), "not those that their hashes are of"),
    ],
)
def test_what_does_not_fit_is_refused(told, words):
    """A recording whose settings were changed afterwards proves nothing."""
    with pytest.raises(ValueError, match=words):
        header_of(told)


@pytest.fixture
def arm(tmp_path):
    """A profile whose URDF names two meshes, one of which is there."""
    urdf = tmp_path / "arm.urdf"
    urdf.write_text('<robot><mesh filename="b.stl"/><mesh filename="a.stl"/><mesh filename="b.stl"/></robot>')
    (tmp_path / "b.stl").write_bytes(b"solid")

    class Profile:
        name, urdf_path = "made", urdf

    return Profile()


def test_a_body_is_its_urdf_and_the_files_that_it_names(arm):
    assert body_files(arm) == {
        "arm.urdf": sha256(arm.urdf_path.read_bytes()), "b.stl": sha256(b"solid"),
    }  # fmt: skip
    arm.urdf_path = None
    assert body_files(arm) == {}


def test_settings_are_told_as_lists_and_numbers():
    made = set_up("diffbot", load_robot("diffbot"), "base", SETTINGS)
    assert (made.robot, made.channel, made.settings["checks"]) == ("diffbot", "base", list(SETTINGS.checks))
    assert made.settings["command_timeout_s"] == 0.1
    assert made.load_profile().name == "diffbot" and made.build().limits.names == ("vx", "vy", "wz")


def recorded(monkeypatch, here, **versions):
    monkeypatch.setattr(header, "versions", lambda: here)
    made = set_up("diffbot", load_robot("diffbot"), "base", SETTINGS)
    return Header(made, None, versions)


def test_what_is_another_version_here_is_told(monkeypatch):
    long, other = "a" * 64, "b" * 64
    told = recorded(
        monkeypatch,
        {"numpy": "2", "code_sha256": other},
        numpy="1.26.4.post1-local",
        code_sha256=long,
        coal="3",
    ).differences()
    assert told == [
        "numpy: 1.26.4.post1-local then, 2 now",
        f"code_sha256: {long[:12]} then, {other[:12]} now",
        "coal: 3 then, nothing now",
    ]
    assert recorded(monkeypatch, {"numpy": "1"}, numpy="1").differences() == []


def test_another_body_is_told(monkeypatch):
    """A link that was made longer: every distance is another one."""
    made = recorded(monkeypatch, {})
    changed = dataclasses.replace(made.set_up, body={"diffbot.urdf": "x"})
    told = dataclasses.replace(made, set_up=changed).differences()
    assert told == ["diffbot.urdf of the robot: not the same file"]


def test_a_profile_that_cannot_be_loaded_is_told_later(monkeypatch):
    made = recorded(monkeypatch, {"numpy": "2"}, numpy="1")
    broken = dataclasses.replace(made.set_up, profile="name: [")
    assert dataclasses.replace(made, set_up=broken).differences() == ["numpy: 1 then, 2 now"]


def test_the_hash_of_the_code_is_of_what_decides(tmp_path, monkeypatch):
    """Not of what only writes or reads recordings: those stay readable."""
    for name in ("core/a.py", "safety/b.py", "safety/replay/c.py", "safety/audit/d.py", "ros/e.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}")
    monkeypatch.setattr(header, "PACKAGE_FOLDER", tmp_path)
    expected = sha256(b"core/a.py\0# core/a.py\0safety/b.py\0# safety/b.py\0")
    assert header._code_sha256() == expected


@pytest.mark.parametrize("library", ["numpy", "daqp"])
def test_a_library_says_its_version_or_how_it_was_installed(library, monkeypatch):
    made = type("Made", (), {"__version__": "1.2.3"})
    monkeypatch.setattr(header.importlib, "import_module", lambda name: made)
    assert header._version(library) == "1.2.3"
    monkeypatch.setattr(header.importlib, "import_module", lambda name: object())
    monkeypatch.setattr(header.metadata, "version", lambda name: f"{name} 9")
    assert header._version(library) == f"{library} 9"

    def lacking(name):
        raise header.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(header.metadata, "version", lacking)
    assert header._version(library) == "unknown"


def test_what_it_runs_on_is_told():
    told = header.versions()
    assert {"noetra_ros", "code_sha256", "python", "machine", *header.LIBRARIES} == told.keys()
    assert len(told["code_sha256"]) == 64 and told["numpy"][0].isdigit()
