"""noetra blackbox: what there is, what happened, and errors that help."""

import struct

import pytest

from noetra_ros.cli.main import main
from noetra_ros.data.blackbox.filing import file_incident
from noetra_ros.data.blackbox.incident import Incident, Stop
from noetra_ros.data.blackbox.incident_file import IncidentContent, RecordedChannel
from noetra_ros.data.blackbox.retention import Bounds
from noetra_ros.data.blackbox.ring import Record

SECOND = 10**9
REASON = "command of b is nan, not a number"
SCHEMA = "uint8 MODE_ACTIVE=3\nuint8 MODE_PROTECTIVE_STOP=5\nuint8 mode\nstring reason\nfloat64 scale\n"


def state(second, mode, reason, scale):
    """A report of the supervisor, serialised (CDR)."""
    word = reason.encode() + b"\x00"
    head = struct.pack("<BxxxI", mode, len(word)) + word
    return Record(
        0, second * SECOND, b"\x00\x01\x00\x00" + head + bytes(-len(head) % 8) + struct.pack("<d", scale)
    )


@pytest.fixture
def folder(tmp_path):
    channel = RecordedChannel("/safety/state", "noetra_ros/msg/SafetyState", SCHEMA, "safety_state")
    for stop_s in (3, 30):
        states = [state(stop_s - 2, 3, "", 1.0), state(stop_s, 5, REASON, 0.0), state(stop_s + 1, 3, "", 1.0)]
        about = {
            "mode": "protective_stop", "check": "finite", "reason": REASON, "robot": "two_joints",
            "stop_utc_ns": str((1_790_000_000 + stop_s) * SECOND), "command_kind": "joint_position",
            "joints": '["a", "b"]',
        }  # fmt: skip
        stop = Stop("protective_stop", REASON, "finite", stop_s * SECOND)
        content = IncidentContent([channel], states, 1_790_000_000 * SECOND, about)
        file_incident(tmp_path, Bounds(10**9, 10, 0), Incident(0, 0, [stop]), content)
    return tmp_path


def test_list_names_every_stop_with_its_reason(folder, capsys):
    assert main(["blackbox", "list", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all(line.endswith(REASON) for line in lines)
    assert "Z-protective_stop-finite.mcap" in lines[0]


def test_show_explains_the_newest_of_a_folder(folder, capsys):
    assert main(["blackbox", "show", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "At 14:13:50.000 UTC on 2026-09-21 the supervisor stopped the robot: finite: " + REASON in shown
    assert "It went on 1.00 s after the stop." in shown and "No joint states were recorded." in shown
    assert "protective stop" in shown and "-2.000" in shown


def test_show_explains_in_the_language_that_is_asked_for(folder, capsys):
    assert main(["blackbox", "show", str(folder), "--language", "both"]) == 0
    shown = capsys.readouterr().out
    japanese, english = (
        "指令に数値でない値(NaN または無限大)が含まれていました。",
        "values that are no numbers.",
    )
    assert 0 <= shown.index(japanese) < shown.index(english)
    assert main(["blackbox", "show", str(folder), "--language", "fr"]) == 2


def test_show_writes_plot_and_page(folder, tmp_path, capsys):
    plot, page = tmp_path / "out" / "a.png", tmp_path / "out" / "a.html"
    assert main(["blackbox", "show", str(folder), "--plot", str(plot), "--page", str(page)]) == 0
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert REASON in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("act", ["list", "show"])
def test_an_empty_folder_is_a_clear_error(tmp_path, capsys, act):
    assert main(["blackbox", act, str(tmp_path)]) == 2
    assert "a folder with files" in capsys.readouterr().err


def test_another_file_is_a_clear_error(tmp_path, capsys):
    (tmp_path / "a.mcap").write_bytes(b"hello")
    assert main(["blackbox", "show", str(tmp_path / "a.mcap")]) == 2
    assert "written by blackbox_node" in capsys.readouterr().err
