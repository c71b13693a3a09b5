"""Which set-ups of the policy are refused, with all faults at once."""

import pytest
import yaml

pytest.importorskip("rclpy")

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_file
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.backend import BACKENDS
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.ros.policy_loading import PolicyChoice, check_policy, load_policy

pytestmark = pytest.mark.ros


@pytest.fixture
def worker():
    made = InferenceWorker()
    yield made
    made.close()


def two_rates(folder):
    """A profile whose wrist camera is slower than the front one."""
    values = yaml.safe_load(config_file("robots", "so101").read_text(encoding="utf-8"))
    values["cameras"]["wrist"]["rate_hz"] = 5.0
    path = folder / "so101.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("policy", ["hold", "scripted"])
def test_a_policy_is_loaded_for_the_simulated_arm(worker, policy):
    loaded = load_policy(PolicyChoice(robot="so101", policy=policy), worker, is_simulation=True)
    assert loaded.backend.spec.model == f"{policy} 1"
    assert (loaded.planner is not None) is (policy == "scripted")


def test_the_expert_is_refused_on_a_real_robot(worker):
    with pytest.raises(ConfigError, match="needs_truth"):
        load_policy(PolicyChoice(robot="so101", policy="scripted"), worker, is_simulation=False)


def test_a_model_that_nobody_has_signed_is_not_loaded_where_that_is_asked_for(worker, tmp_path):
    choice = {"robot": "so101", "policy": "noetra_nano", "model_signers": ("this_machine",)}
    with pytest.raises(ConfigError, match="a model that ships"):
        load_policy(PolicyChoice(**choice), worker, is_simulation=True)
    with pytest.raises(ConfigError, match="a signed model"):
        load_policy(PolicyChoice(**choice, checkpoint=str(tmp_path)), worker, is_simulation=True)


def test_an_unknown_policy_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"'oracle'.*hold.*noetra_nano.*scripted"):
        check_policy(PolicyChoice(robot="so101", policy="oracle"), is_simulation=True)


def test_cameras_of_two_rates_are_refused_in_lock_step_alone(worker, tmp_path):
    robot = two_rates(tmp_path)
    load_policy(PolicyChoice(robot=robot, policy="hold"), worker, is_simulation=True)
    with pytest.raises(ConfigError, match=r"front 10 Hz, .*wrist 5 Hz"):
        load_policy(PolicyChoice(robot=robot, policy="hold", lock_step=True), worker, is_simulation=True)


def test_a_device_that_is_not_there_is_an_error_not_a_slow_cpu(worker):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    with pytest.raises(ConfigError, match=r"device: got cuda, which torch .* does not see"):
        load_policy(PolicyChoice(robot="so101", policy="hold", device="cuda"), worker, is_simulation=True)


class ShortChunks:
    """Answers at once, but its chunk lasts no longer than the time to the next one."""

    def __init__(self, options):
        joints = options.robot.channel().joints
        self.spec = PolicySpec("short 1", CommandKind.JOINT_POSITION, joints, joints, "rad", 1, 0.1, 0.1, 0.2)

    def load(self):
        """Nothing to load."""

    def infer(self, observation):
        """No chunk: only the time counts."""

    def reset(self):
        """No memory."""


def test_a_policy_whose_answers_take_too_long_here_is_refused_before_activation(worker, monkeypatch):
    monkeypatch.setitem(BACKENDS._entries, "short", ShortChunks)
    with pytest.raises(ConfigError, match=r"latency: got 0.2 s between inferences \+ .* <= 0.2 s, the reach"):
        load_policy(PolicyChoice(robot="so101", policy="short"), worker, is_simulation=True)
    unmeasured = PolicyChoice(robot="so101", policy="short", preflight_calls=0)
    assert load_policy(unmeasured, worker, is_simulation=True).backend.spec.model == "short 1"
