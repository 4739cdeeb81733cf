"""The first crossfade of a show compiles nothing any more."""

import os
import subprocess
import sys

COLD = """
import sys, time
import numpy as np
from installation.session import SHADERS
from installation.show.loader import loads
from installation.stage.gl import headless_context
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from installation.stage.warming import warm

show, table = loads('''
models: {card: {test_card: {}}}
scenes: {one: {model: card, look: [vignette]}, two: {model: card, look: [trails]}}
''', SHADERS)
context = headless_context()
values = np.array([row.default for row in table])
for warmed in (False, True):
    renderer = Renderer(context, (64, 36), show.looks, table, SHADERS)
    for deck in renderer.decks:
        deck.show(np.zeros((16, 16, 4), np.uint8))
    renderer.draw(Shot(0.0, values))
    if warmed:
        warm(renderer.core, renderer.library, show.looks, values)
    context.finish()
    begun = time.process_time()
    renderer.draw(Shot(0.1, values, look=0, look_b=1, crossfade=0.5))
    context.finish()
    print(time.process_time() - begun)
"""


def test_what_is_warmed_is_not_compiled_again():
    environment = {**os.environ, "MESA_SHADER_CACHE_DISABLE": "true"}
    command = [sys.executable, "-c", COLD]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    cold, warm = map(float, done.stdout.split())
    assert warm < 0.3 * cold, (cold, warm)
