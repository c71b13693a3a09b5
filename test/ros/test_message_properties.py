"""Whatever a message holds: it comes back as it went, or is refused with words; nothing is invented."""

import json
import math

import numpy as np
import pytest
from geometry_msgs.msg import Twist, TwistStamped
from hypothesis import given, settings
from hypothesis import strategies as st
from noetra_ros.msg import ActionChunk as ActionChunkMessage
from noetra_ros.msg import SafetyEvent, SafetyState
from sensor_msgs.msg import Image, PointCloud2, PointField
from sensor_msgs.msg import JointState as JointStateMessage
from std_msgs.msg import Float64MultiArray
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from noetra_ros.core.obstacles import (
    DetectedObject,
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.types import CommandKind
from noetra_ros.ros.chunk_message import chunk_from_message
from noetra_ros.ros.commands import command_from_message
from noetra_ros.ros.conversions import (
    joint_positions_from_message,
    joint_state_from_message,
    seconds_to_duration,
    stamp_to_ns,
)
from noetra_ros.ros.perception_messages import objects_to_message, scene_from_message, scene_to_message
from noetra_ros.ros.pictures import PictureMessage, depth_from_image, rgb_from_image
from noetra_ros.ros.point_sensors import points_from_message
from noetra_ros.ros.safety_messages import (
    diagnostic_status,
    event_message,
    event_record,
    fill_state,
    transition_record,
)
from noetra_ros.safety.events import Event
from noetra_ros.safety.modes import Mode, Transition
from noetra_ros.safety.report import SafetyReport
from noetra_ros.safety.verdict import Action, Verdict

pytestmark = pytest.mark.ros
repeatable = settings(derandomize=True, deadline=None, max_examples=60)

anything = st.floats()  # NaN and infinity among them
finite = st.floats(-1e6, 1e6)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
stamps = st.integers(0, (2**31 - 1) * 10**9)
threes = st.tuples(finite, finite, finite)
sizes = st.tuples(*[st.floats(0.0, 10.0)] * 3)
obstacles = st.builds(
    Obstacle,
    track_id=st.integers(0, 2**31 - 1),
    kind=st.sampled_from(ObstacleKind),
    shape=st.sampled_from(Shape),
    position_m=threes,
    quat_xyzw=st.tuples(finite, finite, finite, finite),
    size_m=sizes,
    velocity_mps=st.tuples(anything, anything, anything),
    position_std_m=anything,
    score=st.just(0.5),
    seen_ns=stamps,
)
scenes = st.builds(
    ObstacleScene,
    stamp_ns=stamps,
    frame=words,
    obstacles=st.lists(obstacles, max_size=3).map(tuple),
    sensors=st.lists(st.builds(SensorReport, words, st.sampled_from(SensorVerdict), words), max_size=3).map(
        tuple
    ),
)
verdicts = st.builds(
    Verdict,
    check=words,
    action=st.sampled_from(Action),
    reason=words.filter(bool),
    scale=st.floats(0.0, 1.0),
    subject=words,
    measured=anything,
    limit=anything,
    unit=words,
)
events = st.builds(
    Event, verdicts, st.sampled_from(Mode), repeats=st.integers(1, 10**6), is_operator=st.booleans()
)


def same(left, right):
    return np.array_equal(np.asarray(left, float), np.asarray(right, float), equal_nan=True)


@repeatable
@given(st.lists(anything, max_size=12))
def test_an_array_of_any_size_and_content_reaches_the_judge_as_it_is(values):
    command = command_from_message(Float64MultiArray(data=values), CommandKind.JOINT_VELOCITY, 3)
    assert same(command.values, values) and command.names == () and command.stamp_ns is None


@repeatable
@given(st.lists(st.lists(anything, max_size=4), max_size=4), st.lists(words, max_size=4), stamps)
def test_a_trajectory_of_any_points_keeps_every_value_and_name(points, names, stamp_ns):
    message = JointTrajectory(
        joint_names=names, points=[JointTrajectoryPoint(positions=values) for values in points]
    )
    message.header.stamp.sec, message.header.stamp.nanosec = divmod(stamp_ns, 10**9)
    command = command_from_message(message, CommandKind.JOINT_POSITION, 3)
    assert same(command.values, [value for values in points for value in values])
    assert (command.names, command.stamp_ns) == (tuple(names), stamp_ns or None)


@pytest.mark.parametrize("kind", [Twist, TwistStamped])
@repeatable
@given(parts=st.tuples(*[st.one_of(st.just(0.0), anything)] * 6))
def test_a_twist_is_planar_or_not_a_number(kind, parts):
    message = kind()
    twist = message.twist if kind is TwistStamped else message
    (twist.linear.x, twist.linear.y, twist.linear.z), turns = parts[:3], parts[3:]
    twist.angular.x, twist.angular.y, twist.angular.z = turns
    values = command_from_message(message, CommandKind.BASE_TWIST, 3).values
    is_planar = parts[2] == parts[3] == parts[4] == 0.0
    assert same(values, [parts[0], parts[1], parts[5]] if is_planar else [math.nan] * 3)


@pytest.mark.parametrize("kind", [Twist, TwistStamped])
@repeatable
@given(parts=st.tuples(*[anything] * 6), frame=words)
def test_a_twist_of_a_tool_reaches_the_judge_as_it_is(kind, parts, frame):
    message = kind()
    twist = message.twist if kind is TwistStamped else message
    (twist.linear.x, twist.linear.y, twist.linear.z), turns = parts[:3], parts[3:]
    twist.angular.x, twist.angular.y, twist.angular.z = turns
    if kind is TwistStamped:
        message.header.frame_id = frame
    command = command_from_message(message, CommandKind.EE_TWIST, 3)
    assert same(command.values, parts) and command.frame == (frame if kind is TwistStamped else "")


@repeatable
@given(st.lists(anything, max_size=4), st.lists(anything, max_size=4), st.lists(words, max_size=4), stamps)
def test_a_grip_reaches_the_judge_as_it_is(values, efforts, names, stamp_ns):
    message = JointStateMessage(name=names, position=values, effort=efforts)
    message.header.stamp.sec, message.header.stamp.nanosec = divmod(stamp_ns, 10**9)
    command = command_from_message(message, CommandKind.GRIPPER, 3)
    assert same(command.values, values) and command.names == tuple(names)
    assert command.stamp_ns == (stamp_ns or None)
    assert same(command.efforts, efforts) if efforts else command.efforts is None


@repeatable
@given(st.lists(st.tuples(words, anything), max_size=6, unique_by=lambda p: p[0]), st.data())
def test_joint_positions_are_those_of_their_names(pairs, data):
    names = [name for name, _ in pairs]
    message = JointStateMessage(name=names, position=[value for _, value in pairs])
    asked = data.draw(st.lists(st.sampled_from(names), max_size=4) if names else st.just([]))
    assert same(joint_positions_from_message(message, asked), [dict(pairs)[name] for name in asked])


@repeatable
@given(st.lists(words, min_size=1, max_size=5, unique=True), st.lists(anything, max_size=6))
def test_joint_states_of_a_wrong_size_are_refused(names, values):
    message = JointStateMessage(name=names, position=values)
    if len(values) == len(names):
        assert same(joint_state_from_message(message, names).positions, values)
    else:
        with pytest.raises(ValueError, match="positions for"):
            joint_state_from_message(message, names)


@repeatable
@given(
    st.integers(0, 10),
    st.integers(0, 4),
    st.lists(anything, max_size=12),
    anything,
    anything,
    st.integers(0, 255),
)
def test_a_chunk_is_whole_and_finite_or_refused(rows, width, values, step_s, offset_s, kind):
    message = ActionChunkMessage(
        kind=kind, names=[f"j{i}" for i in range(width)], rows=rows, values=values,
        step_s=step_s, start_offset_s=offset_s,
    )  # fmt: skip
    try:
        chunk = chunk_from_message(message)
    except ValueError as error:
        assert str(error)
        return
    assert chunk.values.shape == (rows, width) and chunk.values.size == len(values)
    assert np.isfinite(chunk.values).all()
    assert chunk.step_s > 0.0 and chunk.start_offset_s >= 0.0 and math.isfinite(chunk.start_offset_s)


@repeatable
@given(st.integers(-(10**15), 10**15))
def test_durations_come_back(duration_ns):
    assert abs(stamp_to_ns(seconds_to_duration(duration_ns / 1e9)) - duration_ns) <= 1


@repeatable
@given(scenes)
def test_scenes_come_back(scene):
    back = scene_from_message(scene_to_message(scene))
    assert (back.stamp_ns, back.frame, back.sensors) == (scene.stamp_ns, scene.frame, scene.sensors)
    assert len(back.obstacles) == len(scene.obstacles)
    for one, other in zip(back.obstacles, scene.obstacles, strict=True):
        assert (one.track_id, one.kind, one.shape, one.seen_ns) == (
            other.track_id, other.kind, other.shape, other.seen_ns,
        )  # fmt: skip
        for name in ("position_m", "quat_xyzw", "size_m", "velocity_mps", "position_std_m"):
            assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-6, equal_nan=True), name


@repeatable
@given(
    obstacles,
    st.sampled_from(["pose.position.x", "pose.position.z", "pose.orientation.x", "size.x", "size.z"]),
    st.sampled_from([math.nan, math.inf, -math.inf]),
)
def test_a_scene_with_a_place_that_is_no_number_is_refused(obstacle, field, bad):
    message = scene_to_message(ObstacleScene(5, "base", (obstacle,), ()))
    part = message.obstacles[0]
    *path, last = field.split(".")
    for name in path:
        part = getattr(part, name)
    setattr(part, last, bad)
    with pytest.raises(ValueError):
        scene_from_message(message)


@repeatable
@given(obstacles, st.integers(0, 255), st.integers(0, 255))
def test_numbers_that_mean_nothing_are_refused(obstacle, kind, shape):
    message = scene_to_message(ObstacleScene(5, "base", (obstacle,), ()))
    message.obstacles[0].kind, message.obstacles[0].shape = kind, shape
    if kind in {k.value for k in ObstacleKind} and shape in {s.value for s in Shape}:
        assert scene_from_message(message).obstacles[0].kind.value == kind
    else:
        with pytest.raises(ValueError):
            scene_from_message(message)


@repeatable
@given(words, st.tuples(*[finite] * 4), st.tuples(*[anything] * 3), st.tuples(*[anything] * 3))
def test_objects_keep_what_is_known_of_them(label, box_px, position_m, size_m):
    quat = np.array([0.0, 0.0, 0.0, 1.0])
    thing = DetectedObject(
        label, 0.5, "front", np.array(box_px), np.array(position_m), quat, np.array(size_m)
    )
    (message,) = objects_to_message([thing], 7, "base").objects
    place, size = message.pose.position, message.size
    assert (message.label, message.camera) == (label, "front")
    assert same((place.x, place.y, place.z), position_m) and same((size.x, size.y, size.z), size_m)
    assert np.allclose(message.box, box_px, rtol=1e-6)


@repeatable
@given(events, st.integers(0, 2**31 - 1), stamps)
def test_events_say_what_the_check_said(event, sequence, stamp_ns):
    message, verdict = event_message(event, sequence, stamp_ns), event.verdict
    assert same((message.measured, message.limit), (verdict.measured, verdict.limit))
    told = (message.check, message.subject, message.unit, message.reason, message.repeats, message.sequence)
    assert told == (verdict.check, verdict.subject, verdict.unit, verdict.reason, event.repeats, sequence)
    assert (message.mode, stamp_to_ns(message.header.stamp)) == (int(event.mode), stamp_ns)
    assert (message.action == SafetyEvent.ACTION_MODE) == event.is_operator


@repeatable
@given(events, stamps)
def test_event_records_are_strict_json(event, stamp_ns):
    record = event_record(event, stamp_ns)
    back = json.loads(json.dumps(record, allow_nan=False))
    measured = event.verdict.measured
    assert back["measured"] == (measured if math.isfinite(measured) else None)
    assert (back["check"], back["mode"], back["stamp_ns"]) == (event.verdict.check, event.mode.name, stamp_ns)


@repeatable
@given(st.sampled_from(Mode), st.sampled_from(Mode), words, stamps)
def test_transition_records_name_both_modes(before, after, reason, stamp_ns):
    record = transition_record(Transition(before, after, reason), stamp_ns)
    assert (record["before"], record["after"], record["reason"]) == (before.name, after.name, reason)


@repeatable
@given(
    st.sampled_from(Mode), words, st.lists(words, max_size=4), st.floats(0.0, 1.0), st.booleans(),
    st.integers(0, 2**40), anything, stamps,
)  # fmt: skip
def test_states_say_what_the_report_says(mode, reason, checks, scale, flag, count, age_s, stamp_ns):
    report = SafetyReport(
        mode, reason, tuple(checks), scale, flag, not flag, flag, count, count + 1, count + 2, age_s, flag
    )
    message = SafetyState(channel="arm")
    fill_state(message, report, stamp_ns)
    assert (message.mode, message.reason, list(message.active_checks)) == (int(mode), reason, checks)
    assert (message.is_armed, message.is_estop_pressed, message.is_speed_reduced) == (flag, not flag, flag)
    counts = (message.commands_judged, message.commands_sent, message.interventions)
    assert counts == (count, count + 1, count + 2) and message.channel == "arm"
    assert np.allclose((message.scale, message.command_age_s), (scale, age_s), rtol=1e-6, equal_nan=True)
    assert mode.name in diagnostic_status("supervisor", report, {"a": "b"}).message


@repeatable
@given(st.integers(1, 6), st.integers(1, 6), st.binary(min_size=108, max_size=108))
def test_pictures_come_back(height, width, data):
    rgb = np.frombuffer(data, np.uint8)[: height * width * 3].reshape(height, width, 3)
    assert np.array_equal(rgb_from_image(PictureMessage(height, width, "rgb8", "eye").filled(rgb, 1)), rgb)
    depth = np.frombuffer(data[: 4 * (len(data) // 4)], np.float32)[: min(27, height * width)]
    depth = np.resize(depth, (height, width))
    back = depth_from_image(PictureMessage(height, width, "32FC1", "eye").filled(depth, 1))
    assert np.array_equal(back, depth, equal_nan=True)


@repeatable
@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 30), st.binary(max_size=60), words)
def test_a_picture_is_whole_or_refused(height, width, step, data, encoding):
    for name, read in (("rgb8", rgb_from_image), ("32FC1", depth_from_image), (encoding, rgb_from_image)):
        message = Image(height=height, width=width, step=step, encoding=name, data=data)
        try:
            assert read(message).shape[:2] == (height, width)
        except ValueError as error:
            assert str(error)


@repeatable
@given(
    st.integers(0, 4), st.integers(0, 3), st.integers(0, 40), st.integers(0, 120), st.binary(max_size=160),
    st.lists(st.integers(0, 40), min_size=3, max_size=3), st.sampled_from([2, 7, 8]),
)  # fmt: skip
def test_a_cloud_is_whole_or_refused(width, height, point_step, row_step, data, offsets, datatype):
    message = PointCloud2(width=width, height=height, point_step=point_step, row_step=row_step, data=data)
    message.fields = [
        PointField(name=name, offset=offset, datatype=datatype, count=1)
        for name, offset in zip("xyz", offsets, strict=True)
    ]
    try:
        assert points_from_message(message).shape == (width * height, 3)
    except ValueError as error:
        assert str(error)
