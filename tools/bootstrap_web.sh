#!/bin/sh
# Makes what builds and tests the verify page: bootstrap_web.sh VENV
# Node.js comes from the development environment. Needs Debian for Chromium.
set -eu
venv=$1

install() {
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq "$@"
}
command -v chromium >/dev/null || install chromium
PATH=$(cd "$venv/bin" && pwd):$PATH
export PATH
npm ci --prefix web --silent
