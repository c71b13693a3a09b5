"""Calls to channels that are gated together are recorded by channel, and decided again bit for bit."""

import numpy as np
import pytest
from gated_robot import ROBOT, GatedRobot, shipped_settings
from nudged import Nudged
from taped import FileTape

from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.replay.header import set_up
from noetra_ros.safety.replay.reading import Recording
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.replay.replaying import rebuild, replay
from noetra_ros.safety.replay.state import capture, restore

AHEAD = (0.3, 0.1)


@pytest.fixture
def tape(tmp_path):
    """Files of a drive, an arm's motion after it, and a stop of both; a new one begins every 97 calls."""
    robot = GatedRobot()
    tape = FileTape(tmp_path, set_up(ROBOT, robot.profile, "", shipped_settings()), every=97)
    robot.gate = RecordedSupervisor(robot.gate, tape)
    robot.go(0.6, base=AHEAD)
    robot.go(1.5)
    robot.go(0.3, arm=robot.stowed + 0.2)
    robot.step(base=(np.nan, 0.0))
    assert robot.mode is Mode.PROTECTIVE_STOP and robot.sent["base"] and robot.sent["arm"]
    tape.close()
    return tape


def replayed(path):
    recording = Recording(path)
    return replay(recording, rebuild(recording))


def test_every_file_is_replayed_by_itself(tape):
    results = [replayed(path) for path in reversed(tape.paths)]
    assert tape.lost == [] and len(results) > 10 and all(result.is_equal for result in results)
    assert sum(result.calls for result in results) == tape.calls


def test_one_last_bit_is_found_and_named_by_its_channel(tape):
    recording = Recording(tape.paths[0])
    result = replay(recording, Nudged(rebuild(recording)))
    words = result.difference.words
    assert not result.is_equal and words[0].startswith("part[0].values.vx: "), words


def test_a_state_of_other_channels_is_refused(tape):
    gate = rebuild(Recording(tape.paths[0]))
    assert isinstance(gate, GatedTogether)
    state = capture(gate)
    del state["_gates"]["base"]
    with pytest.raises(ValueError, match="states of arm, here are arm, base"):
        restore(gate, state)
