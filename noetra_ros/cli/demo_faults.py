"""The bad things of the demo, done to the running graph in front of a person, and what came of each."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from noetra_ros.cli.demo_scene import TIMEOUT_S, Scene
from noetra_ros.cli.flood import FLOOD_HZ, STOPPED_MODES, Flood
from noetra_ros.cli.graph_session import GraphSession
from noetra_ros.core.config import read_yaml
from noetra_ros.evaluation.demo_story import DeclaredCheck, FaultStory
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.ros import interfaces
from noetra_ros.ros.node_parameters import parameter_file

FLOOD_S = 1.5
WATCH_S = 1.5  # simulated s for which a stop is watched
ALLOWANCE_S = 0.1  # for two messages between processes of a machine without real-time scheduling


def kill_policy(scene: Scene, plan: EpisodePlan) -> FaultStory:
    """SIGKILL to the policy's process while the arm moves."""
    session = scene.session
    limit_s = declared_s("heartbeat_timeout_s") + 1.0 / scene.profile.channel().rate_hz
    with scene.under_way(plan) as (task, began_s):
        task.abandon()
        scene.tolerated.add("policy")
        at_s, before = session.now_s, len(session.modes)
        scene.graph.kill("policy")  # waits until the process is gone, and that takes a while
        _wait_stopped(session)
        stops_s = [ns * 1e-9 for ns, mode in session.modes[before:] if mode in STOPPED_MODES]
        stopped_s = stops_s[0] - at_s if stops_s else math.nan  # it stood already: nothing was shown
        scene.wait_sim(WATCH_S)
        is_still_stopped = session.mode == "protective_stop"
    scene.runner.stand_still()
    story = scene.story(
        plan,
        began_s,
        at_s,
        name="policy_killed",
        title="The policy is killed",
        done="While the arm was moving, the policy's process got SIGKILL: no goodbye, no last message.",
        happened=f"{stopped_s:.2f} s later the supervisor, which had missed the policy's heartbeat, went "
        "into PROTECTIVE STOP: it braked the arm along its path, and nothing passed any more.",
        checks=(
            _in_time(
                "the arm is told to stop within the heartbeat time-out and one period", stopped_s, limit_s
            ),
            DeclaredCheck("it stays stopped while the policy is missing", is_still_stopped),
        ),
    )
    _revive_policy(scene)
    return story


def flood_commands(scene: Scene, plan: EpisodePlan) -> FaultStory:
    """A second program floods the gate's input with commands that no robot should get."""
    session = scene.session
    with scene.under_way(plan) as (_, began_s):
        flood = Flood(session, scene.profile)
        flood.connect()
        at_s, before = session.now_s, len(session.modes)
        flood.run(FLOOD_S)
        stops = [mode for _, mode in session.modes[before:] if mode in STOPPED_MODES]
        took_s = flood.first_stop_s - flood.first_sent_s
        resumed_s = _seconds_until(session, lambda: session.mode == "active", 5.0)
        scene.wait_sim(WATCH_S)
    scene.runner.stand_still()
    total = sum(flood.kinds.values())
    return scene.story(
        plan,
        began_s,
        at_s,
        name="command_flood",
        title="A flood of bad commands",
        done=f"While the arm was moving, a second program sent {total} commands to the gate in "
        f"{FLOOD_S:g} s: {', '.join(f'{n} {kind}' for kind, n in flood.kinds.items())}.",
        happened=f"{took_s * 1e3:.0f} ms after the first of them the supervisor was in PROTECTIVE STOP, and "
        "the "
        f"arm braked; {resumed_s:.1f} s after the last of them the policy's commands passed again.",
        checks=(
            _in_time("the first bad command stops the arm within one period", took_s, 1.0 / FLOOD_HZ),
            DeclaredCheck("the flood ends in a stop, not in motion", bool(stops), ", ".join(set(stops))),
            DeclaredCheck(
                "it goes on by itself once the flood is over", math.isfinite(resumed_s), f"{resumed_s:.2f} s"
            ),
        ),
        sent=flood.sent,
        kinds_sent=dict(flood.kinds),
    )


def press_estop(scene: Scene, plan: EpisodePlan) -> FaultStory:
    """The emergency stop on its topic; letting go and resetting must not start motion."""
    session = scene.session
    limit_s = 1.0 / scene.profile.channel().rate_hz
    with scene.under_way(plan) as (_, began_s):
        at_s, pressed_s = session.now_s, time.monotonic()
        session.press_estop(True)
        took_s = _wait_stopped(session) - pressed_s
        scene.wait_sim(WATCH_S)
        refusal = session.trigger(interfaces.RESET)
        session.press_estop(False)
        scene.wait_sim(0.5)
        latched = session.mode
    answer = session.trigger(interfaces.RESET)
    session.wait_mode("standby", TIMEOUT_S)
    scene.runner.stand_still()
    return scene.story(
        plan,
        began_s,
        at_s,
        name="estop",
        title="The emergency stop is pressed",
        done="While the arm was moving, the e-stop was pressed; later it was let go, and then reset.",
        happened=f"{took_s * 1e3:.0f} ms later the supervisor was in EMERGENCY STOP. It refused a reset "
        "while "
        "the button was pressed, stayed stopped when it was let go, and went to STANDBY on the reset: the "
        "arm moves again only when a person arms it.",
        checks=(
            _in_time("the arm is told to stop within one period", took_s, limit_s),
            DeclaredCheck("no reset while the button is pressed", not refusal.success, refusal.message),
            DeclaredCheck(
                "letting go alone changes nothing", latched == "emergency_stop", latched.replace("_", " ")
            ),
            DeclaredCheck("the reset leads to standby, not to motion", answer.success, answer.message),
        ),
    )


def declared_s(name: str) -> float:
    """A time of the supervisor's shipped parameter file, s."""
    (node,) = read_yaml(parameter_file("supervisor")).values()
    return float(node["ros__parameters"][name])


def _in_time(words: str, took_s: float, limit_s: float) -> DeclaredCheck:
    """A declared time, with an allowance for a machine without real-time scheduling, which is told."""
    measured = f"{took_s * 1e3:.0f} ms, limit {limit_s * 1e3:.0f} ms + {ALLOWANCE_S * 1e3:.0f} ms allowance"
    return DeclaredCheck(words, took_s <= limit_s + ALLOWANCE_S, measured)


def _wait_stopped(session: GraphSession) -> float:
    """Wall time (monotonic, s) at which the report of a stop came in."""
    session.wait_until(lambda: session.mode in STOPPED_MODES, TIMEOUT_S, "the supervisor to stop the arm")
    return time.monotonic()


def _seconds_until(session: GraphSession, is_done: Callable[[], bool], timeout_s: float) -> float:
    """Wall s until something has come; infinite where it does not."""
    begin_s = time.monotonic()
    while not is_done():
        if time.monotonic() - begin_s > timeout_s:
            return math.inf
        session.spin()
    return time.monotonic() - begin_s


def _revive_policy(scene: Scene) -> None:
    """Start the policy again and wait until it answers."""
    session = scene.session
    session.policy = None
    scene.graph.restart("policy")
    scene.tolerated.discard("policy")
    session.wait_ready(60.0)
