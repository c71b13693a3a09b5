"""Nodes configure and activate themselves, or wait to be asked; wrong set-ups come back as errors."""

import gc

import pytest
import rclpy
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.parameter import Parameter

from noetra_ros.core.errors import ConfigError, single_fault
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.parameters import NodeSettings

pytestmark = pytest.mark.ros


class Diary(GraphNode[NodeSettings]):
    """Notes what happens to it."""

    def __init__(self, autostart=True, fault=None):
        self.notes = []
        self.fault = fault
        overrides = [Parameter("robot", value="so101"), Parameter("autostart", value=autostart)]
        super().__init__("diary", NodeSettings, parameter_overrides=overrides)

    def configure(self):
        if self.fault == "configure":
            raise single_fault("diary", "ink", "none", "some")
        self.notes.append("configure")

    def activate(self):
        if self.fault == "activate":
            raise single_fault("diary", "pen", "none", "one")
        self.notes.append("activate")

    def deactivate(self):
        self.notes.append("deactivate")

    def cleanup(self):
        self.notes.append("cleanup")


@pytest.fixture
def make():
    rclpy.init(args=[])
    nodes = []

    def make_one(**arguments):
        nodes.append(Diary(**arguments))
        return nodes[-1]

    yield make_one
    for node in nodes:
        node.destroy_node()
    rclpy.try_shutdown()


@pytest.mark.parametrize(("niceness", "settles"), [(-1, True), (0, False)])
def test_memory_of_an_urgent_node_is_settled_when_it_begins_to_work(make, niceness, settles):
    node = make()
    node.niceness = niceness
    before = gc.get_freeze_count()
    node.start()
    assert (gc.get_freeze_count() > before) is settles


def test_starts_itself(make):
    node = make()
    node.start()
    assert node.notes == ["configure", "activate"]


def test_waits_to_be_asked_without_autostart(make):
    node = make(autostart=False)
    node.start()
    assert node.notes == []
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS
    assert node.notes == ["configure"]


def test_can_be_stopped_and_started_again(make):
    node = make()
    node.start()
    node.trigger_deactivate()
    node.trigger_activate()
    assert node.notes == ["configure", "activate", "deactivate", "activate"]


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        ([], []),
        (["trigger_configure"], ["cleanup"]),
        (["trigger_configure", "trigger_activate"], ["deactivate", "cleanup"]),
    ],
)
def test_shutdown_undoes_what_was_done(make, steps, end):
    node = make(autostart=False)
    for step in steps:
        getattr(node, step)()
    begun = len(node.notes)
    node.trigger_shutdown()
    assert node.notes[begun:] == end


@pytest.mark.parametrize(("fault", "key"), [("configure", "ink"), ("activate", "pen")])
def test_a_wrong_set_up_comes_back_as_an_error(make, fault, key):
    node = make(fault=fault)
    with pytest.raises(ConfigError, match=f"{key}: got none"):
        node.start()
    assert "activate" not in node.notes
