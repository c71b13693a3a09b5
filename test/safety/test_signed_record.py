"""A signed record: whoever changes a digit of a result is found."""

import json

import pytest

from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.signed_record import signature_fault, signed

RECORD = {"robot": "so101", "rounds": [{"rest_s": 0.25}], "is_passed": True}


@pytest.fixture
def key(tmp_path):
    return SigningKey.load_or_make(tmp_path / "key.pem")


def test_what_was_signed_is_found_unchanged_also_from_a_file_with_keys_in_another_order(key):
    record = signed(RECORD, key)
    again = json.loads(json.dumps(dict(reversed(record.items())), indent=2))
    assert signature_fault(again, key.public) == ""


@pytest.mark.parametrize("change", [{"is_passed": False}, {"rounds": []}, {"more": 1}, {"signature": "00"}])
def test_every_change_is_found(key, change):
    assert signature_fault({**signed(RECORD, key), **change}, key.public) == "content and signature differ"


def test_another_key_is_named(key, tmp_path):
    other = SigningKey.load_or_make(tmp_path / "other.pem")
    record = signed(RECORD, other)
    assert "signed by the key" in signature_fault(record, key.public)
    forged = {**record, "key": key.public.fingerprint}
    assert signature_fault(forged, key.public) == "content and signature differ"


@pytest.mark.parametrize("wrong", [{"key": "mine"}, {"rest_s": float("nan")}])
def test_what_cannot_be_signed_is_refused(key, wrong):
    with pytest.raises(ValueError, match=r"key|JSON"):
        signed({**RECORD, **wrong}, key)
