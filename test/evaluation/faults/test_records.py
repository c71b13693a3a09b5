import math
from dataclasses import replace

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.faults.oracle import Outcome
from noetra_ros.evaluation.faults.plan import Cell, CellPlan, Reaction
from noetra_ros.evaluation.faults.records import (
    CampaignResult,
    TrialRecord,
    as_document,
    joined,
    read_result,
    row_of,
)
from noetra_ros.evaluation.faults.tables import cells, markdown, page, summary
from noetra_ros.evaluation.records import write_json
from noetra_ros.evaluation.report.page import render_page

PLAN = CellPlan(reaction=Reaction.PROTECTIVE_STOP, why="NOT NOTICED | never")
CELL = Cell("arm", "joint_states", "off", True, PLAN, "blind_to_itself", 0.21, 0.1)
NONE = replace(CELL, fault="wrong", plan=CellPlan(senseless="for a reason"))
GOOD = Outcome("protective stop", 0.1, 0.2, 0.05, "rad", False, ())
BAD = Outcome("goes on", math.nan, math.nan, 1.0, "rad", False, ("no stop was told",))


def trial(outcome, seed=0, voids=0):
    return TrialRecord("arm", "joint_states", "off", seed, outcome, voids)


def result_of(*trials, cells=(CELL,)):
    rows = tuple(row_of(cell, trials if cell is CELL else ()) for cell in cells)
    return CampaignResult(rows, trials, (0, 1), False, 0.1, "a CPU", "2026-11-21", "0.1", "kilted", 60.0)


def test_a_row_holds_median_and_worst():
    row = row_of(CELL, [trial(GOOD), trial(replace(GOOD, told_s=0.2, rest_s=0.4), 1)])
    assert (row.trials, row.met, row.is_ok) == (2, 2, True)
    assert (row.told_p50_s, row.told_max_s, row.rest_max_s) == (pytest.approx(0.15), 0.2, 0.4)


def test_one_bad_trial_is_not_as_declared():
    result = result_of(trial(GOOD), trial(BAD, 1))
    assert not result.is_ok and result.rows[0].faults == ("seed 1: no stop was told",)
    assert summary(result).startswith("0 of 1 cells")
    assert "| arm/joint_states/off | seed 1: no stop was told |" in markdown(result)


def test_a_cell_that_was_not_tried_is_no_success_and_a_senseless_one_no_failure():
    assert not row_of(CELL, []).is_ok and row_of(NONE, []).is_ok
    assert not replace(result_of(), rows=()).is_ok


def test_the_table_tells_times_and_what_comes_after():
    told = cells(row_of(CELL, [trial(GOOD)]))
    assert told[3:] == [
        "protective stop", "210 ms", "1 of 1", "100 / 100 ms", "200 / 200 ms", "0.05 rad",
        "goes on by itself",
    ]  # fmt: skip


def test_markdown_and_page_tell_reasons_voids_and_what_makes_no_sense():
    result = result_of(trial(GOOD, voids=2), cells=(CELL, NONE))
    text = markdown(result)
    assert "NOT NOTICED / never" in text and "for a reason" in text and "2 trials were repeated" in text
    html = render_page(page(result))
    assert "for a reason" in html and "a CPU" in html and "http" not in html.partition("<body>")[0]


def test_a_result_is_read_as_it_was_written(tmp_path):
    result = result_of(trial(GOOD), trial(BAD, 1), cells=(CELL, NONE))
    write_json(as_document(result), tmp_path / "r.json")
    assert as_document(read_result(tmp_path / "r.json")).keys() == as_document(result).keys()
    again = read_result(tmp_path / "r.json")
    assert markdown(again) == markdown(result)
    with pytest.raises(ConfigError, match="a result of noetra faults"):
        read_result(tmp_path / "none.json")


def test_a_newer_result_takes_the_place_of_its_cells():
    older = replace(result_of(trial(BAD)), rows=(*result_of(trial(BAD)).rows, row_of(NONE, [])))
    whole = joined(older, result_of(trial(GOOD)))
    assert whole.is_ok and len(whole.rows) == 2 and whole.duration_s == 120.0
