#!/bin/sh
# Build the packaged program: build/bundle/breastview, a folder that needs no Python on the machine it runs on.
set -eu
cd "$(dirname "$0")/../.."

sh packaging/make_venv.sh --bundle
python=$PWD/build/bundle-venv/bin/python
if [ "$(uname)" = Darwin ] || [ "${OS:-}" = Windows_NT ]; then
    "$python" packaging/pyinstaller/icons.py
fi
rm -rf build/bundle
PYTHONHASHSEED=1 "$python" -m PyInstaller --noconfirm --log-level ERROR \
    --distpath build/bundle --workpath build/bundle-work packaging/pyinstaller/breastview.spec
if command -v strip >/dev/null; then
    # A Python that was built by hand carries its debugging symbols; the libraries of wheels stay as they are.
    find build/bundle/breastview/_internal \( -name 'libpython3*.so*' -o -path '*/lib-dynload/*.so' \) -type f \
        -exec strip --strip-debug {} +
fi
"$python" packaging/pyinstaller/sizes.py
