"""A supervisor from profile and settings: what runs, what cannot judge, what no barrier watches."""

import dataclasses

import pytest
from sliding_robot import slider
from supervised import SETTINGS

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots import load_robot
from noetra_ros.safety.assembly import assemble, assemble_together
from noetra_ros.safety.hazards import hazard_table, load_hazards

ARM = load_robot("so101")


def made(**changes):
    return assemble(ARM, ARM.channel(), dataclasses.replace(SETTINGS, **changes))


def test_what_cannot_judge_and_what_is_not_watched_are_told():
    assembly = made(barriers=("self_collision",), checks=(*SETTINGS.checks, "cornering"))
    assert assembly.supervisor.limits.names == tuple(ARM.channel().joints)
    assert list(assembly.unmet) == ["cornering"] and "no base" in assembly.unmet["cornering"]
    assert assembly.unwatched == assembly.supervisor._projection.left_out


def test_pairs_of_links_that_no_barrier_watches_are_told(tmp_path):
    """Its cage is around the base: who reads this looks after it in another way."""
    robot = slider(tmp_path)
    settings = dataclasses.replace(SETTINGS, barriers=("self_collision",))
    told = assemble(robot, robot.channel(), settings).unwatched
    assert told == ("base_link and cage", "cage and tool")


def test_without_barriers_nothing_is_unwatched():
    assembly = made(barriers=("",))
    assert assembly.unwatched == () and assembly.supervisor._projection is None


def test_what_is_wrong_is_an_error():
    with pytest.raises(ConfigError, match="telepathy"):
        made(checks=("telepathy",))


def test_every_hazard_has_its_row_with_what_answers_it():
    rows = hazard_table().split("\n")
    assert rows[0].startswith("| hazard | answered by |") and rows[1].count("---") == 4
    assert len(rows) == 2 + len(load_hazards())
    for row, (key, item) in zip(rows[2:], load_hazards().items(), strict=True):
        assert row.startswith(f"| **{key.replace('_', ' ')}**: ") and item.answer in row
        for name in (*item.checks, *item.barriers):
            assert f"`{name}`" in row
        assert ("| its construction |" in row) is (not item.checks and not item.barriers)


def test_a_base_is_told_of_in_its_own_frame_where_obstacles_are_watched():
    base = load_robot("diffbot")
    watching = dataclasses.replace(
        SETTINGS, checks=(*SETTINGS.checks, "perception", "footprint"), watch_obstacles=True
    )
    assembly = assemble(base, base.channel(), watching)
    assert assembly.supervisor.limits.obstacle_frame == "base_link" and "perception" not in assembly.unmet
    deaf = assemble(base, base.channel(), dataclasses.replace(watching, watch_obstacles=False))
    assert deaf.supervisor.limits.obstacle_frame == ""
    assert "watch_people and watch_obstacles are off" in deaf.unmet["perception"]


def test_obstacles_cannot_be_watched_without_a_base_and_its_footprint():
    checks = (*SETTINGS.checks, "perception", "footprint", "together")
    watching = dataclasses.replace(SETTINGS, checks=checks, watch_obstacles=True)
    with pytest.raises(ConfigError, match="watch_obstacles: got true, expected false for joint_position"):
        assemble(ARM, ARM.channel(), watching)
    base = load_robot("diffbot")
    bare = dataclasses.replace(base, base=dataclasses.replace(base.base, footprint=None))
    with pytest.raises(ConfigError, match="a base without a footprint"):
        assemble(bare, bare.channel(), watching)
    with pytest.raises(ConfigError, match="none of arm is a base"):
        assemble_together(ARM, ("arm",), watching)
