"""The graph of an evaluation: started once, watched, with a session on it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from noetra_ros.cli.episodes import SETTLE_S, EpisodeRunner
from noetra_ros.cli.graph import Graph
from noetra_ros.cli.graph_plan import GraphOptions
from noetra_ros.cli.graph_session import GraphSession
from noetra_ros.cli.node_logs import NodeLogs
from noetra_ros.cli.up import check_setup
from noetra_ros.evaluation.task_oracle import TaskOracle
from noetra_ros.ros.node_parameters import Value

READY_TIMEOUT_S = 120.0


class EvalGraph:
    """Context manager: nodes up and ready, in a ROS domain of its own.

    Args:
        policy: backend.
        robot: profile.
        time_mode: ``lock_step`` or ``real_time``.
        checkpoint: folder of a model; empty = the one that ships.
        log_folder: where the nodes' lines go.
        perception: the supervisor keeps the robot away from people.
        parameters: further ones, by node and name.
        sectors: that are laid over the parameters of every node.
        channel: command channel; empty = the profile's default.
    """

    def __init__(
        self,
        policy: str,
        robot: str,
        time_mode: str,
        checkpoint: str,
        log_folder: Path,
        perception: bool = False,
        parameters: Mapping[str, Mapping[str, Value]] | None = None,
        sectors: tuple[str, ...] = (),
        channel: str = "",
    ) -> None:
        self._options = GraphOptions(
            robot=robot,
            policy=policy,
            lock_step=time_mode == "lock_step",
            checkpoint=checkpoint,
            perception=perception,
            is_private=True,
            parameters=parameters or {},
            sectors=sectors,
            channel=channel,
        )
        self._log_folder = log_folder
        self._stack = ExitStack()

    def __enter__(self) -> EvalGraph:
        check_setup(self._options)
        with ExitStack() as stack:
            logs = NodeLogs(self._log_folder)
            stack.callback(logs.close)
            self.graph = stack.enter_context(Graph(self._options, logs.line))
            self.graph.wait_ready(READY_TIMEOUT_S)
            self.session = stack.enter_context(GraphSession(self.graph.what_died))
            self.session.wait_ready(READY_TIMEOUT_S)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def runner(self, oracle: TaskOracle, variation: str, folder: Path, person: str = "") -> EpisodeRunner:
        """What runs episodes on this graph; `person` = kind of the one who comes, empty = nobody."""
        has_old_world = self._options.perception and not self._options.lock_step
        settle_s = SETTLE_S if has_old_world else 0.0
        return EpisodeRunner(self.session, oracle, variation, folder, person, settle_s)
