"""Forward kinematics written by hand from the URDF's XML, for many postures at once; no pinocchio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from noetra_ros.core.types import FloatArray

STEP_RAD = 1e-6
Frame = tuple[FloatArray, FloatArray]
Known = dict[str, Frame]
Place = tuple[str, Any]  # link, and (3) metres in its frame


@dataclass(frozen=True)
class _Joint:
    """One joint: where its frame lies in the parent, and what moves it: its own drive, or (`mimics`) another
    joint, at `ratio` times whose position, plus `offset`, it is.
    """

    name: str
    kind: str
    parent: str
    rotation: FloatArray
    offset_m: FloatArray
    axis: FloatArray
    mimics: str = ""
    ratio: float = 1.0
    offset: float = 0.0


class Chain:
    """Where the links are.

    Args:
        urdf: file.
        names: (j) joints in the order of every `positions`; others stay at zero.
        base: link in whose frame all is told; no joint moves it.
    """

    def __init__(self, urdf: Path, names: Sequence[str], base: str) -> None:
        root = ElementTree.parse(urdf).getroot()
        self._joint_of = {_child(element): _read(element) for element in root.findall("joint")}
        self._masses = {
            element.get("name", ""): float(mass.get("value", "0"))
            for element in root.findall("link")
            for mass in element.findall("inertial/mass")
        }
        self._names = tuple(names)
        at_zero = np.zeros((1, len(self._names)))
        self._base_rotation, self._base_m = (part[0] for part in self._from_root(base, at_zero, {}))

    def frames(self, link: str, positions: FloatArray, known: Known | None = None) -> Frame:
        """base_from_link at (n, j) positions: (n, 3, 3) and (n, 3) metres; `known` keeps links between."""
        rotation, place_m = self._from_root(link, positions, {} if known is None else known)
        turn = self._base_rotation.T
        return turn @ rotation, (place_m - self._base_m) @ self._base_rotation

    def points(self, places: Sequence[Place], positions: FloatArray) -> list[FloatArray]:
        """(n, 3) metres, base frame, of each point that is fixed to a link."""
        known: Known = {}
        found = []
        for link, local_m in places:
            rotation, place_m = self.frames(link, positions, known)
            found.append(rotation @ np.asarray(local_m, dtype=float) + place_m)
        return found

    def gradients(self, places: Sequence[Place], positions: FloatArray) -> list[FloatArray]:
        """(n, 3, j) m/rad of each point: how it moves with each joint, by central differences."""
        n, count = positions.shape
        steps = STEP_RAD * np.concatenate([np.eye(count), -np.eye(count)])
        moved = (positions[:, np.newaxis] + steps).reshape(-1, count)
        tables = [points.reshape(n, 2, count, 3) for points in self.points(places, moved)]
        return [np.swapaxes(table[:, 0] - table[:, 1], 1, 2) / (2.0 * STEP_RAD) for table in tables]

    def moves(self, link: str) -> bool:
        """A joint carries the link."""
        joint = self._joint_of.get(link)
        return joint is not None and (joint.kind != "fixed" or self.moves(joint.parent))

    @property
    def moving_kg(self) -> float:
        """Mass of all links that a joint carries."""
        return sum(mass for link, mass in self._masses.items() if self.moves(link))

    def _from_root(self, link: str, positions: FloatArray, known: Known) -> Frame:
        if link not in known:
            joint = self._joint_of.get(link)
            if joint is None:
                still = np.broadcast_to(np.eye(3), (len(positions), 3, 3))
                return still, np.zeros((len(positions), 3))
            known[link] = self._after(joint, self._from_root(joint.parent, positions, known), positions)
        return known[link]

    def _after(self, joint: _Joint, parent: Frame, positions: FloatArray) -> Frame:
        rotation, place_m = parent
        place_m = rotation @ joint.offset_m + place_m
        rotation = rotation @ joint.rotation
        value = self._value(joint, positions)
        if value is None:
            return rotation, place_m
        if joint.kind == "prismatic":
            return rotation, place_m + (rotation @ joint.axis) * value[:, np.newaxis]
        return rotation @ _turned(joint.axis, value), place_m

    def _value(self, joint: _Joint, positions: FloatArray) -> FloatArray | None:
        """(n,) where a joint is; None = at zero, or fixed."""
        if joint.kind == "fixed":
            return None
        if joint.name in self._names:
            return np.asarray(positions[:, self._names.index(joint.name)])
        if joint.mimics in self._names:
            return joint.ratio * positions[:, self._names.index(joint.mimics)] + joint.offset
        return np.full(len(positions), joint.offset) if joint.mimics else None


def _child(element: ElementTree.Element) -> str:
    child = element.find("child")
    return child.get("link", "") if child is not None else ""


def _read(element: ElementTree.Element) -> _Joint:
    origin, axis, parent = element.find("origin"), element.find("axis"), element.find("parent")
    offset_m = _three(origin.get("xyz") if origin is not None else None, "0 0 0")
    roll, pitch, yaw = _three(origin.get("rpy") if origin is not None else None, "0 0 0")
    x, y, z = np.eye(3)
    turns = [_turned(along, np.array([angle]))[0] for along, angle in ((z, yaw), (y, pitch), (x, roll))]
    return _Joint(
        element.get("name", ""),
        element.get("type", ""),
        parent.get("link", "") if parent is not None else "",
        turns[0] @ turns[1] @ turns[2],
        offset_m,
        _three(axis.get("xyz") if axis is not None else None, "1 0 0"),
        *_mimicked(element),
    )


def _mimicked(joint: ElementTree.Element) -> tuple[str, float, float]:
    """Joint that is mimicked (empty: none), ratio, offset."""
    mimic = joint.find("mimic")
    if mimic is None:
        return "", 1.0, 0.0
    return mimic.get("joint", ""), float(mimic.get("multiplier", "1")), float(mimic.get("offset", "0"))


def _three(text: str | None, otherwise: str) -> FloatArray:
    return np.array([float(word) for word in (text or otherwise).split()])


def _turned(axis: FloatArray, angles_rad: FloatArray) -> FloatArray:
    """(n, 3, 3) rotations about one axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    sine, cosine = np.sin(angles_rad)[:, None, None], np.cos(angles_rad)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + (1.0 - cosine) * (cross @ cross))
