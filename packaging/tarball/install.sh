#!/bin/sh
# Put BreastView into the menu: a link in PREFIX/bin, desktop entry and icons; the program stays where it is.
#   sh install.sh [PREFIX]            ~/.local if not given, /usr/local for everybody
#   sh install.sh --remove [PREFIX]   takes them away again; your work is not touched
set -eu
here=$(cd "$(dirname "$0")" && pwd)
remove=
if [ "${1:-}" = --remove ]; then
    remove=yes
    shift
fi
prefix=${1:-$HOME/.local}
share=$prefix/share

known() {
    # Which program opens what the desktop keeps in a list of its own.
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$share/applications" || :
    fi
}

if [ -n "$remove" ]; then
    rm -f "$prefix/bin/breastview" "$share/applications/breastview.desktop" "$share/man/man1/breastview.1" \
        "$share/icons/hicolor/"*/apps/breastview.png "$share/icons/hicolor/scalable/apps/breastview.svg"
    known
    echo "BreastView is out of the menu. To be rid of it altogether: rm -r '$here'"
    exit
fi

case $here in
    *%*)
        echo "Desktops start no program whose path has a % in it. Unpack BreastView elsewhere." >&2
        exit 1 ;;
esac
mkdir -p "$prefix/bin" "$share/applications" "$share/man/man1" "$share/icons/hicolor/scalable/apps"
ln -sf "$here/breastview" "$prefix/bin/breastview"
# In a desktop entry a path stands in quotes, and what means something there is escaped twice.
program=$(printf '%s' "$here/breastview" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g')
while IFS= read -r line; do
    case $line in
        Exec=breastview*) printf 'Exec="%s"%s\n' "$program" "${line#Exec=breastview}" ;;
        *) printf '%s\n' "$line" ;;
    esac
done <"$here/share/breastview.desktop" >"$share/applications/breastview.desktop"
cp "$here/share/breastview.1" "$share/man/man1/"
cp "$here/share/icons/breastview.svg" "$share/icons/hicolor/scalable/apps/"
for icon in "$here"/share/icons/breastview-*.png; do
    side=${icon##*-}
    side=${side%.png}
    mkdir -p "$share/icons/hicolor/${side}x$side/apps"
    cp "$icon" "$share/icons/hicolor/${side}x$side/apps/breastview.png"
done
known
"$here/breastview" --version
echo "Start it from the menu, or as $prefix/bin/breastview"
