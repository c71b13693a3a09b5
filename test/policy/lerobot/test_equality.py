"""Our answers are LeRobot's own: checkpoints that LeRobot has written, answered by both, in one run.

Needs an environment with LeRobot; without one the tests are skipped and the reason names the command.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionPrefix, CameraFrame, JointState, Observation
from noetra_ros.policy.backend import BackendOptions, answer_after
from noetra_ros.policy.backends.lerobot import LeRobotBackend, lerobot_backend
from noetra_ros.policy.lerobot import environment
from noetra_ros.policy.lerobot.host import OFFLINE
from noetra_ros.policy.lerobot.link import NOT_INHERITED
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import load_robot

SIDE = Path(__file__).with_name("lerobot_side.py")
KINDS = ("act", "diffusion", "smolvla")
ROWS, STEP_NS = 8, 100_000_000
SHEET = "unit: deg\nrate_hz: 10\njoints: [{}]\n"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def python() -> Path:
    try:
        return environment.find_python()
    except ConfigError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def observations() -> list[Observation]:
    """Two chunks' worth, no two alike."""
    rng = np.random.default_rng(1)
    return [one_observation(rng, index * STEP_NS) for index in range(2 * ROWS)]


def one_observation(rng: np.random.Generator, stamp_ns: int) -> Observation:
    names = load_robot("so101").joint_names
    joints = JointState(stamp_ns, names, rng.uniform(-0.3, 0.3, 6), np.zeros(6), np.zeros(6))
    frames = {
        name: CameraFrame(stamp_ns, name, rng.integers(0, 255, (96, 96, 3), dtype=np.uint8))
        for name in ("front", "wrist")
    }
    return Observation(stamp_ns, "pick up the red cube", joints, frames)


@pytest.fixture(scope="module")
def folder(python, observations, tmp_path_factory) -> Path:
    """Checkpoints and LeRobot's actions, made by LeRobot."""
    place = tmp_path_factory.mktemp("lerobot")
    series = {
        f"observation.images.{name}": np.stack([seen.frames[name].rgb for seen in observations])
        for name in ("front", "wrist")
    }
    states = np.rad2deg(np.stack([seen.joints.positions for seen in observations])).astype(np.float32)
    np.savez(place / "observations.npz", **{"observation.state": states, **series})
    plain = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    command = [str(python), str(SIDE), str(place), *KINDS]
    done = subprocess.run(command, env={**plain, **OFFLINE}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    for kind in KINDS:
        names = ", ".join(observations[0].joints.names)
        (place / kind / "noetra.yaml").write_text(SHEET.format(names), encoding="utf-8")
    return place


def with_past(observations: list[Observation], index: int, spec: PolicySpec) -> Observation:
    """An observation with the instants before it; before the first there was nothing but the first."""
    seen = [observations[max(0, index - back)] for back in reversed(range(spec.joint_history.count))]
    videos = {name: tuple(one.frames[name] for one in seen) for name in seen[-1].frames}
    return replace(seen[-1], videos=videos, past_joints=tuple(one.joints for one in seen[:-1]))


@pytest.fixture(scope="module")
def loaded(folder) -> Iterator[Callable[[str], LeRobotBackend]]:
    """A backend by its kind, loaded once."""
    made: dict[str, LeRobotBackend] = {}

    def of_kind(kind: str) -> LeRobotBackend:
        if kind not in made:
            made[kind] = lerobot_backend(BackendOptions(load_robot("so101"), checkpoint=folder / kind))
            made[kind].load()
        made[kind].reset()
        return made[kind]

    yield of_kind
    for backend in made.values():
        backend.close()


@pytest.mark.parametrize("kind", KINDS)
def test_chunks_are_those_of_lerobots_own_loop(kind, folder, observations, loaded):
    expected_rad = np.deg2rad(np.load(folder / kind / "actions.npz")["actions"].astype(np.float64))
    backend = loaded(kind)
    first = backend.infer(with_past(observations, 0, backend.spec))
    second = backend.infer(with_past(observations, ROWS, backend.spec))
    assert np.ptp(expected_rad) > 0.1
    np.testing.assert_allclose(first.values, expected_rad[:ROWS], rtol=0, atol=1e-5)
    np.testing.assert_allclose(second.values, expected_rad[ROWS:], rtol=0, atol=1e-5)


def test_a_flow_policy_carries_on_from_what_is_decided(observations, loaded):
    backend = loaded("smolvla")
    decided = ActionPrefix(np.full((6, 6), 0.1), frozen=4)
    plain = backend.infer(observations[0]).values
    backend.reset()
    carried_on = answer_after(backend, observations[0], lambda stamp_ns: decided).values
    away_rad = [np.abs(values[:4] - 0.1).mean() for values in (plain, carried_on)]
    assert away_rad[1] < 0.2 * away_rad[0]
    backend.reset()
    np.testing.assert_array_equal(backend.infer(observations[0]).values, plain)
