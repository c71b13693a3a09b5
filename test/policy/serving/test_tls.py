"""Encrypted links: with the right certificate they hold, with another or none there is no connection."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.serving.settings import ServerSettings


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Two self-signed certificates for localhost with their keys."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("ours", "foreign"):
        files = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", *files],
            check=True, capture_output=True,
        )  # fmt: skip
    return folder


@pytest.fixture
def served(serve, certificates):
    return serve(certificate=str(certificates / "ours.pem"), key=str(certificates / "ours.key"))


def test_a_robot_that_trusts_the_certificate_is_answered(served, remote, certificates, observation):
    backend = remote(served.link(certificate_authority=str(certificates / "ours.pem")))
    backend.load()
    assert backend.infer(observation).stamp_ns == observation.stamp_ns


@pytest.mark.parametrize("authority", ["", "foreign.pem"])
def test_a_server_with_another_certificate_is_refused(served, remote, certificates, authority):
    path = str(certificates / authority) if authority else ""
    with pytest.raises(ConfigError, match="CERTIFICATE_VERIFY_FAILED"):
        remote(served.link(certificate_authority=path)).load()


def test_a_certificate_for_another_name_is_refused(served, remote, certificates):
    link = served.link(
        url=served.url.replace("localhost", "127.0.0.1"), certificate_authority=str(certificates / "ours.pem")
    )
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1"):
        remote(link).load()


def test_plain_text_does_not_get_in(served, remote):
    with pytest.raises(ConfigError, match="url"):
        remote(served.link(url=served.url.replace("wss", "ws"))).load()


def test_a_key_of_another_certificate_is_told_before_anything_listens(certificates):
    settings = ServerSettings(
        certificate=str(certificates / "ours.pem"), key=str(certificates / "foreign.key")
    )
    with pytest.raises(ConfigError, match="a PEM certificate and its key"):
        settings.tls()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"host": "0.0.0.0"}, "--plain-text"),
        ({"host": "gpu.local"}, "one for other machines"),
        ({"certificate": "a.pem"}, "both or neither"),
    ],
)
def test_other_machines_need_a_certificate_or_a_word(settings, words):
    with pytest.raises(ConfigError, match=words):
        ServerSettings(**settings)


def test_plain_text_on_other_addresses_takes_a_word():
    assert ServerSettings(host="0.0.0.0", plain_text=True).tls() is None
