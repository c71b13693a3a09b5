"""The demo's page and report tell what came of every step, good or bad."""

import dataclasses
import json

import numpy as np
import pytest
from made_traces import LIMITS, clean_trace

from noetra_ros.evaluation.demo_page import demo_page
from noetra_ros.evaluation.demo_story import (
    DeclaredCheck,
    DemoStory,
    FaultStory,
    Motion,
    PersonStory,
    SentenceStory,
    physics_checks,
    story_json,
)
from noetra_ros.evaluation.episode_judge import PhysicsVerdict
from noetra_ros.evaluation.person_oracle import PersonVerdict
from noetra_ros.evaluation.person_trace import PersonTrace
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import EpisodeRecord, SafetyEventRecord
from noetra_ros.evaluation.report.fault_plot import SentCommands
from noetra_ros.evaluation.report.page import render_page
from noetra_ros.evaluation.report.separation_plot import SeparationSamples
from noetra_ros.evaluation.violations import Violation, ViolationKind

PLAN = EpisodePlan(0, 1, "pick", "red", "train", "pick up the red cube", 12.0)
MOTION = Motion(PLAN, clean_trace(), ((0.0, "standby"), (0.2, "active"), (1.0, "protective_stop")), 0.0, 2.0)
CLEAN = PhysicsVerdict((), 0, 0, 0, 0.5, 0.6, 0.7)
EVENT = SafetyEventRecord(
    1.0, "finite", "stop", "gripper", float("nan"), float("nan"), "1", "is NaN", "active"
)


def sentence(**changes):
    record = EpisodeRecord(
        0, 1, "pick", "pick up the red cube", "train", True, False, "success", 1.2, 2.0, 1.0, **vars(CLEAN)
    )
    return SentenceStory(MOTION, 0.2, dataclasses.replace(record, **changes))


def fault(physics=CLEAN, is_met=True):
    sent = SentCommands(np.array([1.0, 1.1]), np.array([[np.nan, 0.0], [9.0, 0.0]]))
    checks = (DeclaredCheck("it stops in time", is_met, "12 ms"), *physics_checks(physics))
    return FaultStory(
        "command_flood", "A flood", "Bad commands were sent.", "It stopped.", MOTION, physics, 1.0, checks,
        (EVENT,), sent, {"all NaN": 2},
    )  # fmt: skip


def visit(is_met=True):
    count = len(MOTION.trace.time_s)
    person = PersonTrace(
        "reach", (), (), np.zeros(0), np.zeros(0), np.zeros((0, 0, 2, 3)), np.linspace(1.5, 0.2, count), ()
    )
    motion = dataclasses.replace(MOTION, trace=dataclasses.replace(MOTION.trace, person=person))
    record = dataclasses.replace(
        sentence().record, person=PersonVerdict("reach", 0, 0, 0, 0.0, 0.2, 1.8, 0.4, 0.8)
    )
    columns = [np.array(values) for values in ((0.3, 0.9), (1.2, 0.4), (0.9, 0.8), (1.0, 0.0))]
    checks = (DeclaredCheck("it slows before it has to stop", is_met, "slowed"),)
    return PersonStory(motion, 0.2, record, 1.9, SeparationSamples(*columns), checks)


def story(*steps):
    kinds = [tuple(s for s in steps if isinstance(s, k)) for k in (SentenceStory, FaultStory, PersonStory)]
    return DemoStory("scripted", "so101", "eval", "a laptop", "kilted", 60.0, *kinds)


def test_page_tells_of_a_visitor():
    page = render_page(demo_page(story(sentence(), visit(), fault()), LIMITS, None))
    for words in ("Somebody reaches in", "slowed for 0.4 s and stopped for 0.8 s", "Nearest: 0.20 m",
                  "it slows before it has to stop", "robot to person (m)", "speed scale"):  # fmt: skip
        assert words in page, words
    assert not story(visit(is_met=False)).is_ok
    assert visit(is_met=False).shortcomings == ("it slows before it has to stop: slowed",)


def passed(measured):
    return Violation(ViolationKind.ACCELERATION, "elbow", 0.4, 0.02, measured, 20.0, "rad/s2")


def test_a_step_that_went_wrong_says_what_did():
    bad = sentence(violations=(passed(21.0), passed(-24.6)), limit_violations=2, wrong_object=True)
    assert bad.shortcomings == ("another cube was handled", "elbow acceleration -24.6, limit 20 rad/s2")
    assert fault(is_met=False).shortcomings == ("it stops in time: 12 ms",)
    assert sentence().shortcomings == fault().shortcomings == ()


def test_an_overloaded_machine_is_named():
    old = dataclasses.replace(EVENT, check="stale", subject="joint_states", measured=0.16)
    assert story(sentence(safety_events=(old,))).stale_s == 0.16
    assert story(sentence(), fault()).stale_s == 0.0


def test_page_tells_every_step():
    page = render_page(demo_page(story(sentence(), fault()), LIMITS, None))
    for words in (
        "pick up the red cube", "Done after 1.2 s", "A flood", "Bad commands were sent.", "It stopped.",
        "it stops in time", "12 ms", "is NaN", "protective stop", "shoulder", "gripper", "a laptop",
        "everything did what is declared", "non-safety-rated",
    ):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    "step",
    [
        sentence(success=False, end_reason="time_limit"),
        sentence(wrong_object=True),
        sentence(limit_violations=1),
        fault(is_met=False),
        fault(physics=dataclasses.replace(CLEAN, limit_violations=2)),
        fault(physics=dataclasses.replace(CLEAN, commands_after_stop=1)),
    ],
)
def test_one_bad_step_is_told(step):
    whole = story(sentence(), fault(), step)
    assert not whole.is_ok
    assert story_json(whole)["is_ok"] is False
    assert "not everything did what is declared" in render_page(demo_page(whole, LIMITS, None))


def test_report_is_strict_json_with_totals():
    document = json.loads(
        json.dumps(story_json(story(sentence(limit_violations=1), fault())), allow_nan=False)
    )
    assert document["limit_violations"] == 1
    assert document["commands_after_stop"] == 0
    assert document["time_mode"] == "real_time"
    assert document["faults"][0]["checks"][0] == {
        "words": "it stops in time",
        "is_met": True,
        "measured": "12 ms",
    }
    assert document["faults"][0]["kinds_sent"] == {"all NaN": 2}
    assert document["sentences"][0]["is_ok"] is False
