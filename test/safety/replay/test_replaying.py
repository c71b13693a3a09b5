"""Recorded calls give the same decisions bit for bit; whatever is not the same is found at its first call."""

import gzip
import math

import numpy as np
import pytest
from kernel_process import run
from nudged import Nudged
from taped import record_episode, recorded_alone, with_velocities

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.evaluation.fuzz.setup import VELOCITY_CHANNEL
from noetra_ros.safety.checks.velocity import Velocity
from noetra_ros.safety.replay.files import blocks_of
from noetra_ros.safety.replay.packing import CALLS, packer, unpacked
from noetra_ros.safety.replay.reading import Recording
from noetra_ros.safety.replay.replaying import rebuild, replay
from noetra_ros.safety.verdict import passed

NOW_NS = 10**12
HOME = [0.0, -1.0, 0.9, 0.9, 0.0, 0.6]

EPISODES = {
    "an arm with barriers": ("so101", "plain", 7),
    "an arm with many sources": ("so101", "sources", 3),
    "people": ("so101", "people", 2),
    "contact": ("so101", "contact", 5),
    "a base with scans": ("diffbot", "by_hand", 3),
}


def replayed(path, **changes):
    recording = Recording(path)
    return replay(recording, rebuild(recording, changes))


@pytest.mark.parametrize("episode", EPISODES)
def test_an_episode_is_decided_again_bit_for_bit(tmp_path, episode):
    tape = record_episode(tmp_path, *EPISODES[episode])
    result = replayed(tape.paths[0])
    assert tape.lost == [] and result.is_equal and result.end == "the test is over"
    assert result.calls == tape.calls > 500 and result.decisions > 200


@pytest.mark.slow
@pytest.mark.parametrize("kernel", ["python", "compiled"])
def test_either_kernel_decides_again_what_this_one_has_decided(tmp_path, compiled, kernel):
    tape = record_episode(tmp_path, "so101", "plain", 7)
    done = run(["-m", "noetra_ros.cli.main", "replay", str(tape.paths[0])], kernel, compiled)
    assert done.returncode == 0 and "bit for bit" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("channel", ["tool", "gripper", "arm_trajectory"])
def test_twists_of_a_tool_grips_with_their_efforts_and_whole_trajectories_too(tmp_path, channel):
    tape = record_episode(tmp_path, "so101", "sources", 4, channel=channel)
    result = replayed(tape.paths[0])
    assert tape.lost == [] and result.is_equal and result.calls == tape.calls > 500


def test_joint_velocities_too(tmp_path):
    robot = with_velocities(tmp_path)
    tape = record_episode(tmp_path, robot, "sources", 4, channel=VELOCITY_CHANNEL)
    result = replayed(tape.paths[0])
    assert result.is_equal and result.calls == tape.calls


@pytest.mark.parametrize("episode", EPISODES)
def test_a_file_that_begins_in_the_middle_is_replayed_by_itself(tmp_path, episode):
    tape = record_episode(tmp_path, *EPISODES[episode], every=97)
    results = [replayed(path) for path in reversed(tape.paths)]
    assert len(results) > 5 and all(result.is_equal for result in results)
    assert sum(result.calls for result in results) == tape.calls


def test_every_kind_of_call_is_recorded_and_replayed(tmp_path):
    tape, recorded = recorded_alone(tmp_path, "people")
    home = np.array(HOME)
    place = ([0.5, 0.1, 0.2], [0, 0, 0, 1], [0.1, 0, 0], [math.nan] * 3)
    person = Obstacle(1, ObstacleKind.PERSON, Shape.SPHERE, *place, 0.01, 1.0, 5, ("person",))
    scene = ObstacleScene(5, "base", (person,), (SensorReport("front", SensorVerdict.OK),))
    scan = PlanarScan((0.1, 0.0), -1.0, 0.01, np.array([0.5, math.nan, math.inf] * 30))
    point = TrajectoryPoint(0.1, home, np.array([math.nan]), np.empty(0))
    calls = {
        "on_ros_clock": (NOW_NS,),
        "on_joint_state": (home, NOW_NS, 0.001),
        "on_stream": ("odom", NOW_NS, -0.1),
        "on_scan": ("scan", scan, NOW_NS, 0.0),
        "on_scene": (scene, NOW_NS, 0.02),
        "on_heartbeat": ("policy", NOW_NS),
        "on_trust": (math.nan, NOW_NS),
        "on_other_writers": (("one", "two"),),
        "on_estop": ("line", True, NOW_NS),
        "tick": (NOW_NS,),
        "on_unreadable_scene": ("torn",),
        "hinder_arming": ("disk",),
        "hinder_resetting": ("key",),
        "arm": (NOW_NS,),
        "on_command": (Command(CommandKind.JOINT_POSITION, home, NOW_NS, 7, ("a",) * 6), 0.01),
        "on_trajectory": (Trajectory(("a",), (point, point), NOW_NS, 7), -0.5),
        "reduce_speed": (True, NOW_NS),
        "estop": (NOW_NS, "called"),
        "disarm": (NOW_NS,),
        "reset": (NOW_NS,),
    }
    for call, arguments in calls.items():
        getattr(recorded, call)(*arguments)
    tape.close()
    recording = Recording(tape.paths[0])
    assert set(calls) == set(CALLS) == {record.call for record in recording.records()}
    assert tape.lost == [] and replayed(tape.paths[0]).is_equal


def test_a_hindrance_to_arming_is_replayed(tmp_path):
    tape, recorded = recorded_alone(tmp_path)
    recorded.on_joint_state(np.array(HOME), NOW_NS)
    recorded.tick(NOW_NS)
    recorded.hinder_arming("the audit log is full")
    assert "the audit log is full" in recorded.arm(NOW_NS).refusal
    recorded.hinder_arming("")
    assert recorded.arm(NOW_NS).refusal == ""
    tape.close()
    assert replayed(tape.paths[0]).is_equal


def test_a_call_that_raised_raises_again(tmp_path):
    tape, recorded = recorded_alone(tmp_path)
    with pytest.raises(ValueError, match="NaN"):
        recorded.on_joint_state(np.array(HOME), NOW_NS, math.nan)
    tape.close()
    result = replayed(tape.paths[0])
    assert result.is_equal and result.decisions == 1


def test_a_changed_setting_is_found_at_the_first_decision_that_differs(tmp_path):
    tape = record_episode(tmp_path, "so101", "plain", 7)
    result = replayed(tape.paths[0], bridge_after_periods=4.0)
    assert not result.is_equal and result.decisions > 100
    assert any(w.startswith("values:") and w.endswith("then, nothing now") for w in result.difference.words)
    earlier = replayed_up_to(tape.paths[0], result.difference.number)
    assert earlier.is_equal and earlier.calls == result.difference.number


def replayed_up_to(path, count):
    """A replay of the first calls alone, with the changed setting."""
    recording = Recording(path)
    supervisor = rebuild(recording, {"bridge_after_periods": 4.0})
    cut = path.with_name("cut.gz")
    values = [value for block in blocks_of(path) for value in unpacked(block)]
    pack = packer()
    head, calls = pack(values[0]), b"".join(map(pack, values[1 : count + 1]))
    cut.write_bytes(gzip.compress(head) + gzip.compress(calls))
    return replay(Recording(cut), supervisor)


def test_a_check_that_was_changed_is_found(tmp_path, monkeypatch):
    tape = record_episode(tmp_path, "so101", "plain", 22)
    monkeypatch.setattr(Velocity, "evaluate", lambda self, snapshot: passed("velocity"))
    difference = replayed(tape.paths[0]).difference
    assert difference.call in ("on_command", "tick")
    assert any("velocity CLAMP" in words and "then, nothing now" in words for words in difference.words)


def test_one_last_bit_is_found(tmp_path):
    tape = record_episode(tmp_path, "so101", "plain", 7)
    recording = Recording(tape.paths[0])
    difference = replay(recording, Nudged(rebuild(recording))).difference
    then, now = (float(part.split()[-2]) for part in difference.words[0].split(","))
    assert difference.words[0].startswith("values.shoulder_pan: ") and now == np.nextafter(then, 9.0)


def test_barriers_that_the_state_does_not_fit_are_refused(tmp_path):
    tape = record_episode(tmp_path, "so101", "plain", 7, periods=3)
    with pytest.raises(ConfigError, match="the barriers, that it was recorded with"):
        rebuild(Recording(tape.paths[0]), {"barriers": [""]})
    with pytest.raises(ConfigError, match="unknown key"):
        rebuild(Recording(tape.paths[0]), {"telepathy": 1})


def test_a_hindrance_to_resetting_is_replayed(tmp_path):
    tape, recorded = recorded_alone(tmp_path)
    recorded.on_joint_state(np.array(HOME), NOW_NS)
    recorded.tick(NOW_NS)
    recorded.estop(NOW_NS, "called")
    recorded.hinder_resetting("no key")
    assert "no key" in recorded.reset(NOW_NS).refusal
    recorded.hinder_resetting("")
    assert recorded.reset(NOW_NS).refusal == ""
    tape.close()
    assert replayed(tape.paths[0]).is_equal
