"""A supervisor from profile and settings: what runs, what cannot judge, what no barrier watches."""

import dataclasses

import pytest
from sliding_robot import slider
from supervised import SETTINGS

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots import load_robot
from noetra_ros.safety.assembly import assemble
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
