"""Learning a knob, and keeping what was learned."""

import time
from pathlib import Path

from installation.inputs.midi_learning import FILE, Learned, Learning
from installation.inputs.midi_wire import Moved
from installation.show.midi import Binding


def cc(raw: int, number: int = 7) -> Moved:
    return Moved(f"cc/1/{number}", raw / 127, raw, 0.0)


def taught(*moves: Moved) -> tuple[str, Binding] | None:
    learning = Learning()
    learning.switch(True)
    learning.touched("/walk/speed")
    found = [pair for moved in moves if (pair := learning.moved(moved))]
    return found[0] if found else None


def test_a_knob_is_learned_by_its_second_message_and_a_key_at_once():
    assert taught(cc(40)) is None
    assert taught(cc(40), cc(41)) == ("cc/1/7", Binding(to="walk/speed"))
    pad = Moved("note/1/36", 0.8, 100, 0.0, key=True)
    assert taught(pad) == ("note/1/36", Binding(to="walk/speed"))


def test_a_finger_that_brushes_another_knob_teaches_nothing():
    assert taught(cc(40, 1), cc(40, 2), cc(41, 1)) is None


def test_what_repeats_itself_is_endless():
    assert taught(cc(1), cc(1)) == ("cc/1/7", Binding(to="walk/speed", relative="twos"))
    assert taught(cc(127), cc(127)) == ("cc/1/7", Binding(to="walk/speed", relative="twos"))
    assert taught(cc(65), cc(65)) == ("cc/1/7", Binding(to="walk/speed", relative="offset"))


def test_a_parameter_is_learned_and_not_its_parts():
    parts = [cc(5, 99), cc(0, 98), cc(64, 6)]
    assert taught(*parts, *parts) is None
    moves = [Moved("nrpn/1/640", n / 16383, n, 0.0) for n in (100, 101)]
    assert taught(*parts, *moves) == ("nrpn/1/640", Binding(to="walk/speed"))


def test_it_tells_what_to_do_and_learns_only_while_it_is_on():
    learning = Learning()
    learning.touched("/walk/speed")
    assert learning.moved(cc(1)) is None
    assert learning.words == ""
    learning.switch(True)
    assert learning.words == "touch a control"
    learning.touched("/midi/learn")
    assert learning.target == ""
    learning.touched("/walk/speed")
    assert learning.words == "move a knob for walk/speed"
    learning.moved(cc(1))
    learning.moved(cc(2))
    assert learning.words == "cc/1/7 steers walk/speed; touch a control"


def test_what_was_learned_is_there_after_a_restart_and_damage_costs_only_itself(tmp_path: Path):
    bindings = {"cc/1/7": Binding(to="walk/speed", relative="twos")}
    Learned(str(tmp_path)).keep(bindings)
    deadline = time.monotonic() + 10
    while Learned(str(tmp_path)).read() != bindings:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (tmp_path / FILE).write_bytes(b"nonsense")
    assert Learned(str(tmp_path)).read() == {}
    assert Learned("").read() == {}
