"""A running graph in the hands of a program: start, wait until ready, kill one node, stop all."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from noetra_ros.cli.domain import PrivateDomain
from noetra_ros.cli.graph_plan import STOP_ORDER, GraphOptions, plan
from noetra_ros.cli.processes import Ended, OnLine, ProcessSet
from noetra_ros.cli.shared_memory import remove_left_segments
from noetra_ros.core.errors import NoetraError
from noetra_ros.ros.environment import prepare_environment

if TYPE_CHECKING:
    from noetra_ros.cli.graph_watch import GraphWatch

EXIT_DIED = 1
EXIT_WRONG_SETUP = 2
STOP_ROBOT_TIMEOUT_S = 2.0
# A name before each line makes the node's name and the time in it redundant.
LINE_FORMAT = {"RCUTILS_CONSOLE_OUTPUT_FORMAT": "{severity} {message}", "RCUTILS_COLORIZED_OUTPUT": "0"}


class NodeDiedError(NoetraError):
    """A node of the graph has ended without being asked."""

    def __init__(self, ended: Ended) -> None:
        self.ended = ended
        tail = "\n".join(f"    {line}" for line in ended.tail[-15:])
        super().__init__(f"{ended}; its last lines:\n{tail}" if tail else str(ended))


class Graph:
    """The nodes of a graph as child processes. Use it as a context manager, from the main thread.

    While it is open, this process has the same ROS variables as the nodes (domain, discovery, DDS profile):
    an rclpy context made meanwhile talks to them.

    Args:
        options: what to start.
        on_line: takes (node, line) for each line that a node prints, from other threads; nowhere by default.
        environment: variables to start from; this process's by default.

    Raises:
        ConfigError: options that cannot work.
    """

    def __init__(
        self,
        options: GraphOptions,
        on_line: OnLine = lambda name, line: None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.options = options
        self._programs = plan(options)
        self._domain = PrivateDomain() if options.is_private else None
        self.environment = dict(os.environ if environment is None else environment)
        self._ros_variables = _ros_variables(self.environment, self._domain, options.is_simulated)
        self._before: dict[str, str | None] = {}
        self.environment.update(self._ros_variables)
        self.processes = ProcessSet({**LINE_FORMAT, **self.environment}, on_line)

    def __enter__(self) -> Graph:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def domain_id(self) -> int:
        """ROS domain of the nodes."""
        return int(self.environment.get("ROS_DOMAIN_ID") or 0)

    @property
    def pids(self) -> dict[str, int]:
        """Process id of each running node, also that of its process group."""
        return self.processes.pids

    def start(self) -> None:
        """Start every node; returns at once (`wait_ready` waits)."""
        remove_left_segments()
        self._before = {name: os.environ.get(name) for name in self._ros_variables}
        os.environ.update(self._ros_variables)
        try:
            for program in self._programs:
                self.processes.start(program)
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, timeout_s: float = 60.0, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Wait until every node is active and the supervisor has seen all streams.

        Args:
            timeout_s: s for each of the two.
            interrupted: true ends the wait.

        Raises:
            NodeDiedError: a node has ended.
            GraphNotReadyError: names the nodes that are not active in time.
        """
        with self.watch() as watch:
            self.wait_ready_by(watch, timeout_s, interrupted)

    def watch(self) -> GraphWatch:
        """A node of ours beside the graph; to be used as a context manager while the graph is open."""
        from noetra_ros.cli.graph_watch import GraphWatch  # rclpy reads the environment when it is imported

        return GraphWatch(self.options.namespace, self.domain_id)

    def wait_ready_by(self, watch: GraphWatch, timeout_s: float, interrupted: Callable[[], bool]) -> None:
        """The same as `wait_ready`, by a watch that there is already."""
        from noetra_ros.cli.graph_watch import GraphNotReadyError
        from noetra_ros.msg import SafetyState

        why_end = functools.partial(self._why_end, interrupted)
        watch.wait_active(self.options.nodes, timeout_s, why_end)
        ready = range(SafetyState.MODE_STANDBY, SafetyState.MODE_FAULT + 1)
        if "supervisor" in self.options.nodes and not watch.wait_mode(ready, timeout_s, why_end):
            reason = watch.safety.reason if watch.safety else "no safety/state"
            raise GraphNotReadyError(f"the supervisor is still starting up: {reason}")

    def stop_robot(self, watch: GraphWatch) -> str:
        """Ask the supervisor for a controlled stop; gives its answer in words."""
        if "supervisor" not in self.pids:
            return "not there, so nothing reaches the robot any more"
        return watch.stop_robot(STOP_ROBOT_TIMEOUT_S)

    def died(self) -> list[Ended]:
        """Nodes that have ended without being asked, also those that `kill` ended."""
        return self.processes.died()

    def what_died(self) -> str:
        """The same in words; empty where all are running."""
        return "; ".join(str(ended) for ended in self.died())

    def kill(self, name: str, number: int = signal.SIGKILL) -> Ended:
        """End one node the hard way and wait for its end."""
        return self.processes.kill(name, number)

    def restart(self, name: str) -> None:
        """Start a node again that has ended."""
        self.processes.start(next(p for p in self._programs if p.name == name))

    def stop(self) -> list[Ended]:
        """Stop every node, the supervisor last; gives those that did not end well. May be called twice."""
        try:
            return self.processes.stop(STOP_ORDER)
        finally:
            self._restore_environment()
            if self._domain is not None:
                self._domain.release()

    def _why_end(self, interrupted: Callable[[], bool]) -> str:
        for ended in self.died():
            raise NodeDiedError(ended)
        return "interrupted" if interrupted() else ""

    def _restore_environment(self) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._before = {}


def exit_code_of(died: list[Ended]) -> int:
    """2 where a node refused its set-up, 1 where one died otherwise, else 0."""
    if any(e.code == EXIT_WRONG_SETUP for e in died):
        return EXIT_WRONG_SETUP
    return EXIT_DIED if died else 0


def _ros_variables(
    environment: Mapping[str, str], domain: PrivateDomain | None, is_simulated: bool
) -> dict[str, str]:
    """What the nodes need beyond `environment`; what the user has set stays, but for the private domain."""
    complete = dict(environment)
    prepare_environment(complete)
    if domain is not None:
        complete["ROS_DOMAIN_ID"] = str(domain.number)
    if domain is not None or is_simulated:
        complete.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    return {name: value for name, value in complete.items() if environment.get(name) != value}
