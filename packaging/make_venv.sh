#!/bin/sh
# Make .venv with the locked versions. uv does the work; where it is missing, pip brings it into build/uv.
#   make_venv.sh [options of `uv sync`]    make or update .venv
#   make_venv.sh --lock                    resolve anew, write uv.lock
#   make_venv.sh --uv                      say which uv that is
#   make_venv.sh --build                   build dist/*.whl and dist/*.tar.gz
#   make_venv.sh --bundle                  make build/bundle-venv, from which the packages are built
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

# Behind a hospital's proxy the certificates are the system's.
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1  # the second is what uv called it before
fi
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"

interpreter() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    say "BreastView needs Python 3.11, 3.12 or 3.13, and none was found."
    say "On Debian 12 or Ubuntu:  sudo apt install python3 python3-pip   (or: make run PYTHON=/path/to/python3.11)"
    exit 1
}

find_uv() {
    for name in build/uv/bin/uv uv; do
        if "$name" --version >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    python=$(interpreter)
    if ! "$python" -m pip --version >/dev/null 2>&1; then
        say "$python has no pip.  On Debian 12 or Ubuntu:  sudo apt install python3-pip"
        exit 1
    fi
    say "== getting uv"
    export PIP_ROOT_USER_ACTION=ignore
    # --target leaves the system's own Python alone (Debian and Ubuntu forbid anything else) and needs no python3-venv.
    "$python" -m pip install --quiet --disable-pip-version-check --target build/uv 'uv>=0.9' >&2
    echo build/uv/bin/uv
}

mirror() {
    # A package mirror that pip was told of; uv does not read pip's settings.
    python=$(interpreter)
    "$python" -m pip config get global.index-url 2>/dev/null || printf '%s\n' "${PIP_INDEX_URL:-}"
}

bundle() {
    # What the program needs on a processor, from the lock, and PyInstaller, pinned beside its specification.
    say "== Python packages into build/bundle-venv"
    index=$(mirror)
    "$uv" export --frozen --quiet --no-dev --no-emit-project --prune tensorflow \
        --output-file build/bundle-requirements.txt
    "$uv" venv --quiet --clear ${PYTHON:+--python "$PYTHON"} build/bundle-venv
    VIRTUAL_ENV=build/bundle-venv "$uv" pip install --quiet ${index:+--default-index "$index"} --require-hashes \
        -r build/bundle-requirements.txt -r packaging/pyinstaller/requirements.txt
}

uv=$(find_uv)
case "${1:-}" in
    --uv) echo "$uv"; exit ;;
    --lock) exec "$uv" lock --default-index https://pypi.org/simple ;;
    --build)
        # The wheel is built from the source package, so both are known to be whole.
        exec "$uv" build ;;
    --bundle) bundle; exit ;;
esac

say "== Python packages into .venv (TensorFlow and Qt: some 2 GB, once)"
index=$(mirror)
if [ -n "${PYTHON:-}" ]; then
    set -- "$@" --python "$PYTHON"
fi
if [ -z "$index" ]; then
    exec "$uv" sync --locked --quiet "$@"
fi
# The lock names pypi.org; from a mirror the same versions are taken, held to the same hashes.
say "   from $index"
groups=""
case " $* " in *" --no-dev "*) groups="--no-dev" ;; esac
# shellcheck disable=SC2086
"$uv" export --frozen --quiet --no-emit-project $groups --output-file build/requirements.txt
[ -x .venv/bin/python ] || "$uv" venv --quiet ${PYTHON:+--python "$PYTHON"} .venv
"$uv" pip install --quiet --default-index "$index" --require-hashes -r build/requirements.txt
"$uv" pip install --quiet --default-index "$index" --no-deps --editable .
