"""Layout files for RViz and Foxglove name only what the interface table and the robot profiles know."""

import json
import re

import pytest
import yaml

from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces

# Of robot_state_publisher, which every ROS robot runs beside us.
OF_OTHERS = {"/robot_description"}


@pytest.fixture(scope="module")
def known(repo_root):
    """Topics of the table, with names of the profiles that we ship put in."""
    robots = [load_robot(name) for name in ("so101", "diffbot")]
    names = {topic.name for topic in interfaces.TOPICS if "<" not in topic.name}
    for robot in robots:
        names |= {stream.topic for stream in robot.streams.values()}
        names |= {camera.topic for camera in robot.cameras.values()}
        names |= {interfaces.ANNOTATED.name.replace("<camera>", camera) for camera in robot.cameras}
    return {f"/{name.lstrip('/')}" for name in names} | OF_OTHERS


@pytest.fixture(scope="module")
def repo_root(pytestconfig):
    return pytestconfig.rootpath


def rviz_topics(node):
    """Every `Value` of a topic in an RViz configuration."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key.endswith("Topic") and isinstance(value, dict):
                yield value["Value"]
            yield from rviz_topics(value)
    elif isinstance(node, list):
        for value in node:
            yield from rviz_topics(value)


def foxglove_topics(panels):
    """Every topic in the panels of a Foxglove layout."""
    for settings in panels.values():
        yield from settings.get("topics", {})
        paths = [path["value"] for path in settings.get("paths", [])]
        single = [settings.get(key) for key in ("topicPath", "topicToRender", "topicName")]
        single.append(settings.get("imageMode", {}).get("imageTopic"))
        yield from (re.split(r"[.\[]", path)[0] for path in [*paths, *single] if path)


def test_rviz_shows_only_topics_that_there_are(repo_root, known):
    document = yaml.safe_load((repo_root / "config/rviz/noetra.rviz").read_text(encoding="utf-8"))
    topics = set(rviz_topics(document))
    assert {"/perception/markers", "/robot_description"} <= topics
    assert topics - known == set()


def test_foxglove_shows_only_topics_and_fields_that_there_are(repo_root, known):
    document = json.loads((repo_root / "config/foxglove/noetra.json").read_text(encoding="utf-8"))
    topics = set(foxglove_topics(document["configById"]))
    assert {"/perception/markers", "/safety/state", "/safety/separation", "/safety/event"} <= topics
    assert topics - known == set()
    described = {f"/{t.name}": t.message for t in interfaces.TOPICS if t.message}
    fields = {f"{name}.{f}" for name, kind in described.items() for f in kind.get_fields_and_field_types()}
    plotted = {path["value"] for panel in document["configById"].values() for path in panel.get("paths", [])}
    assert plotted and plotted <= fields


def test_foxglove_calls_only_services_that_there_are(repo_root):
    document = json.loads((repo_root / "config/foxglove/noetra.json").read_text(encoding="utf-8"))
    called = {panel["serviceName"] for panel in document["configById"].values() if "serviceName" in panel}
    assert called == {f"/{interfaces.ESTOP_CALL.name}"}


def test_every_panel_of_the_layout_is_configured(repo_root):
    document = json.loads((repo_root / "config/foxglove/noetra.json").read_text(encoding="utf-8"))
    placed = set(re.findall(r'"([A-Za-z0-9]+![a-z]+)"', json.dumps(document["layout"])))
    assert placed == set(document["configById"])
