"""Parts of our launch files: what includes another one, and the action that starts a node.

Importing this sets the DDS profile for all that the launch starts. Only what Jazzy's launch has is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from launch import LaunchContext
from launch.actions import (
    ExecuteProcess,
    GroupAction,
    IncludeLaunchDescription,
    LogInfo,
    OpaqueFunction,
    RegisterEventHandler,
    TimerAction,
)
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessExit
from launch.events.process import ProcessExited
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import (
    LaunchConfiguration,
    PathJoinSubstitution,
    PythonExpression,
    ThisLaunchFileDir,
)
from launch_ros.actions import Node, PushRosNamespace
from launch_ros.substitutions import ExecutableInPackage

from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.ros.launch_arguments import NONE
from noetra_ros.ros.node_parameters import (
    SEPARATOR,
    GraphChoice,
    node_parameters,
    parameter_file,
    ros_arguments,
)

# When a node has died, the rest is ended after this time: the supervisor notices within its heartbeat
# time-out and brings the robot to a controlled stop before it is asked to end itself.
STOP_ROBOT_S = 1.0
# Before a node is started again: a fault at start would else fill the log.
RESPAWN_DELAY_S = 2.0


class NodeEndedError(NoetraError):
    """A node of the graph is gone: the launch ends, and says so by its exit code."""


# Over the arguments of bringup.launch.py; see `included`.
HAS_SIM = "{sim} != 'none'"
HAS_POLICY = "{policy} != 'none'"
HAS_PERCEPTION = "{perception}.lower() == 'true'"
HAS_BLACKBOX = "{blackbox} != ''"
HAS_VIEW = "{view}.lower() == 'true'"
IS_SHARED = f"{{share_process}}.lower() == 'true' and {HAS_POLICY} and {HAS_PERCEPTION}"


def true_in_simulation() -> PythonExpression:
    """Default of use_sim_time where there is an argument `sim`."""
    return PythonExpression(["'", LaunchConfiguration("sim"), f"' != '{NONE}'"])


def heartbeats_of_graph() -> PythonExpression:
    """Nodes that the supervisor has to hear of, where there are arguments `policy` and `perception`."""
    policy, perception = f"',policy' if {HAS_POLICY} else ''", f"',perception' if {HAS_PERCEPTION} else ''"
    return _expression(f"'streamer' + ({policy}) + ({perception})")


def in_namespace(*actions: Any) -> GroupAction:
    """These actions, below the argument `namespace`: pushed once, for all of them."""
    return GroupAction([PushRosNamespace(LaunchConfiguration("namespace")), *actions])


def included(file: str, names: Sequence[str], only_if: str = "True", **others: Any) -> Any:
    """Another launch file of ours.

    Args:
        file: its name.
        names: arguments that it gets from here, under the same names.
        only_if: Python expression, in which `{name}` stands for the argument `name`; else it is left out.
        **others: further arguments.
    """
    path = PathJoinSubstitution([ThisLaunchFileDir(), file])
    handed = {**{name: LaunchConfiguration(name) for name in names}, **others}
    return IncludeLaunchDescription(
        PythonLaunchDescriptionSource(path),
        launch_arguments=handed.items(),
        condition=IfCondition(_expression(only_if)),
    )


def _expression(text: str) -> PythonExpression:
    """A Python expression over launch arguments, each as a string."""
    parts: list[Any] = []
    for row, word in enumerate(re.split(r"\{(\w+)\}", text)):
        parts += ["'", LaunchConfiguration(word), "'"] if row % 2 else [word]
    return PythonExpression(parts)


def graph_node(name: str) -> OpaqueFunction:
    """Starts a node; the launch ends when it ends."""
    return OpaqueFunction(function=_node_actions, args=[name])


def _node_actions(context: LaunchContext, name: str) -> list[Any]:
    given = dict(context.launch_configurations)
    files = [str(parameter_file(name)), *_own_parameters(given)]
    node = Node(
        package="noetra_ros",
        executable=f"{name}_node",
        namespace=given["namespace"],
        parameters=[*files, node_parameters(name, _choice(given))],
        ros_arguments=["--log-level", f"{name}:={given['log_level']}"],
        output="screen",
        emulate_tty=True,
        respawn=_is_respawned(given, name),
        respawn_delay=RESPAWN_DELAY_S,
    )
    return [node, _watched(node, name, given)]


def live_page() -> OpaqueFunction:
    """Starts the view node; what only shows may end without anything else ending."""
    return OpaqueFunction(function=_page_actions)


def _page_actions(context: LaunchContext) -> list[Any]:
    given = dict(context.launch_configurations)
    own = {name: given[name] for name in ("robot", "host", "language")}
    numbers = {"port": int(given["port"]), "autostart": _is_true(given, "autostart")}
    return [
        Node(
            package="noetra_ros",
            executable="view_node",
            namespace=given["namespace"],
            parameters=[str(parameter_file("view")), *_own_parameters(given), {**own, **numbers}],
            ros_arguments=["--log-level", f"view:={given['log_level']}"],
            output="screen",
            emulate_tty=True,
        )
    ]


def shared_process() -> OpaqueFunction:
    """Starts perception and policy in one process; the launch ends when it ends.

    Each of them has its own part of the command line, which launch's own `Node` cannot write.
    """
    return OpaqueFunction(function=_shared_actions)


def _shared_actions(context: LaunchContext) -> list[Any]:
    given = dict(context.launch_configurations)
    remaps = context.launch_configurations.get("ros_remaps") or ()  # of SetRemap around it
    words = [
        ros_arguments(
            name,
            node_parameters(name, _choice(given)),
            "".join(_own_parameters(given)),
            full_namespace(given),
            given["log_level"],
            remaps,
        )
        for name in ("perception", "policy")
    ]
    process = ExecuteProcess(
        cmd=[
            ExecutableInPackage(package="noetra_ros", executable="perception_policy_node"),
            *words[0],
            SEPARATOR,
            *words[1],
        ],
        name="perception_policy_node",
        output="screen",
        emulate_tty=True,
        respawn=_is_respawned(given, "perception_policy"),
        respawn_delay=RESPAWN_DELAY_S,
    )
    return [process, _watched(process, "perception_policy", given)]


def _own_parameters(given: Mapping[str, str]) -> list[str]:
    """The parameter file of whoever launches; launch itself leaves out one that is not there without a word.

    Raises:
        ConfigError: no such file.
    """
    path = given["params_file"]
    if path and not Path(path).is_file():
        raise single_fault("launch arguments", "params_file", path, "a file", "give its whole path")
    return [path] if path else []


def full_namespace(given: Mapping[str, str]) -> str:
    """The argument `namespace`, below one that was pushed."""
    own, pushed = given["namespace"], given.get("ros_namespace", "")
    return own if own.startswith("/") else f"{pushed}/{own}"


def _choice(given: Mapping[str, str]) -> GraphChoice:
    """The arguments of the launch file as they were given."""
    return GraphChoice(
        robot=given["robot"],
        is_simulated=_is_true(given, "use_sim_time"),
        policy=given.get("policy", ""),
        perception=_is_true(given, "perception"),
        checkpoint=given.get("checkpoint", ""),
        instruction=given.get("instruction", ""),
        lock_step=_is_true(given, "lock_step"),
        arm=_is_true(given, "arm"),
        phase=given.get("phase", ""),
        heartbeats=tuple(word.strip() for word in given.get("heartbeats", "").split(",") if word.strip()),
        autostart=_is_true(given, "autostart"),
        blackbox=given.get("blackbox", ""),
        sector=given.get("sector", ""),
    )


def _is_true(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "false").lower() == "true"


def _is_respawned(given: Mapping[str, str], name: str) -> bool:
    """A supervisor that died leaves a stopped robot and something to find out: it is not started again.

    Raises:
        ConfigError: a policy that would begin its sentence anew, with nobody asking.
    """
    if not _is_true(given, "use_respawn") or name == "supervisor":
        return False
    if given.get("instruction", ""):
        raise single_fault(
            "launch arguments",
            "use_respawn",
            f"true, with instruction {given['instruction']!r}",
            "no instruction: a policy that died would begin it again by itself",
            "leave instruction out and send the sentence with `noetra run`",
        )
    return True


def _watched(process: ExecuteProcess, name: str, given: Mapping[str, str]) -> RegisterEventHandler:
    """What happens when a process has ended."""
    on_exit = _told(name) if _is_respawned(given, name) else _end_of(name)
    return RegisterEventHandler(OnProcessExit(target_action=process, on_exit=on_exit))


def _told(name: str) -> Callable[[ProcessExited, LaunchContext], list[Any]]:
    """It is started again; the supervisor notices its silence, and the robot stands meanwhile."""

    def tell(event: ProcessExited, context: LaunchContext) -> list[Any]:
        if context.is_shutdown:
            return []
        return [LogInfo(msg=f"{name} has ended ({event.returncode}): it is started again")]

    return tell


def _end_of(name: str) -> Callable[[ProcessExited, LaunchContext], list[Any]]:
    """All ends, the supervisor last, to stop the robot; launch returns 1 where an action of it fails."""

    def fail(context: LaunchContext, words: str) -> None:
        raise NodeEndedError(words)

    def end(event: ProcessExited, context: LaunchContext) -> list[Any]:
        if context.is_shutdown:
            return []
        words = f"{name} has ended ({event.returncode})"
        failure = OpaqueFunction(function=fail, args=[words])
        if name == "supervisor":
            return [LogInfo(msg=f"{words}: ending the rest"), failure]
        told = LogInfo(msg=f"{words}: the supervisor stops the robot, then the rest ends")
        return [told, TimerAction(period=STOP_ROBOT_S, actions=[failure])]

    return end
