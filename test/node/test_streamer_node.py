"""The streamer as a process: holds, follows, runs out, refuses; the test plays robot and supervisor."""

import numpy as np
import pytest
from graph_bench import GraphBench, start
from noetra_ros.msg import ActionChunk as ActionChunkMessage
from noetra_ros.msg import PolicyStatus, SafetyState, StreamerStatus
from std_msgs.msg import Float64MultiArray

from noetra_ros.core.types import ActionChunk, CommandKind, JointState
from noetra_ros.ros import interfaces
from noetra_ros.ros.chunk_message import chunk_to_message
from noetra_ros.ros.conversions import joint_state_to_message

pytestmark = pytest.mark.ros
HOME = np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])
MOVED = np.array([0.2, -1.0, 0.9, 0.9, 0.0, 0.6])


class Rig(GraphBench):
    """A streamer process with a played robot that never moves and a played supervisor."""

    def __init__(self):
        super().__init__("so101", {"streamer": ()})
        self.listen(interfaces.COMMAND_IN, message=Float64MultiArray)
        self.listen(interfaces.STREAMER_STATUS)
        self.listen(interfaces.HEARTBEAT)
        self.chunks = interfaces.POLICY_CHUNK.publisher(self.node)
        self.mode = SafetyState.MODE_STANDBY
        self.joints = interfaces.JOINT_STATES.publisher(self.node, "joint_states")
        self.safety = interfaces.SAFETY_STATE.publisher(self.node)
        self.sequence = 0
        self.node.create_timer(0.02, self.play)

    def play(self):
        is_armed = self.mode == SafetyState.MODE_ACTIVE
        self.safety.publish(SafetyState(mode=self.mode, is_armed=is_armed))
        nothing = np.zeros(6)
        state = JointState(self.now_ns, self.profile.joint_names, HOME, nothing, nothing)
        self.joints.publish(joint_state_to_message(state))

    @property
    def now_ns(self):
        return self.node.get_clock().now().nanoseconds

    def send_chunk(self, goal=MOVED):
        self.sequence += 1
        rows = HOME + np.linspace(0.125, 1.0, 8)[:, None] * (goal - HOME)
        chunk = ActionChunk(
            self.now_ns, self.sequence, "arm", CommandKind.JOINT_POSITION,
            self.profile.joint_names, 0.1, 0.1, rows,
        )  # fmt: skip
        self.chunks.publish(chunk_to_message(chunk))

    @property
    def status(self):
        return self.last("streamer/status") or StreamerStatus()

    def wait_state(self, state):
        self.spin_until(lambda: self.status.state == state, f"streamer state {state}")

    def open_gate(self):
        self.spin_until(lambda: self.heard["command_in"], "commands")
        self.spin_until(lambda: self.chunks.get_subscription_count(), "the chunk subscription")
        self.mode = SafetyState.MODE_ACTIVE
        self.spin_for(0.3)


@pytest.fixture
def rig():
    rig = Rig()
    yield rig
    assert rig.close() == {"streamer": 0}


def commands(rig):
    return np.array([message.data.tolist() for message in rig.heard["command_in"]])


def test_holds_the_measured_position_at_its_rate(rig):
    rig.wait_state(StreamerStatus.STATE_HOLDING)
    before = rig.status.setpoints_sent
    rig.spin_for(2.0)
    assert rig.status.setpoints_sent - before > 100  # 200 on an idle machine
    assert np.abs(commands(rig) - HOME).max() < 1e-12
    beats = [beat for beat in rig.heard["heartbeat"] if beat.frame_id == "streamer"]
    assert len(beats) > 10


def test_follows_a_chunk_to_its_end_and_says_that_it_ran_out(rig):
    rig.open_gate()
    rig.send_chunk()
    rig.wait_state(StreamerStatus.STATE_FOLLOWING)
    assert rig.status.chunk_sequence == 1
    rig.wait_state(StreamerStatus.STATE_RUN_OUT)
    rig.spin_until(lambda: np.abs(commands(rig)[-1] - MOVED).max() < 1e-6, "the last row")
    stream = commands(rig)
    limits = rig.profile.joints["shoulder_pan"]
    assert np.abs(np.diff(stream[:, 0])).max() / 0.01 <= limits.velocity_radps
    assert np.abs(np.diff(stream[:, 0], 2)).max() / 0.01**2 <= limits.acceleration_radps2
    assert np.abs(np.diff(stream[:, 0], 3)).max() / 0.01**3 <= limits.jerk_radps3


def test_unarmed_it_returns_to_the_measured_position(rig):
    rig.open_gate()
    rig.send_chunk()
    rig.wait_state(StreamerStatus.STATE_RUN_OUT)
    rig.mode = SafetyState.MODE_EMERGENCY_STOP
    rig.spin_until(lambda: np.abs(commands(rig)[-1] - HOME).max() < 1e-12, "the measured position")


def test_refuses_what_it_cannot_follow_with_a_reason(rig):
    rig.open_gate()
    rig.chunks.publish(ActionChunkMessage(kind=1, channel="arm", rows=1, step_s=0.1))
    rig.spin_until(lambda: rig.status.chunks_dropped == 1, "a refusal")
    assert "expected (rows >= 1, 0)" in rig.status.last_drop_reason or "names" in rig.status.last_drop_reason
    rig.chunks.publish(ActionChunkMessage(kind=0))
    rig.spin_until(lambda: rig.status.chunks_dropped == 2, "a refusal")
    assert "kind is 0" in rig.status.last_drop_reason
    assert rig.status.state == StreamerStatus.STATE_HOLDING


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (("splice:=glue",), "one of blend, corrected, latest"),
        (("channel:=leg",), "one of arm, arm_trajectory"),
        (("blend_s:=9.0", "speed:=1"), "speed: got an unknown key"),
        (("lock_step:=true",), "use_sim_time"),
    ],
)
def test_wrong_parameters_end_it_with_a_message(parameters, words):
    process = start("streamer", "so101", parameters)
    _, errors = process.communicate(timeout=30.0)
    assert process.returncode == 2
    assert words in errors and "Traceback" not in errors


def test_a_policy_that_has_lost_its_link_is_not_followed_to_the_end_of_its_plan(rig):
    policy = interfaces.POLICY_STATUS.publisher(rig.node)
    rig.open_gate()
    rig.spin_until(policy.get_subscription_count, "the status subscription")
    rig.send_chunk()
    rig.wait_state(StreamerStatus.STATE_FOLLOWING)
    rig.spin_until(lambda: commands(rig)[-1, 0] > 0.02, "motion")
    policy.publish(PolicyStatus(state=PolicyStatus.STATE_FAULT, detail="LinkError: no answer within 0.08 s"))
    rig.wait_state(StreamerStatus.STATE_HOLDING)
    rig.spin_for(1.0)
    assert commands(rig)[-1, 0] < MOVED[0] - 0.02
    assert len(np.unique(commands(rig)[-50:, 0])) == 1
    rig.send_chunk()
    rig.spin_until(lambda: abs(commands(rig)[-1, 0] - MOVED[0]) < 1e-3, "the newer plan")
