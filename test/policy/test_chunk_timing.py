"""What the next chunk has to carry on from: how much is frozen, when nothing is carried on."""

from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.policy.chunk_timing import ChunkTiming
from noetra_ros.policy.spec import PolicySpec

S = 1_000_000_000
SPEC = PolicySpec("made 1", CommandKind.JOINT_POSITION, ("a",), ("a",), "rad", 8, 0.1, 0.1, 0.2)


def chunk_at(stamp_ns: int) -> ActionChunk:
    """Row k holds the second at which it applies."""
    made = ActionChunk(stamp_ns, 1, "arm", SPEC.kind, ("a",), 0.1, 0.1, np.zeros((8, 1)))
    return ActionChunk(stamp_ns, 1, "arm", SPEC.kind, ("a",), 0.1, 0.1, made.row_times_ns[:, None] * 1e-9)


def timing_after(delay_s: float, every_s: float = 0.2, chunks: int = 20) -> tuple[ChunkTiming, int]:
    """Chunks that each took `delay_s`, and the stamp of the next observation."""
    timing, stamp_ns = ChunkTiming(SPEC), 10 * S
    for _ in range(chunks):
        timing.note(chunk_at(stamp_ns), stamp_ns + round(delay_s * S))
        stamp_ns += round(every_s * S)
    return timing, stamp_ns


@pytest.mark.parametrize(("delay_s", "frozen"), [(0.01, 1), (0.1, 1), (0.15, 2), (0.2, 2)])
def test_rows_until_the_answer_comes_are_frozen(delay_s: float, frozen: int) -> None:
    timing, stamp_ns = timing_after(delay_s)
    prefix = timing.prefix(stamp_ns)
    assert prefix is not None and prefix.frozen == frozen


def test_the_prefix_lies_on_the_new_grid() -> None:
    timing, stamp_ns = timing_after(0.1, every_s=0.23)
    prefix = timing.prefix(stamp_ns)
    assert prefix is not None
    expected = stamp_ns * 1e-9 + 0.1 + 0.1 * np.arange(5)  # the last one reaches 0.57 s beyond the stamp
    assert prefix.values[:, 0].tolist() == pytest.approx(expected.tolist())


def test_beyond_the_envelope_nothing_is_carried_on() -> None:
    timing, stamp_ns = timing_after(0.55, every_s=0.5)
    assert timing.prefix(stamp_ns) is None and timing.asked_plain == 1


def test_a_first_chunk_and_a_cold_start_carry_nothing_on() -> None:
    timing = ChunkTiming(SPEC)
    assert timing.prefix(10 * S) is None
    timing.note(chunk_at(10 * S), 17 * S)
    assert timing.prefix(10 * S + S // 5) is None
    assert (timing.delay.left_out, timing.delay.count) == (1, 0)


def test_another_run_forgets_the_plan_and_keeps_the_delay() -> None:
    timing, stamp_ns = timing_after(0.15)
    timing.forget()
    assert timing.prefix(stamp_ns) is None and timing.delay.count == 19


def test_a_plan_that_is_over_is_not_carried_on() -> None:
    timing, stamp_ns = timing_after(0.15)
    assert timing.prefix(stamp_ns + S) is None


def test_an_injected_latency_is_the_least_delay() -> None:
    timing = ChunkTiming(SPEC, latency_s=0.2)
    for k in range(3):
        timing.note(chunk_at(10 * S + k * S // 5), 10 * S + k * S // 5)
    assert timing.delay.p95_s == 0.2


def test_in_lock_step_the_second_chunk_of_every_run_is_the_same() -> None:
    timing, frozen = ChunkTiming(SPEC, latency_s=0.2, is_stepped=True), []
    for stamp_ns in (10 * S, 50 * S):
        timing.forget()
        timing.note(chunk_at(stamp_ns), stamp_ns)
        prefix = timing.prefix(stamp_ns + S // 5)
        assert prefix is not None
        frozen.append(prefix.frozen)
    assert frozen == [2, 2]


def test_in_lock_step_a_late_answer_after_the_end_of_a_task_does_not_change_the_next_one() -> None:
    """Nobody waits for it, so simulated time goes on; on a busy machine it comes many ticks later."""
    timing = ChunkTiming(SPEC, is_stepped=True)
    timing.note(chunk_at(10 * S), 10 * S)
    timing.note(chunk_at(11 * S), 11 * S + S // 2)
    timing.forget()
    timing.note(chunk_at(20 * S), 20 * S)
    prefix = timing.prefix(20 * S + S // 5)
    assert prefix is not None and prefix.frozen == 0
