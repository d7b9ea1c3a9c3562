# Earshot. Needs Python 3.11 or later and make; everything else is installed below .local/ on first use.
#
# Every environment is made from a lock with hashes, by pip, and made again when its lock changes. `make -j` is
# implied: independent environments are installed at the same time.

PYTHON ?= python3
VENVS  := .local/venvs
TOOLS  := $(VENVS)/tools/bin/python
DEV    := $(VENVS)/dev/bin/python
LOGS   := .local/logs

MAKEFLAGS += --jobs --no-print-directory
.DEFAULT_GOAL := help
# What was said on the command line, so that a misspelt name can be refused.
export GIVEN := $(MAKEOVERRIDES)

CODE := layers/earshot/python functions local operations

##@ Look

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

.PHONY: run
run: emulator tools ## set up, deploy here, moderate rooms of every platform from opening to closing, print what happened
	@$(TOOLS) -m local.run

##@ A stack in the background

.PHONY: up
up: emulator tools ## PORT= SETTINGS=file.json PLAN=file.yaml WEBHOOKS=on SCENARIO= TIME_SCALE= ZEGO_BASE_URL= SHUMEI_BASE_URL= ...
	@$(TOOLS) -m local up

.PHONY: down
down: ## stop it, leave nothing running
	@test ! -x $(TOOLS) || $(TOOLS) -m local down

.PHONY: logs
logs: tools ## follow its logs
	@$(TOOLS) -m local logs

##@ Check

.PHONY: test
test: dev emulator tools ## every test; ARGS="-k callback" for some
	@$(DEV) -m tests $(ARGS)

.PHONY: describe
describe: dev ## check the description of a vendor (FILE=vendors/x.yaml) and run its samples, or build all of them
	@PYTHONPATH=layers/earshot/python $(DEV) -m operations.describe $(if $(FILE),check $(FILE),build)

.PHONY: fuzz
fuzz: fuzzing ## hostile callbacks, answers and descriptions, coverage-guided; SECONDS=30 for each target (Linux, x86-64)
	@for target in callbacks answers descriptions; do \
	  PYTHONPATH=layers/earshot/python:. $(VENVS)/fuzzing/bin/python -m tests.fuzz $$target $(SECONDS) || exit 1; done

SECONDS ?= 30

.PHONY: bench
bench: dev emulator tools ## measure, as ratios against a floor in the same run
	@$(DEV) -m tests.perf.bench

.PHONY: chaos
chaos: dev emulator tools ## rooms under faults: simulated, then on a stack; SEED=7 or STORM=300 or ROLLOUT=50 alone, on a stack
ifneq ($(SEED)$(STORM)$(ROLLOUT),)
	@$(TOOLS) -m local.chaos.campaign $(addprefix --seed ,$(SEED)) $(addprefix --storm ,$(STORM)) $(addprefix --rollout ,$(ROLLOUT))
else
	@$(MAKE) chaos-sim
	@$(TOOLS) -m local.chaos.campaign --seeds $(CHAOS_STACK_SEEDS)
endif

.PHONY: chaos-sim
chaos-sim: dev ## the campaign in one process: CHAOS_SEEDS=200, CHAOS_SEED=17 plays one again
	@CHAOS_SEEDS=$(CHAOS_SEEDS) $(if $(CHAOS_SEED),CHAOS_SEED=$(CHAOS_SEED)) $(DEV) -m pytest tests/chaos -p no:cacheprovider

.PHONY: chaos-line
chaos-line: dev ## the time-line of one seed: CHAOS_SEED=17
	@PYTHONPATH=layers/earshot/python $(DEV) -m tests.chaos $(CHAOS_SEED)

CHAOS_SEEDS ?= 200
CHAOS_STACK_SEEDS ?= 10

.PHONY: lint
lint: lint-python lint-types lint-vendors lint-template ## style, types, complexity, descriptions, template

.PHONY: lint-python
lint-python: dev
	@$(DEV) -m ruff check --quiet $(CODE) tests
	@$(DEV) -m ruff format --quiet --check $(CODE) tests
	@$(DEV) -m xenon --max-absolute C --max-modules C --max-average A $(CODE)

.PHONY: lint-types
lint-types: dev
	@$(DEV) -m mypy layers/earshot/python local operations tests
	@for app in functions/*/app.py; do $(DEV) -m mypy $$app || exit 1; done

.PHONY: lint-vendors
lint-vendors: dev
	@PYTHONPATH=layers/earshot/python $(DEV) -m operations.describe build --check

.PHONY: lint-template
lint-template: tools
	@mkdir -p $(LOGS)
	@$(TOOLS) -c 'import sys; from cfnlint.runner import main; sys.exit(main())' template.yaml
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 $(TOOLS) -m samcli validate --lint > $(LOGS)/sam-validate.log 2>&1 \
	  || { cat $(LOGS)/sam-validate.log; exit 1; }

.PHONY: format
format: dev ## rewrite the code in the one style
	@$(DEV) -m ruff check --quiet --fix-only $(CODE) tests
	@$(DEV) -m ruff format $(CODE) tests

##@ Operate

.PHONY: redrive
redrive: dev ## failed executions go on where they failed: WATCH=id for one, STACK=name or local, ENV=
	@PYTHONPATH=layers/earshot/python $(DEV) -m operations.redrive --stack "$(STACK)" --env $(ENV) --watch "$(WATCH)"

.PHONY: restart
restart: dev ## a watch starts again from its items: WATCH=id, STACK=name or local, ENV=
	@test -n "$(WATCH)" || { echo "which watch? make restart WATCH=<id>"; exit 2; }
	@PYTHONPATH=layers/earshot/python $(DEV) -m operations.restart --stack "$(STACK)" --env $(ENV) "$(WATCH)"

##@ Ship

.PHONY: deploy
deploy: tools ## to AWS, with your credentials: ENV=dev or prod
	$(TOOLS) -m samcli build --config-env $(ENV)
	$(TOOLS) -m samcli deploy --config-env $(ENV)

ENV ?= prod
deploy: export LAYER_PYTHON = $(CURDIR)/$(TOOLS)

.PHONY: clean
clean: down ## remove everything that was made here, environments included
	rm -rf .local .aws-sam .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: lock
lock: ## resolve the *.in files again (needs uv)
	for name in layers/dependencies/requirements local/requirements-emulator local/requirements-tools tests/requirements tests/fuzz/requirements; do \
	  uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	    --custom-compile-command "make lock" $(UPGRADE) $$name.in --output-file $$name.txt || exit 1; \
	done

# ---- environments

.PHONY: emulator tools dev fuzzing
emulator: $(VENVS)/emulator/.ready
tools: $(VENVS)/tools/.ready
dev: $(VENVS)/dev/.ready
fuzzing: $(VENVS)/fuzzing/.ready

$(VENVS)/emulator/.ready: local/requirements-emulator.txt
$(VENVS)/tools/.ready: local/requirements-tools.txt
$(VENVS)/dev/.ready: tests/requirements.txt
$(VENVS)/fuzzing/.ready: tests/fuzz/requirements.txt

$(VENVS)/%/.ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed, $(PYTHON) is $$($(PYTHON) --version); PYTHON=... names another"; exit 1; }
	@$(PYTHON) -m local.make_venv $* $(filter %.txt,$^)
