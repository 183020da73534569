# Two commands do everything on a fresh machine:
#   make run                        opens the application on the demo study
#   make run SCANS=/path/to/folder  opens that folder (or file, or ZIP)
#   make test                       lint, types, import contracts, all tests
# PYTHON=python3.12 chooses the interpreter; otherwise the first fitting one is taken.

.DEFAULT_GOAL := help
.PHONY: help run test lint types contracts pytest system-run system-test lock demo icons wheel clean

BIN := .venv/bin
SCANS ?=
PYTHON ?=
export SCANS OUT PYTHON

help:  ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: .venv/.runtime system-run  ## open the application (SCANS=/path; the demo study otherwise)
	@$(BIN)/python packaging/start.py

test: .venv/.development system-test lint types contracts pytest  ## install what is needed, check and test everything

.venv/.runtime: pyproject.toml uv.lock packaging/make_venv.sh
	@sh packaging/make_venv.sh --no-dev --inexact
	@touch $@

.venv/.development: pyproject.toml uv.lock packaging/make_venv.sh
	@sh packaging/make_venv.sh
	@touch $@ .venv/.runtime

system-run: .venv/.runtime
	@$(BIN)/python packaging/system_packages.py

system-test: .venv/.development
	@$(BIN)/python packaging/system_packages.py --tests

lint: .venv/.development  ## ruff
	@echo "== lint"
	@$(BIN)/ruff check .

types: .venv/.development  ## mypy
	@echo "== types"
	@$(BIN)/mypy

contracts: .venv/.development  ## who may import whom
	@echo "== import contracts"
	@$(BIN)/lint-imports

pytest: .venv/.development  ## the tests alone
	@echo "== tests"
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

lock:  ## resolve the dependencies anew and write uv.lock
	@sh packaging/make_venv.sh --lock

demo: .venv/.development  ## make the synthetic demo study again
	@$(BIN)/python packaging/demo

icons: .venv/.development  ## draw the PNG icons from the SVG
	@QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/draw_icons.py

wheel:  ## build dist/*.whl
	@sh packaging/make_venv.sh --build

clean:  ## remove what was made (not your data)
	rm -rf .venv build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
