# make show    set everything up and run the show
# make test    set everything up and pass the tests
# make test-trt  have NVIDIA's TensorRT for RTX build every graph; needs no card, installs it apart
# make soak    break the running show at random for ten minutes, and say what the wall showed;
#              make soak MINUTES=70 FAULTS=none leaves it alone and says how fast memory grows
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NEEDS  := pyproject.toml constraints.txt tools/system_packages.txt tools/setup.sh

MINUTES ?= 10
FAULTS  ?= random

.PHONY: setup setup-tests show test test-trt lint soak

setup: $(VENV)/.ready

setup-tests: $(VENV)/.ready-for-tests

show: setup
	$(BIN)/installation run show.yaml

# Two at a time what only computes, a thread each; one after the other what looks at a clock or
# shares the machine. The soak takes and gives signals: it has a process of its own.
test: lint
	OMP_NUM_THREADS=1 $(BIN)/pytest -m "not alone" -n 2 --dist loadfile
	$(BIN)/pytest -m "alone and not soak"
	$(BIN)/pytest -m soak

# NVIDIA's licence, not this project's; nothing else here uses what lies in that folder.
test-trt: setup-tests
	$(BIN)/python -m pip install --quiet --upgrade -c constraints.txt --target $(VENV)/trt tensorrt-rtx
	PYTHONPATH=$(VENV)/trt $(BIN)/pytest tests/decks/test_tensorrt_builds.py

soak: setup
	$(BIN)/python -m tools.soak --minutes $(MINUTES) --faults $(FAULTS)

lint: setup-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

$(VENV)/.ready: $(NEEDS)
	sh tools/setup.sh show "$(PYTHON)" "$(VENV)"
	touch $@

$(VENV)/.ready-for-tests: $(VENV)/.ready
	sh tools/setup.sh tests "$(PYTHON)" "$(VENV)"
	touch $@
