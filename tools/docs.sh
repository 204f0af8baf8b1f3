#!/bin/sh
# Renews what is generated from the code; with --check, only says what of it is stale.
set -eu
cd "$(dirname "$0")/.."

stale=0
for part in citrix_waf_lab.document tools.errors tools.metrics tools.interface interop.document matrix.document; do
    PYTHONPATH=tests .venv/bin/python -m "$part" "$@" || stale=1
done
exit $stale
