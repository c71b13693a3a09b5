"""Which files the meshes of a URDF are: named relative to it, as file://, or as package://."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.robots.urdf import mesh_folders

LOOKED_FOR = ("package://", "model://")  # below the folders; the first word after it is a package's name
PARTS = ("visual", "collision")


def mesh_file(urdf: Path, filename: str) -> Path:
    """The file that a URDF names as a mesh; where it is looked for: `mesh_folders`.

    Raises:
        ConfigError: there is no such file.
    """
    path = _found(urdf, filename)
    if path is None:
        raise ConfigError(str(urdf), [_fault(urdf, filename)])
    return path


def mesh_files(root: Element, urdf: Path, parts: Sequence[str] = PARTS) -> list[tuple[Element, Path]]:
    """Each element `mesh` with its file.

    Args:
        root: of the URDF.
        urdf: the file that it was read from.
        parts: of links that are looked at.

    Raises:
        ConfigError: every file that is not there.
    """
    meshes = [mesh for part in parts for mesh in root.iterfind(f"link/{part}/geometry/mesh")]
    found = [(mesh, _found(urdf, mesh.get("filename", ""))) for mesh in meshes]
    missing = dict.fromkeys(mesh.get("filename", "") for mesh, path in found if path is None)
    if missing:
        raise ConfigError(str(urdf), [_fault(urdf, filename) for filename in missing])
    return [(mesh, path) for mesh, path in found if path is not None]


def _found(urdf: Path, filename: str) -> Path | None:
    candidates = (path for name in _names(filename) for path in _candidates(urdf, name))
    return next((path for path in candidates if path.is_file()), None)


def _names(filename: str) -> tuple[str, ...]:
    """As it is written; where it is a URI, also with its escapes (%20) undone."""
    return tuple(dict.fromkeys((filename, unquote(filename)))) if "://" in filename else (filename,)


def _candidates(urdf: Path, name: str) -> list[Path]:
    if name.startswith("file://"):
        return [Path(name.removeprefix("file://"))]
    for scheme in LOOKED_FOR:
        name = name.removeprefix(scheme)
    return [Path(folder) / name for folder in mesh_folders(urdf.absolute())]


def _fault(urdf: Path, filename: str) -> Fault:
    folders = ", ".join(mesh_folders(urdf.absolute()))
    remedy = "put the robot's package into ROS_PACKAGE_PATH, or lay the meshes beside the URDF"
    return Fault("mesh", repr(filename), f"a file, absolute or below one of {folders}", remedy)
