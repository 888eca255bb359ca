# The one front door. `make help` lists what it does.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools

.DEFAULT_GOAL := help
.PHONY: help run demo test test-all check lint types layers fmt gen gen-check proto-lint proto-breaking docs docs-check lock \
        coverage crash-rounds watch-rounds switch-rounds robustness setup setup-run clients-setup clients-test clients-check conformance outages \
        bench bench-quick release release-check grpcurl clean reset doctor starts-check lock-check ALWAYS

help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {line = sprintf("  %-16s", $$1); n = split($$2, words, " "); \
		for (i = 1; i <= n; i++) {if (length(line) + length(words[i]) > 78) {print line; line = sprintf("  %-16s", "")} line = line " " words[i]} print line}'

# --- setting up ------------------------------------------------------------------------------------------------------

# tools/environment.py makes and mends environments, and does nothing and asks no network where one is right. What an
# environment must be told about Python by its user is PYTHON; these would lead a Python or a pip astray.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV
ENVIRONMENT = @tools/python tools/environment.py

$(VENV)/.run: ALWAYS
	$(ENVIRONMENT) run

$(VENV)/.dev: ALWAYS
	$(ENVIRONMENT) dev

BENCH_VENV := bench/.venv
$(BENCH_VENV)/.bench: ALWAYS
	$(ENVIRONMENT) bench

ALWAYS:

doctor: ## Say in words what is here, what is missing, and what it is needed for.
	@tools/python --any tools/doctor.py

setup-run: $(VENV)/.run ## Install what the server needs into .venv.
setup: $(VENV)/.dev ## Install what tests and checks need into .venv.

# --- the two commands ------------------------------------------------------------------------------------------------

# The checkout's own journal, unless the environment or a configuration says where it is.
JOURNAL = if [ -z "$$ONDUTY_JOURNAL$$ONDUTY_JOURNAL_FILE$$ONDUTY_CONFIG" ]; then \
	  mkdir -p -m 700 var && ONDUTY_JOURNAL="$$(pwd)/var/onduty.db" && export ONDUTY_JOURNAL; fi

run: $(VENV)/.run ## Start the server and its pages on the embedded journal, with sample staff (ONDUTY_LISTEN, ONDUTY_WEB, ONDUTY_JOURNAL).
	@$(JOURNAL); ONDUTY_WEB="$${ONDUTY_WEB-127.0.0.1:8080}" && export ONDUTY_WEB; exec $(BIN)/onduty serve --sample

# More workers than a small machine has cores: many tests wait for a silence, a deadline or a disk.
WORKERS ?= 3
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist worksteal

test: say-test $(VENV)/.dev ## Run the tests that prove the rules, durability and the watch (about 5 minutes on two cores).
	$(PYTEST) --no-slow

test-all: say-test-all $(VENV)/.dev ## Run every test, also those marked slow, with all examples and every program started afresh.
	$(PYTEST)

.PHONY: say-test say-test-all
say-test:
	@echo 'The tests take about 5 minutes on two cores, and longer beside another busy program.'
say-test-all:
	@echo 'All tests take about 12 minutes on two cores.'

ROUNDS ?= 100
SEED ?= 1
crash-rounds: $(VENV)/.dev ## Kill a server under load and check that nothing acknowledged is lost (ROUNDS, SEED).
	$(BIN)/python tests/robustness/crash_rounds.py --rounds $(ROUNDS) --seed $(SEED)

SECONDS ?= 600
watch-rounds: $(VENV)/.dev ## Watch under random load, breaks and restarts, and check every frame (SECONDS, SEED).
	$(BIN)/python tests/robustness/watch_rounds.py --seconds $(SECONDS) --seed $(SEED)

switch-rounds: $(VENV)/.dev ## Tell a server what simulated switches do, late, twice and shuffled, and check who talks (SECONDS, SEED).
	$(BIN)/python tests/robustness/switch_rounds.py --seconds $(SECONDS) --seed $(SEED)

robustness: SECONDS = 120
robustness: $(VENV)/.dev ## Serve by three replicas under load, kill, stop and cut them off, and check what they promise (SECONDS, SEED).
	$(BIN)/python tests/robustness/replica_rounds.py --seconds $(SECONDS) --seed $(SEED)

coverage: $(VENV)/.dev ## Run all tests and report branch coverage.
	$(PYTEST) --cov --cov-report=term

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
	cd proto && ../$(BIN)/buf lint && ../$(BIN)/buf format --diff --exit-code --exclude-path google

AGAINST ?= .git\#branch=main,subdir=proto
proto-breaking: $(VENV)/.dev ## Check that the contract breaks no client (AGAINST=<buf input>).
	$(BIN)/buf breaking proto --against '$(AGAINST)'

# --- generated files -------------------------------------------------------------------------------------------------

gen: $(VENV)/.dev ## Generate code from the contract, for every language whose toolchain is here.
	rm -rf service/gen/onduty
	mkdir -p service/gen
	$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=service/gen --pyi_out=service/gen \
	  proto/onduty/journal/v1/*.proto proto/onduty/replicas/v1/*.proto
	@$(EACH_CLIENT) gen

GENERATED := service/gen $(foreach language,$(LANGUAGES),clients/$(language)/gen)
gen-check: gen ## Show that the generated code is what the contract makes.
	@git diff --exit-code -- $(GENERATED) && test -z "$$(git status --porcelain -- $(GENERATED))" \
	  || { echo 'Generated code differs from the contract: run make gen and commit.'; exit 1; }

docs: $(VENV)/.dev ## Generate the reference tables of docs/.
	$(BIN)/python docs/generate.py

docs-check: $(VENV)/.dev ## Show that the reference tables are what the code says.
	$(BIN)/python docs/generate.py --check

lock: $(VENV)/.dev ## Resolve the dependencies anew, of the client's lists too.
	$(BIN)/python tools/lock.py

lock-check: $(VENV)/.dev ## Show that each list is complete, with wheels, for every supported Python and platform (asks the index).
	$(BIN)/python tools/lock.py --check

.PHONY: container-check
container-check: $(VENV)/.dev ## Build the container image and try its programs (needs buildah; ARGS="--debian" as root without a registry).
	$(BIN)/python tools/try_container.py $(ARGS)

starts-check: $(VENV)/.dev ## Start fresh clones with every Python and pip that is here (ONDUTY_PYTHONS, ARGS="--quick").
	$(BIN)/python tools/try_starts.py $(ARGS)

# --- clients ---------------------------------------------------------------------------------------------------------

LANGUAGES := python go typescript java
TOOL_go := go
TOOL_typescript := npm
TOOL_java := mvn
PRESENT := $(foreach language,$(LANGUAGES),$(if $(TOOL_$(language)),$(if $(shell command -v $(TOOL_$(language))),$(language)),$(language)))
ABSENT := $(filter-out $(PRESENT),$(LANGUAGES))

# Runs a target in each client's folder. What has no toolchain here is named; where CI is set that is a failure.
EACH_CLIENT = each() { for absent in $(ABSENT); do echo "skipped: the $$absent client (its toolchain is not here)"; \
	    test -z "$$CI" || exit 1; done; \
	  for language in $(PRESENT); do echo "clients/$$language: $$1"; $(MAKE) --no-print-directory -C clients/$$language "$$1" || exit 1; done; }; each

clients-setup: $(VENV)/.dev ## Install what the clients of all languages need.
	@$(EACH_CLIENT) setup

clients-test: $(VENV)/.dev ## Run the clients' own tests, and Python's with its oldest versions.
	@$(EACH_CLIENT) test
	$(MAKE) --no-print-directory -C clients/python test-oldest

clients-check: $(VENV)/.dev ## Check format, lint and types of the clients.
	@$(EACH_CLIENT) check

conformance: $(VENV)/.dev ## Hold the clients of all languages to one contract (ARGS="--driver go").
	tests/conformance/run $(ARGS)

outages: $(VENV)/.dev ## Take a router and a wallboard of each language through a kill, an outage and a stopped server (ARGS="--seconds 60").
	cd tests && PYTHONPATH=. ../$(BIN)/python -m conformance.outages $(ARGS)

# --- the web side ----------------------------------------------------------------------------------------------------

# Without Node the pages are skipped by name; where CI is set that is a failure.
PAGES = pages() { if command -v npm > /dev/null; then $(MAKE) --no-print-directory -C service/onduty_web/pages "$$@"; \
	  else echo 'skipped: the pages (Node is not here)'; test -z "$$CI"; fi; }; pages
.PHONY: web web-setup web-check web-test web-conformance
web-setup: $(VENV)/.dev ## Install what the pages are made with (needs Node).
	@$(PAGES) setup

web: $(VENV)/.dev ## Build the pages anew from their sources and the contract (needs Node).
	@$(PAGES) build

web-check: $(VENV)/.dev ## Show that the built pages are what the sources make, and check types, lint and format.
	@$(PAGES) built-check check

web-test: $(VENV)/.dev ## Try the pages in Chromium before a real server (PICTURES=<folder> keeps what was seen).
	@$(PAGES) test

web-conformance: $(VENV)/.dev ## Hold the gateway to the Connect conformance suite (needs Go; ARGS="--run ...").
	tests/web/connect/run $(ARGS)

# --- measuring -------------------------------------------------------------------------------------------------------

bench: $(VENV)/.dev $(BENCH_VENV)/.bench ## Measure everything, beside Redis, NATS and etcd where they are here (needs Go).
	$(BENCH_VENV)/bin/python bench/run.py $(ARGS)

bench-quick: $(VENV)/.dev $(BENCH_VENV)/.bench ## The same in about three minutes.
	$(BENCH_VENV)/bin/python bench/run.py --quick $(ARGS)

# --- releases --------------------------------------------------------------------------------------------------------

RELEASE_VENV := tools/.venv
$(RELEASE_VENV)/.release: ALWAYS
	$(ENVIRONMENT) release

RELEASE = PYTHONPATH=tools $(RELEASE_VENV)/bin/python -m onduty_release
release: $(RELEASE_VENV)/.release ## Make the artifacts of every language whose toolchain is here, in dist/.
	@$(RELEASE) --build-only

release-check: $(RELEASE_VENV)/.release ## Make the artifacts and try each where nothing of the repository is (a few minutes).
	@$(RELEASE)

# --- tools of other languages ----------------------------------------------------------------------------------------

grpcurl: $(TOOLS)/grpcurl ## Install grpcurl into .tools (needs Go).
$(TOOLS)/grpcurl:
	GOBIN="$(CURDIR)/$(TOOLS)" go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4

clean: ## Remove what was installed and made; never a journal (that of `make run` is for `make reset`).
	rm -rf $(VENV) $(BENCH_VENV) $(RELEASE_VENV) $(TOOLS) bench/out .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* htmlcov dist
	rm -rf clients/go/.tools clients/go/.build clients/java/.tools clients/java/target clients/python/.gen clients/python/.oldest \
		clients/python/dist clients/typescript/node_modules clients/typescript/dist service/onduty_web/pages/node_modules service/onduty_web/pages/gen \
		var/tutorial-*/venv var/tutorial-*/node_modules var/tutorial-*/target
	find . -path ./var -prune -o -name __pycache__ -prune -exec rm -rf {} +

reset: $(VENV)/.run ## Delete the journal of `make run`, to begin afresh: it asks first (YES=1: it does not).
	@$(JOURNAL); exec $(BIN)/onduty journal delete $(if $(filter 1,$(YES)),--yes)
