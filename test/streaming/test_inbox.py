"""No chunk is given out before its time."""

import numpy as np

from noetra_ros.streaming.inbox import Inbox

S = 1_000_000_000
ROWS = np.zeros((2, 6))


def test_in_real_time_a_chunk_is_given_out_at_once(make_chunk):
    inbox = Inbox(0, is_stepped=False)
    inbox.put(make_chunk(ROWS, 11 * S))
    assert len(inbox.take(10 * S)) == 1 and inbox.take(12 * S) == []


def test_in_lock_step_a_chunk_waits_for_its_tick(make_chunk):
    inbox = Inbox(0, is_stepped=True)
    inbox.put(make_chunk(ROWS, 11 * S))
    assert inbox.take(11 * S - 1) == [] and inbox.waiting_at(11 * S - 1) == []
    assert len(inbox.take(11 * S)) == 1


def test_an_injected_latency_counts_from_the_observation(make_chunk):
    for is_stepped in (False, True):
        inbox = Inbox(S // 5, is_stepped)
        inbox.put(make_chunk(ROWS, 11 * S))
        assert inbox.take(11 * S + S // 5 - 1) == []
        assert len(inbox.waiting_at(11 * S)) == 1
        assert len(inbox.take(11 * S + S // 5)) == 1
