"""The streamer: holds, follows, splices, runs out, pauses and starts again, never with a jump."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.streaming.splices import SPLICES
from noetra_ros.streaming.streamer import Gate, Streamer, StreamOptions, StreamState

S = 1_000_000_000
TICK = 10_000_000
HOME = np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])
MOVED = np.array([0.3, -1.0, 0.9, 0.9, 0.0, 0.6])


class Rig:
    """A streamer, its clock and what it sent."""

    def __init__(self, profile, **options):
        self.streamer = Streamer(profile, "", StreamOptions(**options))
        self.now_ns = 10 * S
        self.sent = []

    def run(self, ticks, gate=Gate.OPEN, measured=HOME):
        for _ in range(ticks):
            self.now_ns += TICK
            self.sent.append(self.streamer.tick(self.now_ns, measured, gate))
        return self.sent[-1]


@pytest.fixture
def rig(arm):
    return Rig(arm)


def ramp_to(goal, rows=8):
    return [HOME + (k + 1) / rows * (goal - HOME) for k in range(rows)]


@pytest.mark.parametrize("channel", ["tool", "gripper"])
def test_a_channel_that_no_chunk_can_hold_is_refused_at_start(arm, channel):
    with pytest.raises(ConfigError, match="command_in yourself"):
        Streamer(arm, channel, StreamOptions())


def test_waits_for_the_first_measurement(rig):
    assert rig.streamer.tick(10 * S, None, Gate.CLOSED) is None
    assert rig.streamer.state is StreamState.WAITING


def test_holds_the_measured_position_while_closed(rig):
    assert rig.run(1, Gate.CLOSED, HOME + 0.05).tolist() == pytest.approx((HOME + 0.05).tolist())
    assert rig.run(1, Gate.CLOSED, HOME - 0.05).tolist() == pytest.approx((HOME - 0.05).tolist())
    assert rig.streamer.state is StreamState.HOLDING


def test_open_without_a_chunk_stays_where_it_opened(rig):
    rig.run(1, Gate.CLOSED)
    rig.run(1, Gate.OPEN, HOME + 0.02)
    assert rig.run(50, Gate.OPEN, HOME - 0.01).tolist() == pytest.approx((HOME + 0.02).tolist())
    assert np.abs(np.diff(rig.sent[1:], axis=0)).max() == 0.0


def test_follows_a_chunk_to_its_last_row_and_runs_out(rig, make_chunk):
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    assert rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns), rig.now_ns)
    rig.run(40)
    assert rig.streamer.state is StreamState.FOLLOWING
    assert 0.5 < rig.streamer.remaining_s(rig.now_ns) < 0.7
    assert rig.run(80).tolist() == pytest.approx(MOVED.tolist(), abs=1e-6)
    assert rig.streamer.state is StreamState.RUN_OUT
    assert rig.streamer.remaining_s(rig.now_ns) == 0.0


def test_rows_that_are_past_are_skipped(rig, make_chunk):
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    stamp_ns = rig.now_ns
    rig.run(40)
    rig.streamer.accept(make_chunk(ramp_to(MOVED), stamp_ns), rig.now_ns)
    rig.run(25)  # 0.65 s after the observation: between row 5 (0.225) and row 6 (0.2625)
    assert 0.225 < rig.sent[-1][0] < 0.2625


@pytest.mark.parametrize("splice", SPLICES.names())
def test_splices_keep_the_limits(arm, make_chunk, excess, splice):
    rig, rng = Rig(arm, splice=splice), np.random.default_rng(5)
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    for sequence in range(1, 15):
        rows = HOME + np.cumsum(rng.normal(0, 0.06, (8, 6)), 0)
        assert rig.streamer.accept(make_chunk(rows, rig.now_ns, sequence), rig.now_ns)
        rig.run(20)
    rig.run(100)
    assert excess(np.array(rig.sent[2:]), rig.streamer.limits, 0.01).max() <= 1.0 / 0.9
    assert rig.streamer.splice_jump > 0.0


def test_agreeing_chunks_splice_without_a_trace(rig, make_chunk):
    """A 1 rad/s^2-smooth plan, sent anew every 0.2 s, is followed as if it were one."""

    def path(time_ns):
        t = (time_ns - 10 * S) * 1e-9
        return HOME + np.array([0.3 * (1 - np.cos(1.5 * t)), 0, 0, 0, 0, 0])

    rig.run(2, Gate.CLOSED)
    rig.run(1)
    errors = []
    for sequence in range(1, 12):
        stamp_ns = rig.now_ns
        rows = [path(stamp_ns + (k + 1) * S // 10) for k in range(8)]
        rig.streamer.accept(make_chunk(rows, stamp_ns, sequence), rig.now_ns)
        for _ in range(20):
            errors.append(np.abs(rig.run(1) - path(rig.now_ns)).max())
    assert max(errors[40:]) < 2e-3  # rad, at up to 0.45 rad/s: less than half a tick of lag


def test_what_was_planned_before_opening_is_not_followed(rig, make_chunk):
    rig.run(2, Gate.CLOSED)
    assert rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns), rig.now_ns)
    rig.run(1)
    assert rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns - TICK, 2), rig.now_ns)
    assert rig.run(60).tolist() == pytest.approx(HOME.tolist())


def test_closing_forgets_the_plan(rig, make_chunk):
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns), rig.now_ns)
    rig.run(30)
    rig.run(3, Gate.CLOSED, HOME + 0.01)
    assert rig.run(50, Gate.OPEN, HOME + 0.01).tolist() == pytest.approx((HOME + 0.01).tolist())


def test_a_pause_brakes_keeps_the_setpoint_and_goes_on(rig, make_chunk, excess):
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns), rig.now_ns)
    rig.run(40)
    before = rig.sent[-1]
    rig.run(30, Gate.PAUSED, HOME + 0.01)
    assert 0.0 < np.abs(rig.sent[-1] - before).max() < 0.03  # braked; not pulled to the measurement
    assert rig.sent[-1].tolist() == pytest.approx(rig.sent[-2].tolist())
    assert rig.run(100).tolist() == pytest.approx(MOVED.tolist(), abs=1e-6)
    assert excess(np.array(rig.sent[3:]), rig.streamer.limits, 0.01).max() <= 1.0 / 0.9


def test_a_pause_gives_up_a_setpoint_that_the_robot_has_left(rig):
    rig.run(2, Gate.CLOSED)
    rig.run(2)
    far = np.array([0.5, -0.9, 0.9, 0.9, 0.0, 0.6])  # limits: 0.35 rad
    assert rig.run(2, Gate.PAUSED, far).tolist() == pytest.approx([0.5, -1.0, 0.9, 0.9, 0.0, 0.6])


def test_twists_run_out_to_zero_within_limits(base, excess):
    rig = Rig(base)
    chunk = ActionChunk(
        10 * S,
        1,
        "base",
        CommandKind.BASE_TWIST,
        ("vx", "vy", "wz"),
        0.0,
        0.1,
        np.tile([0.4, 0.0, 0.8], (6, 1)),
    )
    out = []
    for k in range(150):
        now_ns = 10 * S + k * 20_000_000
        out.append(rig.streamer.tick(now_ns, None, Gate.OPEN))
        if k == 0:
            assert rig.streamer.accept(chunk, now_ns)
    out = np.array(out)
    assert out[:, 0].max() == pytest.approx(0.4, abs=1e-3)
    assert out[-1].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    moving = [0, 2]
    for order, bound in ((1, rig.streamer.limits.first), (2, rig.streamer.limits.second)):
        share = np.abs(np.diff(out, order, axis=0)) / 0.02**order
        assert (share[:, moving] <= bound[moving] / 0.9).all()


def test_unknown_splice_and_channel_name_what_is_known(arm):
    with pytest.raises(ConfigError, match="blend, corrected, latest, rtc, temporal_ensemble"):
        Streamer(arm, "", StreamOptions(splice="glue"))
    with pytest.raises(ConfigError, match="arm_trajectory"):
        Streamer(arm, "leg", StreamOptions())


def test_an_underrun_is_counted_once(rig, make_chunk):
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns), rig.now_ns)
    rig.run(150)
    assert (rig.streamer.underruns, rig.streamer.followed.sequence) == (1, 1)


def test_an_abandoned_plan_is_braked_off_and_a_newer_one_is_followed(rig, make_chunk, excess):
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns), rig.now_ns)
    rig.run(30)
    failed_ns = rig.now_ns
    rig.streamer.abandon(failed_ns)
    rig.run(1)
    rig.streamer.accept(make_chunk(ramp_to(MOVED), failed_ns - TICK, sequence=2), rig.now_ns)  # overtaken
    rig.run(14)  # 2 rad/s at 20 rad/s2 and 1000 rad/s3: at rest after 0.12 s at most
    rest = rig.run(1)
    assert np.array_equal(rig.run(60), rest)
    assert rest[0] < MOVED[0] - 0.05, "the plan was carried out to its end"
    assert rig.streamer.state is StreamState.HOLDING
    rig.streamer.accept(make_chunk(ramp_to(MOVED), rig.now_ns, sequence=3), rig.now_ns)
    assert rig.run(150).tolist() == pytest.approx(MOVED.tolist(), abs=1e-6)
    assert excess(np.array(rig.sent[2:]), rig.streamer.limits, 0.01).max() <= 1.0 / 0.9


def test_synchronous_carries_a_piece_out_and_stands(arm, make_chunk):
    rig = Rig(arm, execution="synchronous", execute_s=0.2)
    rig.run(2, Gate.CLOSED)
    rig.run(1)
    stamp_ns = rig.now_ns
    rig.run(30)  # the model computes for 0.3 s: the robot stands
    assert np.abs(np.diff(rig.sent[2:], axis=0)).max() == 0.0
    rig.streamer.accept(make_chunk(ramp_to(MOVED), stamp_ns), rig.now_ns)
    rig.run(60)
    assert rig.sent[-1][0] == pytest.approx(ramp_to(MOVED)[1][0], abs=1e-6)  # second row, no further
