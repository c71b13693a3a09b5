"""Audio of the profile's microphones."""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.core.samples import Sound
from noetra_ros.policy.modalities.sound import label
from noetra_ros.robots.profile import Microphone
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.policy_source import SOURCES, Leave, Wiring

# The largest number of each encoding; the stamp is that of the first sample.
FULL_SCALE = {"16SC1": (np.int16, 32768.0), "32FC1": (np.float32, 1.0)}


@SOURCES.register("sound")
def sound(wiring: Wiring) -> list[Leave]:
    """One subscription for each microphone that the policy listens to."""
    return [_subscribed(wiring, need.stream) for need in wiring.spec.sounds]


def _subscribed(wiring: Wiring, name: str) -> Leave:
    microphone = wiring.profile.microphones[name]

    def read(message: Any) -> tuple[str, int, Any]:
        block = sound_from_message(message, name, microphone)
        return label(name), block.stamp_ns, block

    return wiring.subscribe(interfaces.SOUND, read, microphone.topic)


def sound_from_message(message: Any, name: str, microphone: Microphone) -> Sound:
    """A block of audio: one row a sample, one column a channel, 16SC1 or 32FC1 in -1..1.

    Raises:
        ValueError: another encoding, another number of channels, or fewer bytes than the size asks for.
    """
    if message.encoding not in FULL_SCALE:
        raise ValueError(
            f"sound {name}: encoding {message.encoding!r}, expected one of {', '.join(FULL_SCALE)}"
        )
    kind, full = FULL_SCALE[message.encoding]
    rows, channels = message.height, message.width
    if channels != microphone.channels or rows < 1:
        raise ValueError(
            f"sound {name}: {rows} x {channels} channels, expected {microphone.channels} channels"
        )
    count = rows * channels
    if len(message.data) != count * np.dtype(kind).itemsize:
        raise ValueError(
            f"sound {name}: {len(message.data)} bytes for {rows} x {channels} {message.encoding}"
        )
    samples = np.frombuffer(message.data, kind).reshape(rows, channels).astype(np.float32) / np.float32(full)
    end_ns = stamp_to_ns(message.header.stamp) + round((rows - 1) * 1e9 / microphone.rate_hz)
    return Sound(end_ns, name, microphone.rate_hz, samples)
