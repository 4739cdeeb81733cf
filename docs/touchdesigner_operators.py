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
    ("scene", 0),  # 0 waves, 1 nocturne, 2 ember, 3 ... (all in the address sheet)
    ("scene/next", 0),  # to 1 and back: a press
    ("scene/previous", 0),  # to 1 and back: a press
    ("scene/safe", 0),  # to 1 and back: a press
    ("scene/pass", 0),  # to 1 and back: a press
    ("scene/fade", 4),  # 0 to 60 s
    ("cue/go", 0),  # to 1 and back: a press
    ("cue/back", 0),  # to 1 and back: a press
    ("cue/hold", 0),  # to 1 and back: a press
    ("cue/clear", 0),  # to 1 and back: a press
    ("cue/jump", 0),  # 0 day, 1 gale, 2 dusk, 3 night
    ("walk/speed", 1),  # 0 to 4 x
    ("walk/spread", 1),  # 0 to 1.5 x
    ("walk/tide", 1),  # 0 to 4 x
    ("style/psi", 1),  # 0 to 1.3
    ("style/mix", 0),  # 0 to 1
    ("style/coarse", 1),  # 0 to 1
    ("style/middle", 1),  # 0 to 1
    ("style/fine", 1),  # 0 to 1
    ("steer/x", 0),  # -2 to 2 sd
    ("steer/y", 0),  # -2 to 2 sd
    ("steer/1", 0),  # -2 to 2 sd
    ("steer/2", 0),  # -2 to 2 sd
    ("steer/3", 0),  # -2 to 2 sd
    ("steer/4", 0),  # -2 to 2 sd
    ("bend/1/kind", 0),  # 0 scene, 1 off, 2 ablate, 3 ... (all in the address sheet)
    ("bend/1/amount", 0),  # -1 to 1
    ("bend/1/layer", 3),  # 0 4, 1 8, 2 16, 3 32, 4 64, 5 128, 6 256, 7 512, 8 1024
    ("bend/1/cluster", 0),  # 0 all, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6
    ("bend/1/from", 0),  # 0 to 1
    ("bend/1/to", 1),  # 0 to 1
    ("bend/2/kind", 0),  # 0 scene, 1 off, 2 ablate, 3 ... (all in the address sheet)
    ("bend/2/amount", 0),  # -1 to 1
    ("bend/2/layer", 3),  # 0 4, 1 8, 2 16, 3 32, 4 64, 5 128, 6 256, 7 512, 8 1024
    ("bend/2/cluster", 0),  # 0 all, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6
    ("bend/2/from", 0),  # 0 to 1
    ("bend/2/to", 1),  # 0 to 1
    ("bend/3/kind", 0),  # 0 scene, 1 off, 2 ablate, 3 ... (all in the address sheet)
    ("bend/3/amount", 0),  # -1 to 1
    ("bend/3/layer", 3),  # 0 4, 1 8, 2 16, 3 32, 4 64, 5 128, 6 256, 7 512, 8 1024
    ("bend/3/cluster", 0),  # 0 all, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6
    ("bend/3/from", 0),  # 0 to 1
    ("bend/3/to", 1),  # 0 to 1
    ("xray/layer", 3),  # 0 4, 1 8, 2 16, 3 32, 4 64, 5 128, 6 256, 7 512, 8 1024
    ("xray/mix", 0),  # 0 to 1
    ("compose/mix", 1),  # 0 to 1
    ("compose/soft", 0.5),  # 0 to 1
    ("compose/shift", 0),  # -1 to 1
    ("master/brightness", 1),  # 0 to 1
    ("master/blackout", 0),  # 0 to 1
    ("master/freeze", 0),  # 0 to 1
    ("master/ceiling", 1),  # 0.05 to 1
    ("master/orbit", 1),  # 0 to 1
    ("hud/visible", 0),  # 0 to 1
    ("hud/help", 0),  # 0 to 1
    ("day/open", 0),  # 0 auto, 1 open, 2 closed
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
    ("restart/deck_a", 0),  # to 1 and back: a press
    ("restart/deck_b", 0),  # to 1 and back: a press
    ("look/finish/stroke", 0.55),  # 0 to 1
    ("look/finish/bristle", 0.35),  # 0 to 1
    ("look/finish/sharpen", 0.5),  # 0 to 2
    ("look/finish/sparkle", 0.35),  # 0 to 1
    ("look/finish/exposure", 0),  # -2 to 2
    ("look/finish/contrast", 1.08),  # 0.5 to 1.6
    ("look/finish/saturation", 1.1),  # 0 to 2
    ("look/finish/vignette", 0.3),  # 0 to 1
    ("look/finish/film", 0.2),  # 0 to 1
    ("look/bloom/amount", 0.25),  # 0 to 2
    ("look/bloom/threshold", 0.7),  # 0 to 2
    ("look/bloom/wide", 0.6),  # 0 to 1
    ("direction/prussian", 0),  # -2 to 2
    ("direction/turner", 0),  # -2 to 2
    ("direction/vermilion", 0),  # -2 to 2
    ("direction/jade", 0),  # -2 to 2
    ("direction/moon", 0),  # -2 to 2
    ("direction/rose", 0),  # -2 to 2
    ("direction/storm", 0),  # -2 to 2
    ("direction/swell_long_cos", 0),  # -2 to 2
    ("direction/swell_long_sin", 0),  # -2 to 2
    ("direction/swell_cross_cos", 0),  # -2 to 2
    ("direction/swell_cross_sin", 0),  # -2 to 2
    ("direction/chop_cos", 0),  # -2 to 2
    ("direction/chop_sin", 0),  # -2 to 2
    ("direction/billows", 0),  # -2 to 2
    ("direction/mares", 0),  # -2 to 2
    ("direction/veil", 0),  # -2 to 2
    ("direction/current", 0),  # -2 to 2
    ("direction/eddy", 0),  # -2 to 2
    ("direction/gaze", 0),  # -2 to 2
    ("direction/bearing", 0),  # -2 to 2
    ("direction/hour", 0),  # -2 to 2
    ("direction/disc", 0),  # -2 to 2
    ("direction/foam", 0),  # -2 to 2
    ("direction/pigment", 0),  # -2 to 2
    ("direction/haze", 0),  # -2 to 2
    ("direction/cloud", 0),  # -2 to 2
    ("direction/glitter", 0),  # -2 to 2
    ("direction/glow", 0),  # -2 to 2
    ("direction/pca1", 0),  # -3 to 3
    ("direction/pca2", 0),  # -3 to 3
    ("direction/pca3", 0),  # -3 to 3
    ("direction/pca4", 0),  # -3 to 3
    ("direction/pca5", 0),  # -3 to 3
    ("direction/pca6", 0),  # -3 to 3
    ("direction/pca7", 0),  # -3 to 3
    ("direction/pca8", 0),  # -3 to 3
    ("direction/sefa1", 0),  # -3 to 3
    ("direction/sefa2", 0),  # -3 to 3
    ("direction/sefa3", 0),  # -3 to 3
    ("direction/sefa4", 0),  # -3 to 3
    ("direction/sefa5", 0),  # -3 to 3
    ("direction/sefa6", 0),  # -3 to 3
    ("direction/sefa7", 0),  # -3 to 3
    ("direction/sefa8", 0),  # -3 to 3
    ("direction/skull", 0),  # -2 to 2
    ("direction/crown", 0),  # -2 to 2
    ("direction/jaw", 0),  # -2 to 2
    ("direction/chin", 0),  # -2 to 2
    ("direction/cheeks", 0),  # -2 to 2
    ("direction/nose", 0),  # -2 to 2
    ("direction/nostrils", 0),  # -2 to 2
    ("direction/lips", 0),  # -2 to 2
    ("direction/width", 0),  # -2 to 2
    ("direction/brow", 0),  # -2 to 2
    ("direction/eyes", 0),  # -2 to 2
    ("direction/yaw", 0),  # -2 to 2
    ("direction/pitch", 0),  # -2 to 2
    ("direction/roll", 0),  # -2 to 2
    ("direction/lid", 0),  # -2 to 2
    ("direction/lift", 0),  # -2 to 2
    ("direction/mouth", 0),  # -2 to 2
    ("direction/smile", 0),  # -2 to 2
    ("direction/wonder", 0),  # -2 to 2
    ("direction/breath", 0),  # -2 to 2
    ("direction/volume", 0),  # -2 to 2
    ("direction/length", 0),  # -2 to 2
    ("direction/side", 0),  # -2 to 2
    ("direction/swing", 0),  # -2 to 2
    ("direction/height", 0),  # -2 to 2
    ("direction/light", 0),  # -2 to 2
    ("direction/fill", 0),  # -2 to 2
    ("direction/rim", 0),  # -2 to 2
    ("direction/warmth", 0),  # -2 to 2
    ("direction/blush", 0),  # -2 to 2
    ("direction/halo", 0),  # -2 to 2
    ("direction/drape", 0),  # -2 to 2
    ("direction/smoke", 0),  # -2 to 2
    ("direction/pan", 0),  # -2 to 2
    ("direction/tilt", 0),  # -2 to 2
    ("direction/distance", 0),  # -2 to 2
    ("direction/tovin", 0),  # -2 to 2
    ("direction/mirre", 0),  # -2 to 2
    ("direction/wenna", 0),  # -2 to 2
    ("direction/ilo", 0),  # -2 to 2
    ("direction/first_yaw", 0),  # -2 to 2
    ("direction/first_pitch", 0),  # -2 to 2
    ("direction/first_roll", 0),  # -2 to 2
    ("direction/first_lid", 0),  # -2 to 2
    ("direction/first_gaze", 0),  # -2 to 2
    ("direction/first_mouth", 0),  # -2 to 2
    ("direction/first_smile", 0),  # -2 to 2
    ("direction/first_lean", 0),  # -2 to 2
    ("direction/first_rise", 0),  # -2 to 2
    ("direction/second_yaw", 0),  # -2 to 2
    ("direction/second_pitch", 0),  # -2 to 2
    ("direction/second_roll", 0),  # -2 to 2
    ("direction/second_lid", 0),  # -2 to 2
    ("direction/second_gaze", 0),  # -2 to 2
    ("direction/second_mouth", 0),  # -2 to 2
    ("direction/second_smile", 0),  # -2 to 2
    ("direction/second_lean", 0),  # -2 to 2
    ("direction/second_rise", 0),  # -2 to 2
    ("direction/third_yaw", 0),  # -2 to 2
    ("direction/third_pitch", 0),  # -2 to 2
    ("direction/third_roll", 0),  # -2 to 2
    ("direction/third_lid", 0),  # -2 to 2
    ("direction/third_gaze", 0),  # -2 to 2
    ("direction/third_mouth", 0),  # -2 to 2
    ("direction/third_smile", 0),  # -2 to 2
    ("direction/third_lean", 0),  # -2 to 2
    ("direction/third_rise", 0),  # -2 to 2
    ("direction/fourth_yaw", 0),  # -2 to 2
    ("direction/fourth_pitch", 0),  # -2 to 2
    ("direction/fourth_roll", 0),  # -2 to 2
    ("direction/fourth_lid", 0),  # -2 to 2
    ("direction/fourth_gaze", 0),  # -2 to 2
    ("direction/fourth_mouth", 0),  # -2 to 2
    ("direction/fourth_smile", 0),  # -2 to 2
    ("direction/fourth_lean", 0),  # -2 to 2
    ("direction/fourth_rise", 0),  # -2 to 2
    ("direction/umber", 0),  # -2 to 2
    ("direction/moss", 0),  # -2 to 2
    ("direction/violet", 0),  # -2 to 2
    ("direction/amber", 0),  # -2 to 2
    ("direction/crimson", 0),  # -2 to 2
    ("direction/linen", 0),  # -2 to 2
    ("direction/madder", 0),  # -2 to 2
    ("direction/slate", 0),  # -2 to 2
    ("direction/saffron", 0),  # -2 to 2
    ("direction/table", 0),  # -2 to 2
    ("direction/folds", 0),  # -2 to 2
    ("direction/bowl", 0),  # -2 to 2
    ("direction/candle", 0),  # -2 to 2
    ("direction/taper", 0),  # -2 to 2
    ("direction/carafe", 0),  # -2 to 2
    ("direction/flame", 0),  # -2 to 2
    ("direction/sway", 0),  # -2 to 2
    ("zone/coarse", 1),  # 0 to 1
    ("zone/middle", 1),  # 0 to 1
    ("zone/fine", 1),  # 0 to 1
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
