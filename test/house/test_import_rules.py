"""Who may import whom: core <- robots, learning <- the six siblings <- evaluation <- view <- ros <- cli."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LAYER = {
    **{"core": 0, "robots": 1, "learning": 1, "evaluation": 3, "view": 4, "ros": 5, "cli": 6},
    **dict.fromkeys(("perception", "policy", "streaming", "safety", "sim", "data"), 2),
}
GENERATED = {"msg", "srv", "action"}
ROS_MODULES = {
    "rclpy", "rcl_interfaces", "rosgraph_msgs", "lifecycle_msgs", "builtin_interfaces", "action_msgs",
    "std_msgs", "std_srvs", "sensor_msgs", "geometry_msgs", "nav_msgs", "trajectory_msgs", "diagnostic_msgs",
    "visualization_msgs", "launch", "launch_ros", "ament_index_python", "rosidl_runtime_py",
}  # fmt: skip
HEAVY = ("torch", "torchvision", "open3d", "mujoco")
CORE_MAY_IMPORT = {"numpy", "yaml"}


def imported_modules(path: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the full name"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def breaches(folder: str, imported: set[str]) -> list[str]:
    """What a file in `folder` of the package may not import."""
    found = []
    for name in imported:
        top, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if top in ROS_MODULES or (top == "noetra_ros" and target in GENERATED):
            if LAYER[folder] < LAYER["ros"]:
                found.append(f"{name}: ROS outside ros/ and cli/")
        elif top == "noetra_ros" and target in LAYER and target != folder and LAYER[target] >= LAYER[folder]:
            found.append(f"{name}: {folder} lies below or beside {target}")
    return found


def test_every_import_points_down(repo, sources):
    found = {}
    for path in sources:
        parts = path.relative_to(repo / "noetra_ros").parts
        if len(parts) > 1 and (bad := breaches(parts[0], imported_modules(path))):
            found[str(path.relative_to(repo))] = bad
    assert not found, json.dumps(found, indent=1)


def test_every_folder_has_a_layer(sources, repo):
    folders = {path.relative_to(repo / "noetra_ros").parts[0] for path in sources}
    assert {name for name in folders if not name.endswith(".py")} <= set(LAYER)


def test_core_needs_numpy_and_yaml_only(repo):
    allowed = CORE_MAY_IMPORT | set(sys.stdlib_module_names) | {"noetra_ros"}
    for path in (repo / "noetra_ros" / "core").rglob("*.py"):
        tops = {name.partition(".")[0] for name in imported_modules(path)}
        assert tops <= allowed, f"{path}: {tops - allowed}"


@pytest.mark.parametrize(
    ("folder", "imported", "is_allowed"),
    [
        ("robots", "noetra_ros.core.types", True),
        ("core", "noetra_ros.robots.profile", False),
        ("perception", "noetra_ros.learning.weights", True),
        ("learning", "noetra_ros.robots.profile", False),
        ("policy", "noetra_ros.safety.supervisor", False),
        ("safety", "noetra_ros.msg.SafetyState", False),
        ("sim", "rclpy", False),
        ("evaluation", "noetra_ros.sim.world", True),
        ("view", "noetra_ros.evaluation.report.palette", True),
        ("view", "noetra_ros.msg.SafetyState", False),
        ("evaluation", "noetra_ros.ros.interfaces", False),
        ("ros", "rclpy.node", True),
        ("ros", "noetra_ros.cli.main", False),
        ("cli", "noetra_ros.ros.interfaces", True),
    ],
)
def test_the_rule_itself(folder, imported, is_allowed):
    assert (not breaches(folder, {imported})) == is_allowed


@pytest.mark.ros
@pytest.mark.parametrize("node", ["supervisor_node", "streamer_node"])
def test_control_path_loads_nothing_heavy(node):
    code = (
        f"import json, sys, noetra_ros.ros.{node}; "
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == []
