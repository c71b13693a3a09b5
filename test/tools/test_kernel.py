"""The kernel is compiled once, again after a change, and its failure does not stop the set-up."""

import json

import pytest
from noetra_setup import kernel
from noetra_setup.progress import StepError
from noetra_setup.stamps import read_stamps, write_stamp

SOURCES = ("limiter.py", "kernel.py")


class Compiler:
    """Stands for the progress that runs the compiler; makes what that would make, or fails."""

    def __init__(self, stamp, fails=False) -> None:
        self.stamp, self.fails = stamp, fails
        self.commands: list[list[str]] = []
        self.notes: list[str] = []

    def run(self, name, text, command, environ, folder) -> None:
        self.commands.append(command)
        if self.fails:
            raise StepError("no compiler")
        self.stamp.parent.mkdir(exist_ok=True)
        self.stamp.write_text(json.dumps({"sources": dict.fromkeys(SOURCES, "hash")}))

    def note(self, name, text) -> None:
        self.notes.append(text)


@pytest.fixture
def repo(tmp_path):
    """A repository with sources of a kernel, its builder and an environment."""
    (tmp_path / "noetra_ros" / "safety").mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "build_kernel.py").write_text("FLAGS = ()\n")
    for name in SOURCES:
        (tmp_path / "noetra_ros" / "safety" / name).write_text("LIMIT = 1\n")
    (tmp_path / ".venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    return tmp_path


def build(repo, fails=False) -> Compiler:
    stamp = repo / ".venv" / "lib" / "python3.11" / "site-packages" / "noetra_kernel" / "stamp.json"
    compiler = Compiler(stamp, fails)
    kernel.build_kernel(repo, repo / ".venv", compiler)
    return compiler


def test_it_is_compiled_once_into_the_environment(repo):
    (command,) = build(repo).commands
    assert command[0] == str(repo / ".venv/bin/python") and command[1].endswith("tools/build_kernel.py")
    assert command[2] == str(repo / ".venv/lib/python3.11/site-packages/noetra_kernel")
    assert kernel.is_kernel_current(repo, repo / ".venv")
    assert build(repo).commands == []


@pytest.mark.parametrize(
    "changed", ["noetra_ros/safety/limiter.py", "noetra_ros/safety/kernel.py", "tools/build_kernel.py"]
)
def test_a_change_compiles_it_again(repo, changed):
    build(repo)
    (repo / changed).write_text("LIMIT = 2\n")
    assert not kernel.is_kernel_current(repo, repo / ".venv")
    assert len(build(repo).commands) == 1


def test_other_packages_compile_it_again(repo):
    """Another mypy is another compiler."""
    build(repo)
    write_stamp(repo / ".venv", "packages", "another mypy")
    assert len(build(repo).commands) == 1


def test_machine_code_that_is_gone_is_made_again(repo):
    compiler = build(repo)
    compiler.stamp.unlink()
    assert len(build(repo).commands) == 1


def test_where_it_does_not_compile_the_set_up_goes_on_and_says_so(repo):
    compiler = build(repo, fails=True)
    assert "Python runs it instead" in compiler.notes[0]
    assert "kernel" not in read_stamps(repo / ".venv") and not kernel.is_kernel_current(repo, repo / ".venv")
