#!/bin/sh
# Everything that must hold before a change lands; prints how long each part takes.
# The tests come last, so that their runner has the last word.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

part() { # a name, then the command
    name=$1
    shift
    start=$(date +%s)
    if ! "$@"; then
        echo "check: $name failed" >&2
        exit 1
    fi
    echo "check: $name ok ($(($(date +%s) - start)) s)"
}

part format $bin/ruff format --check --quiet src lab/src tests bench tools interop matrix contract browser soak
part lint $bin/ruff check --quiet src lab/src tests bench tools interop matrix contract browser soak
part types $bin/mypy
part imports $bin/lint-imports
part docs tools/docs.sh --check
rm -f .coverage .coverage.*
part tests $bin/pytest -n 2 --durations=10 --cov --cov-report=term --cov-fail-under=90
