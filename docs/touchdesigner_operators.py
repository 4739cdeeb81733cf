# TouchDesigner operators for the show "Tides". Made by `python -m tools.write_docs`.
#
# Open the textport (Alt+T), paste all of this, press Enter. It builds a Base COMP named
# "installation" in /project1; docs/touchdesigner.md says what to do with it. For a show on another
# machine change HOST first. Nothing is sent until you switch "send" or "say" to Active.
#
# ruff: noqa: F821 - op, baseCOMP and the like are TouchDesigner's own names
# pyright: reportUndefinedVariable=false

HOST, SEND, LISTEN, WORDS = "127.0.0.1", 9000, 7000, 7001
CONTROLS = [
    ("scene", 0),  # 0 waves, 1 nocturne, 2 ember, 3 faces
    ("scene/next", 0),  # to 1 and back: a press
    ("scene/previous", 0),  # to 1 and back: a press
    ("scene/safe", 0),  # to 1 and back: a press
    ("scene/fade", 4),  # 0 to 60 s
    ("cue/go", 0),  # to 1 and back: a press
    ("cue/back", 0),  # to 1 and back: a press
    ("cue/hold", 0),  # to 1 and back: a press
    ("cue/jump", 0),  # 0 day, 1 gale, 2 dusk, 3 night
    ("walk/speed", 1),  # 0 to 4 x
    ("walk/spread", 1),  # 0 to 1.5 x
    ("walk/tide", 1),  # 0 to 4 x
    ("style/psi", 1),  # 0 to 1.3
    ("steer/x", 0),  # -2 to 2 sd
    ("steer/y", 0),  # -2 to 2 sd
    ("steer/1", 0),  # -2 to 2 sd
    ("steer/2", 0),  # -2 to 2 sd
    ("steer/3", 0),  # -2 to 2 sd
    ("steer/4", 0),  # -2 to 2 sd
    ("master/brightness", 1),  # 0 to 1
    ("master/blackout", 0),  # 0 to 1
    ("master/freeze", 0),  # 0 to 1
    ("hud/visible", 0),  # 0 to 1
    ("calibrate/grid", 0),  # 0 to 1
    ("calibrate/window", 0),  # to 1 and back: a press
    ("calibrate/point", 0),  # to 1 and back: a press
    ("calibrate/left", 0),  # to 1 and back: a press
    ("calibrate/right", 0),  # to 1 and back: a press
    ("calibrate/up", 0),  # to 1 and back: a press
    ("calibrate/down", 0),  # to 1 and back: a press
    ("calibrate/mesh", 0),  # to 1 and back: a press
    ("calibrate/reset", 0),  # to 1 and back: a press
    ("calibrate/save", 0),  # to 1 and back: a press
    ("look/finish/stroke", 0.55),  # 0 to 1
    ("look/finish/bristle", 0.35),  # 0 to 1
    ("look/finish/sharpen", 0.5),  # 0 to 2
    ("look/finish/sparkle", 0.35),  # 0 to 1
    ("look/finish/exposure", 0),  # -2 to 2
    ("look/finish/contrast", 1.08),  # 0.5 to 1.6
    ("look/finish/saturation", 1.1),  # 0 to 2
    ("look/finish/vignette", 0.3),  # 0 to 1
    ("look/finish/film", 0.2),  # 0 to 1
]


def put(owner, **settings):
    for name, value in settings.items():
        found = getattr(owner.par, name, None)
        if found is None:
            print("no parameter", name, "on", owner.path + ": set it by hand")
        else:
            found.val = value


box = (op("/project1") or op("/")).create(baseCOMP, "installation")

controls = box.create(constantCHOP, "controls")
controls.seq.const.numBlocks = len(CONTROLS)
for place, (name, value) in enumerate(CONTROLS):
    put(controls, **{f"const{place}name": name, f"const{place}value": value})

send = box.create(oscoutCHOP, "send")
put(send, active=False, netaddress=HOST, port=SEND, numericformat="float", format="sample")
put(send, sendevents=False, cookalways=True)
send.inputConnectors[0].connect(controls)

say = box.create(oscoutDAT, "say")
put(say, active=False, address=HOST, port=SEND)

heard = box.create(oscinCHOP, "heard")
put(heard, port=LISTEN, queued=False)

words = box.create(oscinDAT, "words")
put(words, port=WORDS, addscope="/state/status", splitmessage=True, clamp=True, maxlines=20)

for place, node in enumerate((controls, send, say, heard, words)):
    node.nodeX, node.nodeY = 200 * (place % 2), -150 * (place // 2)

print("built", box.path, "with", len(CONTROLS), "controls")
