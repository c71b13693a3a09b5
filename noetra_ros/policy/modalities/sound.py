"""Audio: the last seconds without a gap, for models that listen."""

from __future__ import annotations

from typing import Any

from noetra_ros.policy.assembly import Fields, Part
from noetra_ros.policy.history import History
from noetra_ros.policy.modality import MODALITIES
from noetra_ros.policy.sound_track import SoundTrack
from noetra_ros.policy.spec import PolicySpec, SoundNeed
from noetra_ros.policy.tracks import Timing


@MODALITIES.register("sound")
def sound(spec: PolicySpec) -> tuple[Part, ...]:
    """One part for each microphone."""
    return tuple(_part(need) for need in spec.sounds)


def label(stream: str) -> str:
    """Of the part of a microphone."""
    return f"sound {stream}"


def _part(need: SoundNeed) -> Part:
    def put(fields: Fields, samples: tuple[Any, ...]) -> None:
        fields.setdefault("sounds", {})[need.stream] = samples[-1]

    def track(timing: Timing, _: History) -> SoundTrack:
        return SoundTrack(timing, need)

    return Part(need.stream, label(need.stream), put, track=track)
