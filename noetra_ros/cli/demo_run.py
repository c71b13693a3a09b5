"""The demo's graph and its steps: sentences that are followed, bad things that are stopped."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from noetra_ros.cli.demo_person import person_reaches_in
from noetra_ros.cli.demo_scene import Scene
from noetra_ros.cli.episodes import SETTLE_S, EpisodeRunner
from noetra_ros.cli.graph import Graph
from noetra_ros.cli.graph_plan import GraphOptions
from noetra_ros.cli.graph_session import GraphSession
from noetra_ros.cli.node_logs import NodeLogs
from noetra_ros.cli.processes import Program
from noetra_ros.cli.up import check_setup
from noetra_ros.evaluation.contact_limits import contact_limits_mps
from noetra_ros.evaluation.demo_story import Motion, PersonStory, SentenceStory
from noetra_ros.evaluation.episode_judge import PhysicsJudge, stop_windows
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.task_oracle import TaskOracle
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.robots.profile import RobotProfile, load_robot

READY_TIMEOUT_S = 120.0
WINDOW = "window"


class DemoRun:
    """Context manager: the graph in real time, in a ROS domain of its own.

    Args:
        policy: backend.
        robot: profile.
        variation: of the worlds.
        traces: folder of the physics traces.
        logs: folder of what the nodes print.
        has_window: show the robot in MuJoCo's viewer.
    """

    def __init__(
        self,
        policy: str,
        robot: str,
        variation: str,
        traces: Path,
        logs: Path,
        has_window: bool = False,
    ) -> None:
        self.profile: RobotProfile = load_robot(robot)
        self._variation, self._traces, self._logs = variation, traces, logs
        self._options = GraphOptions(robot=robot, policy=policy, perception=True, is_private=True)
        self._has_window = has_window
        self._oracle, self._judge = TaskOracle(self.profile), PhysicsJudge(self.profile)

    def __enter__(self) -> DemoRun:
        check_setup(self._options)
        with ExitStack() as stack:
            logs = NodeLogs(self._logs)
            stack.callback(logs.close)
            self.graph = stack.enter_context(Graph(self._options, logs.line))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def wait_ready(self) -> None:
        """Wait until every node works.

        Raises:
            NoetraError: names the node that does not.
        """
        self.graph.wait_ready(READY_TIMEOUT_S)
        session = self._stack.enter_context(GraphSession(lambda: self.scene.what_died()))
        self._runner = EpisodeRunner(session, self._oracle, self._variation, self._traces, settle_s=SETTLE_S)
        self.scene = Scene(self.graph, session, self._runner, self._judge, self.profile)
        session.wait_ready(READY_TIMEOUT_S)
        if self._has_window:
            self.scene.tolerated.add(WINDOW)  # a person may close it
            arguments = (self.profile.name, self._variation)
            self.graph.processes.start(Program(WINDOW, "noetra_ros.cli.live_view", arguments))

    def follow(self, plan: EpisodePlan) -> SentenceStory:
        """Let the policy follow one sentence, and judge it."""
        raw = self._runner.run(plan)
        trace = read_trace(raw.trace_path)
        verdict = self._oracle.judge(trace, plan.seed, self._variation, plan.task, plan.colour, raw.told_s)
        physics = self._judge.judge(trace, stop_windows(raw.modes, float(trace.time_s[-1])))
        motion = Motion(plan, trace, raw.modes, raw.began_s, raw.ended_s)
        return SentenceStory(motion, raw.told_s, raw.record(verdict, physics))

    def receive(self, plan: EpisodePlan) -> PersonStory:
        """Let the policy follow a sentence while somebody reaches in."""
        limits_mps = contact_limits_mps(self.profile)
        return person_reaches_in(self.scene, self._oracle, self._variation, plan, limits_mps)
