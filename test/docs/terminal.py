"""Terminals of a page: a folder to work in, commands that end, and commands that run on until Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from blocks import REPO, SILENTLY, Block

from noetra_ros.cli.domain import PrivateDomain

COMMANDS = Path(__file__).parent / "bin"
READY_S, END_S, COMMAND_S, AGAIN_S = 150.0, 60.0, 200.0, 60.0  # for machines that are busy elsewhere
LAST = 2500  # characters of output in a failure


class Desk:
    """Where somebody who reads a page types: a copy of the repository's root, and a ROS domain of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in REPO.iterdir():
            if path.name not in ("out", "__pycache__") and not path.name.startswith("."):
                (folder / path.name).symlink_to(path)
        self._domain = PrivateDomain()
        self._running: list[Terminal] = []
        self._section = -1

    def follow(self, block: Block) -> None:
        """Do what a block says; fails with its place and what was printed."""
        if name := block.orders.get("file"):
            (self.folder / name).write_text(block.text, encoding="utf-8")
            return
        began_s = time.monotonic()
        if block.section != self._section:
            self.close_terminals()
            self._section = block.section
        if beside := block.orders.get("beside"):
            words, _, command = beside.partition(": ")
            if command not in [each.command for each in self._running]:
                self._start(command, words, block.place)
        command = block.text.rstrip() + (f" {more}" if (more := block.orders.get("run with")) else "")
        if words := block.orders.get("runs on"):
            self._start(command, words, block.place)
        else:
            self._run_until(command, block)
        print(f"{time.monotonic() - began_s:6.1f} s  {block.place}  {command.splitlines()[0][:70]}")

    def close_terminals(self) -> None:
        """Ctrl-C in each, the newest first; each has to end by itself and well."""
        while self._running:
            self._running.pop().end()

    def close(self) -> None:
        """End what a failure has left."""
        for each in self._running:
            each.kill()
        self._domain.release()

    def environment(self) -> dict[str, str]:
        """Variables of a terminal: our commands first, nothing of the user's own state."""
        path = os.pathsep.join([str(self._tools()), str(Path(sys.executable).parent), os.environ["PATH"]])
        state = str(self.folder / ".state")
        own = {
            "PATH": path,
            "PYTHONPATH": str(REPO),
            "XDG_STATE_HOME": state,
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
        number = str(self._domain.number)
        return {**os.environ, **own, "ROS_DOMAIN_ID": number, "DOCS_PYTHON": sys.executable}

    def _tools(self) -> Path:
        """Folder of `noetra` and, where there is no `ros2`, of one with what the pages use of it."""
        tools = self.folder / ".bin"
        if not tools.is_dir():
            tools.mkdir()
            (tools / "noetra").symlink_to(COMMANDS / "noetra")
            if shutil.which("ros2") is None:
                (tools / "ros2").symlink_to(COMMANDS / "ros2")
        return tools

    def _start(self, command: str, words: str, place: str) -> None:
        terminal = Terminal(command, self.folder, self.environment(), place)
        self._running.append(terminal)
        terminal.wait_for(words)

    def _run_until(self, command: str, block: Block) -> None:
        """Run a command; again, where it has not printed what it should: a node may still be starting."""
        words, place = block.orders.get("prints", ""), block.place
        code = int(block.orders.get("ends with", "0"))
        end_s = time.monotonic() + AGAIN_S
        while words not in (printed := self._run(command, code, place)):
            told = f"{place}: {words!r} not printed\n{command}\n{printed[-LAST:]}\n{self.told()}"
            assert time.monotonic() < end_s, told
            time.sleep(0.5)

    def _run(self, command: str, code: int, place: str) -> str:
        script = f"set -euo pipefail\n{command}"
        try:
            ended = subprocess.run(
                ["bash", "-c", script],
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=COMMAND_S,
            )
        except subprocess.TimeoutExpired as late:
            raise AssertionError(
                f"{place}: did not end within {COMMAND_S} s\n{command}\n{late.output}"
            ) from late
        told = f"{place}: exit code {ended.returncode}\n{command}\n{ended.stdout[-LAST:]}\n{self.told()}"
        assert ended.returncode == code, told
        return ended.stdout

    def told(self) -> str:
        """What the open terminals have printed."""
        return "\n".join(f"--- {each.command}\n{each.text[-LAST:]}" for each in self._running)


class Terminal:
    """A command that runs on."""

    def __init__(self, command: str, folder: Path, environment: dict[str, str], place: str) -> None:
        self.command, self.place, self.text = command, place, ""
        self.process = subprocess.Popen(
            ["bash", "-c", f"set -m; exec {command.lstrip()}"],
            cwd=folder,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.text += line

    def wait_for(self, words: str) -> None:
        """Until it has printed `words`."""
        end_s = time.monotonic() + READY_S
        while words != SILENTLY and words not in self.text:
            assert self.process.poll() is None, f"{self.place}: ended\n{self.command}\n{self.text[-LAST:]}"
            late = f"{self.place}: {words!r} not printed\n{self.command}\n{self.text[-LAST:]}"
            assert time.monotonic() < end_s, late
            time.sleep(0.05)

    def end(self) -> None:
        """Ctrl-C, and nothing else is needed."""
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(END_S)
        finally:
            self.kill()
        self._reader.join(END_S)
        assert code in (0, -signal.SIGINT, 128 + signal.SIGINT), (
            f"{self.place}: exit code {code} after Ctrl-C\n{self.command}\n{self.text[-LAST:]}"
        )

    def kill(self) -> None:
        """Whatever of it is left."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
