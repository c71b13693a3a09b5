"""The timeline: every change once, in order of time."""

from made_incident import event, person_facts

from noetra_ros.evaluation.incident_timeline import spans_of, timeline


def test_changes_are_in_order_of_time():
    moments = timeline(person_facts())
    assert [(m.time_s, m.kind, m.name) for m in moments] == [
        (-3.0, "mode", "active"), (-1.0, "policy", "running"), (-0.8, "mode", "slowed"),
        (-0.8, "event", "slow"), (0.0, "mode", "protective_stop"), (0.0, "event", "stop"),
        (2.1, "mode", "active"),
    ]  # fmt: skip


def test_repeats_are_told_once():
    facts = person_facts()
    (same,) = [m for m in timeline(person_facts(policy=[*facts.policy] * 3)) if m.kind == "policy"]
    assert same.words == "pick up the red cube"
    often = event(0.0, "stop", "too near")
    object.__setattr__(often, "repeats", 12)
    assert timeline(person_facts(events=[often]))[-2].words == "separation: too near (12 times)"


def test_spans_reach_to_the_end_of_the_file():
    assert [(s.mode, s.start_s, s.end_s) for s in spans_of(person_facts())][-1] == ("active", 2.1, 5.0)
