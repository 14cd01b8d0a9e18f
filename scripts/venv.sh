#!/usr/bin/env bash
# Makes .build/venv, the Python environment of Tests/InteropTests and Fixtures/. Quick and silent when it is up to date.
#
# Where it cannot be made (no Python, no network) that is said, and is a failure only in CI: the tests that need it then
# skip by name.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.build/venv
requirements=(Fixtures/requirements.txt scripts/requirements-peer.txt)

wanted=$(cat "${requirements[@]}")
if [ -x $venv/bin/python ] && [ "$(cat $venv/made-from 2>/dev/null)" = "$wanted" ]; then exit 0; fi

give_up() {
    rm -rf $venv
    printf '\n*** No Python environment: %s\n*** The suites of Tests/InteropTests that need it will be skipped.\n\n' "$1" >&2
    if [ "${CI-}" = true ]; then exit 1; fi
    exit 0
}

echo "Making the Python environment of the interoperability tests" >&2
rm -rf $venv
mkdir -p .build
command -v python3 >/dev/null || scripts/packages.sh python3 python3-venv || true
command -v python3 >/dev/null || give_up "there is no python3"
if ! python3 -m venv $venv >/dev/null 2>&1; then
    # Debian keeps this part of Python in a package of its own.
    scripts/packages.sh python3-venv || true
    python3 -m venv $venv >/dev/null || give_up "python3 -m venv failed"
fi
log=$venv/install.log
if ! $venv/bin/python -m pip install --quiet --disable-pip-version-check --retries 2 \
    -r "${requirements[0]}" -r "${requirements[1]}" >$log 2>&1; then
    tail -n 3 $log >&2
    give_up "the packages could not be installed"
fi
printf '%s' "$wanted" >$venv/made-from
