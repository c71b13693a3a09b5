"""How packages are installed: uv first, pip if it fails, torch from the user's index, once only."""

import pytest
from noetra_setup import packages
from noetra_setup.progress import StepError
from noetra_setup.ros_choice import RosChoice
from noetra_setup.stamps import read_stamps, write_stamp

SOURCED = RosChoice("jazzy", prefix="/opt/ros/jazzy")


class RecordedProgress:
    """Notes commands instead of running them; a command with a word of `failing` fails."""

    def __init__(self, failing: str = "none") -> None:
        self.failing = failing
        self.commands: list[list[str]] = []

    def run(self, name, text, command, environ, folder) -> None:
        self.commands.append(list(command))
        if any(word.endswith(self.failing) for word in command):
            raise StepError(text)

    def note(self, name, text) -> None: ...


@pytest.fixture
def tree(tmp_path):
    """A repository with requirement files and an environment."""
    for name in ("constraints.txt", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("numpy==1.0\n")
    (tmp_path / ".venv").mkdir()
    return tmp_path


def install(tree, progress) -> list[list[str]]:
    packages.install_packages(tree, tree / ".venv", SOURCED, progress)
    return progress.commands


def test_uv_is_installed_and_used_and_everything_is_constrained(tree):
    first, second = install(tree, RecordedProgress())
    assert first[-1] == "uv" and second[0].endswith("bin/uv")
    assert all(str(tree / "constraints.txt") in command for command in (first, second))


def test_pip_takes_over_when_uv_fails(tree):
    commands = install(tree, RecordedProgress(failing="bin/uv"))
    assert "pip" in commands[-1] and str(tree / "requirements.txt") in commands[-1]
    assert read_stamps(tree / ".venv")["packages"]


def test_a_failure_of_both_leaves_no_stamp(tree):
    with pytest.raises(StepError):
        install(tree, RecordedProgress(failing="constraints.txt"))
    assert "packages" not in read_stamps(tree / ".venv")


def test_torch_comes_first_from_the_users_index(tree, monkeypatch):
    monkeypatch.setenv(packages.TORCH_INDEX_VARIABLE, "https://index.example/cpu")
    _, torch, rest = install(tree, RecordedProgress())
    assert torch[-3:] == ["https://index.example/cpu", "torch", "torchvision"]
    assert "--index-url" not in rest


def test_nothing_to_do_the_second_time(tree):
    install(tree, RecordedProgress())
    assert install(tree, RecordedProgress()) == []


def test_an_environment_for_another_ros_is_not_usable(tree):
    venv = tree / ".venv"
    (venv / "bin").mkdir()
    (venv / "bin" / "python").touch()
    assert packages.is_usable(venv, SOURCED)
    write_stamp(venv, "flavour", "kilted wheels")
    assert not packages.is_usable(venv, SOURCED)
