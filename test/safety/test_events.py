from noetra_ros.safety.events import GONE_AFTER_NS, EventLog, operator_event
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.verdict import Action, Verdict, passed

SECOND_NS = 10**9


def clamp(subject="elbow"):
    return Verdict("velocity", Action.CLAMP, "too fast", subject=subject, unit="rad/s")


def test_the_first_is_told_at_once():
    events = EventLog().add([clamp()], Mode.ACTIVE, 0)
    assert [(e.verdict.subject, e.mode, e.repeats) for e in events] == [("elbow", Mode.ACTIVE, 1)]


def test_like_ones_are_counted_and_told_ever_more_rarely():
    log, repeats = EventLog(), []
    for k in range(800):
        repeats += [e.repeats for e in log.add([clamp()], Mode.ACTIVE, k * SECOND_NS // 100)]
    assert repeats == [1, 100, 200, 400]


def test_another_subject_is_told_at_once():
    log = EventLog()
    log.add([clamp()], Mode.ACTIVE, 0)
    assert len(log.add([clamp("shoulder")], Mode.ACTIVE, 1)) == 1


def test_what_passes_is_not_told():
    assert EventLog().add([passed("velocity")], Mode.ACTIVE, 0) == []


def test_the_end_is_told_with_what_was_not_yet_told():
    log = EventLog()
    for k in range(10):
        log.add([clamp()], Mode.ACTIVE, k)
    assert log.expire(Mode.ACTIVE, SECOND_NS // 4) == []
    (event,) = log.expire(Mode.ACTIVE, SECOND_NS)
    assert (event.verdict.action, event.verdict.subject, event.repeats) == (Action.PASS, "elbow", 9)
    assert event.verdict.reason == "gone: too fast"
    assert log.expire(Mode.ACTIVE, 2 * SECOND_NS) == []


def test_after_the_end_the_next_is_a_first_again():
    log = EventLog()
    log.add([clamp()], Mode.ACTIVE, 0)
    log.expire(Mode.ACTIVE, SECOND_NS)
    assert log.add([clamp()], Mode.ACTIVE, SECOND_NS + 1)[0].repeats == 1


def test_operator_events_say_so():
    event = operator_event("armed", Mode.ACTIVE)
    assert event.is_operator
    assert event.verdict.check == "operator"


def test_half_a_second_later_a_cause_is_gone():
    log = EventLog()
    log.add([clamp()], Mode.ACTIVE, 7 * SECOND_NS)
    assert log.expire(Mode.ACTIVE, 7 * SECOND_NS + GONE_AFTER_NS) == []
    assert len(log.expire(Mode.ACTIVE, 7 * SECOND_NS + GONE_AFTER_NS + 1)) == 1


def test_every_half_minute_at_least_it_is_told():
    """Somebody who looks at the log now sees that it still goes on."""
    log, told_s = EventLog(), []
    for k in range(140):
        told_s += [k for _ in log.add([clamp()], Mode.ACTIVE, k * SECOND_NS)]
    assert told_s == [0, 1, 3, 7, 15, 31, 63, 95, 127]
