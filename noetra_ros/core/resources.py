"""Where the package's own files are: from a source tree, a colcon install space or a pip install alike."""

from __future__ import annotations

import os
from pathlib import Path

from noetra_ros.core.errors import single_fault

PACKAGE_FOLDER = Path(__file__).resolve().parents[1]


def share_folder() -> Path:
    """Folder of `config/` and `launch/`: the source tree, or `share/noetra_ros` of the install prefix.

    Raises:
        ConfigError: the package was installed without its configuration.
    """
    candidates = [PACKAGE_FOLDER.parent, *(up / "share" / "noetra_ros" for up in PACKAGE_FOLDER.parents)]
    for folder in candidates:
        if (folder / "config" / "robots").is_dir():
            return folder
    raise single_fault("noetra_ros", "config/", "not found", "an installed package", "install it again")


def user_folder(kind: str) -> Path:
    """Folder of the user's own files of a kind: ``~/.config/noetra/<kind>``, or as XDG_CONFIG_HOME says."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "noetra" / kind


def config_file(kind: str, name: str) -> Path:
    """Path of ``config/<kind>/<name>.yaml`` of the package or of the user's folder, or `name` itself where it
    is a path of a YAML file.

    Args:
        kind: sub-folder of config, e.g. ``robots``.
        name: bare name, or a path that ends in ``.yaml``.

    Raises:
        ConfigError: no such file, lists the known names; or the user's folder and the package both have it.
    """
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
        if not path.is_file():
            raise single_fault(kind, "file", name, "an existing YAML file")
        return path
    path, own = share_folder() / "config" / kind / f"{name}.yaml", user_folder(kind) / f"{name}.yaml"
    if path.is_file() and own.is_file():
        remedy = f"give yours another name, or its path: {own}"
        raise single_fault(
            f"config/{kind}", "name", repr(name), "one file of that name, there are two", remedy
        )
    if own.is_file():
        return own
    if not path.is_file():
        known = ", ".join(config_names(kind)) or "none"
        raise single_fault(f"config/{kind}", "name", repr(name), f"one of {known}, or a path ending in .yaml")
    return path


def config_names(kind: str) -> list[str]:
    """Bare names of the files in ``config/<kind>``, the package's and the user's."""
    folders = (share_folder() / "config" / kind, user_folder(kind))
    return sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})
