"""Bring up another model beside the running one: it takes over, or the running one goes on."""

from __future__ import annotations

from typing import Annotated, Any

import rclpy
import typer
from rclpy.parameter import Parameter
from rich.console import Console

from noetra_ros.core.errors import single_fault
from noetra_ros.ros import interfaces


def command(
    model: Annotated[
        str, typer.Argument(help="Backend, or backend:folder of a model: lerobot:outputs/pretrained_model.")
    ],
    device: Annotated[str, typer.Option(help="cpu or cuda; empty = as now.")] = "",
    namespace: Annotated[str, typer.Option(help="Namespace of the policy node.")] = "",
    wait_s: Annotated[float, typer.Option(min=1.0, help="Longest time to wait for the answer.")] = 600.0,
) -> None:
    """Ask the running policy node for another model, and wait until it has taken over.

    Ends with code 1, and the reason, where the running model goes on instead.
    """
    policy, _, checkpoint = model.partition(":")
    given = {"policy": policy, "checkpoint": checkpoint, "device": device}
    console = Console()
    rclpy.init()
    try:
        with console.status(f"loading {model}"):
            result = _asked(given, namespace, wait_s)
    finally:
        rclpy.try_shutdown()
    console.print(result.reason, style="green" if result.successful else "red", highlight=False)
    if not result.successful:
        raise typer.Exit(1)


def _asked(given: dict[str, str], namespace: str, wait_s: float) -> Any:
    """The answer of the policy node.

    Raises:
        ConfigError: there is no policy node, or it does not answer in time.
    """
    node = rclpy.create_node("load_model_client", namespace=namespace)
    service = interfaces.LOAD_MODEL
    client = node.create_client(service.kind, service.name)
    if not client.wait_for_service(timeout_sec=min(wait_s, 10.0)):
        remedy = "start the graph first: noetra up; or say its --namespace"
        raise single_fault(
            "load-model", service.name, "nobody who serves it", "a running policy node", remedy
        )
    parameters = [Parameter(name, value=value).to_parameter_msg() for name, value in given.items()]
    future = client.call_async(service.kind.Request(parameters=parameters))
    rclpy.spin_until_future_complete(node, future, timeout_sec=wait_s)
    if not future.done():
        remedy = "look at /diagnostics and at the log of the policy node"
        raise single_fault("load-model", service.name, f"no answer in {wait_s:g} s", "an answer", remedy)
    return future.result().result
