import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.errors import ShaderError
from installation.show.cube import LARGEST, parse_cube


def cube(size: int = 2, colours: list[str] | None = None, head: str = "") -> str:
    steps = [index / (size - 1) for index in range(size)]
    whole = [f"{r:.6f} {g:.6f} {b:.6f}" for b in steps for g in steps for r in steps]
    return "\n".join([head, f"LUT_3D_SIZE {size}", *(colours or whole)])


@pytest.mark.parametrize("size", [2, 5])
def test_a_table_is_read_red_fastest(size: int):
    table = parse_cube(cube(size, head='# made by hand\nTITLE "Night"\nDOMAIN_MAX 1.0 1 1'), "a")
    steps = np.linspace(0, 1, size)
    assert table.shape == (size, size, size, 4)
    assert np.allclose(table[0, 0, :, 0], steps, atol=1e-3)
    assert np.allclose(table[0, :, 0, 1], steps, atol=1e-3)
    assert np.allclose(table[:, 0, 0, 2], steps, atol=1e-3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a.cube: 0 colours"),
        ("0 0 0", "a.cube:1: LUT_3D_SIZE must come before"),
        ("LUT_1D_SIZE 4", "a.cube:1: unknown LUT_1D_SIZE; 3D tables only"),
        ("LUT_3D_SIZE 999", f"a.cube:1: LUT_3D_SIZE may be 2 to {LARGEST}"),
        ("LUT_3D_SIZE 1", "a.cube:1: LUT_3D_SIZE may be 2"),
        ("DOMAIN_MAX 4 4 4", "a.cube:1: DOMAIN_MAX must be"),
        ("DOMAIN_MIN x", "a.cube:1: every colour must be three numbers"),
        (cube(colours=["0 0 0"] * 7), "a.cube: 7 colours; 2 points a side want 8"),
        (cube(colours=["0 0 0"] * 9), "a.cube:11: more than the 8 colours"),
        (cube(colours=["0 0"] * 8), "a.cube:3: every colour must be three numbers"),
        (cube(colours=["0 0 0", "0 0"] * 4), "a.cube:3: every colour must be three numbers"),
        (cube(colours=["0 0 0"] * 7 + ["0 0 nan"]), "a.cube:3: a colour is not a number"),
        (
            cube(colours=["0 0 0"] * 7 + ["0 0 1e9"]),
            "a.cube:3: a colour is not a number, or beyond",
        ),
        (cube(colours=["0 0 0"] * 7 + ["0 0 0x1"]), "a.cube:3: every colour"),
    ],
)
def test_a_wrong_table_costs_one_line(text: str, words: str):
    with pytest.raises(ShaderError) as error:
        parse_cube(text, "a.cube")
    assert str(error.value).startswith(words)
    assert "\n" not in str(error.value)


@given(st.text(max_size=300))
def test_any_text_is_a_table_or_a_complaint(text: str):
    with pytest.raises(ShaderError):
        parse_cube(text, "a.cube")
