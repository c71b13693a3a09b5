"""Chooses, checks and loads the policy that a node was asked for; every mismatch is told at once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.policy.backend import BACKENDS, BackendOptions, PolicyBackend, create_backend
from noetra_ros.policy.preflight import Serving, require_preflight
from noetra_ros.policy.probe import measured_latency_s
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.ros.camera_hub import TRANSPORTS
from noetra_ros.ros.model_signature import SignerSettings, require_signed
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.streaming.execution import EXECUTIONS, executed_s

if TYPE_CHECKING:
    from noetra_ros.ros.truth_planner import TruthPlanner


@dataclass(frozen=True, kw_only=True)
class PolicyChoice(SignerSettings, NodeSettings):
    """Which policy, for which robot."""

    policy: str = setting(description="backend: a file of noetra_ros/policy/backends")
    checkpoint: str = setting(description="folder of a model; empty = the one that ships", default="")
    device: str = setting(
        description="where the model runs; a missing device is an error",
        choices=("cpu", "cuda"),
        default="cpu",
    )
    channel: str = setting(description="command channel of the profile; empty = its default", default="")
    infer_period_s: float = setting(
        "s",
        "time between two inferences; 0 = as often as the model asks for",
        minimum=0.0,
        maximum=10.0,
        default=0.0,
    )
    preflight_calls: int = setting(
        description="inferences on made-up pictures before activation, to hold the model's latency against "
        "the reach of its chunks; 0 = none",
        minimum=0,
        maximum=1000,
        default=3,
    )


@dataclass(frozen=True, kw_only=True)
class PolicySettings(PolicyChoice):
    """Parameters of the policy node."""

    instruction: str = setting(description="first sentence to follow; empty = wait for one", default="")
    corrector: str = setting(
        description="corrects the chunk on its way with each newer picture: a file of "
        "noetra_ros/policy/correctors; the streamer's splice should be corrected. Empty = none",
        default="",
    )
    corrector_checkpoint: str = setting(
        description="folder of the corrector's network; empty = the one that ships", default=""
    )
    image_transport: str = setting(
        description="raw, or compressed: pictures are taken from <image topic>/compressed (JPEG or PNG)",
        choices=TRANSPORTS,
        default="raw",
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
    """A policy, its robot and what it plans from.

    Attributes:
        profile: the robot.
        backend: to be loaded and used on the worker's thread alone.
        planner: plans from the simulator's truth; None for every policy but the scripted expert.
    """

    profile: RobotProfile
    backend: PolicyBackend
    planner: TruthPlanner | None


def build_policy(choice: PolicyChoice, is_simulation: bool) -> LoadedPolicy:
    """The policy, not yet held against the robot, not yet loaded.

    Raises:
        ConfigError: unknown robot or policy, or an unreadable checkpoint.
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
    return LoadedPolicy(profile, backend, planner)


def load_policy(choice: PolicyChoice, worker: InferenceWorker, is_simulation: bool) -> LoadedPolicy:
    """Build the backend, hold it against the robot, load it on the worker's thread, measure it.

    Raises:
        ConfigError: unknown robot or policy, unreadable checkpoint, or whatever does not fit the robot.
    """
    built = build_policy(choice, is_simulation)
    serving = serving_of(choice, built.profile, is_simulation)
    require_preflight(built.backend.spec, serving)
    latency_s = loaded_latency_s(choice, built, worker)
    require_preflight(built.backend.spec, dataclasses.replace(serving, latency_s=latency_s))
    return built


def loaded_latency_s(choice: PolicyChoice, built: LoadedPolicy, worker: InferenceWorker) -> float | None:
    """Load the policy on the worker's thread; s that an answer then takes, None = not measured.

    Raises:
        ConfigError: the device or what the model needs is missing.
    """
    if choice.device != "cpu":
        worker.call(lambda: _require_device(choice.device)).result()
    worker.call(built.backend.load).result()
    latency_s: float | None = worker.call(
        lambda: measured_latency_s(built.backend, built.profile, choice.preflight_calls)
    ).result()
    return latency_s


def check_policy(choice: PolicyChoice, is_simulation: bool) -> None:
    """The same checks without loading the weights: what a person can get wrong, before anything starts.

    Raises:
        ConfigError: see `load_policy`.
    """
    profile = load_robot(choice.robot)
    spec = create_backend(choice.policy, _options(choice, profile)).spec
    require_preflight(spec, serving_of(choice, profile, is_simulation))


def serving_of(choice: PolicyChoice, profile: RobotProfile, is_simulation: bool) -> Serving:
    """What a policy is held against."""
    return Serving(profile, choice.channel, is_simulation, choice.lock_step, choice.infer_period_s)


def _options(choice: PolicyChoice, profile: RobotProfile) -> BackendOptions:
    BACKENDS.get(choice.policy)  # an unknown name is told before a missing checkpoint
    require_signed(choice.checkpoint, choice.model_signers)
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
