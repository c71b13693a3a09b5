"""Random episodes of the fuzz, recorded through the real recorder into real files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from noetra_ros.core.config import load, read_yaml
from noetra_ros.core.resources import config_file
from noetra_ros.evaluation.fuzz.episode import Episode
from noetra_ros.evaluation.fuzz.setup import TRUST, VELOCITY_CHANNEL, Setup
from noetra_ros.safety.replay.files import CallFile, file_name
from noetra_ros.safety.replay.header import Header, SetUp, set_up, versions
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.replay.state import State, plain_state
from noetra_ros.safety.settings import SupervisorSettings

NEVER = 10**9


@dataclass
class FileTape:
    """Writes at once; begins a new file every so many calls."""

    folder: Path
    set_up: SetUp
    every: int = NEVER
    needs_state: bool = True
    calls: int = 0
    lost: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    file: CallFile | None = None

    def begin(self, state: State) -> None:
        self.close()
        self.needs_state = False
        path = self.folder / file_name(1_790_000_000 * 10**9, len(self.paths) + 1)
        self.file = CallFile(path, Header(self.set_up, plain_state(state), versions(), self.calls))
        self.paths.append(path)

    def put(self, record: bytes) -> None:
        self.calls += 1
        assert self.file is not None
        self.file.append(record)
        self.needs_state = self.calls % self.every == 0

    def lose(self, why: str) -> None:
        self.lost.append(why)

    def close(self) -> None:
        if self.file is not None:
            self.file.close("the test is over")


@dataclass(frozen=True)
class RecordedSetup(Setup):
    """A set-up of the fuzz whose supervisor is recorded."""

    tape: FileTape | None = None

    def supervisor(self) -> RecordedSupervisor:
        assert self.tape is not None
        return RecordedSupervisor(super().supervisor(), self.tape)


def settings_of(setup: Setup) -> SupervisorSettings:
    """Settings of its supervisor."""
    values = {name: value for name, value in setup.values.items() if name not in TRUST}
    return load(SupervisorSettings, values, "fuzz")


def record_episode(
    folder: Path,
    robot: str,
    variant: str,
    seed: int,
    *,
    channel: str = "",
    periods: int = 200,
    every: int = 10**9,
) -> FileTape:
    """Play one episode; its files are in `folder`."""
    plain = Setup(robot, channel, variant)
    tape = FileTape(folder, set_up(robot, plain.profile, channel, settings_of(plain)), every)
    Episode(RecordedSetup(robot, channel, variant, tape=tape), seed, periods).play()
    tape.close()
    return tape


def recorded_alone(folder: Path, variant: str = "plain") -> tuple[FileTape, RecordedSupervisor]:
    """A fresh supervisor of so101, and what records it."""
    plain = Setup("so101", "", variant)
    tape = FileTape(folder, set_up("so101", plain.profile, "", settings_of(plain)))
    return tape, RecordedSupervisor(plain.supervisor(), tape)


def with_velocities(folder: Path) -> str:
    """File of so101 with a channel of joint velocities besides."""
    values = read_yaml(config_file("robots", "so101"))
    arm = values["channels"][values["default_channel"]]
    values["channels"][VELOCITY_CHANNEL] = {**arm, "kind": "joint_velocity"}
    path = folder / "so101.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    return str(path)
