# Windsock. Everything here needs Python 3.10 or newer, make and the package registries, and writes
# nothing outside this folder but the caches of pip, uv and npm.
#
#   PYTHON=python3.12 make …   another Python than python3
#   WINDSOCK_NODE=/path/node   a Node of your own for the UI; else one is found or fetched (frontend/node.py)

PYTHON ?= python3
AIRFLOW := 3.3.2

BIN := .venv/bin
UV := $(BIN)/uv
NPM := $(BIN)/python frontend/node.py npm

# Stamps: each says that the step it is named after is done and newer than what it was made from.
UV_DONE := .venv/.uv
DEPENDENCIES := .venv/.dependencies
NODE_MODULES := node_modules/.installed
BUNDLE := plugin/windsock/static/.vite/manifest.json

UI_SOURCES := $(shell find frontend -type f -not -name '*.py' -not -name '*.test.*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash -o pipefail

# The lines that begin with ## are the help.
.PHONY: help
help:
	@awk '/^## / { words = substr($$0, 4); next } \
		words && /^[a-z0-9-]+:/ { split($$0, name, ":"); printf "make %-17s %s\n", name[1], words } \
		!/^\.PHONY/ { words = "" }' Makefile

# --- set-up -----------------------------------------------------------------------------------------

$(UV_DONE): constraints/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; this is " + sys.version)'
	@test -x $(BIN)/python || rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/uv.txt
	@touch $@

$(DEPENDENCIES): $(UV_DONE) constraints/airflow-$(AIRFLOW).txt pyproject.toml
	$(UV) pip install --quiet --require-hashes -r constraints/airflow-$(AIRFLOW).txt
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_MODULES): $(DEPENDENCIES) package.json package-lock.json
	$(NPM) ci --ignore-scripts
	@touch $@

$(BUNDLE): $(NODE_MODULES) $(UI_SOURCES)
	$(NPM) run build

.PHONY: bundle
## The UI, built into plugin/windsock/static.
bundle: $(BUNDLE)

.PHONY: setup
## The Python environment, the Node packages and the built UI, all inside this folder.
setup: $(DEPENDENCIES) $(BUNDLE)

# --- look and work ----------------------------------------------------------------------------------

.PHONY: demo
## A real Airflow with thirty days of history to look at. PORT=8081 for another port, ARGS=--fresh to make it anew.
demo: setup
	@$(BIN)/windsock demo $(if $(PORT),--port $(PORT)) $(ARGS)

.PHONY: dev
## The demo's Airflow and Vite together: edits in frontend/src and plugin/ appear as you save them.
dev: setup
	@$(BIN)/python -m windsock.demo.dev $(if $(PORT),--port $(PORT)) $(ARGS)

.PHONY: types
## The API's description and the TypeScript types made from it; commit both.
types: $(NODE_MODULES)
	$(BIN)/python -m tests.openapi frontend/src/api/openapi.json
	$(NPM) run --silent types

# --- check ------------------------------------------------------------------------------------------

PYTEST := $(BIN)/python -m pytest

.PHONY: test
## Every test but the ones over all Airflow versions: Python, UI, and a real Airflow in a browser.
test: test-unit test-ui test-integration test-e2e

.PHONY: test-unit
## Plain Python: health, logs, demo.
test-unit: $(DEPENDENCIES)
	$(PYTEST) tests/unit $(ARGS)

.PHONY: test-ui
## Components and hooks of the UI, its types against the API, the size of its bundle.
test-ui: $(BUNDLE)
	$(NPM) test
	$(PYTEST) tests/bundle $(ARGS)

.PHONY: test-integration
## Routes, SQL and actions against Airflow's own code, on SQLite and PostgreSQL.
test-integration: $(DEPENDENCIES)
	$(PYTEST) tests/integration $(ARGS)

.PHONY: test-e2e
## A real Airflow in a real browser.
test-e2e: setup
	$(PYTEST) tests/e2e $(ARGS)

.PHONY: test-hosts
## The wheel installed into every supported Airflow, each opened in a browser.
test-hosts: wheel
	$(PYTEST) tests/hosts $(ARGS)

.PHONY: test-wheel
## What is in the sdist and the wheel, and that both build without Node and always alike.
test-wheel: wheel
	$(PYTEST) tests/wheel $(ARGS)

.PHONY: lint
## Ruff, mypy, ESLint, tsc, and who may import whom.
lint: $(NODE_MODULES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run --silent lint
	$(NPM) run --silent typecheck

.PHONY: format
## Put the Python sources into the form that lint asks for.
format: $(DEPENDENCIES)
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

# --- build ------------------------------------------------------------------------------------------

.PHONY: wheel
## The sdist and the wheel, in dist/.
wheel: setup
	@rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

.PHONY: pictures
## The README's pictures, light and dark, from the demo.
pictures: setup
	$(BIN)/python -m tests.e2e.pictures $(ARGS)

.PHONY: constraints
## Resolve every Airflow version's packages anew; commit what changed.
constraints: $(UV_DONE)
	UV=$(UV) bash constraints/resolve.sh

.PHONY: clean
## Remove everything that make has made, the demo included.
clean:
	rm -rf .venv .nodeenv .hosts .demo .build dist node_modules plugin/windsock/static
