# Quotepart. Needs: Python 3.11 or newer with its venv module, and make.
#   Debian, Ubuntu:  apt install python3 python3-venv make      macOS:  brew install python@3.12 make
# Then:  make demo   a full demonstration city at http://127.0.0.1:8000 (or another: make demo PORT=8001)       make test   every test
# PDF files also want Pango (apt install libpangoft2-1.0-0; brew install pango); without it the pages say so, and print as well.
# The browser tests also want Chromium (apt install chromium); without it they are skipped, with the reason.

PYTHON ?= python3
BIN := .venv/bin

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1 — /'

python-is-there:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Debian: apt install python3 python3-venv; macOS: brew install python@3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (this is $$($(PYTHON) -V)). Name another one: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. Debian: apt install python3-venv"; exit 1; }

.venv/run: requirements.lock | python-is-there
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/dev ## install everything, tools for development included

demo: .venv/run ## run the product with a full demonstration edition
	$(BIN)/quotepart demo $(if $(PORT),--port $(PORT))

serve: .venv/run ## run the product on your own data (see docs/operations.md)
	$(BIN)/quotepart migrate
	$(BIN)/quotepart keys server
	$(BIN)/quotepart serve --with-worker $(if $(PORT),--port $(PORT))

test: .venv/dev ## run every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n $(or $(TEST_PROCESSES),auto)

check: .venv/dev ## formatting, types, templates
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet

bench: .venv/dev ## speed, as ratios measured side by side in one run
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_submit
	$(BIN)/python -m tests.bench_bombs
	$(BIN)/python -m tests.bench_vote
	$(BIN)/python -m tests.bench_count
	$(BIN)/python -m tests.bench_verify

screenshots: .venv/dev ## picture the pages at two widths, light and dark, into screenshots/, and run axe-core on each
	$(BIN)/python -m tests.screenshots

soak: .venv/dev ## the long tests of the ballot box, at their full counts
	$(BIN)/python -m tests.soak

.venv/mutants: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'coverage>=7.10,<8'
	@touch $@

mutants: .venv/mutants ## change the counting rules in small ways, one at a time: do the unit tests notice? (a part: make mutants SAMPLE=300; FILES="ties.py")
	$(BIN)/python -m tests.mutants $(if $(SAMPLE),--sample $(SAMPLE)) $(FILES)

lock: .venv/dev ## resolve the dependencies again, without any address in the lock files
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --universal --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header --no-annotate -q -c requirements-dev.lock -o requirements.lock

.PHONY: help python-is-there setup demo serve test check bench screenshots soak mutants lock
