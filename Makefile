# `make` lists the commands. Everything lives in .venv (from requirements/*.txt) and .demo; `make clean` removes both.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
WORKERS ?= auto
PORT ?= 8000
# Warm first, or every worker compiles the same fold.
PYTEST := $(BIN)/ripeline warm && $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --generate-hashes \
	--no-header --no-annotate --no-emit-index-url pyproject.toml

.PHONY: help run test quick check format lint types contracts docs bench lock changelog clean product tools

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: product ## set up, and start the product with its demo company on 127.0.0.1:8000 (PORT=…)
	@# demo.json is the last file that init writes: without it the folder is a beginning, and is made anew
	@test -e .demo/data/demo.json || { rm -rf .demo && $(BIN)/ripeline init .demo --demo; }
	@exec $(BIN)/ripeline serve .demo --port $(PORT)

test: tools ## set up, and run every test (browser tests need chromium, else they are skipped)
	@$(PYTEST)

quick: tools ## what to run on every save: format, lint, types, the fast tests; stops at the first failure
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(PYTEST) -x -m "not browser and not slow" --hypothesis-profile quick

check: lint types contracts test ## everything, as CI runs it (the docs are tests too)

format: tools ## format the code and mend what lint can mend
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .

lint: tools ## formatting and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: tools ## mypy, strict
	@$(BIN)/mypy

contracts: tools ## who may import whom
	@$(BIN)/lint-imports

docs: tools ## print the references from the code, then run the docs: examples, links, references
	@$(BIN)/python -m ripeline.cli.reference > docs/reference/commands.md
	@$(BIN)/python -m ripeline.definition.reference > docs/reference/definition.md
	@$(BIN)/python -m pytest tests/test_docs.py tests/*/test_*reference.py

bench: tools ## every benchmark beside its yardstick (minutes, and all cores)
	@for file in $$(grep -l __main__ benchmarks/*.py); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

lock: tools ## choose the newest versions that pyproject.toml allows and lock them
	@$(LOCK) --group build --output-file requirements/run.txt
	@$(LOCK) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt

changelog: tools ## build CHANGELOG.md from changelog.d/ for the version in pyproject.toml
	@$(BIN)/towncrier build --yes

clean: ## remove .venv, the demo and every cache
	rm -rf .venv .demo build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

product:
	@scripts/set-up run

tools:
	@scripts/set-up dev
