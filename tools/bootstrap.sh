#!/bin/sh
# Makes the development environment: bootstrap.sh PYTHON VENV
# Needs Debian with Python >= 3.11; installs Debian's venv package where it is missing.
set -eu
python=$1
venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "signedcert needs Python 3.11 or newer; set PYTHON=... to name one" >&2
    exit 2
}
install() {
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq "$@"
}
if [ ! -x "$venv/bin/pip" ]; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        # Debian keeps ensurepip in a package of its own.
        rm -rf "$venv"
        install python3-venv
        "$python" -m venv "$venv"
    fi
fi
# The tests let OpenSSL read the key files, and sign with a key inside SoftHSM.
command -v openssl >/dev/null || install openssl
command -v softhsm2-util >/dev/null || install softhsm2
"$venv/bin/pip" install --quiet --require-hashes --no-deps -r requirements-dev.lock
"$venv/bin/pip" install --quiet --no-deps --no-build-isolation -e .
# As an installed package is, so that no command compiles it anew.
"$venv/bin/python" -m compileall -q src
