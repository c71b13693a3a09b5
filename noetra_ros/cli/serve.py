"""Offer a model to robots over the network."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml

from noetra_ros.core.errors import single_fault

if TYPE_CHECKING:
    from noetra_ros.policy.serving.engine import ModelSettings
    from noetra_ros.policy.serving.settings import ServerSettings
    from noetra_ros.policy.serving.tokens import Tokens

DEFAULT_TOKENS = Path("noetra_tokens.yaml")
USUAL_REPLY_S = 0.5


def command(
    policy: Annotated[str, typer.Option(help="Policy backend.")] = "noetra_nano",
    robot: Annotated[str, typer.Option(help="Robot profile that the model is for.")] = "so101",
    checkpoint: Annotated[str, typer.Option(help="Folder of a model; default: the one that ships.")] = "",
    channel: Annotated[str, typer.Option(help="Command channel; default: the profile's.")] = "",
    device: Annotated[str, typer.Option(help="cpu or cuda; what is missing is an error.")] = "cpu",
    engine: Annotated[str, typer.Option(help="local, or ray: several machines or GPUs.")] = "local",
    replicas: Annotated[int, typer.Option(help="Copies of the model, ray only.", min=1)] = 1,
    max_batch: Annotated[int, typer.Option(help="Robots computed together.", min=1)] = 8,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 = all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 = any free one.", min=0, max=65535)] = 8765,
    certificate: Annotated[
        str, typer.Option(help="PEM file for TLS: robots use wss://; with --invite the one that they trust.")
    ] = "",
    key: Annotated[str, typer.Option(help="PEM file with the certificate's key.")] = "",
    plain_text: Annotated[
        bool, typer.Option("--plain-text", help="Other machines may connect unencrypted.")
    ] = False,
    max_robots: Annotated[int, typer.Option(help="Connections at a time.", min=1)] = 16,
    tokens: Annotated[Path, typer.Option(help="Tokens of the robots.")] = DEFAULT_TOKENS,
    invite: Annotated[
        str, typer.Option(help="Make a robot's token and its link file NAME.link.yaml, then end.")
    ] = "",
    url: Annotated[str, typer.Option(help="With --invite: the server as the robot reaches it.")] = "",
) -> None:
    """Load a model and answer robots until Ctrl-C; a browser sees its health at the same address.

    First `noetra serve --invite arm1 --url wss://gpu:8765`, which writes arm1.link.yaml for the robot; there:
    `noetra up --policy remote --checkpoint arm1.link.yaml`. Then `noetra serve --host 0.0.0.0 --certificate
    cert.pem --key key.pem` here.
    """
    from noetra_ros.policy.serving.engine import ENGINES, ModelSettings
    from noetra_ros.policy.serving.settings import ServerSettings
    from noetra_ros.policy.serving.tokens import read_tokens

    if invite:
        _invite(tokens, invite, url or f"ws://localhost:{port}", certificate)
        return
    server = ServerSettings(
        host=host,
        port=port,
        certificate=certificate,
        key=key,
        plain_text=plain_text,
        max_robots=max_robots,
    )
    model = ModelSettings(
        policy=policy,
        robot=robot,
        checkpoint=checkpoint,
        channel=channel,
        device=device,
        max_batch=max_batch,
        replicas=replicas,
    )
    ENGINES.get(engine)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for name in ("websockets", "websockets.server"):  # its own lines tell of every scan of the port
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.run(_serve(engine, model, server, read_tokens(tokens)))


def _invite(tokens: Path, robot: str, url: str, certificate: str) -> None:
    """Write the robot's token and its link file."""
    from noetra_ros.policy.serving.link_settings import LinkSettings
    from noetra_ros.policy.serving.tokens import add_robot, write_private

    if not robot.replace("-", "").replace("_", "").isalnum():
        raise single_fault("serve", "--invite", repr(robot), "letters, digits, - and _")
    content = {"url": url, "reply_within_s": USUAL_REPLY_S, "plain_text": url.startswith("ws:")}
    LinkSettings(**content)  # refuses a wrong address before a token is made
    path, authority = tokens.with_name(f"{robot}.link.yaml"), tokens.with_name(f"{robot}.server.pem")
    if certificate:
        authority.write_bytes(Path(certificate).read_bytes())
        content["certificate_authority"] = authority.name
    content["token"] = add_robot(tokens, robot)
    write_private(path, yaml.safe_dump(content, sort_keys=False))
    files = f"{path} and {authority.name}" if certificate else path
    typer.echo(f"copy {files} to the robot; there: noetra up --policy remote --checkpoint {path.name}")
    typer.echo("a server that runs already has to be started anew")


async def _serve(engine: str, model: ModelSettings, settings: ServerSettings, tokens: Tokens) -> None:
    """Until SIGINT or SIGTERM."""
    from noetra_ros.policy.serving.engine import ENGINES
    from noetra_ros.policy.serving.server import PolicyServer

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = PolicyServer(ENGINES.get(engine)(model), settings, tokens)
    typer.echo(f"loading {model.policy} for {model.robot} ({engine}, {model.device})")
    try:
        await server.start()
        scheme = "https" if settings.certificate else "http"
        typer.echo(f"serving {server.traits.spec.model} to {', '.join(tokens.robots) or 'nobody'}")
        typer.echo(f"health: {scheme}://{settings.host}:{server.port}/ (password: a token). Ctrl-C ends it.")
        await stop.wait()
    except OSError as error:
        raise single_fault("serve", "--port", f"{settings.port} ({error})", "a free port") from error
    finally:
        await server.stop()
    typer.echo("ended")
