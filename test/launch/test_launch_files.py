"""Launch files, read without ROS: arguments, nodes and parameter files that they name are there."""

import ast
import re
import xml.etree.ElementTree
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
    "use_respawn",
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
    "view.launch.py": {
        "robot",
        "namespace",
        "autostart",
        "params_file",
        "log_level",
        "host",
        "port",
        "language",
    },
    "bringup.launch.py": EVERYWHERE
    | {"host", "port", "language", "view", "phase"}
    | {"sim", "policy", "perception", "share_process", "checkpoint", "instruction", "arm", "blackbox"},
    "gazebo.launch.py": EVERYWHERE
    | {"host", "port", "language", "view", "phase", "seed", "headless"}
    | {"policy", "perception", "share_process", "checkpoint", "instruction", "arm", "blackbox"},
}
BY_TEXT = "real_robot.launch.xml"
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
        "DeclareLaunchArgument", "ExecuteProcess", "GroupAction", "IncludeLaunchDescription", "LogInfo",
        "OpaqueFunction", "RegisterEventHandler", "TimerAction",
    },
    "launch.conditions": {"IfCondition"},
    "launch.event_handlers": {"OnProcessExit"},
    "launch.events.process": {"ProcessExited"},
    "launch.launch_description_sources": {"PythonLaunchDescriptionSource"},
    "launch.substitutions": {
        "LaunchConfiguration", "PathJoinSubstitution", "PythonExpression",
        "ThisLaunchFileDir",
    },
    "launch_ros.actions": {"Node", "PushRosNamespace"},
    "launch_ros.parameter_descriptions": {"ParameterValue"},
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


def part(name: str) -> ast.Module:
    """A module that launch files are made of."""
    return tree_of(Path(__file__).parents[2] / "noetra_ros" / "ros" / f"{name}.py")


def declared_in(tree: ast.Module) -> set[str]:
    """Names that a launch file writes itself, and those of the lists in launch_arguments.py."""
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    lists = {
        target.id: n.value
        for n in part("launch_arguments").body
        if isinstance(n, ast.Assign) and isinstance(n.value, ast.Tuple)
        for target in n.targets
        if isinstance(target, ast.Name)
    }
    return strings_in(tree).union(*(strings_in(lists[name]) for name in imported & lists.keys()))


def test_every_launch_file_is_known_here():
    assert {path.name for path in FOLDER.glob("*")} - {"__pycache__", BY_TEXT} == set(ARGUMENTS)


@pytest.mark.parametrize("file", ARGUMENTS)
def test_a_launch_file_compiles_and_has_its_function(file):
    tree = tree_of(FOLDER / file)
    compile(tree, file, "exec")
    assert "generate_launch_description" in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "names"), ARGUMENTS.items())
def test_a_launch_file_declares_the_documented_arguments(file, names):
    assert names <= declared_in(tree_of(FOLDER / file))


def test_every_argument_has_a_default_and_a_description():
    makers = [n for n in part("launch_arguments").body if isinstance(n, ast.FunctionDef)]
    tables = [n for maker in makers if maker.name.endswith("arguments") for n in ast.walk(maker)]
    entries = [pair for n in tables if isinstance(n, ast.Dict) for pair in zip(n.keys, n.values, strict=True)]
    named = {key.value: value for key, value in entries if isinstance(key, ast.Constant)}
    assert set(named) >= set().union(*ARGUMENTS.values())
    assert all(isinstance(value, ast.Call) and len(value.args) >= 2 for value in named.values())


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
    assert {*included, "bringup.launch.py", "gazebo.launch.py"} == set(ARGUMENTS)


def test_gazebo_stands_in_for_the_simulation_node():
    (call,) = calls_of(tree_of(FOLDER / "gazebo.launch.py"), "included")
    assert [a.value for a in call.args if isinstance(a, ast.Constant)] == ["bringup.launch.py"]
    assert [k.value.id for k in call.keywords if k.arg == "sim" and isinstance(k.value, ast.Name)] == ["NONE"]


def test_the_launch_file_by_text_hands_on_only_arguments_that_there_are_and_its_namespace_once():
    root = xml.etree.ElementTree.parse(FOLDER / BY_TEXT).getroot()
    own = {argument.get("name") for argument in root.findall("arg")}
    included = root.findall("group/include")
    assert included[0].get("file").endswith("/safety.launch.py")
    for each in included:
        given = {argument.get("name"): argument.get("value") for argument in each}
        assert set(given) <= ARGUMENTS[each.get("file").rpartition("/")[2]]
        assert given["namespace"] == ""
        assert set(re.findall(r"\$\(var (\w+)\)", " ".join(given.values()))) <= own


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda p: p.name)
def test_launch_files_import_only_what_jazzys_launch_has(path):
    assert_jazzy(tree_of(path))


@pytest.mark.parametrize("name", ["launching", "launch_arguments", "gazebo_launching"])
def test_what_they_are_made_of_imports_only_what_jazzys_launch_has(name):
    assert_jazzy(part(name))


def assert_jazzy(tree: ast.Module) -> None:
    for node in ast.walk(tree):
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
