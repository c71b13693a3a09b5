"""The `noetra` command. It finds its sub-commands by looking at this folder.

A new sub-command is one new file, `cli/<name>.py`, with

- a module docstring whose first line is the help text in `noetra --help`;
- a function `command(...)`, a plain Typer function: its annotated arguments are the options, its docstring
  the long help. Give each option a help text: ``Annotated[int, typer.Option(help="...")]``.

A file without a top-level `def command` is no sub-command, so helpers may lie beside. `train_nano.py` becomes
`noetra train-nano`. Only the file of the sub-command that was asked for is imported; rclpy, torch and mujoco
cost nothing to the others. Wrong set-up: raise `ConfigError` (core/errors.py); it is printed without a
traceback and ends the program with code 2. `raise typer.Exit(1)` says that the work was done and failed.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from noetra_ros import __version__
from noetra_ros.core.errors import NoetraError
from noetra_ros.ros.environment import prepare_environment

COMMAND_FOLDER = Path(__file__).parent
EXIT_WRONG_SETUP = 2


def find_commands(folder: Path = COMMAND_FOLDER) -> dict[str, str]:
    """Sub-commands of a folder: name -> first line of the module's docstring, read without importing."""
    commands = {}
    for path in sorted(folder.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        if any(isinstance(node, ast.FunctionDef) and node.name == "command" for node in tree.body):
            commands[path.stem.replace("_", "-")] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return commands


def build_app(asked: str | None) -> typer.Typer:
    """The command-line application.

    Args:
        asked: the sub-command to import; the others are there by name and help text only.
    """
    app = typer.Typer(
        name="noetra",
        help="Physical-AI models on ROS 2 robots, every command gated by a safety supervisor.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help: a third of the time, and no frames in pipes
    )
    app.callback()(_options)
    for name, help_line in find_commands().items():
        if name == asked:
            module = importlib.import_module(f"noetra_ros.cli.{name.replace('-', '_')}")
            app.command(name)(module.command)
        else:
            app.command(name, help=help_line)(_not_imported)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `noetra` and gives the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    prepare_environment()
    asked = next((word for word in arguments if not word.startswith("-")), None)
    try:
        build_app(asked)(arguments, prog_name="noetra")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except NoetraError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_SETUP
    return 0


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(__version__)
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Show the version and end.",
        ),
    ] = False,
) -> None:
    """Options of `noetra` itself."""


def _not_imported() -> None:
    """Stands for a sub-command in the list of `noetra --help`; it is never called."""
    raise AssertionError("a sub-command was called that was not asked for")


if __name__ == "__main__":
    sys.exit(main())
