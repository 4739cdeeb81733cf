# make show    set everything up and run the show
# make test    set everything up and pass the tests
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: setup show test lint

setup: $(VENV)/.ready

show: setup
	$(BIN)/installation run show.yaml

test: setup lint
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

$(VENV)/.ready: pyproject.toml constraints.txt tools/system_packages.txt tools/setup.sh
	sh tools/setup.sh "$(PYTHON)" "$(VENV)"
	touch $@
