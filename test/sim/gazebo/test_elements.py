"""Unknown elements fail, although sdformat lets them pass; the table is not poorer than an installed one."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from noetra_ros.sim.gazebo.elements import TABLE, unknown_in

INSTALLED = Path("/usr/share/sdformat12/1.9")  # of Debian's sdformat-sdf
REPO = Path(__file__).parents[3]


def faults_of(inside: str) -> list[str]:
    return [str(fault) for fault in unknown_in(ElementTree.fromstring(f'<sdf version="1.9">{inside}</sdf>'))]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<world name="w"><fog/></world>', "sdf/world/fog: got an unknown element"),
        ('<world name="w" colour="red"/>', "sdf/world/@colour: got an unknown attribute"),
        ('<model name="m"><link name="l"><mass>1</mass></link></model>', "sdf/model/link/mass"),
        (
            '<model name="m"><link name="l"><sensor name="s" type="imu"><hz>1</hz></sensor></link></model>',
            "hz",
        ),
    ],
)
def test_what_sdf_does_not_know_is_named(inside, said):
    (fault,) = faults_of(inside)
    assert said in fault


def test_nested_models_and_parameters_of_plugins_pass():
    plugin = '<plugin name="p" filename="f"><own><of_it/></own></plugin>'
    assert faults_of(f'<model name="m"><model name="n"><static>true</static>{plugin}</model></model>') == []


def test_another_version_is_refused():
    (fault,) = unknown_in(ElementTree.fromstring('<sdf version="1.4"/>'))
    assert "expected sdf, version 1.9" in str(fault)


def test_the_table_holds_all_that_an_installed_sdformat_knows(monkeypatch):
    if not INSTALLED.is_dir():
        pytest.skip("sdformat-sdf is not installed")
    monkeypatch.syspath_prepend(str(REPO / "tools"))
    from sdf_elements import read_table

    ours, theirs = json.loads(TABLE.read_text(encoding="utf-8")), read_table(INSTALLED)
    assert len(theirs) > 40
    for name, entry in theirs.items():
        assert entry.keys() - {"ray"} <= ours[name].keys(), name
    sys.modules.pop("sdf_elements")
