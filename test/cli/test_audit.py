"""noetra audit: whole or not, with the place; records for reading and as one file."""

import csv
import json

import pytest

from noetra_ros.cli.main import main
from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.log import AuditLog
from noetra_ros.safety.audit.segments import segments_of


@pytest.fixture
def folder(tmp_path):
    log = AuditLog(tmp_path / "audit", SigningKey.load_or_make(tmp_path / "key.pem"), 184)
    log.append({"kind": "start", "utc_ns": 1_790_000_000 * 10**9, "version": "0.1.0", "robot": "so101"})
    log.append(
        {"kind": "mode", "stamp_ns": 1_500_000_000, "before": "STANDBY", "after": "ACTIVE", "reason": "armed"}
    )
    log.close()
    return tmp_path / "audit"


def test_a_whole_log(folder, capsys):
    assert main(["audit", "verify", str(folder), "--key", str(folder / "public_key.pem")]) == 0
    assert "whole      4 records, 2 signed checkpoints, ended in order" in capsys.readouterr().out


def test_the_key_beside_the_log_proves_nothing_and_is_told(folder, capsys):
    assert main(["audit", "verify", str(folder)]) == 0
    assert "compare" in capsys.readouterr().out


def test_a_changed_log_names_file_and_line(folder, capsys):
    path = segments_of(folder)[0].path
    path.write_text(path.read_text().replace("so101", "so102"))
    assert main(["audit", "verify", str(folder)]) == 1
    assert "NOT WHOLE  audit-000001.jsonl, line 2: content and hash differ" in capsys.readouterr().out


def test_show_is_for_reading(folder, capsys):
    assert main(["audit", "show", str(folder), "--kind", "mode", "--kind", "start"]) == 0
    shown = capsys.readouterr().out
    assert "1.500 s" in shown and "before STANDBY  after ACTIVE  reason armed" in shown
    assert "2026-09-21" in shown and "robot so101" in shown


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_export_holds_everything(folder, tmp_path, form):
    out = tmp_path / f"all.{form}"
    assert main(["audit", "export", str(folder), "--form", form, "--out", str(out)]) == 0
    lines = out.read_text().splitlines()
    rows = [json.loads(line) for line in lines] if form == "jsonl" else list(csv.DictReader(lines))
    assert [row["kind"] for row in rows] == ["checkpoint", "start", "mode", "checkpoint"]
    assert all(len(row["hash"]) == 64 for row in rows)


def test_no_log_is_a_clear_error(tmp_path, capsys):
    assert main(["audit", "verify", str(tmp_path)]) == 2
    assert "audit-000001.jsonl" in capsys.readouterr().err
