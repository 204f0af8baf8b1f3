#!/bin/sh
# Builds .venv with both programs in .venv/bin, from the lock file and this tree.
# Does nothing when it is up to date. PIP_INDEX_URL, proxies and PIP_CERT are pip's own.
set -eu
cd "$(dirname "$0")/.."

# Of pyproject.toml only what an installation depends on: rules for linters do not.
stamp=$(sed -n "/^\[build-system/,/^\[tool/p" pyproject.toml | cat - requirements-dev.lock lab/pyproject.toml tools/setup.sh | cksum)
if [ -x .venv/bin/python ] && [ "$(cat .venv/ready 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

# A version manager's shim may be on PATH and fail, so each one is run, not looked up.
python=
for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: no Python 3.11 or newer runs here: apt install python3, or dnf install python3.12" >&2
    exit 2
fi

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
echo "setup: building .venv with Python $version (about 30 s, plus the downloads)"
rm -rf .venv
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv .venv
    pip() { .venv/bin/python -m pip "$@"; }
elif "$python" -m venv --without-pip .venv 2>/dev/null &&
    "$python" -m pip --python .venv/bin/python --version >/dev/null 2>&1; then
    pip() { "$python" -m pip --python .venv/bin/python "$@"; }
else
    rm -rf .venv
    echo "setup: Python $version can make no virtual environment: apt install python$version-venv, or dnf install python$version-pip" >&2
    exit 2
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
pip install --quiet --require-hashes -r requirements-dev.lock
pip install --quiet --no-deps --no-build-isolation -e . -e ./lab
echo "$stamp" >.venv/ready
