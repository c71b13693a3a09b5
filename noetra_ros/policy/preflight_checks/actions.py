"""Actions: kind, unit, meaning, number, order."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import Channel

UNIT_OF_KIND = {
    CommandKind.JOINT_POSITION: "rad",
    CommandKind.JOINT_VELOCITY: "rad",
    CommandKind.BASE_TWIST: "m/s",
}
MEANING_OF_KIND = {
    CommandKind.JOINT_POSITION: "absolute",
    CommandKind.JOINT_VELOCITY: "velocity",
    CommandKind.BASE_TWIST: "velocity",
}
TWIST_NAMES = ("vx", "vy", "wz")


@PREFLIGHT_CHECKS.register("actions")
def actions(spec: PolicySpec, serving: Serving) -> Comparison:
    """What the chunk's numbers are, against what the channel takes."""
    channel = serving.channel
    if channel.kind not in UNIT_OF_KIND:
        expected = f"one of {', '.join(kind.value for kind in UNIT_OF_KIND)}"
        remedy = "choose a channel of joints or of a base: no chunk of a policy holds such values"
        return Comparison(faults=(Fault("channel", channel.kind.value, expected, remedy),))
    faults = [*_meaning_faults(spec, channel), *_column_faults(spec, channel)]
    same = f"{spec.kind.value}, {MEANING_OF_KIND[spec.kind]}, {spec.unit}: {', '.join(spec.actions)}"
    return Comparison(same=() if faults else (same,), faults=tuple(faults))


def _meaning_faults(spec: PolicySpec, channel: Channel) -> list[Fault]:
    faults = []
    if spec.kind is not channel.kind:
        remedy = "choose a channel of that kind, where the profile has one"
        expected = f"{channel.kind.value} (channel {channel.topic})"
        faults.append(Fault("kind", spec.kind.value, expected, remedy))
    if spec.unit != UNIT_OF_KIND[channel.kind]:
        remedy = "convert the model's data and train again, or wrap the backend"
        faults.append(Fault("unit", spec.unit, UNIT_OF_KIND[channel.kind], remedy))
    expected = MEANING_OF_KIND[channel.kind]
    if spec.action_meaning not in ("", expected):
        remedy = "the backend has to make it so, from the joints that it was shown, and say so in its spec"
        faults.append(
            Fault("action_meaning", spec.action_meaning, f"{expected}: {channel.kind.value}", remedy)
        )
    return faults


def _column_faults(spec: PolicySpec, channel: Channel) -> list[Fault]:
    names = TWIST_NAMES if channel.kind is CommandKind.BASE_TWIST else channel.joints
    if spec.actions == names:
        return []
    order = f"the order {', '.join(names)}"
    if sorted(spec.actions) == sorted(names):
        return [
            Fault("actions", ", ".join(spec.actions), order, "put the columns into that order in the backend")
        ]
    faults = []
    if len(spec.actions) != len(names):
        faults.append(Fault("actions", f"{len(spec.actions)} values", f"{len(names)} values", f"{order}"))
    if unknown := [name for name in spec.actions if name not in names]:
        faults.append(
            Fault("actions", ", ".join(unknown), f"joints of {', '.join(names)}", "use the robot's names")
        )
    return faults
