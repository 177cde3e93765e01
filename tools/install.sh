#!/bin/sh
# Install the product in the folder that holds its tree: environment from the hashed lock, then the command `quotepart`.
set -eu
cd "$(dirname "$0")/.."
"${PYTHON:-python3}" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
.venv/bin/quotepart --help >/dev/null
echo "Quotepart is installed: .venv/bin/quotepart"
