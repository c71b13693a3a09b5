"""What a graph starts, with which parameters; wrong wishes are told at once."""

import json

import pytest

from noetra_ros.cli.graph_plan import START_ORDER, STOP_ORDER, GraphOptions, plan
from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.ros.node_parameters import parameter_file


def parameters(program):
    """The -p arguments of a program."""
    words = program.arguments
    given = [words[i + 1] for i, word in enumerate(words) if word == "-p"]
    return {name: json.loads(value) for name, _, value in (word.partition(":=") for word in given)}


def planned(**wishes):
    return {program.name: program for program in plan(GraphOptions(**wishes))}


def test_the_supervisor_starts_first_and_stops_last(tmp_path):
    assert [p.name for p in plan(GraphOptions(perception=True, blackbox=tmp_path))] == list(START_ORDER)
    assert START_ORDER[0] == STOP_ORDER[-1] == "supervisor"


def test_only_the_supervisor_outlives_a_killed_parent_to_stop_the_robot():
    assert [p.name for p in plan(GraphOptions()) if p.outlives_parent_to_stop] == ["supervisor"]


@pytest.mark.parametrize("node", START_ORDER)
def test_every_node_gets_its_shipped_parameter_file(node, tmp_path):
    words = planned(perception=True, blackbox=tmp_path)[node].arguments
    assert words[words.index("--params-file") + 1] == str(parameter_file(node))
    assert parameter_file(node).is_file()


def test_a_sentence_that_looks_like_a_number_stays_a_sentence():
    given = planned(instruction="12: yes")["policy"]
    assert 'instruction:="12: yes"' in given.arguments


def test_the_supervisor_listens_for_the_nodes_that_are_there():
    assert parameters(planned()["supervisor"])["heartbeat_sources"] == ["policy", "streamer"]
    assert parameters(planned(policy="none")["supervisor"])["heartbeat_sources"] == ["streamer"]
    watching = planned(policy="none", perception=True)["supervisor"]
    assert parameters(watching)["heartbeat_sources"] == ["streamer", "perception"]
    alone = planned(without=("policy", "streamer"))["supervisor"]
    assert parameters(alone)["heartbeat_sources"] == [""]


def test_a_real_robot_has_no_simulator_and_no_simulated_time():
    programs = planned(sim="none")
    assert "sim" not in programs
    assert not any(parameters(p)["use_sim_time"] for p in programs.values())


def test_lock_step_reaches_every_node():
    assert all(parameters(p)["lock_step"] for p in planned(lock_step=True, perception=True).values())


def test_perception_is_there_where_it_is_asked_for():
    assert "perception" not in planned()
    assert "perception" in planned(perception=True)


def test_the_black_box_is_there_where_it_has_a_folder(tmp_path):
    assert "blackbox" not in planned()
    assert parameters(planned(blackbox=tmp_path)["blackbox"])["blackbox_path"] == str(tmp_path.resolve())


def test_the_supervisor_watches_people_where_there_is_perception():
    assert parameters(planned(perception=True)["supervisor"])["watch_people"] is True
    assert "watch_people" not in parameters(planned()["supervisor"])


def test_it_watches_what_is_around_a_base_and_both_on_a_mobile_manipulator():
    watches = {}
    for robot in ("diffbot", "mobile_ur5e", "so101"):
        told = parameters(planned(robot=robot, perception=True)["supervisor"])
        watches[robot] = (told.get("watch_people"), told.get("watch_obstacles"))
    assert watches == {"diffbot": (None, True), "mobile_ur5e": (True, True), "so101": (True, None)}
    assert "watch_obstacles" not in parameters(planned(robot="diffbot")["supervisor"])


def test_namespace_remaps_and_own_parameters_are_handed_on():
    wishes = {
        "namespace": "/left",
        "remaps": {"supervisor": (("command_in", "other"),)},
        "parameters": {"sim": {"seed": 7}},
    }
    programs = planned(**wishes)
    assert "__ns:=/left" in programs["policy"].arguments
    assert "command_in:=other" in programs["supervisor"].arguments
    assert parameters(programs["sim"])["seed"] == 7


def test_sectors_reach_every_node_and_files_by_their_whole_path(tmp_path, monkeypatch):
    assert not any("sector" in parameters(p) for p in planned().values())
    site = tmp_path / "site.yaml"
    site.write_text("name: site\ndescription: a site\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    programs = planned(sectors=("medical", "site.yaml"), perception=True, blackbox=tmp_path)
    assert {parameters(p)["sector"] for p in programs.values()} == {f"medical,{site.resolve()}"}


def test_every_wrong_wish_is_told_at_once(tmp_path):
    with pytest.raises(ConfigError) as caught:
        GraphOptions(
            sim="gazebo",
            log_level="loud",
            params_file=tmp_path / "none.yaml",
            parameters={"gripper": {}},
            sectors=("moon",),
        )
    assert {f.key for f in caught.value.faults} == {"sim", "log_level", "params_file", "node", "sector"}


@pytest.mark.parametrize("wish", ["arm", "lock_step"])
def test_simulation_only_wishes_are_refused_for_a_real_robot(wish):
    with pytest.raises(ConfigError, match=f"{wish}: got true"):
        GraphOptions(sim="none", **{wish: True})


def test_an_unknown_robot_is_told_once_with_the_known_ones():
    with pytest.raises(ConfigError, match=f"'hal9000'.*{', '.join(config_names('robots'))}"):
        plan(GraphOptions(robot="hal9000"))


def test_perception_and_policy_can_share_a_process():
    programs = planned(perception=True, share_process=True)
    assert list(programs) == ["supervisor", "sim", "streamer", "perception_policy"]
    words = programs["perception_policy"].arguments
    place = words.index("--")
    assert str(parameter_file("perception")) in words[:place]
    assert str(parameter_file("policy")) in words[place:]
    assert list(planned(share_process=True)) == ["supervisor", "sim", "streamer", "policy"]


def test_only_cameras_that_somebody_looks_through_are_drawn():
    assert parameters(planned()["sim"])["cameras"] == ["front", "wrist"]
    assert parameters(planned(perception=True)["sim"])["cameras"] == ["front", "wrist", "overhead"]
    assert "cameras" not in parameters(planned(robot="diffbot", policy="none")["sim"])
