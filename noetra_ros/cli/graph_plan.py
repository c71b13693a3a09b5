"""What a graph consists of: which nodes, with which parameter files and arguments, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from noetra_ros.cli.processes import Program
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.resources import config_file
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.node_parameters import (
    SEPARATOR,
    GraphChoice,
    Value,
    heartbeats_of,
    node_parameters,
    ros_arguments,
)

NONE = "none"
SIMS = ("mujoco", NONE)
LOG_LEVELS = ("debug", "info", "warn", "error", "fatal")
# The supervisor starts first and ends last: there is no moment in which commands pass unjudged.
START_ORDER = ("supervisor", "sim", "streamer", "perception", "policy", "blackbox")
SHARED = {"perception", "policy"}
WITH_CHANNEL = {"policy", "streamer", "supervisor"}
# The black box outlives whoever may be the cause of a stop.
STOP_ORDER = ("policy", "perception", "streamer", "sim", "blackbox", "supervisor")


@dataclass(frozen=True)
class GraphOptions:
    """What to start.

    Attributes:
        robot: profile name or path.
        policy: backend; ``none`` = no policy node.
        sim: ``mujoco``, or ``none`` for a real robot.
        perception: what is around the robot is watched, and the supervisor keeps it away from people.
        share_process: perception and policy run in one process and take each picture once.
        instruction: first sentence to follow; empty = wait for one.
        lock_step: simulated time waits for the graph.
        checkpoint: folder of a model bundle; empty = the one that ships.
        namespace: of all nodes; empty = none.
        blackbox: folder of the black box; None = none.
        channel: command channel of policy, streamer and supervisor; empty = the profile's default.
        sectors: names of config/sectors or YAML files, laid over the parameters of every node.
        params_file: parameter file that overrides the shipped ones.
        log_level: of all nodes.
        arm: the supervisor arms itself as soon as all is ready; simulation only.
        is_private: a ROS domain of its own, for evaluation, demo and tests.
        parameters: further parameters, by node and name.
        remaps: further remaps, by node: (from, to).
        without: nodes that are not started, because the caller plays their part.
    """

    robot: str = "so101"
    policy: str = "noetra_nano"
    sim: str = "mujoco"
    perception: bool = False
    share_process: bool = False
    instruction: str = ""
    lock_step: bool = False
    checkpoint: str = ""
    namespace: str = ""
    blackbox: Path | None = None
    channel: str = ""
    sectors: tuple[str, ...] = ()
    params_file: Path | None = None
    log_level: str = "info"
    arm: bool = False
    is_private: bool = False
    parameters: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    remaps: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_word_faults(self), *_file_faults(self), *_sector_faults(self)]
        if faults:
            raise ConfigError("graph", faults)

    @property
    def is_simulated(self) -> bool:
        """The robot is simulated by us."""
        return self.sim != NONE

    @property
    def lookers(self) -> tuple[str, ...]:
        """Who looks through cameras: the others are not drawn."""
        return ("policy", "perception", "recognition") if self.perception else ("policy",)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes to start, first to start first."""
        absent = {*self.without}
        absent |= set() if self.is_simulated else {"sim"}
        absent |= {"policy"} if self.policy == NONE else set()
        absent |= set() if self.perception else {"perception"}
        absent |= {"blackbox"} if self.blackbox is None else set()
        return tuple(name for name in START_ORDER if name not in absent)


def plan(options: GraphOptions) -> list[Program]:
    """The programs of a graph, first to start first.

    Raises:
        ConfigError: unknown robot, or what is wrong in its profile: once, and not by each of the nodes.
    """
    load_robot(options.robot)
    programs = {name: _program(name, options) for name in options.nodes}
    if options.share_process and set(programs) >= SHARED:
        perception, policy = programs.pop("perception"), programs.pop("policy")
        arguments = (*perception.arguments, SEPARATOR, *policy.arguments)
        programs["perception_policy"] = Program(
            "perception_policy", "noetra_ros.ros.perception_policy_node", arguments
        )
    return list(programs.values())


def _program(name: str, options: GraphOptions) -> Program:
    arguments = ros_arguments(
        name,
        _parameters(name, options),
        str(options.params_file or ""),
        options.namespace,
        options.log_level,
        options.remaps.get(name, ()),
    )
    return Program(name, f"noetra_ros.ros.{name}_node", arguments, name == "supervisor")


def _parameters(name: str, options: GraphOptions) -> dict[str, Value]:
    choice = GraphChoice(
        robot=options.robot,
        is_simulated=options.is_simulated,
        policy=options.policy,
        perception=options.perception,
        checkpoint=options.checkpoint,
        instruction=options.instruction,
        lock_step=options.lock_step,
        arm=options.arm,
        cameras=load_robot(options.robot).cameras_for(*options.lookers),
        heartbeats=heartbeats_of(options.nodes),
        blackbox=str(options.blackbox.resolve()) if options.blackbox is not None else "",
        sector=",".join(_absolute(name) for name in options.sectors),
    )
    chosen: dict[str, Value] = (
        {"channel": options.channel} if options.channel and name in WITH_CHANNEL else {}
    )
    return {**node_parameters(name, choice), **chosen, **options.parameters.get(name, {})}


def _word_faults(options: GraphOptions) -> list[Fault]:
    faults = []
    if options.sim not in SIMS:
        faults.append(Fault("sim", repr(options.sim), f"one of {', '.join(SIMS)}"))
    if options.log_level not in LOG_LEVELS:
        faults.append(Fault("log_level", repr(options.log_level), f"one of {', '.join(LOG_LEVELS)}"))
    if options.lock_step and not options.is_simulated:
        faults.append(Fault("lock_step", "true", "false without a simulator", "give --sim mujoco"))
    if options.arm and not options.is_simulated:
        remedy = "look at the robot, then call safety/arm yourself"
        faults.append(Fault("arm", "true", "false with a real robot", remedy))
    for key in {*options.parameters, *options.remaps, *options.without} - {*START_ORDER}:
        faults.append(Fault("node", repr(key), f"one of {', '.join(START_ORDER)}"))
    return faults


def _file_faults(options: GraphOptions) -> list[Fault]:
    if options.params_file is not None and not options.params_file.is_file():
        return [Fault("params_file", str(options.params_file), "an existing YAML file")]
    return []


def _sector_faults(options: GraphOptions) -> list[Fault]:
    faults = []
    for name in options.sectors:
        try:
            config_file("sectors", name)
        except ConfigError as error:
            faults += [Fault("sector", fault.got, fault.expected) for fault in error.faults]
    return faults


def _absolute(name: str) -> str:
    """Nodes may run in another folder."""
    return str(Path(name).resolve()) if name.endswith((".yaml", ".yml")) else name
