"""Times written as sums of settings, e.g. ``command_timeout_s + 2 * period_s``: no number is copied."""

from __future__ import annotations

import math
from collections.abc import Mapping

from noetra_ros.core.errors import single_fault


def value_of(terms: str, values: Mapping[str, float], key: str) -> float:
    """What a sum of products of names and numbers is.

    Args:
        terms: as written; empty = 0.
        values: by name.
        key: of the setting, for messages.

    Raises:
        ConfigError: an unknown name; lists those that there are.
    """
    if not terms.strip():
        return 0.0
    products = [term.split("*") for term in terms.split("+")]
    return sum(math.prod(_factor(word.strip(), values, key) for word in product) for product in products)


def _factor(word: str, values: Mapping[str, float], key: str) -> float:
    if word in values:
        return values[word]
    try:
        return float(word)
    except ValueError:
        known = ", ".join(sorted(values))
        raise single_fault("config/faults.yaml", key, repr(word), f"a number, or one of {known}") from None
