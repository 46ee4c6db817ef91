# The few commands. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-annotate --quiet --custom-compile-command "make lock"
SOURCES := agent prompts vectorstore eval bench tests docs

.DEFAULT_GOAL := help
.PHONY: help demo test torture check fix docs lock clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime  ## install into .venv, add seeds/, ask a first question
	PULLQUOTE_HOME=.demo $(BIN)/pullquote add seeds
	PULLQUOTE_HOME=.demo $(BIN)/pullquote ask "who warned about Indo-Pacific security?"
	@echo "Go on with: PULLQUOTE_HOME=.demo $(BIN)/pullquote"

test: $(VENV)/.dev  ## the whole test suite, on every processor
	@# Each worker and each command that a test starts would compile the sources again.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

torture: $(VENV)/.dev  ## long forms of the tests that kill, damage and guess
	$(BIN)/python -m pytest -m "torture or hypothesis" --hypothesis-profile torture --timeout 1800

check: $(VENV)/.dev  ## lint, format, types and the direction of imports
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev  ## fix what ruff can fix
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

docs: $(VENV)/.dev  ## write the generated parts of the documentation again
	$(BIN)/python -m docs.generate

lock: $(VENV)/.dev  ## refresh the hash-pinned locks in requirements/
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) --group build --output-file requirements/build.txt
	$(LOCK) --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt

clean:  ## remove .venv and the demo's library
	rm -rf $(VENV) .demo

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Pullquote needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(PIP) install --require-hashes --no-deps -r requirements/dev.txt
	@touch $@
