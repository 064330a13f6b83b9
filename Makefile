# Two commands do all the set-up: `make run` and `make test`.
# Everything else here builds on them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOMS := data connectors classifiers dashboard
PORT ?= 8501

.DEFAULT_GOAL := help
.PHONY: help run test check prove bench lock clean

help:  ## Say what each target does
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

# The stamp names the lock it was made from, so a changed lock installs again.
# A lock is complete, so nothing is resolved: older pips otherwise refuse `coverage[toml]`, whose
# pin they do not connect with `coverage`.
$(VENV)/.run: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Evenhand needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.lock
	touch $@

run: $(VENV)/.run  ## Install what is needed and start the demo in the browser
	$(BIN)/evenhand demo --port $(PORT)

test: $(VENV)/.test  ## Install what is needed and run every check
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash .ci/chromium
	@$(MAKE) --no-print-directory check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term
	$(BIN)/python -m pytest -q -p no:cacheprovider --doctest-modules --ignore-glob="*/migrations/*" --ignore-glob="*/tables_*.py" --pyargs evenhand.data evenhand.connectors evenhand.classifiers

prove: $(VENV)/.test  ## Run the long proofs: kills and races
	$(BIN)/python -m pytest -q -s tests/proofs --override-ini=addopts="--import-mode=importlib -ra"

bench: $(VENV)/.test  ## Measure speed as ratios; bench/README.md says what each means
	$(BIN)/python bench/card.py
	$(BIN)/python bench/claims.py
	$(BIN)/python bench/ingest.py
	$(BIN)/python bench/bulk.py
	$(BIN)/python bench/classify.py
	$(BIN)/python bench/similarity.py
	$(BIN)/python bench/waves.py
	$(BIN)/python bench/recall.py
	$(BIN)/python bench/recall_reach.py
	$(BIN)/python bench/exports.py
	$(BIN)/python bench/leader.py
	$(BIN)/python bench/alerts.py
	$(BIN)/python bench/simulator.py

lock:  ## Make the two lock files again (needs uv)
	uv pip compile --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --group build -o requirements.lock
	uv pip compile --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --all-extras --group build --group test -c requirements.lock -o requirements-test.lock

clean:  ## Remove what the checks leave behind (not the environment)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist build
