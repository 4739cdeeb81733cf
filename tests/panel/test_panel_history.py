import math

from hypothesis import given
from hypothesis import strategies as st

from installation.panel.history import KEPT, History
from tests.panel.conftest import healthy


def test_an_hour_is_kept_and_no_more():
    history = History()
    assert history.columns() == {}
    for second in range(KEPT + 40):
        status = healthy(0.0)
        status["health"]["stage"]["fps"] = float(second)  # type: ignore[index]
        history.note(status, 50.0)
    columns = history.columns()
    assert {len(column) for column in columns.values()} == {KEPT}
    assert (columns["stage_fps"][0], columns["stage_fps"][-1]) == (40.0, KEPT + 39.0)
    assert (columns["slowest_ms"][-1], columns["osc_ms"][-1]) == (18.9, 32.0)
    assert columns["celsius"][-1] == 50.0


junk = st.recursive(
    st.none() | st.floats() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(["stage", "health", "fps", "desk"]), inner),
)


@given(st.dictionaries(st.sampled_from(["health", "memory_mb"]), junk))
def test_no_record_makes_it_stumble(status):
    history = History()
    history.note(status, math.nan)
    assert all(math.isfinite(v) for c in history.columns().values() for v in c if v is not None)
