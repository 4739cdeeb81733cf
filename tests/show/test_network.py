"""Places on a network, as an artist writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.errors import ShowError
from installation.session import SHADERS
from installation.show.loader import loads
from installation.show.network import endpoint, network, source
from installation.show.schema import Show

SHOW = """
models: {{card: {{test_card: {{}}}}}}
scenes: {{one: {{model: card}}}}
inputs: {{osc: {{{osc}}}}}
"""


def osc(words: str) -> Show:
    return loads(SHOW.format(osc=words), SHADERS)[0]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("127.0.0.1:7000", ("127.0.0.1", 7000)),
        ("localhost:7000", ("127.0.0.1", 7000)),
        (" 192.168.1.20:65535 ", ("192.168.1.20", 65535)),
        ("[::1]:9", ("::1", 9)),
    ],
)
def test_places_to_send_to(words: str, place: tuple[str, int]):
    assert endpoint(words) == place


@pytest.mark.parametrize(
    "words",
    ["", "7000", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "tablet.local:7000", "::1:9",
     "[::1:7000", "1.2.3:7000", "127.0.0.1:7,000", "127.0.0.1:-1", "a:٣"],
)  # fmt: skip
def test_no_places(words: str):
    with pytest.raises(ValueError, match="no place to send to"):
        endpoint(words)


@given(st.text())
def test_no_text_raises_anything_else(words: str):
    for reader in (endpoint, network, source):
        try:
            reader(words)
        except ValueError as error:
            assert "\n" not in str(error)  # noqa: PT017 - one line, whatever was written


def test_one_place_or_many_and_the_children_get_the_same():
    show = osc("feedback: '127.0.0.1:7000', allow: 192.168.1.20/24, lock: 192.168.1.20")
    assert show.inputs.osc is not None
    assert show.inputs.osc.feedback == ["127.0.0.1:7000"]
    assert show.inputs.osc.allow == ["192.168.1.0/24"]
    assert show.inputs.osc.lock == "192.168.1.20"
    assert Show.model_validate_json(show.model_dump_json(by_alias=True)) == show
    many = osc("feedback: ['127.0.0.1:7000', '10.0.0.5:8000'], allow: [10.0.0.0/8, '::1']")
    assert many.inputs.osc is not None
    assert many.inputs.osc.feedback == ["127.0.0.1:7000", "10.0.0.5:8000"]
    assert many.inputs.osc.allow == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("feedback: here", "inputs.osc.feedback: 'here' is no place to send to"),
        ("feedback: ['127.0.0.1:7000', here]", "inputs.osc.feedback[1]: 'here' is no place"),
        ("allow: everyone", "inputs.osc.allow: 'everyone' is no network"),
        ("lock: tablet", "inputs.osc.lock: 'tablet' is no address"),
        ("rate: 0", "inputs.osc.rate: "),
        ("feedback: ['1.1.1.1:1'" + ", '1.1.1.1:1'" * 8 + "]", "inputs.osc.feedback: "),
    ],
)
def test_mistakes_are_found_before_the_show(words: str, where: str):
    with pytest.raises(ShowError) as caught:
        osc(words)
    assert [str(problem) for problem in caught.value.problems if where in str(problem)]
    assert len(caught.value.problems) == 1
