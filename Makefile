# approval-path-guide: the tasks of this project. `make help` lists them.
# Needs only make and python3 >= 3.11; everything else goes into .venv from the pinned locks.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# A stamp is named after what it stands for, so a lock is installed again only when its content changes.
digest   = $(shell cat $(1) | sha256sum | cut -c1-16)
RUN_SET := $(VENV)/installed-run-$(call digest,requirements.txt)
DEV_SET := $(VENV)/installed-dev-$(call digest,requirements.txt requirements-dev.txt)
PEER_SET := $(VENV)/installed-bench-$(call digest,requirements-bench.txt)

.DEFAULT_GOAL := help
.PHONY: help setup dev browser serve test check format bench mutate lock clean

help: ## list the tasks
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

serve: setup ## migrate the embedded database, serve pages and API on port 8000 of this machine
	@$(BIN)/approval-guide serve

test: browser check ## every check, then every test, PostgreSQL and browser ones too
	@$(BIN)/python -m pytest -n 2

check: dev ## format, lint, types, import contract, image, rulebook: the gate before each commit
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	@$(BIN)/approval-guide rules check

format: dev ## lay out the code and mend what can be mended without thinking
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: dev $(PEER_SET) ## the benchmarks, peers included, ratios side by side
	@$(BIN)/python -m bench

mutate: dev ## change the law in small ways and see whether cases, checks and proofs notice (long; not in the gate)
	@$(BIN)/approval-guide rules mutate

lock: $(VENV) ## make the lock files again from pyproject.toml (UPGRADE=--upgrade takes newer releases)
	@test -x $(BIN)/uv || $(PIP) install -qq uv
	@set -e; compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header $(UPGRADE)"; \
	$$compile pyproject.toml -o requirements.txt; \
	$$compile pyproject.toml --group dev --constraint requirements.txt -o requirements-dev.txt; \
	$$compile --group bench -o requirements-bench.txt

clean: ## remove the environment and what the tools left behind; data under var/ stays
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the set-up behind the tasks -------------------------------------------------------------------

setup: $(RUN_SET)
dev: $(DEV_SET)

$(RUN_SET): | $(VENV)
	@echo "Installing the pinned dependencies into $(VENV) ..."
	@.ci/patiently "Installing the dependencies" $(PIP) install -qq --require-hashes -r requirements.txt
	@$(PIP) install -qq --no-index --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/installed-run-* && touch $@

$(DEV_SET): | $(RUN_SET)
	@echo "Installing the pinned tools for development into $(VENV) (about a minute the first time) ..."
	@.ci/patiently "Installing the tools" $(PIP) install -qq --require-hashes -r requirements-dev.txt
	@rm -f $(VENV)/installed-dev-* && touch $@

$(PEER_SET): | $(VENV)
	@echo "Installing the peers of the benchmarks into $(VENV)/peers ..."
	@test -d $(VENV)/peers || .ci/make-venv $(PYTHON) $(VENV)/peers
	@.ci/patiently "Installing the peers" \
	  $(VENV)/peers/bin/python -m pip --disable-pip-version-check install -qq --require-hashes -r requirements-bench.txt
	@rm -f $(VENV)/installed-bench-* && touch $@

$(VENV):
	@.ci/make-venv $(PYTHON) $(VENV)

# The browser tests drive Debian's Chromium. Where there is none and none can be installed, they are skipped and say so;
# in CI they fail.
browser:
	@command -v chromium >/dev/null || if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium and a Chinese font for the browser tests ..."; \
	  { .ci/patiently "Asking for the packages there are" apt-get -qq update; \
	    DEBIAN_FRONTEND=noninteractive .ci/patiently "Installing Chromium" apt-get -qq -o DPkg::Lock::Timeout=300 \
	      install -y --no-install-recommends chromium fonts-wqy-microhei >/dev/null; } || \
	  echo "Chromium could not be installed: the browser tests will be skipped, in CI they fail."; \
	else echo "No chromium found: the browser tests will be skipped (apt-get install chromium)."; fi
