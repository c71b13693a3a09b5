"""The chapter of the page that tells of a person who reached in while the arm worked."""

from __future__ import annotations

from noetra_ros.evaluation.demo_story import PersonStory
from noetra_ros.evaluation.report.page import Chapter, Drawing, Picture
from noetra_ros.evaluation.report.pictures import Spectator
from noetra_ros.evaluation.report.separation_plot import separation_svg
from noetra_ros.evaluation.report.timeline import mode_spans

MOMENTS_S = (-2.0, -0.8, 0.0, 2.0)  # around the instant at which the person was nearest
AROUND_S = 1.0  # shown before the sentence and after its end
CAPTION = (
    "Above: distance of robot and nearest person; dashed by the physics, blue as the supervisor took it from "
    "perception, amber what had to be kept at that speed (ISO/TS 15066, 5.5.4). Below: the speed scale. "
    "Background: mode of the supervisor."
)


def person_chapter(story: PersonStory, variation: str, spectator: Spectator | None) -> Chapter:
    """What the person did, what the robot did, and the moment in pictures."""
    record = story.record
    return Chapter(
        title=f"Somebody reaches in while the arm follows “{record.instruction}”",
        done="A person came to the table and reached into the arm's workspace. The graph sees them only "
        "through the overhead depth camera.",
        happened=person_words(story),
        is_ok=story.is_ok,
        facts=[
            (f"{'✓' if c.is_met else '✗'} {c.words}", c.measured or ("yes" if c.is_met else "no"))
            for c in story.checks
        ],
        pictures=_pictures(story, variation, spectator),
        drawings=[Drawing(_plot(story), CAPTION)],
        events=record.safety_events,
    )


def person_words(story: PersonStory) -> str:
    """What the robot did about the person, in a sentence or two."""
    record, person = story.record, story.record.person
    if person is None:
        return "Nobody came."
    end = f"finished after {record.duration_s:.1f} s" if record.success else "did not finish"
    return (
        f"The arm was slowed for {person.slowed_s:.1f} s and stopped for {person.stopped_s:.1f} s, went on "
        f"by itself and {end}. Nearest: {person.nearest_m:.2f} m; touches: {person.contacts}."
    )


def _pictures(story: PersonStory, variation: str, spectator: Spectator | None) -> list[Picture]:
    motion = story.motion
    if spectator is None or motion.trace.person is None:
        return []
    spectator.begin(motion.plan.seed, variation, motion.trace.person.kind)
    first_s, last_s = float(motion.trace.time_s[0]), float(motion.trace.time_s[-1])
    times_s = [min(max(story.nearest_s + offset_s, first_s), last_s) for offset_s in MOMENTS_S]
    return spectator.strip(motion.trace, times_s, story.told_s, "onlooker")


def _plot(story: PersonStory) -> str:
    trace = story.motion.trace
    assert trace.person is not None, "a story of a person"
    window = (story.told_s - AROUND_S, story.motion.ended_s + AROUND_S)
    spans = mode_spans(story.motion.modes, float(trace.time_s[-1]))
    return separation_svg(
        story.separation, trace.time_s, trace.person.distance_m, spans, window, "separation"
    )
