"""Parts of our launch files: their arguments, said once, and the action that starts a node.

Importing this sets the DDS profile for all that the launch starts. Only what Jazzy's launch has is used.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from launch import LaunchContext
from launch.actions import (
    DeclareLaunchArgument,
    EmitEvent,
    IncludeLaunchDescription,
    LogInfo,
    OpaqueFunction,
    RegisterEventHandler,
    TimerAction,
)
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessExit
from launch.events import Shutdown
from launch.events.process import ProcessExited
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import (
    LaunchConfiguration,
    NotEqualsSubstitution,
    PathJoinSubstitution,
    PythonExpression,
    ThisLaunchFileDir,
)
from launch_ros.actions import Node

from noetra_ros.core.resources import config_names
from noetra_ros.policy.backend import BACKENDS
from noetra_ros.ros.node_parameters import (
    GraphChoice,
    node_parameters,
    parameter_file,
)

NONE = "none"
# When a node has died, the rest is ended after this time: the supervisor notices within its heartbeat
# time-out and brings the robot to a controlled stop before it is asked to end itself.
STOP_ROBOT_S = 1.0


@dataclass(frozen=True)
class Argument:
    """One launch argument."""

    default: Any
    description: str
    choices: tuple[str, ...] = ()

    def declared(self, name: str) -> DeclareLaunchArgument:
        """The action that declares it."""
        return DeclareLaunchArgument(
            name,
            default_value=self.default,
            description=self.description,
            choices=list(self.choices) or None,
        )


TRUTH = ("true", "false", "True", "False")


def arguments() -> dict[str, Argument]:
    """Every argument that a launch file of ours may take."""
    robots = ", ".join(config_names("robots"))
    return {
        "robot": Argument("so101", f"Robot profile: {robots}, or the path of a YAML file."),
        "sim": Argument("mujoco", "Simulator; none = a real robot.", ("mujoco", NONE)),
        "policy": Argument(
            "noetra_nano", "Policy backend; none = no policy node.", (*BACKENDS.names(), NONE)
        ),
        "perception": Argument(
            "false", "Watch what is around the robot; the supervisor keeps it away from people.", TRUTH
        ),
        "checkpoint": Argument("", "Folder of a model; empty = the one that ships."),
        "instruction": Argument("", "First sentence to follow; empty = wait for one."),
        "namespace": Argument("", "Namespace of all nodes."),
        "use_sim_time": Argument("false", "Take the time of the topic /clock.", TRUTH),
        "lock_step": Argument("false", "Simulated time waits for the graph; simulation only.", TRUTH),
        "autostart": Argument("true", "Nodes configure and activate themselves.", TRUTH),
        "params_file": Argument("", "Parameters that override the shipped ones; empty = none."),
        "log_level": Argument("info", "Log level of our nodes.", ("debug", "info", "warn", "error", "fatal")),
        "arm": Argument("false", "Arm as soon as all is ready; simulation only.", TRUTH),
        "heartbeats": Argument("", "Nodes that the supervisor has to hear of, by comma; empty = none."),
    }


def declare(names: Sequence[str], defaults: Mapping[str, Any] | None = None) -> list[DeclareLaunchArgument]:
    """Declarations of arguments.

    Args:
        names: which of `arguments()`.
        defaults: other defaults than the usual ones, by name.
    """
    changed = {
        name: dataclasses.replace(argument, default=(defaults or {}).get(name, argument.default))
        for name, argument in arguments().items()
    }
    return [changed[name].declared(name) for name in names]


def true_in_simulation() -> PythonExpression:
    """Default of use_sim_time where there is an argument `sim`."""
    return PythonExpression(["'", LaunchConfiguration("sim"), f"' != '{NONE}'"])


def heartbeats_of_graph() -> PythonExpression:
    """Nodes that the supervisor has to hear of, where there are arguments `policy` and `perception`."""
    return PythonExpression(
        [
            *("'streamer' + (',policy' if '", LaunchConfiguration("policy"), f"' != '{NONE}' else '')"),
            *(" + (',perception' if '", LaunchConfiguration("perception"), "'.lower() == 'true' else '')"),
        ]
    )


def included(file: str, names: Sequence[str], unless_none: str = "", only_if: str = "", **others: Any) -> Any:
    """Another launch file of ours.

    Args:
        file: its name.
        names: arguments that it gets from here, under the same names.
        unless_none: left out where this argument is ``none``.
        only_if: left out where this argument is ``false``.
        **others: further arguments.
    """
    path = PathJoinSubstitution([ThisLaunchFileDir(), file])
    handed = {**{name: LaunchConfiguration(name) for name in names}, **others}
    is_wanted = (
        IfCondition(NotEqualsSubstitution(LaunchConfiguration(unless_none), NONE)) if unless_none else None
    )
    if only_if:
        is_wanted = IfCondition(LaunchConfiguration(only_if))
    return IncludeLaunchDescription(
        PythonLaunchDescriptionSource(path), launch_arguments=handed.items(), condition=is_wanted
    )


def graph_node(name: str) -> OpaqueFunction:
    """Starts a node; the launch ends when it ends."""
    return OpaqueFunction(function=_node_actions, args=[name])


def _node_actions(context: LaunchContext, name: str) -> list[Any]:
    given = dict(context.launch_configurations)
    files = [str(parameter_file(name)), *([given["params_file"]] if given["params_file"] else [])]
    node = Node(
        package="noetra_ros",
        executable=f"{name}_node",
        namespace=given["namespace"],
        parameters=[*files, node_parameters(name, _choice(given))],
        ros_arguments=["--log-level", f"{name}:={given['log_level']}"],
        output="screen",
        emulate_tty=True,
    )
    return [node, RegisterEventHandler(OnProcessExit(target_action=node, on_exit=_end_of(name)))]


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
        heartbeats=tuple(word.strip() for word in given.get("heartbeats", "").split(",") if word.strip()),
        autostart=_is_true(given, "autostart"),
    )


def _is_true(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "false").lower() == "true"


def _end_of(name: str) -> Callable[[ProcessExited, LaunchContext], list[Any]]:
    """What happens when a node has ended: the supervisor outlives the others, to stop the robot."""

    def end(event: ProcessExited, context: LaunchContext) -> list[Any]:
        if context.is_shutdown:
            return []
        shutdown = EmitEvent(event=Shutdown(reason=f"{name} has ended"))
        if name == "supervisor":
            return [LogInfo(msg=f"supervisor has ended ({event.returncode}): ending the rest"), shutdown]
        words = f"{name} has ended ({event.returncode}): the supervisor stops the robot, then the rest ends"
        return [LogInfo(msg=words), TimerAction(period=STOP_ROBOT_S, actions=[shutdown])]

    return end
