"""Signed models: who signed, what was changed, which are allowed."""

import json

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.ros.model_signature import FILE, require_signed, sign_model, signer_of
from noetra_ros.safety.audit.keys import SigningKey, default_key_path


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A folder of a model; this machine's key is below tmp_path."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "model"
    (folder / "part").mkdir(parents=True)
    (folder / "config.yaml").write_text("model: x\n", encoding="utf-8")
    (folder / "part" / "model.safetensors").write_bytes(bytes(1000))
    return folder


@pytest.fixture
def key(tmp_path):
    return SigningKey.load_or_make(tmp_path / "key.pem")


def test_who_signed_is_known_by_the_whole_hash_of_the_key(model, key):
    assert sign_model(model, key) == model / FILE
    assert signer_of(model).sha256 == key.public.sha256
    assert len(key.public.sha256) == 64
    require_signed(str(model), (key.public.sha256,))


def test_another_signer_is_refused(model, key):
    sign_model(model, key)
    with pytest.raises(ConfigError, match=f"signed by {key.public.sha256}, expected shipped"):
        require_signed(str(model), ("shipped",))


@pytest.mark.parametrize("change", ["changed", "added", "removed"])
def test_a_model_that_is_not_as_it_was_is_refused(model, key, change):
    sign_model(model, key)
    weights = model / "part" / "model.safetensors"
    if change == "changed":
        weights.write_bytes(bytes(999) + b"\x01")
    elif change == "added":
        (model / "part" / "more.py").write_text("", encoding="utf-8")
    else:
        weights.unlink()
    with pytest.raises(ConfigError, match=r"files: got part/.*no other and none changed"):
        require_signed(str(model), (key.public.sha256,))


def test_a_signature_of_another_key_in_the_name_of_a_known_one_is_refused(model, key, tmp_path):
    stranger = SigningKey.load_or_make(tmp_path / "stranger.pem")
    path = sign_model(model, stranger)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"public_key": key.public.pem.decode()}), encoding="utf-8")
    with pytest.raises(ConfigError, match="not of the key beside it"):
        require_signed(str(model), (key.public.sha256,))


@pytest.mark.parametrize("content", [None, "no JSON", "[]", "{}", '{"format": "x", "files": {}}'])
def test_no_signature_is_refused_with_what_to_do(model, content):
    if content is not None:
        (model / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="noetra sign-model"):
        require_signed(str(model), ("this_machine",))


def test_this_machine_is_its_own_key(model):
    sign_model(model, SigningKey.load_or_make(default_key_path()))
    require_signed(str(model), ("shipped", "this_machine"))
    default_key_path().chmod(0o644)  # others may have read it
    with pytest.raises(ConfigError, match="model_signers"):
        require_signed(str(model), ("shipped", "this_machine"))


def test_the_file_of_a_link_is_signed_beside_it(tmp_path, key):
    link = tmp_path / "server.yaml"
    link.write_text("address: host\n", encoding="utf-8")
    assert sign_model(link, key).name == "server.yaml.signature.json"
    require_signed(str(link), (key.public.sha256,))
    link.write_text("address: elsewhere\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"files: got server\.yaml"):
        require_signed(str(link), (key.public.sha256,))


def test_anybody_means_unsigned_models_too(model):
    require_signed(str(model), ("*",))
    require_signed("", ("*",))


def test_what_ships_has_to_be_allowed_as_well():
    require_signed("", ("shipped",))
    for signers in (("this_machine",), ("",)):
        with pytest.raises(ConfigError, match="a model that ships"):
            require_signed("", signers)


def test_an_episode_of_a_recording_is_its_folder(model, key):
    sign_model(model, key)
    require_signed(f"{model}#3", (key.public.sha256,))
    with pytest.raises(ConfigError, match="a signed model"):
        require_signed(f"{model}-of-somebody-else", (key.public.sha256,))
