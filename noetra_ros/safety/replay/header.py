"""What a recording says of its supervisor: everything to build it again, and what it ran on."""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from noetra_ros import __version__
from noetra_ros.core.config import load, read_yaml
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.resources import PACKAGE_FOLDER, config_file
from noetra_ros.robots.profile import RobotProfile, load_robot, with_own_urdf
from noetra_ros.safety.assembly import assemble, assemble_together
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.replay.packing import legend
from noetra_ros.safety.settings import SupervisorSettings
from noetra_ros.safety.supervisor import Supervisor

FORMAT = "noetra_ros supervisor calls"
FORMAT_VERSION = 1
LIBRARIES = ("numpy", "pinocchio", "coal", "daqp")
DECIDING = ("core", "robots", "safety")  # folders whose code decides
NOT_DECIDING = ("safety/audit", "safety/replay")
FILE_NAMES = re.compile(r'filename="([^"]+)"')


@dataclass(frozen=True)
class SetUp:
    """What a supervisor is built from.

    Attributes:
        robot: name of the profile.
        profile: text of its file.
        channel: name; empty = the default one.
        settings: of the supervisor, by name.
        body: SHA-256 of the URDF and each file that it names, by name.
    """

    robot: str
    profile: str
    channel: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)

    @property
    def profile_sha256(self) -> str:
        """SHA-256 of the profile's text."""
        return sha256(self.profile.encode())

    @property
    def settings_sha256(self) -> str:
        """SHA-256 of the settings and the channel."""
        words = json.dumps([self.channel, self.settings], sort_keys=True)
        return sha256(words.encode())

    def build(self) -> Supervisor | GatedTogether:
        """A fresh supervisor, of all channels that are gated together where the profile has such.

        Raises:
            ConfigError: the set-up cannot be built here: a URDF that is not on this machine, ...
        """
        profile = self.load_profile()
        settings = load(SupervisorSettings, self.settings, "settings of the recording")
        names = profile.gated_with(self.channel)
        if len(names) > 1:
            return assemble_together(profile, names, settings)[0]
        return assemble(profile, profile.channel(self.channel), settings).supervisor

    def load_profile(self) -> RobotProfile:
        """The recorded profile, with the URDF of this machine.

        Raises:
            ConfigError: the URDF is not there, or the profile is wrong by it.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{Path(self.robot).name}.yaml"
            path.write_text(self.profile, encoding="utf-8")
            return load_robot(str(path))


def set_up(robot: str, profile: RobotProfile, channel: str, settings: SupervisorSettings) -> SetUp:
    """The set-up of a supervisor that runs.

    Args:
        robot: name of the profile, or its file.
        profile: as it was loaded from there.
        channel: name; empty = the default one.
        settings: as the supervisor has them.
    """
    values = {f.name: getattr(settings, f.name) for f in fields(SupervisorSettings)}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return SetUp(profile.name, _profile_text(robot), channel, plain, body_files(profile))


def _profile_text(robot: str) -> str:
    """The profile's file; a URDF beside it is named absolutely, because a replay reads the text elsewhere."""
    path = config_file("robots", robot)
    text, values = path.read_text(encoding="utf-8"), read_yaml(path)
    with_urdf = with_own_urdf(values, path.parent)
    return text if with_urdf == values else yaml.safe_dump(with_urdf, sort_keys=False)


def body_files(profile: RobotProfile) -> dict[str, str]:
    """SHA-256 of the URDF and of each file that it names; empty without a URDF."""
    urdf = profile.urdf_path
    if urdf is None:
        return {}
    named = FILE_NAMES.findall(urdf.read_text(encoding="utf-8"))
    paths = {name: urdf.parent / name for name in sorted({*named})}
    found = {name: path for name, path in {urdf.name: urdf, **paths}.items() if path.is_file()}
    return {name: sha256(path.read_bytes()) for name, path in found.items()}


@cache
def versions() -> Mapping[str, str]:
    """What the supervisor runs on here, by name: package, its code by its hash, libraries, machine."""
    return {
        "noetra_ros": __version__,
        "code_sha256": _code_sha256(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: _version(name) for name in LIBRARIES},
    }


def _version(library: str) -> str:
    """As it says itself, or as it was installed: pinocchio comes from PyPI under another name."""
    told = getattr(importlib.import_module(library), "__version__", "")
    if told:
        return str(told)
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "unknown"


def _code_sha256() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for folder in DECIDING for path in (PACKAGE_FOLDER / folder).rglob("*.py")):
        name = path.relative_to(PACKAGE_FOLDER).as_posix()
        if not name.startswith(NOT_DECIDING):
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def sha256(data: bytes) -> str:
    """Hash of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Header:
    """The first value of a file.

    Attributes:
        set_up: of the supervisor.
        state: plain form of the state before the first call.
        versions: as `versions` has them.
        first_call: number of the first call, from 0, counted from the start of the recording.
        lost: calls just before it that were not recorded.
        lost_why: why not; empty = none was lost.
        utc_ns: when the file was begun.
    """

    set_up: SetUp
    state: Any
    versions: Mapping[str, str]
    first_call: int = 0
    lost: int = 0
    lost_why: str = ""
    utc_ns: int = 0

    def plain(self) -> dict[str, Any]:
        """As MessagePack knows it."""
        own = {name: getattr(self, name) for name in ("first_call", "lost", "lost_why", "utc_ns")}
        made_of = self.set_up
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "versions": dict(self.versions),
            "profile_sha256": made_of.profile_sha256,
            "settings_sha256": made_of.settings_sha256,
            "set_up": {f.name: getattr(made_of, f.name) for f in fields(SetUp)},
            **own,
            "legend": legend(),
            "state": self.state,
        }

    def differences(self) -> list[str]:
        """What is not here as it was there, in words: each of it can change a decision, or its last bit."""
        here = versions()
        found = [
            f"{name}: {_short(value)} then, {_short(here.get(name, 'nothing'))} now"
            for name, value in self.versions.items()
            if here.get(name) != value
        ]
        try:
            body = body_files(self.set_up.load_profile())
        except NoetraError:
            return found  # told when it is built
        names = sorted(self.set_up.body.keys() | body.keys())
        return found + [
            f"{name} of the robot: not the same file"
            for name in names
            if self.set_up.body.get(name) != body.get(name)
        ]


def header_of(plain: Any) -> Header:
    """A header from its plain form.

    Raises:
        ValueError: it is none, of another version, or its hashes do not fit its content.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise ValueError("no recording of a supervisor")
    if plain.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"format version {plain.get('format_version')}, this program reads {FORMAT_VERSION}")
    try:
        made_of = SetUp(**plain["set_up"])
        rest = {f.name: plain[f.name] for f in fields(Header) if f.name != "set_up"}
        is_whole = (plain["profile_sha256"], plain["settings_sha256"]) == (
            made_of.profile_sha256,
            made_of.settings_sha256,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"its header does not fit: {type(error).__name__}: {error}") from None
    if not is_whole:
        raise ValueError("profile or settings in its header are not those that their hashes are of")
    return Header(made_of, **rest)


def _short(word: str) -> str:
    return word[:12] if len(word) == 64 else word
