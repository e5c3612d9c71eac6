# Everything that a newcomer types. A machine needs Python 3.11 or newer, git and make.
#
#   make demo     a mutual of 2,000 members lives through a month, then its pages stay open
#   make up       the system by itself, on what is under ./var
#   make test     lint, types, arrows between packages, every test
#   make bench    how fast it is, beside what the same machine can do at most
#   make lint     the part of `make test` that takes seconds
#   make lock     after a change of dependencies in pyproject.toml
#   make format   put the code into its form
#
# ARGS are handed on: make demo ARGS="--members 500 --exit", make test ARGS="tests/kit -x".

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo up test lint format bench lock

help:
	@sed -n 's/^#   //p' Makefile

install: $(VENV)/.runtime

demo: $(VENV)/.runtime
	@$(BIN)/amparo demo $(ARGS)

up: $(VENV)/.runtime
	@$(BIN)/amparo up $(ARGS)

test: lint
	.ci/chromium
	$(BIN)/pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench $(ARGS)

# A lock holds every package with the hashes of its files, and no address to get them from: that is
# for whoever installs to say. A lock that has changed is installed anew.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra build

lock: $(VENV)/.dev
	$(COMPILE) -o requirements/production.txt pyproject.toml
	$(COMPILE) --extra embedded -c requirements/production.txt -o requirements/runtime.txt pyproject.toml
	$(COMPILE) --extra embedded --extra dev -c requirements/runtime.txt -o requirements/dev.txt pyproject.toml
	@! grep -n -E '://|^-' requirements/*.txt
