# The one front door. `make help` lists what it does.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint types layers fmt gen gen-check proto-lint proto-breaking docs docs-check lock \
        coverage crash-rounds setup setup-run grpcurl clean

help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}'

# --- setting up ------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Onduty needs Python 3.11 or newer; set PYTHON=/path/to/python3.11'; exit 1; }
	$(PYTHON) -m venv $(VENV)

INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --quiet
PROJECTS = --no-deps --no-build-isolation -e clients/python -e .

$(VENV)/.run: requirements/run.txt pyproject.toml clients/python/pyproject.toml | $(BIN)/python
	@echo 'Installing what the server needs into $(VENV) ...'
	$(INSTALL) --require-hashes -r requirements/run.txt
	$(INSTALL) $(PROJECTS)
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml clients/python/pyproject.toml | $(BIN)/python
	@echo 'Installing what tests and checks need into $(VENV) ...'
	$(INSTALL) --require-hashes -r requirements/dev.txt
	$(INSTALL) $(PROJECTS)
	@touch $@ $(VENV)/.run

setup-run: $(VENV)/.run ## Install what the server needs into .venv.
setup: $(VENV)/.dev ## Install what tests and checks need into .venv.

# --- the two commands ------------------------------------------------------------------------------------------------

run: $(VENV)/.run ## Start the server on the embedded journal, with sample staff (ONDUTY_LISTEN, ONDUTY_JOURNAL).
	@exec $(BIN)/onduty serve --sample

test: $(VENV)/.dev ## Run all tests.
	$(BIN)/pytest -n 2 --dist loadscope

ROUNDS ?= 100
SEED ?= 1
crash-rounds: $(VENV)/.dev ## Kill a server under load and check that nothing acknowledged is lost (ROUNDS, SEED).
	$(BIN)/python tests/robustness/crash_rounds.py --rounds $(ROUNDS) --seed $(SEED)

coverage: $(VENV)/.dev ## Run all tests and report branch coverage.
	$(BIN)/pytest -n 2 --dist loadscope --cov --cov-report=term

# --- checks ----------------------------------------------------------------------------------------------------------

check: lint types layers proto-lint gen-check docs-check ## Run every check that is not a test.

lint: $(VENV)/.dev ## Lint and check the format.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fmt: $(VENV)/.dev ## Format and mend what can be mended.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## Check the types.
	$(BIN)/mypy

layers: $(VENV)/.dev ## Check that no layer imports upwards.
	$(BIN)/lint-imports

proto-lint: $(VENV)/.dev ## Lint the contract.
	cd proto && ../$(BIN)/buf lint && ../$(BIN)/buf format --diff --exit-code

AGAINST ?= .git\#branch=main,subdir=proto
proto-breaking: $(VENV)/.dev ## Check that the contract breaks no client (AGAINST=<buf input>).
	$(BIN)/buf breaking proto --against '$(AGAINST)'

# --- generated files -------------------------------------------------------------------------------------------------

gen: $(VENV)/.dev ## Generate code from the contract.
	rm -rf clients/python/gen/onduty service/gen/onduty
	mkdir -p clients/python/gen service/gen
	$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=clients/python/gen --pyi_out=clients/python/gen \
	  --grpc_python_out=clients/python/gen proto/onduty/v1/*.proto
	$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=service/gen --pyi_out=service/gen \
	  proto/onduty/journal/v1/*.proto

gen-check: gen ## Show that the generated code is what the contract makes.
	@git diff --exit-code -- clients/python/gen service/gen && test -z "$$(git status --porcelain -- clients/python/gen service/gen)" \
	  || { echo 'Generated code differs from the contract: run make gen and commit.'; exit 1; }

docs: $(VENV)/.dev ## Generate the reference tables of docs/.
	$(BIN)/python docs/generate.py

docs-check: $(VENV)/.dev ## Show that the reference tables are what the code says.
	$(BIN)/python docs/generate.py --check

lock: $(VENV)/.dev ## Resolve the dependencies anew.
	for name in run dev; do $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -q requirements/$$name.in -o requirements/$$name.txt; done

# --- tools of other languages ----------------------------------------------------------------------------------------

grpcurl: $(TOOLS)/grpcurl ## Install grpcurl into .tools (needs Go).
$(TOOLS)/grpcurl:
	GOBIN=$(CURDIR)/$(TOOLS) go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4

clean: ## Remove what was installed and made.
	rm -rf $(VENV) $(TOOLS) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* htmlcov dist
