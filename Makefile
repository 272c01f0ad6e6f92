# What a developer types. Everything lands in .venv and .data; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test scripts e2e pgbouncer lint bench clean

run: $(VENV)/.installed
	@DEBUG=$${DEBUG:-on} exec $(PY) -m demo.postgres --data .data/postgres -- $(PY) -m demo.run

test: $(VENV)/.installed
	@$(PY) -m pytest $(ARGS)

# Types and tests of the Mini App's scripts: apt-get install nodejs npm
scripts: node_modules/.package-lock.json
	@npm run --silent check
	@npm run --silent test

# In Debian's Chromium (apt-get install chromium libatomic1), else in Playwright's (.venv/bin/playwright install chromium)
e2e: $(VENV)/.installed node_modules/.package-lock.json
	@$(PY) -m pytest e2e $(ARGS)

# Behind Debian's PgBouncer: apt-get install pgbouncer
pgbouncer: $(VENV)/.installed
	@$(PY) -m pytest pgbouncer $(ARGS)

lint: $(VENV)/.installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .

bench: $(VENV)/.installed-bench
	@$(PY) -m bench.run $(ARGS)

clean:
	rm -rf $(VENV) node_modules .data media staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis e2e/screenshots

$(VENV)/.installed: requirements.txt requirements-s3.txt requirements-dev.txt
	@echo "Installing into $(VENV) (once, about a minute) …"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed bench/requirements.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement bench/requirements.txt
	@touch $@
