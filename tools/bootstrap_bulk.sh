#!/bin/sh
# What the tests of Spark need besides: Java 17 or newer, without a screen.
set -eu

install() {
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends "$@"
}
command -v java >/dev/null || install default-jre-headless
