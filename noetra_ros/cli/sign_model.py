"""Put your signature under a model, for places where only signed models may move a robot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noetra_ros.ros.model_signature import sign_model, signer_of
from noetra_ros.safety.audit.keys import SigningKey, default_key_path


def command(
    checkpoint: Annotated[Path, typer.Argument(help="Folder of a model, or the link file of a server.")],
    key: Annotated[
        Path | None,
        typer.Option(help="PEM file of your Ed25519 key, made where there is none; default: this machine's."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say who has signed it.")] = False,
) -> None:
    """Sign a model that you answer for; print the SHA-256 of the key, for `model_signers` of the policy node.

    A file that is changed, added or removed later makes the signature void. Code 2: not signed, or changed.
    """
    if not check:
        written = sign_model(checkpoint, SigningKey.load_or_make(key or default_key_path()))
        typer.echo(f"{written}: signed as it is now")
    typer.echo(f"signer: {signer_of(checkpoint).sha256}")
