import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.faults.plan import Reaction, Then, cells_of, load_plan

SMALL = {
    "allowance_s": 0.1,
    "stations": {"arm": {"robot": "so101"}, "base": {"robot": "diffbot"}},
    "inputs": {
        "joint_states": {
            "what": "joints",
            "hazard": "blind_to_itself",
            "stations": ["arm", "base"],
            "freshness": "age_s",
            "cells": {
                "off": {"reaction": "protective stop", "within": "age_s + 0.01"},
                "off@base": {"reaction": "emergency stop", "then": "latched", "hazard": "wire_cut"},
                "wrong": {"senseless": "for a reason"},
            },
        }
    },
    "node_faults": {
        "killed": {
            "what": "SIGKILL",
            "hazard": "policy_dies",
            "stations": ["arm"],
            "cells": {"policy": {"reaction": "controller stops", "then": "gone"}},
        }
    },
}


def plan_of(tmp_path, **changes):
    path = tmp_path / "faults.yaml"
    path.write_text(yaml.safe_dump({**SMALL, **changes}))
    return load_plan(path)


def test_a_cell_carries_its_time_with_the_allowance_and_the_hazard_of_its_subject(tmp_path):
    off, wrong, killed = cells_of(plan_of(tmp_path), "arm", {"age_s": 0.2})
    assert (off.name, off.reaction, off.plan.then) == (
        "arm/joint_states/off", Reaction.PROTECTIVE_STOP, Then.GOES_ON,
    )  # fmt: skip
    assert off.within_s == pytest.approx(0.31) and off.freshness_s == 0.2 and off.hazard == "blind_to_itself"
    assert wrong.plan.senseless == "for a reason"
    assert (killed.subject, killed.fault, killed.is_input) == ("policy", "killed", False)


def test_a_station_may_have_its_own_declaration(tmp_path):
    off, _ = cells_of(plan_of(tmp_path), "base", {"age_s": 0.2})
    assert (off.reaction, off.hazard) == (Reaction.EMERGENCY_STOP, "wire_cut")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({"reaction": "stop"}, "one of pass on, limited"),
        ({}, "one of the two"),
        ({"reaction": "stands", "senseless": "both"}, "one of the two"),
        ({"reaction": "stands", "witin": "x"}, "an unknown key"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path, cell, words):
    killed = {**SMALL["node_faults"]["killed"], "cells": {"policy": cell}}
    with pytest.raises(ConfigError, match=words):
        plan_of(tmp_path, node_faults={"killed": killed})


def test_a_station_that_there_is_not_is_told(tmp_path):
    killed = {**SMALL["node_faults"]["killed"], "stations": ["moon"]}
    with pytest.raises(ConfigError, match=r"killed\.stations: got moon, expected one of arm, base"):
        plan_of(tmp_path, node_faults={"killed": killed})
