"""Watch a running robot in a browser: 3-D, people, cameras, mode and why; start, stop, emergency stop."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    host: Annotated[
        str, typer.Option(help="Address to bind to; another than loopback asks every browser for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one where it is taken, 0 = any.")] = 8080,
    language: Annotated[str, typer.Option(help="en or ja; can be changed on the page.")] = "en",
    namespace: Annotated[str, typer.Option(help="Namespace of the graph.")] = "",
    params_file: Annotated[
        str, typer.Option(help="Parameters of view_node that override the shipped ones.")
    ] = "",
) -> None:
    """Serve the live page of a running graph until Ctrl-C: beside `noetra up`, `ros2 launch` or a real robot.

    Exit codes: 0 after Ctrl-C or SIGTERM, 2 where the set-up is wrong.
    """
    from noetra_ros.view.server import require_viser  # not for `noetra --help`

    require_viser()
    from noetra_ros.ros.node_parameters import Value, ros_arguments
    from noetra_ros.ros.spin import run_node
    from noetra_ros.ros.view_node import ViewNode

    values: dict[str, Value] = {"robot": robot, "host": host, "port": port, "language": language}
    arguments = ["noetra", *ros_arguments("view", values, params_file, namespace)]
    raise typer.Exit(run_node(ViewNode, arguments))
