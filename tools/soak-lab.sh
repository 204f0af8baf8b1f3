#!/bin/sh
# Random requests to the lab, by the state machines of the tests, with a new seed each
# round, for so many seconds (an hour unless told otherwise). Stops at the first finding.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-3600}
machines="tests/lab/frame/test_machine.py tests/lab/netscaler/test_machine.py tests/lab/threatq/test_machine.py"
start=$(date +%s)
round=0
while [ $(($(date +%s) - start)) -lt "$seconds" ]; do
    round=$((round + 1))
    # shellcheck disable=SC2086  # three files, on purpose
    if ! .venv/bin/pytest -q -p no:cacheprovider --hypothesis-seed=$round $machines >build/soak-lab.log 2>&1; then
        cat build/soak-lab.log
        echo "soak: round $round failed: --hypothesis-seed=$round" >&2
        exit 1
    fi
done
echo "soak: $round rounds in $(($(date +%s) - start)) s, nothing found"
