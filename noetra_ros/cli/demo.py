"""Show everything in two minutes: three sentences, a visitor, three bad things, and a report page."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noetra_ros.cli.demo_view import DemoView
from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.demo_page import demo_page
from noetra_ros.evaluation.demo_story import DemoStory, FaultStory, PersonStory, SentenceStory, story_json
from noetra_ros.evaluation.limits import limits_of
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import write_json
from noetra_ros.evaluation.report.page import write_page
from noetra_ros.evaluation.report.person_chapter import person_words
from noetra_ros.evaluation.report.pictures import Spectator
from noetra_ros.evaluation.seeds import episode_seed
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.distribution import ros_distribution

if TYPE_CHECKING:
    from noetra_ros.cli.demo_run import DemoRun
    from noetra_ros.cli.demo_scene import Scene

ROBOT, VARIATION, RUN_SEED = "so101", "eval", 77
SENTENCES = (
    ("reach", "red", "reach for the red cube"),
    ("pick", "green", "pick up the green cube"),
    ("place", "blue", "put the blue cube into the bowl"),
)
VISIT = ("place", "red", "put the red cube into the bowl")
VISIT_TITLE = f"“{VISIT[2]}”, and somebody reaches in"
FAULT_TITLES = ("kill the policy (SIGKILL)", "flood of NaN and out-of-range commands", "press the e-stop")
TIME_LIMIT_S = 25.0
STEPS = (
    "start the graph",
    *(f"“{words}”" for _, _, words in SENTENCES),
    VISIT_TITLE,
    *FAULT_TITLES,
    "write the report",
)


def command(
    policy: Annotated[str, typer.Option(help="Policy backend; `scripted` needs no model.")] = "noetra_nano",
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("out/demo"),
    view: Annotated[
        bool, typer.Option("--view", help="Show the robot in a window; needs a display.")
    ] = False,
) -> None:
    """A simulated arm in a real ROS 2 graph does what three sentences say; somebody reaches in while it
    works; then the policy is killed, bad commands flood the gate and the e-stop is pressed. Exit code 0 only
    where every step did what is declared.
    """
    if view:
        _require_display()
    head = f"noetra demo: {policy} on {ROBOT}, real time, every command gated by the safety supervisor"
    with DemoView(head, STEPS) as screen:
        story = _play(policy, out, view, screen)
        screen.begin(len(STEPS) - 1)
        write_report(story, out)
        screen.end(len(STEPS) - 1, True, str(out / "index.html"))
    if not story.is_ok:
        if story.stale_s > 0.0:
            screen.console.print(overload_words(story.stale_s), style="yellow", highlight=False)
        raise typer.Exit(1)


def overload_words(stale_s: float) -> str:
    """Why a real-time run may have gone wrong through no fault of the graph."""
    return (
        f"The machine did not keep up with real time: joint states up to {1e3 * stale_s:.0f} ms old reached "
        "the supervisor. Close other programs and run it again; noetra eval runs in lock-step, which waits."
    )


def demo_plans() -> list[EpisodePlan]:
    """The sentences, the visit, one motion for each bad thing; their worlds are never those of training."""
    motions = (*SENTENCES, VISIT, SENTENCES[2], SENTENCES[2], SENTENCES[2])
    return [
        EpisodePlan(
            index, episode_seed(RUN_SEED, index), task, colour, "train", words, time_limit_s=TIME_LIMIT_S
        )
        for index, (task, colour, words) in enumerate(motions)
    ]


def write_report(story: DemoStory, folder: Path) -> None:
    """Write index.html and report.json."""
    profile = load_robot(story.robot)
    spectator = Spectator(profile)
    try:
        page = demo_page(story, limits_of(profile), spectator)
    finally:
        spectator.close()
    write_page(page, folder / "index.html")
    write_json(story_json(story), folder / "report.json")


def _play(policy: str, out: Path, view: bool, screen: DemoView) -> DemoStory:
    from noetra_ros.cli.demo_faults import flood_commands, kill_policy, press_estop
    from noetra_ros.cli.demo_run import DemoRun  # ROS loads after the options were found right

    begin_s = time.monotonic()
    plans = demo_plans()
    with tempfile.TemporaryDirectory(prefix="noetra_demo_") as folder:
        screen.begin(0)
        with DemoRun(policy, ROBOT, VARIATION, Path(folder), out / "log", view) as run:
            run.wait_ready()
            screen.end(0, True, f"{time.monotonic() - begin_s:.0f} s")
            begun = 1 + len(SENTENCES)
            sentences = tuple(_follow(run, screen, *step) for step in enumerate(plans[: begun - 1], start=1))
            visit = _receive(run, screen, begun, plans[begun - 1])
            deeds = (kill_policy, flood_commands, press_estop)
            faults = tuple(
                _do(run, screen, number, deed, plan)
                for number, (deed, plan) in enumerate(zip(deeds, plans[begun:], strict=True), start=begun + 1)
            )
    lasted_s = time.monotonic() - begin_s
    return DemoStory(
        policy,
        ROBOT,
        VARIATION,
        describe_machine(),
        _ros_words(),
        lasted_s,
        sentences,
        faults,
        (visit,),
    )


def _follow(run: DemoRun, screen: DemoView, number: int, plan: EpisodePlan) -> SentenceStory:
    screen.begin(number)
    told = run.follow(plan)
    words = "; ".join(told.shortcomings) or f"done in {told.record.duration_s:.1f} s"
    screen.end(number, told.is_ok, words)
    return told


def _receive(run: DemoRun, screen: DemoView, number: int, plan: EpisodePlan) -> PersonStory:
    screen.begin(number)
    visit = run.receive(plan)
    screen.end(number, visit.is_ok, "; ".join(visit.shortcomings) or person_words(visit))
    return visit


def _do(
    run: DemoRun,
    screen: DemoView,
    number: int,
    deed: Callable[[Scene, EpisodePlan], FaultStory],
    plan: EpisodePlan,
) -> FaultStory:
    screen.begin(number)
    fault = deed(run.scene, plan)
    screen.end(number, fault.is_ok, "; ".join((fault.happened, *fault.shortcomings)))
    return fault


def _ros_words() -> str:
    """Which ROS 2 the nodes ran on."""
    return ros_distribution() or "unnamed"


def _require_display() -> None:
    """A window needs somewhere to be.

    Raises:
        ConfigError: neither X nor Wayland is there.
    """
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise single_fault(
            "noetra demo",
            "--view",
            "no display (DISPLAY and WAYLAND_DISPLAY are empty)",
            "an X or Wayland session",
            "run it without --view: out/demo/index.html shows the same",
        )
