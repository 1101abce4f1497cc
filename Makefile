# The workshop's front door. Everything here needs only make, a shell and Python 3.11 or newer.
# Choose another interpreter with `make demo PYTHON=python3.12`, another place to install with VENV=/somewhere.

PYTHON ?= python3
VENV ?= .venv
# The port of the demo's page, in the browser; without one it takes 8065, or any free one where that is taken.
PORT ?=
# Tests run in this many processes, one more than two cores have: many wait. One file stays in one process.
WORKERS ?= 3
# More words for pytest, for example: make test PYTEST_ARGS="tests/domain -x"
PYTEST_ARGS ?=
# More words for the benchmark, for example: make bench BENCH_ARGS="--quick --only intake"
BENCH_ARGS ?=
# More words for the torture, for example: make torture TORTURE_ARGS="simulation --seeds 104"
TORTURE_ARGS ?=
# What must be covered of the domain and the engine, per cent of lines and branches.
COVERAGE ?= 100

# Where bytecode is not kept, each process compiles all of Muster anew, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
PACKAGE := pyproject.toml README.md LICENSE

.DEFAULT_GOAL := help
.PHONY: help demo test torture torture-night bench check format lock upgrade clean

help: ## List what can be done here
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s%s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed ## Try Muster in the browser: no account, no token, nothing to configure
	@$(BIN)/muster demo $(if $(PORT),--sandbox-port $(PORT))

test: $(VENV)/.installed-dev ## Run every test, on SQLite and on PostgreSQL
	@$(BIN)/python scripts/peers.py install
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --inline-snapshot=disable \
		--durations 25 --durations-min 5 \
		--cov bot.domain --cov bot.engine --cov-fail-under $(COVERAGE) $(PYTEST_ARGS)

bench: $(VENV)/.installed-dev ## Measure it, beside peers, in one run (BENCH_ARGS=--quick: two minutes); see docs/performance.md
	@$(BIN)/python scripts/peers.py install
	@$(BIN)/python -m bench $(BENCH_ARGS)

torture: $(VENV)/.installed-dev ## Go through everything that can go wrong (TORTURE_ARGS: one suite, one seed)
	@$(BIN)/python -m tests.torture $(TORTURE_ARGS)

torture-night: $(VENV)/.installed-dev ## The same, for a whole night
	@$(BIN)/python -m tests.torture --night $(TORTURE_ARGS)

check: $(VENV)/.installed-dev ## Lint, types, architecture, dead code, container files: everything but the tests
	@$(BIN)/python scripts/check.py

format: $(VENV)/.installed-dev ## Put the code into the house's format
	@$(BIN)/ruff check --fix --quiet --exit-zero
	@$(BIN)/ruff format

lock: $(VENV)/.installed-dev ## Write requirements.lock and requirements-dev.lock anew after a change of pyproject.toml
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/locks.py write

upgrade: $(VENV)/.installed-dev ## As `make lock`, with the newest version of everything
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/locks.py upgrade

clean: ## Remove the virtual environment and everything that the tools left
	rm -rf $(VENV) .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
	find bot bench tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- installing ---------------------------------------------------------------------------------------------

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Muster needs Python 3.11 or newer, and $(PYTHON) is not. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Creating the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv module is not complete. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements.lock $(PACKAGE)
	@echo "Installing Muster and what it needs into $(VENV) (once; a minute or less)"
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.python requirements-dev.lock $(PACKAGE)
	@echo "Installing Muster and the tools to work on it into $(VENV) (once; about a minute)"
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(VENV)/.installed $@
