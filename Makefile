# Everything is installed into .venv and stored in .data; nothing else on the machine is changed.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test test-fast scripts contract e2e pgbouncer lint messages lock bench clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## Start a demo shop with its own PostgreSQL.
	@DEBUG=$${DEBUG:-on} exec $(PY) -m demo.postgres --data .data/postgres -- $(PY) -m demo.run

test: $(VENV)/.installed ## Run all tests but e2e and pgbouncer; ARGS go to pytest.
	@$(PY) -m pytest $(ARGS)

test-fast: $(VENV)/.installed ## Run the tests that are not marked slow, on all CPU cores.
	@$(PY) -m pytest --numprocesses auto --dist loadfile -m "not slow" $(ARGS)

scripts: node_modules/.package-lock.json ## Check the types of the Mini App's scripts, and test them (apt-get install nodejs npm).
	@npm run --silent check
	@npm run --silent test

contract: $(VENV)/.installed node_modules/.package-lock.json ## Lint the OpenAPI file, and compile a TypeScript client made from it (Node.js).
	@mkdir -p docs/client/build
	@DEBUG=on $(PY) manage.py spectacular --validate --fail-on-warn --format openapi-json --file docs/client/build/openapi.json
	@npm run --silent contract
	@npm run --silent --workspace docs/client generate
	@npm run --silent --workspace docs/client check

# In Debian's Chromium (apt-get install chromium libatomic1), else in Playwright's (.venv/bin/playwright install chromium)
e2e: $(VENV)/.installed node_modules/.package-lock.json ## Run the browser tests in Chromium.
	@$(PY) -m pytest e2e $(ARGS)

pgbouncer: $(VENV)/.installed ## Run the tests behind Debian's PgBouncer (apt-get install pgbouncer).
	@$(PY) -m pytest pgbouncer $(ARGS)

lint: $(VENV)/.installed ## Check style, types and the direction of imports.
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports --no-logo

messages: $(VENV)/.installed ## Update locale/ from the sources, and compile it.
	@$(PY) -m testing.messages

lock: $(VENV)/.installed ## Write the locked requirements from the .in files; ARGS=--upgrade takes the newest versions.
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-s3.in --output-file requirements-s3.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt
	$(LOCK) bench/requirements.in --output-file bench/requirements.txt
	$(LOCK) .ci/requirements.in --output-file .ci/requirements.txt

# For all systems and for Python 3.11 and later; a version that is in the locked file stays if it may.
LOCK = $(VENV)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" $(ARGS)

bench: $(VENV)/.installed-bench ## Compare the speed of the shop with a bare WSGI function.
	@$(PY) -m bench.run $(ARGS)

clean: ## Remove all files that the other targets have created, also the demo's data.
	rm -rf $(VENV) node_modules docs/client/node_modules docs/client/build .data media staticfiles .mypy_cache .ruff_cache .import_linter_cache .grimp_cache .pytest_cache .hypothesis e2e/screenshots

$(VENV)/.installed: requirements-dev.txt
	@echo "Installing into $(VENV) (once, about a minute) …"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json docs/client/package.json
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed bench/requirements.txt
	@$(PIP) --requirement bench/requirements.txt
	@touch $@

$(VENV)/.installed-ci: $(VENV)/.installed .ci/requirements.txt
	@$(PIP) --requirement .ci/requirements.txt
	@touch $@
