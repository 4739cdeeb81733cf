#!/bin/sh
# Sets up what the show needs, or what its tests need too. Usage: setup.sh show|tests PYTHON VENV
# System packages come through apt where it may be used; where it may not, they are named.
set -eu
cd "$(dirname "$0")/.."
purpose=$1
python=$2
venv=$3

"$python" - <<'PY' || { echo "setup: needs Python 3.11, 3.12 or 3.13; try: make setup PYTHON=python3.11" >&2; exit 1; }
import sys
sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PY

case $purpose in
  show) wanted=$(sed '/^# tests/,$d; /^#/d' tools/system_packages.txt); extras="" ;;
  tests) wanted=$(sed '/^#/d' tools/system_packages.txt); extras="[train,dev]" ;;
  *) echo "setup: $purpose is neither show nor tests" >&2; exit 2 ;;
esac

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
  for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
else
  echo "setup: no dpkg here; the show needs OpenGL 3.3 with EGL, and PortAudio for sound" >&2
fi
if [ -n "$missing" ]; then
  install="apt-get install -y --no-install-recommends$missing"
  if [ "$(id -u)" = 0 ]; then run=""; elif sudo -n true 2>/dev/null; then run="sudo"; else run="no"; fi
  if [ "$run" = no ]; then
    echo "setup: these system packages are missing; please run: sudo $install" >&2
  else
    echo "setup: installing$missing"
    $run apt-get update -q
    DEBIAN_FRONTEND=noninteractive $run $install
  fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".$extras"

# What browsers' pages are held to; its tests are skipped where it is missing.
if [ "$purpose" = tests ]; then
  npm install --silent --no-save --prefix "$venv/npm" axe-core@4.14.1 ||
    echo "setup: axe-core did not come from npm; the test of the pages' accessibility is skipped" >&2
fi
