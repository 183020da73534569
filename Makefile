# Two commands do everything on a fresh machine:
#   make run                        opens the application on the demo study
#   make run SCANS=/path/to/folder  opens that folder (or file, or ZIP)
#   make test                       lint, types, import contracts, all tests
# PYTHON=python3.12 chooses the interpreter; otherwise the first fitting one is taken.

.DEFAULT_GOAL := help
.PHONY: help audit sbom shipped run test lint types contracts pytest system-run system-test lock demo screenshots icons translations wheel bundle deb tarball clean

BIN := .venv/bin
SCANS ?=
PYTHON ?=
JOBS ?= 2
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
	@$(BIN)/ruff format --check --quiet .

types: .venv/.development  ## mypy
	@echo "== types"
	@$(BIN)/mypy

contracts: .venv/.development  ## who may import whom
	@echo "== import contracts"
	@$(BIN)/lint-imports

pytest: .venv/.development  ## the tests alone
	@echo "== tests"
	@QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist loadfile

lock:  ## resolve the dependencies anew and write uv.lock
	@sh packaging/make_venv.sh --lock

demo: .venv/.development  ## make the synthetic demo study again
	@$(BIN)/python packaging/demo

screenshots: .venv/.development  ## take the pictures of docs/screenshots and docs/report again
	@$(BIN)/python packaging/screenshots

icons: .venv/.development  ## draw the PNG icons from the SVG
	@QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/draw_icons.py

translations: .venv/.development  ## gather the texts, merge them into each language, compile
	@$(BIN)/python packaging/translations

audit: .venv/.development  ## known weaknesses of the locked libraries (asks a public service)
	@$(BIN)/python packaging/audit "$$(sh packaging/make_venv.sh --uv)"

shipped: .venv/.development  ## write into the program which model bundles come with it
	@$(BIN)/python packaging/shipped.py

sbom: .venv/.development  ## write what it is made of as CycloneDX, dist/*.cdx.json
	@$(BIN)/python packaging/sbom "$$(sh packaging/make_venv.sh --uv)"

wheel:  ## build the wheel and the source package into dist/
	@sh packaging/make_venv.sh --build

bundle:  ## build the program with a Python of its own into build/bundle/ (docs/packages.md)
	@sh packaging/pyinstaller/build.sh

build/bundle/breastview/breastview:
	@sh packaging/pyinstaller/build.sh

deb: build/bundle/breastview/breastview  ## make the Debian package of build/bundle/ in dist/
	@python3 packaging/deb/build.py

tarball: build/bundle/breastview/breastview  ## make the archive of build/bundle/ for other Linux systems in dist/
	@sh packaging/tarball/build.sh

clean:  ## remove what was made (not your data)
	rm -rf .venv build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
