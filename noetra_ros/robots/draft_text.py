"""A first profile as a YAML file for people: every number with its reason, FILL IN where a person decides."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from noetra_ros.robots.draft import Draft
from noetra_ros.robots.draft_limits import SPEED_MOST, SPEED_SHARE, STOP_MOST_RAD

HEAD = """\
# First profile of {name}, made by `noetra robot new` from {urdf}
# It runs in simulation as it is. No real robot is moved by it while open_points (at the end) names a guess:
# put the right value in its place, then take its line out. `FILL IN` marks the places.
"""


def profile_text(draft: Draft) -> str:
    """The YAML file."""
    profile = draft.profile
    parts = [
        HEAD.format(name=profile.name, urdf=profile.urdf),
        f"name: {profile.name}",
        f"description: {json.dumps(profile.description)}",
        f"base_frame: {profile.base_frame}",
        f"urdf: {json.dumps(profile.urdf)}",
        "",
        *_joints(draft),
        "",
        *_workspace(draft),
        "",
        *_channels(draft),
        "",
        "streams:",
        "  # FILL IN: rate, and the age from which the supervisor stops (a few periods)",
        "  joint_states: {topic: joint_states, rate_hz: 100.0, max_age_s: 0.1}",
        "",
        "# Cameras, if a policy or perception sees: as in config/robots/ur5e.yaml.",
        "",
        "observation:",
        *(f"  {name}: {_inline(dataclasses.asdict(t))}" for name, t in profile.observation.items()),
        "",
        *_sim(draft),
        "",
        "# Highest phase in which a real robot is moved; raise it step by step: dry_run, shadow, slow, full.",
        f"released_for: {profile.released_for}",
        "",
        "open_points:",
        *(f"  {json.dumps(key)}: {json.dumps(todo)}" for key, todo in profile.open_points.items()),
    ]
    return "\n".join(parts) + "\n"


def _joints(draft: Draft) -> Iterator[str]:
    yield "joints:"
    most = f"{SPEED_MOST['revolute']:g} rad/s ({SPEED_MOST['prismatic']:g} m/s)"
    yield f"  # Positions: the URDF's, up to {STOP_MOST_RAD:g} off each hard stop."
    yield f"  # Speeds: {SPEED_SHARE:g} of the URDF's, at most {most}, until the arm has been watched."
    yield "  # FILL IN: acceleration, jerk, tracking error are guesses. A URDF has none of them."
    for joint in draft.joints:
        for key, todo in joint.open_points.items():
            yield f"  # FILL IN {joint.name}, {key}: {todo}"
        yield f"  {joint.name}: {_inline(dataclasses.asdict(joint.limits))}"


def _workspace(draft: Draft) -> Iterator[str]:
    box = draft.profile.workspace
    assert box is not None, "every draft has one"
    yield "workspace:"
    yield f"  frame: {box.frame}"
    yield "  # FILL IN: the link that works, and where it may be; here all that it reaches above its foot"
    yield f"  tool_link: {box.tool_link}"
    yield f"  lower_m: {_list(box.lower_m)}"
    yield f"  upper_m: {_list(box.upper_m)}"


def _channels(draft: Draft) -> Iterator[str]:
    profile = draft.profile
    yield f"default_channel: {profile.default_channel}"
    yield "channels:"
    yield "  # FILL IN: topic and message of the controllers on the robot (ros2 control list_controllers)"
    for name, channel in profile.channels.items():
        yield f"  {name}:"
        yield f"    kind: {channel.kind.value}"
        yield f"    topic: {channel.topic}"
        yield f"    message: {channel.message}"
        yield f"    rate_hz: {channel.rate_hz}"
        yield f"    command_share: {channel.command_share}  # the rest is for what the controller makes of it"
        yield f"    position_reserve_rad: {channel.position_reserve_rad}"
        yield f"    joints: [{', '.join(channel.joints)}]"


def _sim(draft: Draft) -> Iterator[str]:
    sim = draft.profile.sim
    assert sim is not None, "every draft has one"
    yield "sim:"
    yield f"  world: {sim.world}"
    yield f"  home: {_inline(sim.home)}"


def _inline(values: Mapping[str, object]) -> str:
    plain = {key: value.value if isinstance(value, Enum) else value for key, value in values.items()}
    return "{" + ", ".join(f"{key}: {value}" for key, value in plain.items()) + "}"


def _list(values: Sequence[float]) -> str:
    return f"[{', '.join(str(value) for value in values)}]"
