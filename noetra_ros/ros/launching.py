"""Parts of our launch files: their arguments, said once, and the action that starts a node.

Importing this sets the DDS profile for all that the launch starts. Only what Jazzy's launch has is used.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from launch import LaunchContext
from launch.actions import (
    DeclareLaunchArgument,
    EmitEvent,
    ExecuteProcess,
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
    PathJoinSubstitution,
    PythonExpression,
    ThisLaunchFileDir,
)
from launch_ros.actions import Node
from launch_ros.substitutions import ExecutableInPackage

from noetra_ros.core.phases import PHASES
from noetra_ros.core.resources import config_names
from noetra_ros.policy.backend import BACKENDS
from noetra_ros.ros.node_parameters import (
    SEPARATOR,
    GraphChoice,
    node_parameters,
    parameter_file,
    ros_arguments,
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

# Over the arguments of bringup.launch.py; see `included`.
HAS_SIM = "{sim} != 'none'"
HAS_POLICY = "{policy} != 'none'"
HAS_PERCEPTION = "{perception}.lower() == 'true'"
HAS_BLACKBOX = "{blackbox} != ''"
IS_SHARED = f"{{share_process}}.lower() == 'true' and {HAS_POLICY} and {HAS_PERCEPTION}"


def arguments() -> dict[str, Argument]:
    """Every argument that a launch file of ours may take."""
    robots, sectors = ", ".join(config_names("robots")), ", ".join(config_names("sectors"))
    return {
        "robot": Argument("so101", f"Robot profile: {robots}, or the path of a YAML file."),
        "sector": Argument("", f"Sectors, by comma: {sectors}, or YAML files; empty = none."),
        "sim": Argument("mujoco", "Simulator; none = a real robot.", ("mujoco", NONE)),
        "policy": Argument(
            "noetra_nano", "Policy backend; none = no policy node.", (*BACKENDS.names(), NONE)
        ),
        "perception": Argument(
            "false", "Watch what is around the robot; the supervisor keeps it away from people.", TRUTH
        ),
        "share_process": Argument(
            "false", "Perception and policy in one process: each picture is received once for both.", TRUTH
        ),
        "checkpoint": Argument("", "Folder of a model; empty = the one that ships."),
        "instruction": Argument("", "First sentence to follow; empty = wait for one."),
        "blackbox": Argument("", "Folder of the black box, a file for each stop; empty = none."),
        "namespace": Argument("", "Namespace of all nodes."),
        "use_sim_time": Argument("false", "Take the time of the topic /clock.", TRUTH),
        "lock_step": Argument("false", "Simulated time waits for the graph; simulation only.", TRUTH),
        "autostart": Argument("true", "Nodes configure and activate themselves.", TRUTH),
        "params_file": Argument("", "Parameters that override the shipped ones; empty = none."),
        "log_level": Argument("info", "Log level of our nodes.", ("debug", "info", "warn", "error", "fatal")),
        "phase": Argument(
            "", f"Phase of the bring-up, one of {', '.join(PHASES)}; empty = as the files say."
        ),
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
    policy, perception = f"',policy' if {HAS_POLICY} else ''", f"',perception' if {HAS_PERCEPTION} else ''"
    return _expression(f"'streamer' + ({policy}) + ({perception})")


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
            given["params_file"],
            _namespace(given),
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
    )
    name = "perception_policy"
    return [process, RegisterEventHandler(OnProcessExit(target_action=process, on_exit=_end_of(name)))]


def _namespace(given: Mapping[str, str]) -> str:
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
