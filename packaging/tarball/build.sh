#!/bin/sh
# Make dist/breastview-VERSION-linux-ARCHITECTURE.tar.gz from the packaged program, with a script that installs it.
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' breastview/__init__.py)
name=breastview-$version-linux-$(uname -m)
if ! [ -x build/bundle/breastview/breastview ]; then
    echo "There is no packaged program; run: make bundle" >&2
    exit 1
fi
rm -rf build/tarball
mkdir -p "build/tarball/$name/share/icons" dist
cp -al build/bundle/breastview/. "build/tarball/$name/"
cp packaging/tarball/install.sh "build/tarball/$name/"
cp packaging/linux/breastview.desktop packaging/linux/breastview.1 "build/tarball/$name/share/"
cp resources/icons/breastview.svg resources/icons/breastview-*.png "build/tarball/$name/share/icons/"
tar --create --owner=0 --group=0 --sort=name --directory build/tarball --gzip \
    --file "dist/$name.tar.gz" "$name"
du -m "dist/$name.tar.gz"
