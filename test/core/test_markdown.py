"""Markdown written by code: no character of a plain text is taken for markup."""

import pytest

from noetra_ros.core.markdown import code, plain, table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"),
        ("2 * 3", r"2 \* 3"),
        ("<image topic>/compressed", r"\<image topic>/compressed"),
        (">= 1, <= 2", ">= 1, <= 2"),
        ("[x](y)", r"\[x\](y)"),
        ("row of `values[0]`, a*b", r"row of `values[0]`, a\*b"),
        ("a lone ` tick*", r"a lone \` tick\*"),
    ],
)
def test_plain_text_reads_the_same(text, expected):
    assert plain(text) == expected


def test_code_of_nothing_is_nothing_and_bars_do_not_end_the_cell():
    assert (code(""), code("a|b")) == ("", r"`a\|b`")


def test_a_table_has_a_line_for_each_row_and_no_line_breaks_in_cells():
    assert (
        table(["x", "y"], [("1", ""), ("two\nlines", "3")])
        == "| x | y |\n|---|---|\n| 1 | |\n| two lines | 3 |"
    )
