"""`noetra faults`: the short campaign is as declared; a wrong declaration or a deaf gate fails."""

import json
import math

import pytest
import yaml
from typer.testing import CliRunner

from noetra_ros.cli.fault_campaign.another_robot import for_robot
from noetra_ros.cli.fault_campaign.campaign import Choice, run_campaign
from noetra_ros.cli.faults import BEGIN, END, write_part
from noetra_ros.cli.main import build_app
from noetra_ros.core.resources import share_folder
from noetra_ros.evaluation.faults.plan import load_plan

OFF = ("arm/joint_states/off",)


def noetra(*arguments):
    return CliRunner().invoke(build_app("faults"), ["faults", *map(str, arguments)])


@pytest.mark.ros
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_short_campaign_is_as_declared(tmp_path):
    result = noetra("--quick", "--json", tmp_path / "r.json")
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["is_ok"] and report["is_quick"] and len(report["rows"]) >= 8
    assert all(row["travel_max"] is not None for row in report["rows"])
    page = (tmp_path / "r.html").read_text()
    assert "controller stops" in page and report["machine"] in page


def altered_plan(tmp_path, **changes):
    """The shipped plan with another declaration of joint states that end."""
    content = yaml.safe_load((share_folder() / "config" / "faults.yaml").read_text())
    content["inputs"]["joint_states"]["cells"]["off"] = changes
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.mark.ros
@pytest.mark.slow
def test_a_wrong_declaration_and_a_supervisor_without_the_check_both_fail(tmp_path):
    plan = load_plan(altered_plan(tmp_path, reaction="pass on"))
    wrong = run_campaign(plan, Choice(only=OFF), tmp_path, lambda *_: None)
    assert not wrong.is_ok and any("should go on" in fault for fault in wrong.rows[0].faults)
    checks = [
        "clock",
        "estop",
        "estop_chain",
        "finite",
        "shape",
        "rate",
        "position",
        "velocity",
        "acceleration",
        "jerk",
    ]
    deaf = Choice(only=OFF, supervisor=(("checks", checks),))
    without = run_campaign(load_plan(), deaf, tmp_path, lambda *_: None)
    assert not without.is_ok and math.isnan(without.rows[0].told_max_s)
    assert any("after stop: " in fault for fault in without.rows[0].faults), without.rows[0].faults


def test_cells_are_named_without_a_run():
    result = noetra("--list", "--only", "arm/joint_states")
    assert result.exit_code == 0 and "arm/joint_states/off" in result.output and "210 ms" in result.output


def test_what_does_not_exist_is_told(tmp_path):
    assert "a part of a name of --list" in str(noetra("--only", "moon").exception)
    path = tmp_path / "page.md"
    path.write_text("nothing")
    assert "a file that holds <!-- generated" in str(noetra("--write", path).exception)


def test_a_generated_part_is_replaced_and_the_rest_stays(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"head\n{BEGIN}\nold\n{END}\ntail\n")
    write_part(path, "new")
    assert path.read_text() == f"head\n{BEGIN}\nnew\n{END}\ntail\n"


def test_another_robot_takes_the_stations_that_are_told_as_it_is():
    plan = for_robot(load_plan(), "aloha")
    assert plan.stations.keys() == {"arm"}, "no camera of perception: nobody is seen"
    assert plan.stations["arm"].robot == "aloha" and plan.stations["arm"].blackbox
    assert for_robot(load_plan(), "so101").stations.keys() == {"arm", "people", "camera"}
    assert {station.robot for station in for_robot(load_plan(), "diffbot").stations.values()} == {"diffbot"}
    result = noetra("--list", "--quick", "--robot", "fr3")
    assert result.exit_code == 0 and "arm/joint_states/off" in result.output and "base/" not in result.output
