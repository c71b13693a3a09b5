"""Write a robot and its world as files for Gazebo: SDF, URDF, controllers, bridge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import typer

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.elements import unknown_in
from noetra_ros.sim.gazebo.folder import MODEL, WORLD, GazeboFiles, scene_of, write_folder
from noetra_ros.sim.gazebo.tool import check_file, find_library


def command(
    out: Annotated[Path, typer.Option(help="Folder for the files; those of the same names are replaced.")],
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    seed: Annotated[int, typer.Option(help="Seed of where things lie, as in MuJoCo.", min=0)] = 0,
    person: Annotated[str, typer.Option(help="Somebody stands there: walk, reach or random.")] = "",
    at: Annotated[float, typer.Option(help="As at this time of the episode, s.", min=0.0)] = 0.0,
    namespace: Annotated[str, typer.Option(help="Namespace of the robot's ROS topics.")] = "",
) -> None:
    """From the same scene as the MuJoCo world; checked against SDF 1.9, and by sdformat where it is there.

    Says which topics of the profile nobody serves in Gazebo, and why. Exit code 1: a file is not valid.
    """
    profile = load_robot(robot)
    files = write_folder(profile, scene_of(profile, seed, person, at), out, namespace)
    for name in sorted(path.name for path in files.folder.iterdir()):
        typer.echo(str(files.path(name)))
    for topic, reason in files.service.missing.items():
        typer.echo(f"not served: {topic}: {reason}")
    faults = faults_of(files)
    typer.echo("\n".join(faults) or f"valid: no element that SDF 1.9 does not know{_asked()}")
    if faults:
        raise typer.Exit(1)


def _asked() -> str:
    """Who else found nothing."""
    library = find_library()
    return "" if library is None else f", and {library} reads {WORLD} and {MODEL}"


def faults_of(files: GazeboFiles) -> list[str]:
    """What is wrong with world and model; a line where sdformat is missing goes to the screen only."""
    library = find_library()
    if library is None:
        typer.echo("sdformat is not installed, so that it was not asked: apt install libsdformat12-12")
    found = []
    for name in (WORLD, MODEL):
        path = files.path(name)
        found += [f"{name}: {fault}" for fault in unknown_in(ElementTree.parse(path).getroot())]
        if library is not None and (said := check_file(path, library)):
            found.append(f"{name}: {said}")
    return found
