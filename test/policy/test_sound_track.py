"""Audio windows have no gap, end at the instant, and are never filled."""

import numpy as np
import pytest

from noetra_ros.core.samples import Sound
from noetra_ros.core.stream_timing import Align
from noetra_ros.policy.sound_track import SoundTrack
from noetra_ros.policy.spec import SoundNeed
from noetra_ros.policy.tracks import Timing

MS = 1_000_000
NEED = SoundNeed("ear", rate_hz=1000.0, duration_s=0.1)


def block(first_ms, count=40, rate_hz=1000.0, channels=1):
    """`count` samples of 1 ms; each has its time in ms as its value."""
    values = np.arange(first_ms, first_ms + count, dtype=np.float32)[:, None] * np.ones(channels, np.float32)
    return Sound((first_ms + count - 1) * MS, "ear", rate_hz, values)


def heard(*firsts_ms):
    track = SoundTrack(Timing(Align.AS_OF, 20 * MS, 300 * MS), NEED)
    for first_ms in firsts_ms:
        sound = block(first_ms)
        track.add(sound.stamp_ns, sound)
    return track


def test_the_window_is_as_long_as_asked_and_ends_at_the_instant():
    window = heard(0, 40, 80, 120).choose(130 * MS).samples[0]
    assert window.samples[:, 0].tolist() == list(range(31, 131)) and window.stamp_ns == 130 * MS
    assert window.start_ns == 31 * MS


def test_it_may_end_before_the_instant_by_the_tolerance():
    track = heard(0, 40, 80)
    assert track.choose(139 * MS).stamp_ns == 119 * MS
    assert track.choose(140 * MS) == "ends 0.021 s before the instant, allowed 0.02 s"


def test_a_lost_block_is_waited_out():
    assert heard(0, 40, 120).choose(159 * MS) == "0.040 s without a gap, expected 0.1 s"
    assert not isinstance(heard(0, 80, 120, 160).choose(199 * MS), str)


def test_another_rate_or_number_of_channels_is_refused():
    for wrong in (block(0, rate_hz=800.0), block(0, channels=2)):
        with pytest.raises(ValueError, match="expected 1000 Hz, 1"):
            heard().add(wrong.stamp_ns, wrong)
