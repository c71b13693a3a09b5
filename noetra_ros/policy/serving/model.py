"""Builds the backend that a server offers, and refuses what cannot be offered to another machine."""

from __future__ import annotations

from pathlib import Path

from noetra_ros.core.errors import single_fault
from noetra_ros.policy.backend import BACKENDS, BackendOptions, CarriesOn, PolicyBackend, create_backend
from noetra_ros.policy.preflight import Serving, require_preflight
from noetra_ros.policy.serving.engine import EngineTraits, ModelSettings
from noetra_ros.policy.several_robots import ServesSeveral
from noetra_ros.robots.profile import load_robot


def build_backend(settings: ModelSettings) -> PolicyBackend:
    """The backend, held against its robot, not yet loaded.

    Raises:
        ConfigError: unknown robot or policy, unreadable checkpoint, whatever does not fit, or a policy that
            needs the simulator's truth.
    """
    BACKENDS.get(settings.policy)  # an unknown name is told before a missing checkpoint
    robot = load_robot(settings.robot)
    checkpoint = Path(settings.checkpoint) if settings.checkpoint else None
    options = BackendOptions(robot, settings.channel, checkpoint, device=settings.device)
    backend = create_backend(settings.policy, options)
    require_preflight(backend.spec, Serving(robot, settings.channel, is_simulation=False))
    return backend


def load_backend(settings: ModelSettings) -> PolicyBackend:
    """The backend, loaded on the calling thread, which has to be the one that uses it.

    Raises:
        ConfigError: see `build_backend`; or the device or what the model needs is missing.
    """
    backend = build_backend(settings)
    if settings.device != "cpu":
        import torch  # heavy, and only here beside the backends

        if not getattr(torch, settings.device).is_available():
            got = f"{settings.device}, which torch {torch.__version__} does not see"
            raise single_fault("serve", "device", got, "a device of this machine", "--device cpu")
    backend.load()
    return backend


def traits_of(backend: PolicyBackend, copies: int = 1) -> EngineTraits:
    """What so many copies of a backend can do for robots."""
    max_robots = 0 if isinstance(backend, ServesSeveral) else copies
    return EngineTraits(backend.spec, max_robots, isinstance(backend, CarriesOn))
