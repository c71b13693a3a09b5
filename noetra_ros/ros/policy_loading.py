"""Chooses, checks and loads the policy that a node was asked for; every mismatch is told at once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.policy.backend import BACKENDS, BackendOptions, PolicyBackend, create_backend
from noetra_ros.policy.match import require_match
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.ros.camera_hub import TRANSPORTS
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.streaming.execution import EXECUTIONS, executed_s

if TYPE_CHECKING:
    from noetra_ros.ros.truth_planner import TruthPlanner


@dataclass(frozen=True, kw_only=True)
class PolicyChoice(NodeSettings):
    """Which policy, for which robot."""

    policy: str = setting(description="backend: a file of noetra_ros/policy/backends")
    checkpoint: str = setting(description="folder of a model; empty = the one that ships", default="")
    device: str = setting(
        description="where the model runs; a missing device is an error",
        choices=("cpu", "cuda"),
        default="cpu",
    )
    channel: str = setting(description="command channel of the profile; empty = its default", default="")


@dataclass(frozen=True, kw_only=True)
class PolicySettings(PolicyChoice):
    """Parameters of the policy node."""

    instruction: str = setting(description="first sentence to follow; empty = wait for one", default="")
    image_transport: str = setting(
        description="raw, or compressed: pictures are taken from <image topic>/compressed (JPEG or PNG)",
        choices=TRANSPORTS,
        default="raw",
    )
    infer_period_s: float = setting(
        "s",
        "time between two inferences; 0 = as often as the model asks for",
        minimum=0.0,
        maximum=10.0,
        default=0.0,
    )
    injected_latency_s: float = setting(
        "s",
        "for experiments: the model counts as busy for this long after each observation; as in the streamer",
        minimum=0.0,
        maximum=5.0,
        default=0.0,
    )
    execution: str = setting(
        description="synchronous: the next observation is taken after the chunk was carried out; as there",
        choices=EXECUTIONS,
        default="asynchronous",
    )
    execute_s: float = setting(
        "s",
        "synchronous: how much of each chunk is carried out, 0 = all of it; as in the streamer",
        minimum=0.0,
        maximum=10.0,
        default=0.0,
    )


def period_s(settings: PolicySettings, spec: PolicySpec) -> float:
    """Time between two inferences, s.

    The model is busy for the injected latency; synchronous, the chunk is carried out before the next look.
    """
    carried_out_s = executed_s(
        settings.execution, settings.execute_s, spec.start_offset_s, spec.step_s, spec.rows
    )
    asked_s = settings.infer_period_s or spec.replan_s
    return max(asked_s, settings.injected_latency_s + carried_out_s)


@dataclass(frozen=True)
class LoadedPolicy:
    """A policy ready to infer.

    Attributes:
        profile: the robot.
        backend: loaded on the worker's thread, to be used there alone.
        planner: plans from the simulator's truth; None for every policy but the scripted expert.
    """

    profile: RobotProfile
    backend: PolicyBackend
    planner: TruthPlanner | None


def load_policy(choice: PolicyChoice, worker: InferenceWorker, is_simulation: bool) -> LoadedPolicy:
    """Build the backend, hold it against the robot, load it on the worker's thread.

    Raises:
        ConfigError: unknown robot or policy, unreadable checkpoint, or whatever does not fit the robot.
    """
    profile = load_robot(choice.robot)
    options = _options(choice, profile)
    backend = create_backend(choice.policy, options)
    planner = None
    if backend.spec.needs_truth and is_simulation:
        from noetra_ros.ros.truth_planner import TruthPlanner  # brings the simulator's kinematics with it

        planner = TruthPlanner(profile)
        options = dataclasses.replace(options, planner=planner)
        backend = create_backend(choice.policy, options)
    require_match(backend.spec, profile, choice.channel, is_simulation=is_simulation)
    if choice.lock_step:
        _require_one_beat(profile)
    if choice.device != "cpu":
        worker.call(lambda: _require_device(choice.device)).result()
    worker.call(backend.load).result()
    return LoadedPolicy(profile, backend, planner)


def check_policy(choice: PolicyChoice, is_simulation: bool) -> None:
    """The same checks without loading the weights: what a person can get wrong, before anything starts.

    Raises:
        ConfigError: see `load_policy`.
    """
    profile = load_robot(choice.robot)
    spec = create_backend(choice.policy, _options(choice, profile)).spec
    require_match(spec, profile, choice.channel, is_simulation=is_simulation)


def _options(choice: PolicyChoice, profile: RobotProfile) -> BackendOptions:
    BACKENDS.get(choice.policy)  # an unknown name is told before a missing checkpoint
    checkpoint = Path(choice.checkpoint) if choice.checkpoint else None
    return BackendOptions(profile, choice.channel, checkpoint, device=choice.device)


def _require_device(device: str) -> None:
    """No silent change to the CPU: that would be ten times slower and nobody would know why.

    Raises:
        ConfigError: torch does not see the device.
    """
    import torch  # heavy, and only here beside the backends

    if not getattr(torch, device).is_available():
        remedy = "set device: cpu, or install a driver and a torch that fit; noetra doctor says more"
        raise single_fault("policy", "device", f"{device}, which torch {torch.__version__} does not see",
                           "a device of this machine", remedy)  # fmt: skip


def _require_one_beat(profile: RobotProfile) -> None:
    """In lock-step every tick with pictures is answered, so all cameras have to share their ticks."""
    rates_hz = {name: camera.rate_hz for name, camera in profile.cameras.items()}
    if len(set(rates_hz.values())) > 1:
        words = ", ".join(f"{name} {rate:g} Hz" for name, rate in rates_hz.items())
        fault = Fault("cameras", words, "one rate for all cameras in lock-step", "or run without lock_step")
        raise ConfigError(f"robot {profile.name}", [fault])
