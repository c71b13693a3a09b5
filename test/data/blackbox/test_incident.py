"""Which stops are incidents, what they are called, and how long a file goes on."""

import pytest

from noetra_ros.data.blackbox.incident import IncidentWatch, Report, Window

SECOND = 1_000_000_000
WINDOW = Window(before_s=10.0, after_s=5.0, file_max_s=12.0, silence_s=1.0)


def heard(*modes):
    """A watch after these reports, one a second."""
    watch = IncidentWatch(WINDOW)
    begun = [
        watch.hear(Report(mode, f"why {mode}", (f"{mode}_check",)), i * SECOND)
        for i, mode in enumerate(modes)
    ]
    return watch, begun


@pytest.mark.parametrize("before", ["active", "slowed"])
@pytest.mark.parametrize("after", ["protective_stop", "emergency_stop", "fault"])
def test_a_stop_out_of_a_passing_mode_is_an_incident(before, after):
    watch, begun = heard(before, after)
    assert begun == [False, True]
    assert (watch.open.from_ns, watch.open.until_ns) == (-9 * SECOND, 6 * SECOND)


@pytest.mark.parametrize(
    "modes",
    [("protective_stop",), ("startup", "fault"), ("standby", "emergency_stop"), ("active", "standby")],
)
def test_what_stops_no_motion_is_none(modes):
    watch, begun = heard(*modes)
    assert not any(begun) and watch.open is None


def test_a_file_is_due_once_and_after_its_time():
    watch, _ = heard("active", "protective_stop")
    assert watch.pop_due(6 * SECOND - 1) is None
    assert watch.pop_due(6 * SECOND).stops[0].mode == "protective_stop"
    assert watch.pop_due(7 * SECOND) is None


def test_two_stops_close_together_are_one_file_that_goes_on():
    watch, begun = heard("active", "protective_stop", "active", "protective_stop")
    assert begun == [False, True, False, False]
    incident = watch.pop_due(8 * SECOND)
    assert (len(incident.stops), incident.until_ns) == (2, 8 * SECOND)


def test_a_file_does_not_go_on_for_ever():
    watch, _ = heard("active", *("protective_stop", "active") * 10)
    assert watch.open.until_ns == 13 * SECOND
    assert watch.pop_due(13 * SECOND) is not None
    assert watch.hear(Report("protective_stop"), 21 * SECOND)  # another file


def test_an_emergency_stop_during_a_protective_stop_belongs_to_the_file():
    watch, _ = heard("active", "protective_stop", "emergency_stop")
    assert [stop.mode for stop in watch.pop_due(7 * SECOND).stops] == ["protective_stop", "emergency_stop"]


def test_the_check_is_that_whose_event_gave_the_reason_whichever_came_first():
    watch, _ = heard("active", "protective_stop")
    watch.hear_cause("rate", "clamp", "why protective_stop")
    watch.hear_cause("finite", "stop", "why protective_stop")
    assert watch.pop_due(6 * SECOND).stops[0].check == "finite"


def test_without_an_event_the_state_names_the_check():
    watch, _ = heard("active", "protective_stop")
    assert watch.pop_due(6 * SECOND).stops[0].check == "protective_stop_check"


def test_a_supervisor_that_falls_silent_while_commands_pass_is_an_incident():
    watch, _ = heard("active")
    assert not watch.listen(SECOND - 1)
    assert watch.listen(SECOND)
    assert not watch.listen(2 * SECOND)  # told once
    (stop,) = watch.pop_due(7 * SECOND).stops
    assert (stop.mode, stop.check) == ("silent", "supervisor") and "1.00 s" in stop.reason


def test_silence_in_standby_is_none():
    watch, _ = heard("standby")
    assert not watch.listen(100 * SECOND)


def test_at_the_end_of_the_node_the_open_incident_is_cut():
    watch, _ = heard("active", "protective_stop")
    assert watch.pop_due(2 * SECOND, at_once=True).until_ns == 2 * SECOND
