"""Random episodes: the oracle finds nothing, unless something is left out of the supervisor."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.fuzz.campaign import Job, Tally, jobs, play, run, setups_for
from noetra_ros.evaluation.fuzz.setup import LIMITS, Setup, require_target, targets
from noetra_ros.safety.supervisor import Supervisor

ROBOTS = ("so101", "diffbot")
SEED = 20261121
PERIODS = 400


def campaign(setups, steps, periods=PERIODS):
    tally = Tally()
    for job in jobs(setups, SEED, periods=periods):
        tally.add(run(job))
        if tally.steps >= steps or tally.rules:
            return tally


@pytest.mark.parametrize("robot", ROBOTS)
def test_the_oracle_finds_nothing(robot):
    tally = campaign(setups_for((robot,)), 16_000)
    assert tally.findings == []
    assert tally.sent > 1000 and tally.unchanged > 200
    assert {4, 5, 6} & set(tally.modes)


@pytest.mark.parametrize(
    ("without", "rule"),
    [
        ("limit:velocity", "velocity"),
        ("limit:acceleration", "acceleration"),
        ("limit:jerk", "jerk"),
        ("limit:pace", "pace"),
        ("stale", "stop_for_cause: stale"),
        ("finite", "unexplained: finite"),
        ("clock", "latch"),
    ],
)
def test_the_oracle_notices_what_is_left_out(without, rule):
    tally = campaign(setups_for(("diffbot",), without), 60_000)
    assert any(rule in name for name in tally.rules), tally.rules


@pytest.mark.parametrize(
    ("channel", "without", "rule"),
    [
        ("tool", "tool_travel", "tool_travel"),
        ("tool", "limit:box", "workspace: tool"),
        ("gripper", "grip_force", "grip_force"),
        ("gripper", "limit:force", "force: gripper"),
    ],
)
def test_the_oracle_notices_what_is_left_out_of_a_tool_and_a_gripper(channel, without, rule):
    setups = tuple(setup for setup in setups_for(("so101",), without) if setup.channel == channel)
    tally = campaign(setups, 60_000)
    assert any(rule in name for name in tally.rules), tally.rules


@pytest.mark.parametrize("channel", ["arm", "tool"])
def test_the_oracle_notices_a_tool_that_is_too_fast(channel):
    setups = tuple(s for s in setups_for(("so101",), "limit:tool_speed") if s.channel == channel)
    assert {setup.variant for setup in setups} == {"sources"}
    tally = campaign(setups, 60_000)
    rule = {"arm": "tool_speed: gripper_frame_link", "tool": "velocity_of_tool: linear"}[channel]
    assert rule in tally.rules, tally.rules


class DeafToThings(Setup):
    """Perception has to speak, but the footprint counts nothing of what it tells."""

    def supervisor(self):
        limits, checks, settings = self._core
        return Supervisor(dataclasses.replace(limits, obstacle_frame=""), checks, settings, None)


def test_the_oracle_notices_a_base_that_drives_into_what_only_perception_sees():
    deaf, hearing = (kind("diffbot", "base", "things") for kind in (DeafToThings, Setup))
    record, findings = play(Job((deaf,), 1, 3, PERIODS))
    assert "footprint" in {finding.rule for finding in findings}
    assert max(len(scene.obstacles) for scene in record.scenes) > 0
    assert play(Job((hearing,), 1, 3, PERIODS))[1] == []


@pytest.mark.parametrize("channel", ["tool", "gripper"])
def test_the_oracle_finds_nothing_on_the_channels_of_a_tool_and_a_gripper(channel):
    setups = tuple(setup for setup in setups_for(("so101",)) if setup.channel == channel)
    tally = campaign(setups, 12_000)
    assert tally.findings == [] and len(setups) == 3
    assert tally.sent > 1000 and tally.unchanged > 150


def test_an_episode_repeats_exactly():
    job = Job(setups_for(("so101",)), SEED, 1, 120)
    (first, _), (second, _) = play(job), play(job)
    assert np.array_equal(first.sent, second.sent, equal_nan=True)
    assert np.array_equal(first.now_ns, second.now_ns) and np.array_equal(first.mode, second.mode)


def test_only_set_ups_in_which_it_would_run_are_played():
    variants = {setup.variant for setup in setups_for(ROBOTS, "separation")}
    assert variants == {"people", "contact"}
    assert {setup.robot for setup in setups_for(ROBOTS, "workspace")} == {"so101"}


def test_what_can_be_left_out():
    assert set(LIMITS) < set(targets())
    with pytest.raises(ConfigError, match="nonsense"):
        require_target("nonsense")
