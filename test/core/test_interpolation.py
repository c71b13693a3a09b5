from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.core.interpolation import rows_at


@given(st.integers(1, 9), st.integers(1, 4), st.integers(0, 7), st.integers(0, 2**32 - 1))
def test_it_is_numpys_for_each_column(count, columns, asked, seed):
    rng = np.random.default_rng(seed)
    times, rows = np.cumsum(rng.uniform(0.01, 1.0, count)), rng.normal(size=(count, columns))
    at = rng.uniform(times[0] - 1.0, times[-1] + 1.0, asked)
    expected = np.array([np.interp(at, times, column) for column in rows.T]).T.reshape(asked, columns)
    np.testing.assert_allclose(rows_at(at, times, rows), expected, atol=1e-12)


def test_nanoseconds_since_1970_lose_nothing():
    begin_ns = 1_900_000_000_000_000_000
    times_ns = np.array([begin_ns, begin_ns + 100_000_000])
    found = rows_at(np.array([begin_ns + 1]), times_ns, np.array([[0.0], [1.0]]))
    assert found[0, 0] == 1e-8
