"""The `noetra` command finds its sub-commands and reports wrong set-up without a traceback."""

import subprocess
import sys
import types

import pytest

from noetra_ros.cli import main as cli
from noetra_ros.core.errors import single_fault


def test_a_file_with_a_command_is_a_subcommand(tmp_path):
    (tmp_path / "greet_all.py").write_text('"""Greets.\n\nAt length."""\ndef command(): ...\n')
    (tmp_path / "words.py").write_text('"""No command."""\nWORDS = ()\n')
    assert cli.find_commands(tmp_path) == {"greet-all": "Greets."}


def test_every_subcommand_has_a_help_line():
    assert [name for name, line in cli.find_commands().items() if not line] == []


@pytest.mark.parametrize("name", sorted(cli.find_commands()))
def test_every_subcommand_shows_its_help(name, capsys):
    assert cli.main([name, "--help"]) == 0
    assert name in capsys.readouterr().out


def test_unknown_subcommand_is_refused(capsys):
    assert cli.main(["nosuch"]) == 2
    assert "nosuch" in capsys.readouterr().err


def test_wrong_setup_is_one_message_and_code_2(monkeypatch, capsys):
    def command() -> None:
        raise single_fault("config/robots/x.yaml", "joints", "none", "at least one")

    monkeypatch.setattr(cli, "find_commands", lambda: {"break": "Breaks."})
    monkeypatch.setitem(sys.modules, "noetra_ros.cli.break", types.SimpleNamespace(command=command))
    assert cli.main(["break"]) == 2
    assert "joints: got none, expected at least one" in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from noetra_ros.cli.main import main; main(['--help']); "
        "sys.exit(any(m in sys.modules for m in ('torch', 'rclpy', 'mujoco', 'matplotlib', 'scipy', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
