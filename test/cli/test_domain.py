"""Two private domains are never the same."""

import socket

from noetra_ros.cli import domain


def test_two_domains_differ_and_are_in_range():
    one, two = domain.PrivateDomain(), domain.PrivateDomain()
    try:
        assert one.number != two.number
        assert {one.number, two.number} <= set(domain.DOMAINS)
    finally:
        one.release()
        two.release()


def test_a_domain_can_be_taken_again_after_its_release(monkeypatch):
    monkeypatch.setattr(domain, "DOMAINS", range(97, 98))
    first = domain.PrivateDomain()
    first.release()
    first.release()
    second = domain.PrivateDomain()
    assert second.number == 97
    second.release()


def test_a_domain_in_which_somebody_talks_is_left_alone(monkeypatch):
    monkeypatch.setattr(domain, "DOMAINS", range(95, 97))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
        somebody.bind(("", 7400 + 250 * 95 + 10))
        taken = domain.PrivateDomain()
    assert taken.number == 96
    taken.release()
