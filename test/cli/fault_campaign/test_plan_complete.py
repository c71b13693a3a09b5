"""config/faults.yaml is complete: no input, failure type, node or node fault is silently missing."""

import pytest

from noetra_ros.cli.fault_campaign.campaign import Choice, planned_cells
from noetra_ros.cli.fault_campaign.falsehoods import GARBAGE, LIES
from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings
from noetra_ros.cli.fault_campaign.inputs import inputs_of
from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.graph_plan import START_ORDER
from noetra_ros.evaluation.faults.plan import Reaction, Then, load_plan
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.hazards import load_hazards

PLAN = load_plan()
INPUTS = {name: inputs_of(load_robot(one.robot), one) for name, one in PLAN.stations.items()}
CELLS = [cell for cells in planned_cells(PLAN, Choice()).values() for cell in cells]
PROCESS_FAULTS = ("killed", "frozen", "restarted")


def test_every_input_of_every_station_is_in_the_plan_and_no_other():
    assert {name for inputs in INPUTS.values() for name in inputs} == {*PLAN.inputs}
    for name, subject in PLAN.inputs.items():
        assert subject.stations and all(name in INPUTS[station] for station in subject.stations), name


@pytest.mark.parametrize("name", PLAN.inputs)
def test_every_failure_type_is_declared_of_every_input_or_said_to_be_senseless(name):
    assert {*PLAN.inputs[name].names} == {*INJECTIONS.names()}


def test_every_failure_type_and_every_node_fault_can_be_made():
    for name in INJECTIONS.names():
        assert INJECTIONS.get(name)(FailureSettings(0.1)) is not None
    assert {*PLAN.node_faults} == {*NODE_FAULTS.names()}
    assert all(NODE_FAULTS.get(name)() is not None for name in PLAN.node_faults)


@pytest.mark.parametrize("fault", PROCESS_FAULTS)
def test_every_node_is_killed_frozen_and_restarted(fault):
    assert {*PLAN.node_faults[fault].names} == {*START_ORDER}


def test_every_hazard_named_exists():
    assert {cell.hazard for cell in CELLS} <= {*load_hazards()}


def test_every_cell_of_garbage_and_lies_has_a_way_to_tell_them():
    for cell in CELLS:
        table = {"garbage": GARBAGE, "wrong": LIES}.get(cell.fault)
        if cell.is_input and table is not None and not cell.plan.senseless:
            assert INPUTS[cell.station][cell.subject].wire.message in table, cell.name


def test_a_stop_has_a_time_that_comes_from_settings():
    for cell in CELLS:
        if not cell.plan.senseless and cell.reaction not in (Reaction.PASS_ON, Reaction.LIMITED):
            assert any(letter.isalpha() for letter in cell.plan.within), cell.name


def test_what_is_not_noticed_says_so():
    for cell in CELLS:
        if not cell.plan.senseless and cell.reaction is Reaction.PASS_ON and cell.fault != "ok":
            assert cell.plan.why, cell.name


def test_latched_modes_are_declared_latched():
    for cell in CELLS:
        if not cell.plan.senseless and cell.reaction in (Reaction.EMERGENCY_STOP, Reaction.FAULT):
            assert cell.plan.then is Then.LATCHED, cell.name


def test_the_short_campaign_has_every_kind():
    quick = [cell for cell in CELLS if cell.is_quick and not cell.plan.senseless]
    assert 8 <= len(quick) <= 14
    assert {cell.is_input for cell in quick} == {True, False}
    wanted = {*Reaction} - {Reaction.LIMITED, Reaction.SLOWED, Reaction.STANDS}
    assert wanted <= {cell.reaction for cell in quick}
