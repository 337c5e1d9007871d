#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

# Usage: ./run-tests.sh [PYTEST OPTIONS AND PATHS]
#
# Everything a change must pass; without arguments also the coverage.

set -o errexit
set -o nounset
set -o pipefail

cd "$(dirname "$0")"

python -m ruff check
python -m ruff format --check
python -m mypy

if [ $# -gt 0 ]; then
    exec python -m pytest "$@"
fi

python -m pytest --cov --cov-report=term --cov-fail-under=95
# What reads and changes other people's files is covered to the last branch.
pure='*/image.py,*/readers/*,*/edits.py'
pure_report=$(python -m coverage report --include="$pure" --fail-under=100) || {
    echo "$pure_report"
    exit 1
}
