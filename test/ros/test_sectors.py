"""Sector files: whole, sourced, and merged so that the most restrictive safety value is in force."""

import dataclasses
import itertools

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rclpy")

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.core.strictness import Rule
from noetra_ros.ros.node_settings import NODE_SETTINGS, check_sectors
from noetra_ros.ros.sectors import Said, load_sector, said_by, sector_names, settle, with_sectors
from noetra_ros.ros.setting_directions import DIRECTIONS, sayable

SECTORS = config_names("sectors")
TOPICS = {
    "supervisor": {
        *(
            "speed_share",
            "base_speed_mps",
            "grip_share",
            "grip_force_n",
            "tool_speed_mps",
            "reduced_speed",
            "reduced_speed_mps",
        ),
        *("reduced_speed_stays", "resumes_by_itself", "resume_after_s", "scale_rise_per_s", "reset_by"),
        *("audit_retention", "language"),
    },
    "streamer": {"limit_fraction"},
    "perception": {"annotate"},
    "policy": {"model_signers"},
    "blackbox": {"pictures", "thumbnail_px", "keep_days", "language"},
}
ALL_SAID = {
    sector: {node: said_by(sector, node, kind) for node, kind in NODE_SETTINGS.items()} for sector in SECTORS
}
DIRECTED = [
    (node, name)
    for node, ways in DIRECTIONS.items()
    for name, way in ways.items()
    if not isinstance(way, Rule)
]


def written(folder, name="site", **sections):
    """A sector file of one's own; each setting = value."""
    plain = {
        node: {setting: {"value": value, "why": "site"} for setting, value in values.items()}
        for node, values in sections.items()
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump({"name": name, "description": "a site", **plain}), encoding="utf-8")
    return str(path)


def values_of(sector, node="supervisor"):
    return {name: said.value for name, said in ALL_SAID[sector][node].items()}


def test_the_twelve_places_of_use_are_there():
    assert SECTORS == [
        "agriculture", "construction", "decommissioning", "disaster_response", "elder_care",
        "food_manufacturing", "laboratory", "logistics", "manufacturing", "medical", "restaurant", "retail",
    ]  # fmt: skip


@pytest.mark.parametrize("sector", SECTORS)
def test_a_shipped_sector_speaks_of_every_topic_and_says_what_it_rests_on(sector):
    check_sectors([sector])
    said = ALL_SAID[sector]
    assert {node: {*names} for node, names in said.items()} == TOPICS
    whys = [each.why for names in said.values() for each in names.values()]
    assert all("chosen here" in why or any(c.isdigit() for c in why) for why in whys)
    assert load_sector(sector).description


@pytest.mark.parametrize("sector", SECTORS)
def test_a_shipped_sector_does_not_contradict_itself(sector):
    said = ALL_SAID[sector]
    assert said["supervisor"]["language"].value == said["blackbox"]["language"].value
    assert said["streamer"]["limit_fraction"].value <= said["supervisor"]["speed_share"].value
    assert said["supervisor"]["reduced_speed_mps"].value <= 0.25  # ISO 10218-1:2011, 5.6.2


def test_every_setting_of_the_supervisor_has_a_direction():
    kind = NODE_SETTINGS["supervisor"]
    assert {field.name for field in dataclasses.fields(kind)} == {*DIRECTIONS["supervisor"]}


@pytest.mark.parametrize("node", DIRECTIONS)
def test_every_direction_is_of_a_setting_that_the_node_has(node):
    assert {*DIRECTIONS[node]} <= {field.name for field in dataclasses.fields(NODE_SETTINGS[node])}


@pytest.mark.parametrize("node", DIRECTIONS)
def test_every_choice_of_words_stands_in_its_order(node):
    for field in dataclasses.fields(NODE_SETTINGS[node]):
        way = DIRECTIONS[node].get(field.name)
        if field.metadata["choices"] and not isinstance(way, Rule | None):
            assert {*way.order} == {*field.metadata["choices"]}


@settings(max_examples=200)
@given(st.lists(st.sampled_from(SECTORS), min_size=1, max_size=4, unique=True), st.sampled_from(DIRECTED))
def test_laying_sectors_over_one_another_never_loosens_and_does_not_depend_on_the_order(sectors, setting):
    node, name = setting
    way = DIRECTIONS[node][name]
    said = [ALL_SAID[sector][node][name] for sector in sectors if name in ALL_SAID[sector][node]]
    if not said:
        return
    value = settle(way, said).value
    assert all(way.is_as_strict(value, each.value) for each in said)
    for order in itertools.permutations(said):
        other = settle(way, order).value
        assert other == value or {*other} == {*value}


@pytest.mark.parametrize(("first", "second"), [*itertools.combinations(SECTORS, 2)])
def test_a_conflict_of_two_sectors_is_decided_by_the_stricter(first, second):
    for node, ways in DIRECTIONS.items():
        for name in ALL_SAID[first][node]:
            one, two = ALL_SAID[first][node][name], ALL_SAID[second][node][name]
            effective = settle(ways[name], [one, two])
            if ways[name] is Rule.LATER_WINS:
                assert effective.decided_by == (two,)
            elif one.value != two.value:
                assert ways[name].is_as_strict(effective.value, one.value)
                assert ways[name].is_as_strict(effective.value, two.value)
                assert {*effective.decided_by} | {*effective.others} == {one, two}


def test_a_list_put_together_of_two_names_both():
    one, two = Said(("a",), "one", "k"), Said(("b",), "two", "k")
    assert settle(DIRECTIONS["supervisor"]["checks"], [one, two]).decided_by == (one, two)


def supervisor(**changed):
    """Settings of the supervisor as the shipped file has them."""
    from noetra_ros.evaluation.fuzz.bounds import shipped_settings

    return NODE_SETTINGS["supervisor"](
        **{n: tuple(v) if isinstance(v, list) else v for n, v in shipped_settings().items()},
        robot="so101",
        **changed,
    )


def test_what_a_person_set_more_strictly_stays():
    laid, words = with_sectors(supervisor(speed_share=0.1, reset_by="anyone"), "supervisor", ["elder_care"])
    assert (laid.speed_share, laid.reset_by, laid.resumes_by_itself) == (0.1, "key", False)
    assert "reset_by is 'key' (config/sectors/elder_care.yaml), not 'anyone'" in words
    assert not any("speed_share" in word for word in words)


def test_the_last_language_wins(tmp_path):
    site = written(tmp_path, supervisor={"language": "ja"})
    assert with_sectors(supervisor(), "supervisor", ["medical", site])[0].language == "ja"
    assert with_sectors(supervisor(), "supervisor", [site, "medical"])[0].language == "both"


def test_lists_of_a_site_are_added(tmp_path):
    site = written(
        tmp_path,
        supervisor={
            "sensor_reactions": ["blurred=warn"],
            "checks": ["policy_trust"],
            "touch_labels": ["bowl"],
            "contact_regions": ["face"],
        },
    )
    laid = with_sectors(supervisor(), "supervisor", [site])[0]
    assert "blurred=stop" in laid.sensor_reactions and len(laid.sensor_reactions) == 8
    assert laid.checks[-1] == "policy_trust" and laid.checks[0] == "clock"
    assert (laid.touch_labels, laid.contact_regions[-1]) == (("bowl",), "face")


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text(
        "name: another\ndescription: x\nsupervisor:\n"
        "  speed_share: {value: 2.0, why: x}\n"
        "  reset_by: {value: nobody, why: x}\n"
        "  resume_after_s: {value: 1.0}\n"
        "  robot: {value: so101, why: x}\n"
        "blackbox: {pictures: none}\nkitchen: {}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        check_sectors([str(path)])
    assert {fault.key for fault in caught.value.faults} >= {
        "supervisor.speed_share.value", "supervisor.reset_by.value", "supervisor.resume_after_s.why",
        "supervisor.robot", "blackbox.pictures", "kitchen",
    }  # fmt: skip


def test_a_file_has_its_own_name(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("name: another\ndescription: x\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="'another', expected 'site'"):
        load_sector(str(path))


def test_an_unknown_sector_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"'moon'.*agriculture.*retail"):
        with_sectors(supervisor(), "supervisor", ["moon"])


def test_a_setting_of_one_start_cannot_be_said(tmp_path):
    assert "audit_path" not in sayable("supervisor")
    site = written(tmp_path, supervisor={"audit_path": "/tmp/log"})
    with pytest.raises(ConfigError, match=r"supervisor\.audit_path: got an unknown key"):
        said_by(site, "supervisor", NODE_SETTINGS["supervisor"])


def test_names_come_by_comma_each_once():
    assert sector_names(" medical, logistics ,,medical") == ["medical", "logistics"]
    assert sector_names("") == []
