"""The parameters of every node that a sector can speak of; whole sector files are held against them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from noetra_ros.core.config import load, read_yaml
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.resources import config_file
from noetra_ros.ros.blackbox_settings import BlackboxSettings
from noetra_ros.ros.perception_settings import PerceptionNodeSettings
from noetra_ros.ros.policy_loading import PolicySettings
from noetra_ros.ros.sectors import FOLDER, load_sector, whole_type
from noetra_ros.ros.streamer_node import StreamerSettings
from noetra_ros.ros.supervisor_node import SupervisorNodeSettings

NODE_SETTINGS: Mapping[str, type[Any]] = {
    "supervisor": SupervisorNodeSettings,
    "streamer": StreamerSettings,
    "perception": PerceptionNodeSettings,
    "policy": PolicySettings,
    "blackbox": BlackboxSettings,
}


def check_sectors(names: Sequence[str]) -> None:
    """Read whole sector files: each node reads its own section alone.

    Raises:
        ConfigError: an unknown sector, or every fault of the first file that has some.
    """
    for name in names:
        faults = [fault for read in (load_sector, _load_whole) for fault in _faults_of(read, name)]
        if faults:
            raise ConfigError(str(config_file(FOLDER, name)), list(dict.fromkeys(faults)))


def _load_whole(name: str) -> object:
    path = config_file(FOLDER, name)
    return load(whole_type(NODE_SETTINGS), read_yaml(path), str(path))


def _faults_of(read: Callable[[str], object], name: str) -> Sequence[Fault]:
    try:
        read(name)
    except ConfigError as error:
        return error.faults
    return ()
