"""The page of a demo, made of its stories: pictures, plots with limits, modes, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from noetra_ros.evaluation.demo_story import DemoStory, FaultStory, Motion, PersonStory, SentenceStory
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.report.fault_plot import fault_svg
from noetra_ros.evaluation.report.joint_plots import joint_svg
from noetra_ros.evaluation.report.page import (
    NOT_SAFETY_RATED,
    Chapter,
    Drawing,
    Page,
    Picture,
    Section,
    Table,
    Tile,
    number_words,
)
from noetra_ros.evaluation.report.person_chapter import person_chapter
from noetra_ros.evaluation.report.pictures import Spectator, spread_times
from noetra_ros.evaluation.report.timeline import Mark, ModeSpan, mode_spans, timeline_svg

PICTURES = 4
FAULT_PICTURES_S = (-0.4, 0.0, 0.4, 1.2)  # s around the bad thing
FAULT_CAPTION = (
    "Blue: what the physical joint did. Dashed: what reached the controller. Dots and crosses: commands that "
    "came in at the gate, crosses where they were no number or outside the limits. Background: mode of the "
    "supervisor. Lines with hatching: limits of the robot profile."
)


def demo_page(story: DemoStory, limits: AxisLimits, spectator: Spectator | None) -> Page:
    """The page of a demo.

    Args:
        story: what happened.
        limits: of the robot.
        spectator: draws the pictures; None = a page without pictures.
    """
    steps = story.steps
    motions = [step.motion for step in steps]
    spans = [span for motion in motions for span in _spans(motion)]
    return Page(
        title="A sentence moves the arm, and a gate stops it",
        summary=_summary(story),
        is_ok=story.is_ok,
        tiles=_tiles(story),
        sections=[
            Section(
                "Three sentences",
                "Two cameras, joint positions and the sentence go into the policy; its commands reach the "
                "arm "
                "only through the safety supervisor. Success is judged by the physics.",
                [_sentence_chapter(s, story.variation, spectator) for s in story.sentences],
            ),
            *_people_sections(story, spectator),
            Section(
                "Three bad things",
                "Done to the running graph on purpose, while the arm was moving.",
                [_fault_chapter(f, story.variation, limits, spectator) for f in story.faults],
            ),
            _whole_section(motions, steps, spans, limits),
        ],
        tables=[_step_table(story), _event_table(story)],
        notes=_notes(),
        facts={
            "policy": story.policy,
            "robot": story.robot,
            "time": "real time",
            "ROS 2": story.ros,
            "machine": story.machine,
            "whole demo": f"{story.duration_s:.0f} s",
        },
    )


def _people_sections(story: DemoStory, spectator: Spectator | None) -> list[Section]:
    """What became of visitors; nothing where nobody came."""
    if not story.visits:
        return []
    about = "The arm slows down for a person, stops in time, and goes on by itself when they are gone."
    chapters = [person_chapter(visit, story.variation, spectator) for visit in story.visits]
    return [Section("Somebody reaches in", about, chapters)]


def _summary(story: DemoStory) -> str:
    done = sum(s.record.success for s in story.sentences)
    stopped = sum(f.is_ok for f in story.faults)
    broken = sum(v.limit_violations for v in story.verdicts)
    late = sum(v.commands_after_stop for v in story.verdicts)
    return (
        f"A simulated {story.robot} did what {done} of {len(story.sentences)} sentences asked, and the "
        "safety "
        f"supervisor answered {stopped} of {len(story.faults)} bad things as declared; the physics saw "
        f"{broken or 'no'} joint limit{'s' if broken != 1 else ''} passed and {late or 'no'} command after "
        "a stop."
    )


def _tiles(story: DemoStory) -> list[Tile]:
    done, asked = sum(s.record.success for s in story.sentences), len(story.sentences)
    met, declared = sum(f.is_ok for f in story.faults), len(story.faults)
    broken = sum(v.limit_violations for v in story.verdicts)
    late = sum(v.commands_after_stop for v in story.verdicts)
    fastest = max(v.velocity_peak for v in story.verdicts)
    factors = [s.record.real_time_factor for s in story.sentences]
    return [
        Tile("sentences", f"{done} of {asked}", "done with the named cube", done == asked),
        Tile("bad things", f"{met} of {declared}", "answered as declared", met == declared),
        Tile("limits passed", str(broken), "position, velocity, acceleration", broken == 0),
        Tile("after a stop", str(late), "commands or motions", late == 0),
        Tile("fastest joint", f"{100 * fastest:.0f} %", "of its speed limit", fastest <= 1.0),
        Tile("real-time factor", f"{sum(factors) / max(len(factors), 1):.2f}", "simulated over wall time"),
    ]


def _sentence_chapter(story: SentenceStory, variation: str, spectator: Spectator | None) -> Chapter:
    record = story.record
    happened = (
        f"Done after {record.duration_s:.1f} s." if record.success else f"Not done: {record.end_reason}."
    )
    if record.wrong_object:
        happened += " Another object was handled, too."
    times = spread_times(story.told_s, story.told_s + record.duration_s, PICTURES)
    return Chapter(
        title=f"“{record.instruction}”",
        done="The sentence was given to the policy; lights, shades, cameras and friction were drawn at "
        "random.",
        happened=happened,
        is_ok=story.is_ok,
        facts=[
            ("limits passed", str(record.limit_violations)),
            ("fastest joint", f"{100 * record.velocity_peak:.0f} % of its limit"),
            ("supervisor events", str(sum(e.repeats for e in record.safety_events))),
            ("seed of the world", str(record.seed)),
        ],
        pictures=_strip(story.motion, variation, spectator, times, story.told_s),
    )


def _fault_chapter(
    story: FaultStory, variation: str, limits: AxisLimits, spectator: Spectator | None
) -> Chapter:
    motion = story.motion
    times_s = [story.at_s + offset_s for offset_s in FAULT_PICTURES_S]
    svg = fault_svg(
        motion.trace, limits, story.sent, _spans(motion), Mark(story.at_s, story.title.lower()), story.name
    )
    return Chapter(
        title=story.title,
        done=story.done,
        happened=story.happened,
        is_ok=story.is_ok,
        facts=[
            (f"{'✓' if c.is_met else '✗'} {c.words}", c.measured or ("yes" if c.is_met else "no"))
            for c in story.checks
        ],
        pictures=_strip(motion, variation, spectator, times_s, story.at_s),
        drawings=[Drawing(svg, FAULT_CAPTION)],
        events=story.events,
    )


def _strip(
    motion: Motion, variation: str, spectator: Spectator | None, times_s: Sequence[float], origin_s: float
) -> list[Picture]:
    if spectator is None:
        return []
    spectator.begin(motion.plan.seed, variation)
    return spectator.strip(motion.trace, times_s, origin_s)


def _whole_section(
    motions: Sequence[Motion],
    steps: Sequence[SentenceStory | PersonStory | FaultStory],
    spans: Sequence[ModeSpan],
    limits: AxisLimits,
) -> Section:
    marks = [Mark(m.began_s, str(number)) for number, m in enumerate(motions, start=1)]
    names = ", ".join(f"{i} {_step_name(step)}" for i, step in enumerate(steps, start=1))
    return Section(
        "From beginning to end",
        "The whole demo on simulated time. Between two steps the world is set up anew.",
        drawings=[
            Drawing(timeline_svg(spans, marks, "modes"), f"Mode of the supervisor. Steps: {names}."),
            Drawing(
                joint_svg([m.trace for m in motions], limits, spans, "joints"),
                "Every joint, from the physics at 500 Hz. Blue: measured. Dashed: what reached the "
                "controller. "
                "Lines with hatching: limits of the robot profile. Acceleration is the change of velocity "
                "over "
                "20 ms.",
            ),
        ],
    )


def _step_name(step: SentenceStory | PersonStory | FaultStory) -> str:
    if isinstance(step, FaultStory):
        return step.title.lower()
    return f"{step.record.instruction}{', somebody reaches in' if isinstance(step, PersonStory) else ''}"


def _step_table(story: DemoStory) -> Table:
    head = (
        "step",
        "as declared",
        "limits passed",
        "after a stop",
        "impacts",
        "position",
        "speed",
        "acceleration",
    )
    rows = []
    for step in story.steps:
        verdict = step.physics if isinstance(step, FaultStory) else step.record
        peaks = (verdict.position_peak, verdict.velocity_peak, verdict.acceleration_peak)
        rows.append(
            [
                _step_name(step),
                "yes" if step.is_ok else "no",
                str(verdict.limit_violations),
                str(verdict.commands_after_stop),
                str(verdict.contact_impacts),
                *(f"{100 * peak:.0f} %" for peak in peaks),
            ]
        )
    note = (
        "By the oracle, from the physics alone. The last three columns are the largest share of a limit that "
        "was used. An impact is an acceleration beyond the limit that a touched object caused."
    )
    return Table("What the physics saw", head, rows, note)


def _event_table(story: DemoStory) -> Table:
    counts: dict[tuple[str, str], int] = {}
    for event in _events(story):
        key = (event.check, event.action)
        counts[key] = counts.get(key, 0) + max(event.repeats, 1)
    rows = [[check, action, number_words(n)] for (check, action), n in sorted(counts.items())]
    return Table("What the supervisor reported", ("check", "did", "times"), rows)


def _events(story: DemoStory) -> Iterable:  # type: ignore[type-arg]
    for told in (*story.sentences, *story.visits):
        yield from told.record.safety_events
    for fault in story.faults:
        yield from fault.events


def _spans(motion: Motion) -> list[ModeSpan]:
    return mode_spans(motion.modes, float(motion.trace.time_s[-1]))


def _notes() -> list[str]:
    return [
        NOT_SAFETY_RATED,
        "This is a simulation: MuJoCo physics, motor parameters not measured on a real arm. Success, limits "
        "and "
        "stops are judged by an oracle that reads the physics and shares no code with the supervisor.",
        "Times between processes were taken on a machine without real-time scheduling; each declared time "
        "has "
        "its allowance written beside it.",
    ]
