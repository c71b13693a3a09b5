"""What all tests share: a ROS domain of their own, one torch thread, reasons for what cannot run here."""

import importlib.util
import os
import sys

import pytest

from noetra_ros.cli.domain import PrivateDomain
from noetra_ros.safety import KERNEL

if "ROS_DOMAIN_ID" not in os.environ:  # held until the run ends: no other run can take it
    DOMAIN = PrivateDomain()
    os.environ["ROS_DOMAIN_ID"] = str(DOMAIN.number)
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_report_header() -> list[str]:
    """Says what the run stood on."""
    distro = os.environ.get("ROS_DISTRO") or ("wheels" if has_module("ros_wheels_bootstrapper") else "none")
    return [
        f"ROS 2: {distro}, domain {os.environ['ROS_DOMAIN_ID']}, Python {sys.version.split()[0]}",
        f"kernel: {KERNEL.words()}",
    ]


def has_module(name: str) -> bool:
    """True: the module can be imported."""
    return importlib.util.find_spec(name) is not None


@pytest.fixture(scope="session")
def gl_backend() -> str:
    """The off-screen renderer that works here; skips the test where none does."""
    from noetra_ros.sim.rendering import RenderingError, choose_backend

    try:
        return choose_backend()
    except RenderingError as error:
        pytest.skip(f"no off-screen rendering: {error}")


@pytest.fixture(autouse=True)
def skip_without_gl(request: pytest.FixtureRequest) -> None:
    """A test marked `gl` asks for the renderer without naming it."""
    if request.node.get_closest_marker("gl"):
        request.getfixturevalue("gl_backend")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Node tests run in real time: on a machine busy elsewhere one may try again, counted and told."""
    for item in items:
        if item.get_closest_marker("ros"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter) -> None:
    """Says why a test was tried again: a second try that passes is no reason to forget the first."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"tried again: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what this machine cannot run, with the reason."""
    if item.get_closest_marker("ros") and not has_module("rclpy"):
        pytest.skip("rclpy is not installed")
