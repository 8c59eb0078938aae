#!/bin/sh
# What the tests of documents need besides: readers that are not ours, Chinese, Japanese and Korean
# fonts, which are too large for a Python package, and fonts for scripts that ours do not have.
set -eu

install() {
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq "$@"
}
missing=""
command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
command -v qpdf >/dev/null || missing="$missing qpdf"
command -v zbarimg >/dev/null || missing="$missing zbar-tools"
[ -e /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc ] || missing="$missing fonts-noto-cjk"
[ -e /usr/share/fonts/truetype/noto/NotoSansTamil-Regular.ttf ] || missing="$missing fonts-noto-core"
# shellcheck disable=SC2086 # a list of words
[ -z "$missing" ] || install $missing
