"""Start a robot's graph: simulator, policy, streamer and supervisor, in one terminal."""

from __future__ import annotations

import dataclasses
import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noetra_ros.cli.console_log import ConsoleLog
from noetra_ros.cli.graph import Graph, NodeDiedError, exit_code_of
from noetra_ros.cli.graph_plan import NONE, GraphOptions
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.phases import PHASES

if TYPE_CHECKING:
    from noetra_ros.cli.graph_watch import GraphWatch

READY_TIMEOUT_S = 60.0
POLL_S = 0.1


def command(
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    policy: Annotated[str, typer.Option(help="Policy backend, or none.")] = "noetra_nano",
    sim: Annotated[str, typer.Option(help="mujoco, or none for a real robot.")] = "mujoco",
    perception: Annotated[
        bool, typer.Option("--perception", help="Watch what is around the robot; keep it away from people.")
    ] = False,
    share_process: Annotated[
        bool, typer.Option("--share-process", help="Perception and policy in one process: frames once.")
    ] = False,
    instruction: Annotated[str, typer.Option(help="First sentence to follow.")] = "",
    checkpoint: Annotated[str, typer.Option(help="Folder of a model; default: the one that ships.")] = "",
    lock_step: Annotated[
        bool, typer.Option("--lock-step", help="Simulated time waits for the graph.")
    ] = False,
    namespace: Annotated[str, typer.Option(help="Namespace of all nodes.")] = "",
    params_file: Annotated[
        Path | None, typer.Option(help="Parameters that override the shipped ones.")
    ] = None,
    log_level: Annotated[str, typer.Option(help="debug, info, warn, error or fatal.")] = "info",
    arm: Annotated[bool, typer.Option("--arm", help="Arm at once; simulation only.")] = False,
    record: Annotated[
        Path | None, typer.Option(help="Folder for the log of each node and the supervisor's audit log.")
    ] = None,
    blackbox: Annotated[
        Path | None, typer.Option(help="Folder of the black box: a file for each stop of the robot.")
    ] = None,
    sector: Annotated[
        list[str] | None,
        typer.Option(help="Place of use, a name of config/sectors or a YAML file; once for each."),
    ] = None,
    phase: Annotated[
        str, typer.Option(help=f"Phase of the bring-up: {', '.join(PHASES)}; empty = as the files say.")
    ] = "",
    channel: Annotated[
        str, typer.Option(help="Command channel that the policy has; empty = the profile's default.")
    ] = "",
) -> None:
    """Start the graph and keep it running until Ctrl-C.

    The robot is not armed: `noetra run "..." --arm` does that, or the service safety/arm. A node that dies
    stops the robot and ends the rest. Exit codes: 0 after Ctrl-C or SIGTERM, 1 where a node died, 2 where the
    set-up is wrong.
    """
    options = GraphOptions(
        robot=robot,
        policy=policy,
        sim=sim,
        perception=perception,
        share_process=share_process,
        instruction=instruction,
        checkpoint=checkpoint,
        lock_step=lock_step,
        namespace=namespace,
        params_file=params_file,
        log_level=log_level,
        arm=arm,
        blackbox=blackbox,
        sectors=tuple(sector or ()),
        channel=channel,
        parameters={"supervisor": {"phase": phase}} if phase else {},
    )
    check_setup(options)
    stop = StopFlag()
    stop.install()
    log = ConsoleLog(folder=record)
    if record is not None:
        options = recorded(options, record)
    try:
        code = run_graph(options, log, stop)
    finally:
        log.close()
    raise typer.Exit(code)


class StopFlag:
    """Set by SIGINT and SIGTERM. A second signal ends the process at once; the kernel then ends the nodes."""

    def __init__(self) -> None:
        self.is_set = False

    def install(self) -> None:
        """Take over both signals."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.is_set = True
        signal.signal(number, signal.SIG_DFL)


def check_setup(options: GraphOptions) -> None:
    """What a person can get wrong, told once and before anything starts.

    Raises:
        ConfigError: unknown robot or policy, a checkpoint that does not fit, a camera that is missing; a
            fault in a sector, a model that it does not allow.
    """
    if options.sectors:
        from noetra_ros.ros.node_settings import check_sectors

        check_sectors(options.sectors)
    if options.policy == NONE:
        return
    from noetra_ros.ros.policy_loading import PolicyChoice, check_policy  # rclpy: not for `noetra --help`
    from noetra_ros.ros.sectors import with_sectors

    choice = PolicyChoice(
        robot=options.robot, policy=options.policy, checkpoint=options.checkpoint, channel=options.channel
    )
    choice, _ = with_sectors(choice, "policy", options.sectors)
    check_policy(choice, options.is_simulated)


def recorded(options: GraphOptions, folder: Path) -> GraphOptions:
    """The same options with the supervisor's audit log in `folder`; writes down there what was started."""
    folder.mkdir(parents=True, exist_ok=True)
    parameters = {name: dict(values) for name, values in options.parameters.items()}
    parameters.setdefault("supervisor", {})["audit_path"] = str((folder / "audit").resolve())
    options = dataclasses.replace(options, parameters=parameters)
    words = json.dumps(dataclasses.asdict(options), indent=2, default=str)
    (folder / "graph.json").write_text(words + "\n", encoding="utf-8")
    return options


def run_graph(options: GraphOptions, log: ConsoleLog, stop: StopFlag) -> int:
    """Run the graph until it is asked to stop or a node dies; gives the exit code."""
    graph = Graph(options, on_line=log.line)
    log.note(f"starting {', '.join(options.nodes)} of {options.robot} in ROS domain {graph.domain_id}")
    with graph, graph.watch() as watch:
        _wait_ready(graph, watch, log, stop)
        while not stop.is_set and not graph.died():
            watch.spin(POLL_S)
        died = graph.died()
        for ended in died:
            log.note(f"{ended}: stopping the robot and ending the rest", is_error=True)
        log.note(f"asked the supervisor to stop the robot: {graph.stop_robot(watch)}")
        for ended in graph.stop():
            log.note(f"{ended} while stopping", is_error=True)
    log.note("all nodes have ended")
    return exit_code_of(died)


def _wait_ready(graph: Graph, watch: GraphWatch, log: ConsoleLog, stop: StopFlag) -> None:
    """Say when the graph is ready, or what it waits for; it keeps running either way."""
    try:
        graph.wait_ready_by(watch, READY_TIMEOUT_S, lambda: stop.is_set)
    except NodeDiedError:
        return  # told by the caller
    except NoetraError as error:
        if not stop.is_set:
            log.note(f"not ready yet: {error}", is_error=True)
        return
    if graph.options.arm:
        log.note("ready and armed. Ctrl-C ends it.")
    else:
        log.note('ready, not armed. In another terminal: noetra run "pick up the red cube" --arm')
