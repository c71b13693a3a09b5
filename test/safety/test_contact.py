import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_file
from noetra_ros.safety.contact import BodyRegion, Cell, contact_speed_mps, load_body_regions, robot_mass_kg


def region(force_n=140.0, pressure_n_cm2=190.0, may_be_hit=True):
    def cell(value):
        return Cell(value, "a", False)

    return BodyRegion(may_be_hit, cell(force_n), cell(pressure_n_cm2), cell(0.6), cell(75.0))


def test_mass_is_half_the_moving_one_and_the_load():
    assert robot_mass_kg(20.0, 3.0) == 13.0


def test_force_bounds_a_wide_contact():
    # mu = 1 / (1/0.6 + 1/0.3) = 0.2 kg, F_T = 280 N: 280 / sqrt(0.2 * 75000) m/s
    assert contact_speed_mps(region(), 0.3, 100.0) == pytest.approx(280.0 / 15000.0**0.5)


def test_pressure_bounds_a_pointed_contact():
    assert contact_speed_mps(region(), 0.3, 0.5) == pytest.approx(190.0 / 15000.0**0.5)


def test_what_may_not_be_hit_allows_no_speed():
    assert contact_speed_mps(region(may_be_hit=False), 0.3, 1.0) == 0.0


def test_every_shipped_cell_names_its_source_and_the_head_may_not_be_hit():
    table = load_body_regions("body_regions")
    assert len(table.regions) == 12
    assert {cell.source for r in table.regions.values() for cell in r.cells} == set(table.sources)
    assert not table.regions["face"].may_be_hit
    assert not table.regions["skull_and_forehead"].may_be_hit


def test_a_cell_without_a_known_source_is_refused(tmp_path):
    cell = "{value: 1.0, source: %s, checked: true}"
    cells = ", ".join(f"{key}: {cell % 'a'}" for key in ("pressure_n_cm2", "mass_kg", "spring_n_mm"))
    text = f"sources: {{a: b}}\nregions: {{hand: {{may_be_hit: true, force_n: {cell % 'z'}, {cells}}}}}"
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"regions\.hand"):
        load_body_regions(str(path))


def test_a_number_that_names_no_source_is_an_error(tmp_path):
    """A limit of force that nobody can look up."""
    text = config_file("", "body_regions").read_text(encoding="utf-8")
    own = tmp_path / "regions.yaml"
    values = yaml.safe_load(text)
    name = next(iter(values["regions"]))
    cell = next(value for value in values["regions"][name].values() if isinstance(value, dict))
    cell["source"] = "hearsay"
    own.write_text(yaml.safe_dump(values), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"regions.{name}: got source 'hearsay', expected one of"):
        load_body_regions(str(own))
    sound = tmp_path / "sound.yaml"
    sound.write_text(text, encoding="utf-8")
    assert load_body_regions(str(sound)) == load_body_regions("body_regions")
