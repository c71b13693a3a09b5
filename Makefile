# The doors of the project. `make help` lists them.
# ROS_DISTRO=jazzy make test uses the Jazzy wheels; a sourced ROS 2 is used where there is one.

PYTHON ?= python3
VENV := $(CURDIR)/$(shell $(PYTHON) tools/setup_environment.py --where 2>/dev/null)
RUN := $(VENV)/bin/noetra-env
PYTEST_ARGS ?=
DEMO_ARGS ?=
BENCH_ARGS ?=

.PHONY: help setup demo test lint docs bench clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make .venv: Python packages, ROS 2 wheels where no ROS 2 is sourced, messages
	@command -v $(PYTHON) >/dev/null || { echo "missing: $(PYTHON)  ->  sudo apt install python3 python3-venv python3-dev"; exit 3; }
	@$(PYTHON) tools/setup_environment.py $(SETUP_ARGS)

demo: SETUP_ARGS += --need-graphics
demo: setup  ## a simulated arm follows three sentences, then three bad things happen; page in out/demo/
	@$(VENV)/bin/noetra demo $(DEMO_ARGS)

test: lint  ## linters and all tests; PYTEST_ARGS="-k name" picks some
	@$(RUN) $(VENV)/bin/python -m pytest $(PYTEST_ARGS)

lint: setup  ## ruff and mypy
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet . || { echo "not formatted: run $(VENV)/bin/ruff format ."; exit 1; }
	@$(VENV)/bin/mypy

docs: setup  ## the documentation, out/docs/index.html; every warning is an error
	@$(VENV)/bin/python -m sphinx -W --keep-going -n -q -b html docs out/docs
	@echo "out/docs/index.html"

bench: setup  ## latency and time-to-stop, table and out/bench/report.json
	@$(VENV)/bin/noetra bench $(BENCH_ARGS)

clean:  ## remove environments, builds and caches (out/ stays)
	rm -rf .venv .venv-jazzy .venv*-setup.log build install log *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
