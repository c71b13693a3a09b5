"""What is wrong with a robot on the live graph: what was heard of it, held against its profile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile

RATE_SHARE = 0.7  # of the usual rate, below which something is wrong
# Stamps this far from the clock are of another clock, not of a late message.
OTHER_CLOCK_S = 3600.0
SUPERVISOR = "supervisor"  # the one node that may send to a controller
AHEAD_S = 0.1  # further ahead of the clock than this: clocks of two machines differ


class State(Enum):
    """How much a finding matters."""

    WELL = "ok"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: topic or key.
        state: well or wrong.
        found: what was found, in words.
        todo: what to do; empty where all is well.
    """

    subject: str
    state: State
    found: str
    todo: str = ""


@dataclass(frozen=True)
class Endpoint:
    """A publisher or a subscriber of a topic.

    Attributes:
        node: full name of its node.
        type_name: as ROS writes it, ``sensor_msgs/JointState``.
        mismatch: why its quality of service does not go with ours; empty = it does.
    """

    node: str
    type_name: str
    mismatch: str = ""


@dataclass(frozen=True)
class HeardTopic:
    """What was heard of one topic.

    Attributes:
        name: full name.
        type_name: that the profile expects.
        rate_hz: that the profile expects; 0 = any.
        max_age_s: age from which the supervisor stops; infinite = any.
        publishers: of the topic.
        arrivals_s: when each message came, monotonic clock.
        ages_s: of each message by its stamp, on the clock that was listened with; NaN = no stamp.
        stamps_s: the stamps.
        elsewhere: topics that have this type, where this one has no publisher.
    """

    name: str
    type_name: str
    rate_hz: float
    max_age_s: float
    publishers: Sequence[Endpoint] = ()
    arrivals_s: Sequence[float] = ()
    ages_s: Sequence[float] = ()
    stamps_s: Sequence[float] = ()
    elsewhere: Sequence[str] = ()


@dataclass(frozen=True)
class HeardJoints:
    """The last joint state.

    Attributes:
        names: in its order.
        positions: (n,) rad or m.
    """

    names: Sequence[str]
    positions: FloatArray


@dataclass(frozen=True)
class HeardCommands:
    """Who is at the controller's topic.

    Attributes:
        name: full name of the topic.
        type_name: that the channel expects.
        publishers: who sends.
        subscribers: who takes.
    """

    name: str
    type_name: str
    publishers: Sequence[Endpoint] = ()
    subscribers: Sequence[Endpoint] = ()


@dataclass(frozen=True)
class HeardRobot:
    """All that was heard.

    Attributes:
        listened_s: for how long.
        has_clock: somebody publishes /clock.
        uses_sim_time: it was listened with simulated time.
        topics: streams and cameras, by what the profile calls them.
        joints: last joint state; None = none came.
        commands: the channel's topic.
    """

    listened_s: float
    has_clock: bool
    uses_sim_time: bool
    topics: Mapping[str, HeardTopic]
    joints: HeardJoints | None
    commands: HeardCommands


def examine(profile: RobotProfile, channel: Channel, heard: HeardRobot) -> list[Finding]:
    """Every finding, in the order in which a person would mend them."""
    found = [*_clock(heard)]
    for name, topic in heard.topics.items():
        wrong = [*_topic(topic)] or [*_time(topic, heard)]
        found += wrong or [_well(name, topic)]
    if heard.joints is not None:
        found += [*_joint_names(profile, heard.joints)] or [*_joint_places(profile, heard.joints)]
    found += _commands(heard) or [Finding(heard.commands.name, State.WELL, _takers(heard.commands))]
    guesses = {} if heard.uses_sim_time else profile.open_points  # simulation takes them
    found += [
        Finding(key, State.WRONG, "a guess", f"{todo}; then take it out of open_points")
        for key, todo in guesses.items()
    ]
    return found


def _wrong(subject: str, found: str, todo: str) -> Finding:
    return Finding(subject, State.WRONG, found, todo)


def _well(name: str, topic: HeardTopic) -> Finding:
    rate = _rate_hz(topic)
    words = f"{rate:.1f} Hz" if math.isfinite(rate) else f"{len(topic.arrivals_s)} messages"
    ages = [age for age in topic.ages_s if math.isfinite(age)]
    words += f", up to {max(ages) * 1e3:.0f} ms old" if ages else ""
    return Finding(topic.name, State.WELL, f"{name}: {words}")


def _clock(heard: HeardRobot) -> Iterator[Finding]:
    if heard.has_clock and not heard.uses_sim_time:
        todo = "end the simulation or the bag player, or check with --sim-time"
        yield _wrong("/clock", "somebody publishes simulated time, and wall time is in use", todo)
    if heard.uses_sim_time and not heard.has_clock:
        yield _wrong("/clock", "nobody publishes it", "start the simulation, or check without --sim-time")


def _topic(topic: HeardTopic) -> Iterator[Finding]:
    """Who publishes, with which type and quality, and whether anything comes."""
    if not topic.publishers:
        todo = "start the driver, or put the right name into the profile"
        if topic.elsewhere:
            todo += f"; topics of that type: {', '.join(topic.elsewhere)}"
        yield _wrong(topic.name, "nobody publishes it", todo)
        return
    for publisher in topic.publishers:
        if publisher.type_name != topic.type_name:
            found = f"{publisher.node} publishes {publisher.type_name}"
            yield _wrong(topic.name, found, f"{topic.type_name} is expected: another topic, or a converter")
        elif publisher.mismatch:
            found = f"quality of service of {publisher.node}: {publisher.mismatch}"
            yield _wrong(topic.name, found, "make it reliable and volatile in the driver's settings")
    fits = [p for p in topic.publishers if p.type_name == topic.type_name and not p.mismatch]
    if fits and not topic.arrivals_s:
        found = f"{fits[0].node} publishes it, but nothing comes"
        yield _wrong(topic.name, found, "is the device switched on and calibrated? See the driver's log")


def _time(topic: HeardTopic, heard: HeardRobot) -> Iterator[Finding]:
    """Rate, age and order of the stamps."""
    rate = _rate_hz(topic)
    if len(topic.arrivals_s) < 2 and topic.rate_hz * heard.listened_s >= 2.0:
        found = f"one message in {heard.listened_s:.0f} s"
        yield _wrong(topic.name, found, f"expected {topic.rate_hz:g} Hz: the driver's rate, or the profile's")
    elif rate < RATE_SHARE * topic.rate_hz:
        todo = f"expected {topic.rate_hz:g} Hz: raise the driver's rate, or lower the profile's"
        yield _wrong(topic.name, f"{rate:.1f} Hz", todo)
    gaps = np.diff(topic.arrivals_s)
    if len(gaps) and gaps.max() > topic.max_age_s:
        found = f"pauses of {gaps.max():.2f} s"
        yield _wrong(
            topic.name, found, f"the supervisor stops after {topic.max_age_s:g} s: network, or load?"
        )
    yield from _stamps(topic, heard)


def _stamps(topic: HeardTopic, heard: HeardRobot) -> Iterator[Finding]:
    ages = np.array([age for age in topic.ages_s if math.isfinite(age)])
    if not len(ages):
        return
    if not any(topic.stamps_s):
        yield _wrong(topic.name, "stamps are zero", "the driver has to stamp its messages")
    elif np.abs(ages).max() > OTHER_CLOCK_S:
        todo = "check with --sim-time, or start the driver with use_sim_time false"
        if heard.uses_sim_time:
            todo = "start the driver with use_sim_time true"
        yield _wrong(topic.name, f"stamps are {abs(ages[-1]):.0f} s off: of another clock", todo)
    elif np.diff(topic.stamps_s).min(initial=0.0) < 0.0:
        yield _wrong(
            topic.name, "stamps go backwards", "two publishers, or a clock that is set: look for both"
        )
    elif ages.min() < -AHEAD_S:
        found = f"stamps are {-ages.min():.2f} s ahead"
        yield _wrong(topic.name, found, "set the clocks of both machines by NTP or PTP (chrony)")
    elif np.median(ages) > topic.max_age_s:
        todo = f"the supervisor stops at {topic.max_age_s:g} s: set the clocks (chrony), or shorten the way"
        yield _wrong(topic.name, f"{np.median(ages):.2f} s old on arrival", todo)


def _rate_hz(topic: HeardTopic) -> float:
    """Mean rate; NaN for fewer than two messages."""
    if len(topic.arrivals_s) < 2:
        return math.nan
    return (len(topic.arrivals_s) - 1) / max(topic.arrivals_s[-1] - topic.arrivals_s[0], 1e-9)


def _joint_names(profile: RobotProfile, joints: HeardJoints) -> Iterator[Finding]:
    missing = [name for name in profile.joint_names if name not in joints.names]
    extra = [name for name in joints.names if name not in profile.joints]
    subject = profile.streams["joint_states"].topic
    if missing:
        found = f"joints missing: {', '.join(missing)}; it has {', '.join(joints.names)}"
        yield _wrong(
            subject, found, "name them in the profile as the robot does, or start the other broadcaster"
        )
    if extra and missing:
        yield _wrong(subject, f"joints that the profile lacks: {', '.join(extra)}", "as above: renamed?")


def _joint_places(profile: RobotProfile, joints: HeardJoints) -> Iterator[Finding]:
    """Where the joints are: numbers, inside the limits."""
    subject = profile.streams["joint_states"].topic
    places = dict(zip(joints.names, joints.positions.tolist(), strict=False))
    for name, limits in profile.joints.items():
        place = places.get(name, math.nan)
        if not math.isfinite(place):
            yield _wrong(subject, f"{name} has no position", "is the joint switched on and referenced?")
        elif not limits.lower_rad <= place <= limits.upper_rad:
            found = f"{name} is at {place:.3f}, limits {limits.lower_rad:g} .. {limits.upper_rad:g}"
            todo = "move it inside, by the maker's pendant; or are these degrees, or another zero?"
            yield _wrong(subject, found, todo)


def _commands(heard: HeardRobot) -> list[Finding]:
    """The controller's topic: one sender, somebody who takes, types and qualities that fit."""
    topic, found = heard.commands, []
    others = [p.node for p in topic.publishers if p.node.rsplit("/", 1)[-1] != SUPERVISOR]
    if others:
        todo = "end it, or remap it to command_in: only the supervisor may send here"
        found.append(_wrong(topic.name, f"also sent by {', '.join(sorted(others))}", todo))
    if not topic.subscribers:
        todo = "load and activate the controller (ros2 control list_controllers), or mend the topic's name"
        found.append(_wrong(topic.name, "nobody takes commands", todo))
    for taker in topic.subscribers:
        if taker.type_name != topic.type_name:
            words = f"{taker.node} takes {taker.type_name}"
            todo = f"the profile sends {topic.type_name}: mend the channel's message, or its topic"
            found.append(_wrong(topic.name, words, todo))
        elif taker.mismatch:
            words = f"quality of service of {taker.node}: {taker.mismatch}"
            found.append(_wrong(topic.name, words, "the supervisor offers reliable, volatile"))
    return found


def _takers(topic: HeardCommands) -> str:
    return f"taken by {', '.join(sorted(taker.node for taker in topic.subscribers))}"
