"""A command of 7 joints against 14 to 1000 barriers: ours and cbfpy's safety filter, in turns on one core."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import Command, CommandKind, FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.policy.lerobot.link import NOT_INHERITED
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.projection.nearest import nearest
from noetra_ros.safety.settings import check_values, shipped_settings
from noetra_ros.safety.supervisor import Supervisor

JOINTS, GAIN = 7, 5.0
ROUNDS, BLOCK = 6, 200  # calls of each in turn
LARGEST_ERROR = 1e-6
LIMITS, MANY, PERIOD_US = "14_joint_limits", (50, 400, 1000), 1000.0

RIG = Path(__file__).with_name("cbfpy_rig.py")
PYTHON_VARIABLE = "NOETRA_CBFPY_PYTHON"
PACKAGES = ("cbfpy==0.1.0", "elastiqp==0.2.0")
# As cbfpy itself advises for a processor without a GPU.
ADVISED = {
    "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1", "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}  # fmt: skip
OURS, VERDICT = "noetra", "verdict"


@dataclass(frozen=True)
class Contender:
    """One way to use cbfpy.

    Attributes:
        solver: its settings; empty = its default.
        environment: variables that it is started with.
        has_one_core: it shares ours, as an onboard computer that does more would have it.
    """

    solver: Mapping[str, Any]
    environment: Mapping[str, str]
    has_one_core: bool = True


# Its default solver, the one that its examples take on a processor, and the default without a setting, as it
# is after `pip install`, on as many cores as there are.
CONTENDERS = {
    "cbfpy": Contender({}, ADVISED),
    "cbfpy_elastiqp": Contender({"backend": "elastiqp", "solver_tol": 1e-6}, ADVISED),
    "cbfpy_no_settings": Contender({}, {}, has_one_core=False),
}


@dataclass(frozen=True)
class BarrierSet:
    """Barriers ``rows @ q + offsets >= 0`` on positions q, speeds commanded; ``is_limits``: one side of one
    joint each, as bounds of the speed.

    Attributes:
        name: of its records.
        rows: (m, 7).
        offsets: (m,).
    """

    name: str
    rows: FloatArray
    offsets: FloatArray
    is_limits: bool = False

    def least(self, state: FloatArray) -> FloatArray:
        """(m,) that ``rows @ speed`` has to be."""
        return np.asarray(-GAIN * (self.rows @ state + self.offsets))

    def filtered(self, state: FloatArray, wanted: FloatArray) -> FloatArray | None:
        """Ours, from the state on."""
        if self.is_limits:
            lower, upper = self.offsets[:JOINTS] + state, self.offsets[JOINTS:] - state
            return nearest(wanted, -GAIN * lower, GAIN * upper, NO_ROWS, NO_LEAST)
        return nearest(wanted, ANY_LOW, ANY_HIGH, self.rows, self.least(state))


NO_ROWS, NO_LEAST = np.zeros((0, JOINTS)), np.zeros(0)
ANY_LOW, ANY_HIGH = np.full(JOINTS, -np.inf), np.full(JOINTS, np.inf)


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Each set with the same states and commands for all; what we answer is held against another method.

    Raises:
        ValueError: our answer is not the nearest one to 1e-6.
    """
    rng = np.random.default_rng(0)
    with contextlib.ExitStack() as stack:
        cores = stack.enter_context(_one_core())
        theirs = _theirs(stack, cores, say)
        samples = {barriers.name: _compared(barriers, theirs, rng, say) for barriers in _sets(rng)}
    verdict_us = samples[LIMITS].pop(VERDICT)
    whole = _records("verdict_14_joint_limits", {**samples[LIMITS], OURS: verdict_us})
    filters = [r for name, us in samples.items() for r in _records(f"filter_{name}", us)]
    return [*filters, *whole]


def _sets(rng: np.random.Generator) -> list[BarrierSet]:
    sides = np.vstack([np.eye(JOINTS), -np.eye(JOINTS)])
    limits = BarrierSet(LIMITS, sides, np.ones(2 * JOINTS), is_limits=True)
    planes = [
        BarrierSet(f"{count}_planes", rng.normal(size=(count, JOINTS)), np.ones(count))
        for count in (2 * JOINTS, *MANY)
    ]
    return [limits, *planes]


def _compared(
    barriers: BarrierSet,
    theirs: Mapping[str, _Cbfpy],
    rng: np.random.Generator,
    say: Callable[[str], None],
) -> dict[str, list[float]]:
    """us of each call, by who was called, in turns; with limits also of the whole verdict."""
    verdicts = {VERDICT: _Verdicts()} if barriers.is_limits else {}
    times_us: dict[str, list[float]] = {name: [] for name in (OURS, *verdicts, *theirs)}
    for index in range(ROUNDS):
        say(f"{barriers.name}: round {index + 1} of {ROUNDS}")
        states, wanted = _inside(barriers, rng), rng.uniform(-6.0, 6.0, (BLOCK, JOINTS))
        times_us[OURS] += _timed(barriers, states, wanted)
        for name, verdict in verdicts.items():
            times_us[name] += verdict.times_us(BLOCK)
        for name, contender in theirs.items():
            times_us[name] += contender.times_us(barriers, states, wanted)
    return times_us


def _records(name: str, times_us: dict[str, list[float]]) -> list[BenchRecord]:
    """Ours against the control period, theirs against ours."""
    period = f"a control period of 1 kHz, {PERIOD_US:g} us"
    ours = record_of(name, times_us[OURS], "us", period, PERIOD_US)
    words = f"ours in the same run, {ours.p50:.3g} us"
    theirs = {who: sample for who, sample in times_us.items() if who != OURS}
    return [ours, *(record_of(f"{ours.name}_{who}", us, "us", words, ours.p50) for who, us in theirs.items())]


def _inside(barriers: BarrierSet, rng: np.random.Generator) -> FloatArray:
    """(BLOCK, 7) states in which no barrier is broken, many near to one."""
    directions = rng.normal(size=(BLOCK, JOINTS))
    with np.errstate(divide="ignore"):
        reach = barriers.offsets / np.maximum(-(directions @ barriers.rows.T), 0.0)
    return np.asarray(directions * (reach.min(axis=1) * rng.uniform(0.0, 1.0, BLOCK))[:, np.newaxis])


def _timed(barriers: BarrierSet, states: FloatArray, wanted: FloatArray) -> list[float]:
    times_us, answers = [], []
    for state, speeds in zip(states, wanted, strict=True):
        begin_ns = time.perf_counter_ns()
        answers.append(barriers.filtered(state, speeds))
        times_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
    for state, speeds, answer in zip(states, wanted, answers, strict=True):
        reference = nearest_by_least_distance(speeds, barriers.rows, barriers.least(state))
        error = np.inf if answer is None else np.abs(answer - reference).max()
        if not error <= LARGEST_ERROR:
            raise ValueError(f"{barriers.name}: off the nearest answer by {error:.3g} rad/s")
    return times_us


class _Verdicts:
    """Of the supervisor with all shipped checks on a slow swing of the same joints: limits with their braking
    distances, velocity, acceleration, jerk, time-outs, clock, explanations.
    """

    def __init__(self) -> None:
        axes = tuple(
            AxisLimits(f"joint{i + 1}", "rad", -1.0, 1.0, 2.6, 10.0, 500.0, 0.35) for i in range(JOINTS)
        )
        indices, streams = tuple(range(JOINTS)), {"joint_states": 0.1}
        limits = ChannelLimits(CommandKind.JOINT_POSITION, 0.01, axes, streams, joint_indices=indices)
        settings = shipped_settings()
        checks = build_checks(settings.checks, check_values(settings), limits).running
        self._supervisor = Supervisor(limits, checks, settings)
        self._index = 0
        self._supervisor.on_joint_state(np.zeros(JOINTS), 0)
        self._supervisor.tick(0)
        if refusal := self._supervisor.arm(0).refusal:
            raise NoetraError(refusal)

    def times_us(self, count: int) -> list[float]:
        """Of the next commands of the swing.

        Raises:
            NoetraError: one was refused.
        """
        supervisor, times_us = self._supervisor, []
        for index in range(self._index, self._index + count):
            now_ns, values = (index + 1) * 10_000_000, np.full(JOINTS, 0.4 * (1.0 - np.cos(0.01 * index)))
            supervisor.on_joint_state(values, now_ns)
            command = Command(supervisor.limits.kind, values, now_ns)
            begin_ns = time.perf_counter_ns()
            supervisor.on_command(command)
            times_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
        self._index += count
        if supervisor.mode.name != "ACTIVE":
            raise NoetraError(f"the supervisor went into {supervisor.mode.name}: good commands were refused")
        return times_us


def nearest_by_least_distance(wanted: FloatArray, rows: FloatArray, least: FloatArray) -> FloatArray:
    """The x nearest to `wanted` with rows @ x >= least, by non-negative least squares (Lawson and Hanson,
    Solving Least Squares Problems, chapter 23).
    """
    table = np.vstack([rows.T, least - rows @ wanted])
    aim = np.eye(len(table))[-1]
    rest = table @ nnls(table, aim)[0] - aim
    return np.asarray(wanted - rest[:-1] / rest[-1])


@contextlib.contextmanager
def _one_core() -> Iterator[set[int]]:
    """Processes share one core; gives all that there were."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield before
    finally:
        os.sched_setaffinity(0, before)


def _theirs(stack: contextlib.ExitStack, cores: set[int], say: Callable[[str], None]) -> dict[str, _Cbfpy]:
    """By name; none where cbfpy cannot be had."""
    try:
        python = _python(say)
        return {name: stack.enter_context(_Cbfpy(python, how, cores)) for name, how in CONTENDERS.items()}
    except OSError as error:
        print(f"barrier_filter: cbfpy is not available, ours alone. {error}", file=sys.stderr)
        return {}


def _python(say: Callable[[str], None]) -> Path:
    """The interpreter that has cbfpy; its environment is made where there is none (530 MB).

    Raises:
        OSError: it could not be made, and why.
    """
    if named := os.environ.get(PYTHON_VARIABLE, ""):
        return Path(named)
    data_home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    folder = Path(data_home) / "noetra" / "cbfpy"
    python, stamp = folder / "bin" / "python", folder / "complete"
    if stamp.is_file():
        return python
    uv = Path(sys.executable).with_name("uv")
    steps: tuple[list[str | Path], ...] = (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder],
        [uv, "pip", "install", "--quiet", "--python", python, *PACKAGES],
    )
    for words in steps:
        say(f"making an environment with {', '.join(PACKAGES)} in {folder}")
        done = subprocess.run(words, capture_output=True, text=True, env=_plain_environment({}), check=False)
        if done.returncode:
            raise OSError(f"{' '.join(map(str, words))}: {done.stderr.strip()[-300:]}")
    stamp.touch()
    return python


def _plain_environment(more: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in NOT_INHERITED} | dict(more)


class _Cbfpy(contextlib.ExitStack):
    """cbfpy in a process of its own.

    Args:
        python: the interpreter that has it.
        how: it is used.
        cores: of the machine.
    """

    def __init__(self, python: Path, how: Contender, cores: set[int]) -> None:
        super().__init__()
        self._solver = dict(how.solver)
        pipe = subprocess.PIPE
        self._process = self.enter_context(
            subprocess.Popen(
                [python, RIG], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True,
                env=_plain_environment(how.environment),
            )
        )  # fmt: skip
        self.callback(self._process.terminate)
        if not how.has_one_core:
            os.sched_setaffinity(self._process.pid, cores)  # before it has threads of its own

    def times_us(self, barriers: BarrierSet, states: FloatArray, wanted: FloatArray) -> list[float]:
        """Of each state.

        Raises:
            OSError: it has ended.
        """
        task: dict[str, Any] = {"name": barriers.name, "solver": self._solver, "gain": GAIN}
        arrays = {"rows": barriers.rows, "offsets": barriers.offsets, "states": states, "wanted": wanted}
        task |= {name: array.tolist() for name, array in arrays.items()}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(task) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise OSError("cbfpy's process has ended")
        times_us: list[float] = json.loads(line)["us"]
        return times_us
