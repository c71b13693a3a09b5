#!/usr/bin/env python3
"""Makes the development environment: virtual environment, packages, messages, kernel. `make setup` calls it.

Runs with the standard library alone, on any Python from 3.9. A second run has nothing to do and says so.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from noetra_setup.kernel import build_kernel, is_kernel_current
from noetra_setup.machine import (
    Missing,
    find_sourced_python,
    find_wheel_python,
    missing_compiler,
    missing_graphics,
)
from noetra_setup.messages import build_messages, link_source_tree, messages_digest
from noetra_setup.packages import install_packages, is_usable, make_venv, packages_digest
from noetra_setup.progress import Progress, StepError
from noetra_setup.ros_choice import WHEEL_DISTROS, RosChoice, choose_ros
from noetra_setup.stamps import read_stamps

REPO = Path(__file__).resolve().parents[1]
EXIT_MISSING = 3


def main() -> int:
    """Sets up; the exit code tells make whether to go on."""
    arguments = parse_arguments()
    try:
        ros = choose_ros(os.environ, arguments.distro)
    except ValueError as error:
        return complain(str(error))
    if arguments.where:
        print(ros.venv_name)
        return 0
    with one_at_a_time():
        return set_up(ros, arguments.need_graphics)


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--distro", choices=WHEEL_DISTROS, help="ROS 2 distribution; default: ROS_DISTRO, or kilted"
    )
    parser.add_argument("--need-graphics", action="store_true", help="fail if nothing can render the cameras")
    parser.add_argument("--where", action="store_true", help="print the environment's folder and end")
    return parser.parse_args()


def set_up(ros: RosChoice, need_graphics: bool) -> int:
    """Does what is not done yet."""
    venv = REPO / ros.venv_name
    missing = missing_graphics()
    if missing and need_graphics:
        return report_missing(missing)
    if is_current(venv, ros):
        link_source_tree(REPO, venv, ros)
        print(f"environment {ros.venv_name} is ready: ROS 2 {ros.flavour}")
        return 0
    try:
        status = build_environment(venv, ros)
    except StepError as error:
        return complain(str(error))
    for fault in missing:
        print(f"  {fault}\n    The robots' simulated cameras do not work until then.")
    return status


def is_current(venv: Path, ros: RosChoice) -> bool:
    """True: nothing has changed since the environment was made."""
    stamps = read_stamps(venv)
    return (
        is_usable(venv, ros)
        and stamps.get("packages") == packages_digest(REPO, ros)
        and stamps.get("messages") == messages_digest(REPO, venv, ros)
        and is_kernel_current(REPO, venv)
    )


def build_environment(venv: Path, ros: RosChoice) -> int:
    """Makes or completes an environment."""
    began_s = time.monotonic()
    print(f"setting up {venv.name} for ROS 2 {ros.flavour}", flush=True)
    python = find_wheel_python() if ros.is_wheels else find_sourced_python()
    missing = missing_compiler() + ([python] if isinstance(python, Missing) else [])
    if missing or isinstance(python, Missing):
        return report_missing(missing)
    progress = Progress(REPO / f"{venv.name}-setup.log")
    if not is_usable(venv, ros):
        make_venv(venv, python, ros, progress)
    install_packages(REPO, venv, ros, progress)
    build_messages(REPO, venv, ros, progress)
    build_kernel(REPO, venv, progress)
    link_source_tree(REPO, venv, ros)
    duration_s = time.monotonic() - began_s
    print(f"environment {venv.name} is ready after {duration_s:.0f} s: try {venv.name}/bin/noetra --help")
    return 0


def report_missing(missing: list[Missing]) -> int:
    """Says everything that the machine lacks at once."""
    for fault in missing:
        print(f"  {fault}", file=sys.stderr)
    return complain(f"{len(missing)} thing(s) missing on this machine; install and call make again")


def complain(text: str) -> int:
    """Ends with a message for a person."""
    print(f"set-up stopped: {text}", file=sys.stderr)
    return EXIT_MISSING


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one tree would disturb each other: the second waits."""
    folder = os.open(REPO, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main())
