"""A base that needs longer than a chunk to get to its speed sets out, arrives, stops with the last one."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.streaming.splices import SPLICES
from noetra_ros.streaming.streamer import Gate, Streamer, StreamOptions

S, TICK = 1_000_000_000, 20_000_000
SPEED_MPS, ROWS, STEP_S = 0.4, 6, 0.1
EVERY = 10  # ticks from chunk to chunk: 0.2 s


def drive(base, mps2, ticks, chunks_for, **options):
    """(ticks, 3) what is sent while chunks ask for SPEED_MPS ahead; new ones come for `chunks_for` ticks."""
    slow = dataclasses.replace(base, base=dataclasses.replace(base.base, linear_mps2=mps2))
    streamer = Streamer(slow, "", StreamOptions(**options))
    rows, sent = np.tile([SPEED_MPS, 0.0, 0.0], (ROWS, 1)), []
    for k in range(ticks):
        now_ns = 10 * S + k * TICK
        sent.append(streamer.tick(now_ns, None, Gate.OPEN))
        if k % EVERY == 0 and k < chunks_for:
            chunk = ActionChunk(
                now_ns, k + 1, "base", CommandKind.BASE_TWIST, ("vx", "vy", "wz"), STEP_S, STEP_S, rows
            )
            assert streamer.accept(chunk, now_ns), streamer.intake.last_reason
    return np.array(sent), streamer.limits


@pytest.mark.parametrize("splice", SPLICES.names())
def test_it_sets_out_at_its_acceleration_and_arrives(base, splice):
    """2 s and more to 0.4 m/s, in chunks that are over after 0.7 s."""
    sent, limits = drive(base, 0.2, ticks=300, chunks_for=200, splice=splice)
    speed = sent[:, 0]
    needs_s = SPEED_MPS / limits.first[0]
    assert needs_s > 2.0
    arrived_s = 0.02 * np.flatnonzero(speed > SPEED_MPS - 1e-3)[0]
    assert needs_s < arrived_s < needs_s + 0.5
    assert speed.max() <= SPEED_MPS + 1e-6 and speed[199] == pytest.approx(SPEED_MPS, abs=1e-6)


@pytest.mark.parametrize("splice", SPLICES.names())
def test_no_limit_is_passed_on_the_way(base, splice):
    sent, limits = drive(base, 0.2, ticks=450, chunks_for=200, splice=splice)
    for order, bound in ((1, limits.first), (2, limits.second)):
        share = np.abs(np.diff(sent[:, 0], order)) / 0.02**order / bound[0]
        assert share.max() <= 1.0 + 1e-6


def test_without_a_further_chunk_it_brakes_at_the_end_of_the_last_one(base):
    sent, limits = drive(base, 0.2, ticks=200, chunks_for=1)
    speed, over = sent[:, 0], round((STEP_S * (ROWS + 1)) / 0.02)
    assert 0.0 < speed.max() < 0.5 * SPEED_MPS, "it was under way when its chunk was over"
    assert int(speed.argmax()) <= over + 4
    stopped_s = 0.02 * (np.flatnonzero(speed > 1e-9)[-1] - over)
    assert stopped_s < speed.max() / limits.first[0] + 0.2
    assert speed[-1] == pytest.approx(0.0, abs=1e-9)


def test_a_quick_base_is_sent_what_it_was_before(base):
    """What can be met before the chunk is over is met as early as possible, as ever."""
    sent, limits = drive(base, 1.0, ticks=60, chunks_for=60)
    assert 0.02 * np.flatnonzero(sent[:, 0] > SPEED_MPS - 1e-3)[0] < SPEED_MPS / limits.first[0] + 0.15
