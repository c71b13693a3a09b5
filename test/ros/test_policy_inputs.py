"""Every modality comes from its topic into the observation; what cannot be read is told."""

import time
from dataclasses import replace

import numpy as np
import pytest
import rclpy
from geometry_msgs.msg import WrenchStamped
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import Image

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.stream_timing import Align, StreamTiming
from noetra_ros.core.types import CommandKind, JointState, Observation
from noetra_ros.policy.spec import CameraNeed, DepthNeed, PolicySpec, SignalNeed, SoundNeed
from noetra_ros.robots.profile import Microphone, Stream, load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_to_message, ns_to_stamp
from noetra_ros.ros.pictures import PictureMessage
from noetra_ros.ros.policy_inputs import PolicyInputs
from noetra_ros.ros.policy_loading import PolicySettings
from noetra_ros.ros.sources.sound import sound_from_message

pytestmark = pytest.mark.ros
STAMP_NS = 5_000_000_000
EAR = Microphone("ear/audio", 16000.0, 2)
SETTINGS = PolicySettings(robot="so101", policy="none")
SPEC = PolicySpec(
    "test 1", CommandKind.JOINT_POSITION, ("gripper",), ("gripper",), "rad", 8, 0.1, 0.1, 0.2,
    cameras=(CameraNeed("front", 96, 96),), depths=(DepthNeed("front", 96, 96),),
    signals=(SignalNeed("wrist_force", ("force_z_n", "torque_x_nm")),),
    sounds=(SoundNeed("ear", 16000.0, 0.01, channels=2),),
)  # fmt: skip


@pytest.fixture
def node():
    rclpy.init()
    made = rclpy.create_node("inputs")
    yield made
    made.destroy_node()
    rclpy.try_shutdown()


@pytest.fixture
def profile():
    so101 = load_robot("so101")
    live = StreamTiming(Align.AS_OF, 0.06, 0.3)
    return replace(
        so101,
        streams={**so101.streams, "wrist_force": Stream("wrist/wrench", 100.0, 0.1, kind="wrench")},
        microphones={"ear": EAR},
        observation={**so101.observation, "wrist_force": live, "ear": live},
    )


def inputs_of(node, profile, spec, told):
    return PolicyInputs(node, spec, profile, None, SETTINGS, None, lambda: told.append("beat"), told.append)


def audio(rows=160, encoding="16SC1", channels=2, value=-16384):
    """A block whose last sample is at STAMP_NS."""
    message = Image(height=rows, width=channels, encoding=encoding)
    message.header.stamp = ns_to_stamp(STAMP_NS - round((rows - 1) * 1e9 / EAR.rate_hz))
    kind = np.int16 if encoding == "16SC1" else np.float32
    message.data = np.full((rows, channels), value, kind).tobytes()
    return message


def sent(node):
    """Publishers, and one message of each at STAMP_NS."""
    force = WrenchStamped()
    force.header.stamp = ns_to_stamp(STAMP_NS)
    force.wrench.force.z, force.wrench.torque.x = 9.5, -0.25
    names = load_robot("so101").joint_names
    state = JointState(STAMP_NS, names, *[np.full(len(names), 0.1)] * 3)
    colour = PictureMessage(96, 96, "rgb8", "front").filled(np.full((96, 96, 3), 7, np.uint8), STAMP_NS)
    depth = PictureMessage(96, 96, "32FC1", "front").filled(np.full((96, 96), 1.5, np.float32), STAMP_NS)
    return [
        (interfaces.SIGNAL.publisher(node, "wrist/wrench", WrenchStamped), force),
        (interfaces.SOUND.publisher(node, "ear/audio"), audio()),
        (interfaces.JOINT_STATES.publisher(node, "joint_states"), joint_state_to_message(state)),
        (interfaces.IMAGE.publisher(node, "front/image_raw"), colour),
        (interfaces.DEPTH.publisher(node, "front/depth"), depth),
    ]


def test_all_modalities_come_from_their_topics(node, profile):
    inputs = inputs_of(node, profile, SPEC, [])
    messages, executor, end_s = sent(node), SingleThreadedExecutor(), time.monotonic() + 30.0
    executor.add_node(node)
    while not isinstance(found := inputs.take(STAMP_NS, "go"), Observation):
        assert time.monotonic() < end_s, found
        for publisher, message in messages:
            publisher.publish(message)
        executor.spin_once(timeout_sec=0.05)
    assert found.stamp_ns == STAMP_NS and found.joints.names[0] == "shoulder_pan"
    assert (found.frames["front"].rgb == 7).all() and (found.depths["front"].depth_m == 1.5).all()
    assert found.signals["wrist_force"].values.tolist() == [[9.5, -0.25]]
    assert found.sounds["ear"].samples.shape == (160, 2) and (found.sounds["ear"].samples == -0.5).all()
    inputs.close()


def test_what_nobody_sends_is_named(node, profile):
    reason = inputs_of(node, profile, SPEC, []).silence(STAMP_NS).reason
    for label in ("camera front", "depth front", "joint_states", "signal wrist_force", "sound ear"):
        assert f"{label}: nothing received" in reason


def test_a_stream_without_stated_alignment_keeps_the_policy_from_starting(node, profile):
    unstated = replace(profile, observation={})
    with pytest.raises(ConfigError, match=r"observation.ear.*there is no default"):
        inputs_of(node, unstated, SPEC, [])


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (audio(encoding="8UC1"), "encoding '8UC1', expected one of 16SC1, 32FC1"),
        (audio(channels=1), "expected 2 channels"),
        (audio(rows=0), "0 x 2"),
        (Image(height=4, width=2, encoding="16SC1"), "0 bytes for 4 x 2"),
    ],
)
def test_audio_that_cannot_be_read_is_refused(message, words):
    with pytest.raises(ValueError, match=words):
        sound_from_message(message, "ear", EAR)


def test_audio_is_stamped_with_its_last_sample_and_scaled():
    sound = sound_from_message(audio(encoding="32FC1", value=0.25), "ear", EAR)
    assert sound.stamp_ns == STAMP_NS and (sound.samples == 0.25).all()
