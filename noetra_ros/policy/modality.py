"""The registry of modalities, and the parts of an observation that a policy asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.registry import Registry
from noetra_ros.core.stream_timing import StreamTiming
from noetra_ros.policy.assembly import Assembler, Part
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.tracks import timing_from

PartsOf = Callable[[PolicySpec], tuple[Part, ...]]
MODALITIES: Registry[PartsOf] = Registry("modality", "noetra_ros.policy.modalities")
REMEDY = "add align (hold, as_of or drop), tolerance_s and max_age_s under observation in the robot profile"


def parts_of(spec: PolicySpec) -> tuple[Part, ...]:
    """Every part of the policy's observation, of all modalities."""
    return tuple(part for name in MODALITIES.names() for part in MODALITIES.get(name)(spec))


def timing_faults(spec: PolicySpec, stated: Mapping[str, StreamTiming]) -> list[Fault]:
    """Streams that the policy needs and whose timing nobody has stated."""
    missing = dict.fromkeys(part.stream for part in parts_of(spec) if part.stream not in stated)
    expected = "how the stream is aligned; there is no default"
    return [Fault(f"observation.{stream}", "nothing", expected, REMEDY) for stream in missing]


def assembler_of(spec: PolicySpec, stated: Mapping[str, StreamTiming], lock_step: bool) -> Assembler:
    """What puts the policy's observations together.

    Raises:
        ConfigError: every stream without a stated timing.
    """
    if faults := timing_faults(spec, stated):
        raise ConfigError("robot profile", faults)
    return Assembler([(part, timing_from(stated[part.stream], lock_step)) for part in parts_of(spec)])
