"""The pages of the reference, from small sources."""

from noetra_ros.cli.reference_pages.commands import command_pages
from noetra_ros.cli.reference_pages.messages import Entry, read_entries
from noetra_ros.cli.reference_pages.parts import first_sentence
from noetra_ros.cli.reference_pages.profile import profile_pages, type_words
from noetra_ros.cli.reference_pages.sectors import sector_pages
from noetra_ros.cli.reference_pages.stops import stop_table
from noetra_ros.core.types import CommandKind
from noetra_ros.safety.checks import check_registry


def test_fields_constants_and_comments_that_go_on():
    found = read_entries("uint8 A_B=1   # first\nfloat64[] x   # m\n              # NaN = none\nstring y\n")
    assert found == [
        Entry("uint8", "A_B", "1", "first"),
        Entry("float64[]", "x", "", "m NaN = none"),
        Entry("string", "y", "", ""),
    ]


def test_types_in_words():
    assert type_words(tuple[float, float, float]) == "list of 3 × number"
    assert type_words(tuple[str, ...]) == "list of text"
    assert type_words(dict[str, float]) == "number, by name"
    assert type_words(float | None) == "number or null"
    assert "base_twist" in type_words(CommandKind)


def test_options_have_their_names_defaults_and_choices():
    text = command_pages()
    assert "| `--robot` | `so101` | Robot profile: a name or a YAML file. |" in text
    assert "| `ACT`: verify, show, export | must be given |" in text
    assert "| `--list` | | Name the benchmarks and end. |" in text


def test_the_profile_is_described_down_to_its_inner_sections():
    text = profile_pages()
    assert "## `channels.<name>.twist`" in text and "## `base.footprint`" in text
    assert "| `velocity_radps` | number | rad/s | must be given | >= 0.0 | highest speed |" in text


def test_a_sector_says_each_value_with_its_reason():
    assert "| `supervisor.reset_by` | `key` | chosen here: care staff; ISO 13849-1:2015" in sector_pages()


def test_every_check_is_explained():
    text = stop_table()
    assert [name for name in check_registry.names() if f"| `{name}` |" not in text] == []


def test_the_first_sentence_of_a_file_stands_for_it(tmp_path):
    (tmp_path / "x.py").write_text('"""Finding: too dark. More.\n\nAnd more."""\n')
    assert first_sentence(tmp_path, "x") == "too dark."
