#!/bin/sh
# The disk image for macOS from the packaged program: dist/breastview-VERSION-macos-ARCHITECTURE.dmg.
# UNTRIED: written beside the Linux packages, never run. On macOS 13 or later, with Python 3.11 to 3.13:
#   sh packaging/pyinstaller/build.sh && sh packaging/macos/build.sh
# SIGN names a Developer ID to sign with; without it the system asks the user before the first start.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' breastview/__init__.py)
app=build/bundle/BreastView.app
if ! [ -d "$app" ]; then
    echo "There is no $app; run: sh packaging/pyinstaller/build.sh" >&2
    exit 1
fi
codesign --force --deep --timestamp --options runtime \
    --entitlements packaging/macos/entitlements.plist --sign "${SIGN:--}" "$app"
codesign --verify --deep --strict "$app"
mkdir -p dist
hdiutil create -volname BreastView -srcfolder "$app" -ov -format UDZO \
    "dist/breastview-$version-macos-$(uname -m).dmg"
