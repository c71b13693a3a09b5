"""Launch files, read without ROS: arguments, nodes and parameter files that they name are there."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from noetra_ros.core.resources import share_folder
from noetra_ros.ros.node_parameters import GraphChoice, node_parameters, parameter_file

FOLDER = share_folder() / "launch"
EVERYWHERE = {
    "robot",
    "sector",
    "namespace",
    "use_sim_time",
    "lock_step",
    "autostart",
    "params_file",
    "log_level",
}
ARGUMENTS = {
    "sim.launch.py": EVERYWHERE,
    "streamer.launch.py": EVERYWHERE,
    "policy.launch.py": EVERYWHERE | {"policy", "checkpoint", "instruction"},
    "perception.launch.py": EVERYWHERE,
    "perception_policy.launch.py": EVERYWHERE | {"policy", "checkpoint", "instruction"},
    "safety.launch.py": EVERYWHERE | {"arm", "phase", "heartbeats", "perception"},
    "blackbox.launch.py": EVERYWHERE | {"blackbox"},
    "bringup.launch.py": EVERYWHERE
    | {
        "sim",
        "policy",
        "perception",
        "share_process",
        "checkpoint",
        "instruction",
        "arm",
        "phase",
        "blackbox",
    },
}
NODES = {
    "sim.launch.py": "sim",
    "streamer.launch.py": "streamer",
    "policy.launch.py": "policy",
    "perception.launch.py": "perception",
    "safety.launch.py": "supervisor",
    "blackbox.launch.py": "blackbox",
}
# A robot's launch on Jazzy has to have what we use; later distributions added more.
JAZZY = {
    "launch": {"LaunchContext", "LaunchDescription"},
    "launch.actions": {
        "DeclareLaunchArgument", "EmitEvent", "ExecuteProcess", "IncludeLaunchDescription", "LogInfo",
        "OpaqueFunction", "RegisterEventHandler", "TimerAction",
    },
    "launch.conditions": {"IfCondition"},
    "launch.event_handlers": {"OnProcessExit"},
    "launch.events": {"Shutdown"},
    "launch.events.process": {"ProcessExited"},
    "launch.launch_description_sources": {"PythonLaunchDescriptionSource"},
    "launch.substitutions": {
        "LaunchConfiguration", "PathJoinSubstitution", "PythonExpression",
        "ThisLaunchFileDir",
    },
    "launch_ros.actions": {"Node"},
    "launch_ros.substitutions": {"ExecutableInPackage"},
}  # fmt: skip


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def strings_in(tree: ast.AST) -> set[str]:
    """Every string constant but docstrings of more than one word."""
    found = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {text for text in found if " " not in text}


def calls_of(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name
    ]


def launching() -> ast.Module:
    return tree_of(Path(__file__).parents[2] / "noetra_ros" / "ros" / "launching.py")


def test_every_launch_file_is_known_here():
    assert {path.name for path in FOLDER.glob("*")} - {"__pycache__"} == set(ARGUMENTS)


@pytest.mark.parametrize("file", ARGUMENTS)
def test_a_launch_file_compiles_and_has_its_function(file):
    tree = tree_of(FOLDER / file)
    compile(tree, file, "exec")
    assert "generate_launch_description" in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "names"), ARGUMENTS.items())
def test_a_launch_file_declares_the_documented_arguments(file, names):
    assert names <= strings_in(tree_of(FOLDER / file))


def test_every_argument_has_a_default_and_a_description():
    table = next(n for n in launching().body if isinstance(n, ast.FunctionDef) and n.name == "arguments")
    (entries,) = [n for n in ast.walk(table) if isinstance(n, ast.Dict)]
    names = {key.value for key in entries.keys if isinstance(key, ast.Constant)}
    assert names >= set().union(*ARGUMENTS.values())
    assert all(isinstance(v, ast.Call) and len(v.args) >= 2 for v in entries.values)


@pytest.mark.parametrize(("file", "node"), NODES.items())
def test_the_node_of_a_launch_file_is_a_module_an_executable_and_has_parameters(file, node):
    (call,) = calls_of(tree_of(FOLDER / file), "graph_node")
    assert [argument.value for argument in call.args if isinstance(argument, ast.Constant)] == [node]
    root = Path(__file__).parents[2]
    assert (root / "noetra_ros" / "ros" / f"{node}_node.py").is_file()
    installed = re.search(r"foreach\(node ([^)]*)\)", (root / "CMakeLists.txt").read_text(encoding="utf-8"))
    assert installed is not None and f"{node}_node" in installed.group(1).split()
    assert "ros__parameters" in yaml.safe_load(parameter_file(node).read_text(encoding="utf-8"))["/**"]


def test_bringup_includes_every_other_launch_file_the_supervisor_first():
    calls = calls_of(tree_of(FOLDER / "bringup.launch.py"), "included")
    included = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    assert included[0] == "safety.launch.py"
    assert {*included, "bringup.launch.py"} == set(ARGUMENTS)


@pytest.mark.parametrize(
    "path", [*sorted(FOLDER.glob("*.py")), None], ids=lambda p: p.name if p else "launching"
)
def test_only_what_jazzys_launch_has_is_imported(path):
    for node in ast.walk(tree_of(path) if path else launching()):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("launch", "launch_ros"):
            assert {alias.name for alias in node.names} <= JAZZY[node.module], node.module


def test_the_supervisor_is_not_armed_unless_asked():
    assert node_parameters("supervisor", GraphChoice("so101", is_simulated=True))["arm_at_start"] is False


def test_without_heartbeats_the_supervisor_listens_for_none():
    given = node_parameters("supervisor", GraphChoice("so101", is_simulated=False))
    assert given["heartbeat_sources"] == [""]


def test_what_was_not_chosen_is_left_to_the_parameter_file():
    given = node_parameters("policy", GraphChoice("so101", is_simulated=False))
    assert not {"policy", "checkpoint", "instruction"} & set(given)


def test_sectors_are_handed_to_every_node():
    choice = GraphChoice("so101", is_simulated=False, sector="medical,logistics")
    for node in NODES.values():
        assert node_parameters(node, choice)["sector"] == "medical,logistics"
