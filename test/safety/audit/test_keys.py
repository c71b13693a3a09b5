"""Keys of the audit log: kept to their owner, of one kind, and signatures that were written by them."""

import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.audit.keys import PublicKey, SigningKey, default_key_path

PEM, PLAIN = serialization.Encoding.PEM, serialization.NoEncryption()
OTHER = Ed448PrivateKey.generate()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "deeper" / "key.pem"


def test_a_key_is_made_once_for_its_owner_alone(path):
    made = SigningKey.load_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load_or_make(path).public.sha256 == made.public.sha256
    again = path.with_name("other.pem")
    assert SigningKey.load_or_make(again).public.sha256 != made.public.sha256, "the folder is there already"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o601, 0o660, 0o602])
def test_a_key_that_others_may_read_or_change_is_refused(path, mode):
    SigningKey.load_or_make(path)
    path.chmod(mode)
    with pytest.raises(ConfigError, match=f"permissions: got {oct(mode)}, expected 0o600"):
        SigningKey.load_or_make(path)
    path.chmod(0o400)
    assert SigningKey.load_or_make(path)


def test_a_key_of_another_kind_is_refused(path):
    SigningKey.load_or_make(path)
    path.write_bytes(OTHER.private_bytes(PEM, serialization.PrivateFormat.PKCS8, PLAIN))
    with pytest.raises(ConfigError, match="signing key: got Ed448PrivateKey"):
        SigningKey.load_or_make(path)
    public = OTHER.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(ConfigError, match="public key: got Ed448PublicKey"):
        PublicKey.of_pem(public, "somebody")


@pytest.mark.parametrize("content", [b"", b"no key"])
def test_what_is_no_key_is_refused(path, content):
    SigningKey.load_or_make(path)
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="signing key"):
        SigningKey.load_or_make(path)
    with pytest.raises(ConfigError, match="public key"):
        PublicKey.read(path)
    with pytest.raises(ConfigError, match="public key"):
        PublicKey.read(path.with_name("none.pem"))


def test_a_signature_is_of_this_key_and_this_text(path):
    made, other = SigningKey.load_or_make(path), SigningKey.load_or_make(path.with_name("b.pem"))
    signature, public = made.sign("armed"), PublicKey.of_pem(made.public.pem, "here")
    assert public.has_signed("armed", signature) is True
    assert public.has_signed("armed ", signature) is False
    assert public.has_signed("armed", other.sign("armed")) is False
    for text in ("", "zz", signature[:-2], signature.upper(), f" {signature}"):
        assert public.has_signed("armed", text) is False, text


def test_a_key_is_known_by_the_first_of_its_digits(path):
    public = SigningKey.load_or_make(path).public
    assert public.fingerprint == public.sha256[:16] and len(public.sha256) == 64
    path.with_name("public.pem").write_bytes(public.pem)
    assert PublicKey.read(path.with_name("public.pem")).sha256 == public.sha256


def test_the_key_of_a_user_is_where_their_state_is(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_key_path() == tmp_path / "noetra" / "audit_key.pem"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_key_path() == tmp_path / ".local" / "state" / "noetra" / "audit_key.pem"
