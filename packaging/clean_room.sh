#!/bin/sh
# Try a package in a fresh Debian 12 that has no Python: install, smoke test, window under Xvfb, remove.
#   sh packaging/clean_room.sh dist/breastview_VERSION_amd64.deb [PICTURE.png]
#   sh packaging/clean_room.sh dist/breastview-VERSION-linux-x86_64.tar.gz [PICTURE.png]
# As root, with debootstrap and imagemagick. The bare system is kept in ROOM for the next time.
# The smoke test runs as an ordinary user, without a network; that user also unpacks the archive and puts it into
# a menu of their own, by which the window is then opened. PICTURE.png: the window on the demo study; PICTURE.pdf
# beside it: its report.
set -eu
cd "$(dirname "$0")/.."

package=$1
picture=${2:-}
ROOM=${ROOM:-/var/tmp/breastview-room}
MIRROR=${MIRROR:-http://deb.debian.org/debian}
room=$ROOM/room
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' breastview/__init__.py)
# What Qt needs of a desktop; a .deb asks for it by itself.
DESKTOP="libegl1 libgl1 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libcups2 libgssapi-krb5-2 \
    libxkbcommon0 libx11-xcb1 libxcb1 libxcb-glx0 libxcb-randr0 libxcb-render0 libxcb-shape0 libxcb-shm0 \
    libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxrender1 libglib2.0-bin desktop-file-utils shared-mime-info"
own=/home/reader/.local
place="/home/reader/my programs"

inside() {
    # With a folder for shared memory, which decoders hand their pictures back in.
    unshare --mount --pid --fork sh -c '
        mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/dev/shm" && exec chroot "$0" "$@"' "$room" "$@"
}

as_reader() {
    # No network: what is missing cannot be fetched.
    unshare --mount --pid --net --fork sh -c '
        mount -t proc proc "$0/proc" && mount -t sysfs sysfs "$0/sys" &&
        mount -t tmpfs tmpfs "$0/dev/shm" -o mode=1777 &&
        ip link set lo up 2>/dev/null; exec chroot --userspec=reader "$0" env -i HOME=/home/reader \
        PATH=/usr/bin:/bin LANG=C.UTF-8 "$@"' "$room" "$@"
}

mkdir -p "$ROOM"
if [ ! -e "$ROOM/base.done" ]; then
    rm -rf "$ROOM/base"
    debootstrap --variant=minbase bookworm "$ROOM/base" "$MIRROR"
    : >"$ROOM/base.done"
fi
rm -rf "$room"
cp -a "$ROOM/base" "$room"
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    mkdir -p "$room/etc/ssl/certs" && cp /etc/ssl/certs/ca-certificates.crt "$room/etc/ssl/certs/"
fi
mkdir -p "$room/dev/shm"
cp /etc/resolv.conf "$room/etc/resolv.conf"
cp "$package" packaging/smoke.sh "$room/tmp/"
name=$(basename "$package")
inside useradd --create-home reader
inside apt-get update -qq

echo "== installing $name"
case $name in
    *.deb)
        inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "/tmp/$name" \
            >"$ROOM/install.log" 2>&1 || { cat "$ROOM/install.log"; exit 1; }
        program=/usr/bin/breastview
        open="$program" ;;
    *)
        # shellcheck disable=SC2086
        inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $DESKTOP \
            >"$ROOM/install.log" 2>&1 || { cat "$ROOM/install.log"; exit 1; }
        as_reader sh -c "mkdir '$place' && cd '$place' && tar -xzf /tmp/$name && sh breastview-*/install.sh"
        program=$own/bin/breastview
        open="gio launch $own/share/applications/breastview.desktop"
        for kind in application/dicom image/png application/zip inode/directory; do
            as_reader gio mime "$kind" | grep -q breastview.desktop || {
                echo "It is not offered for $kind." >&2
                exit 1
            }
        done ;;
esac
inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends xvfb \
    >>"$ROOM/install.log" 2>&1
if inside sh -c 'command -v python3 || command -v python'; then
    echo "There is a Python in the room: it proves nothing." >&2
    exit 1
fi

echo "== smoke test as an ordinary user, without a network, under Xvfb"
as_reader sh -c "
    Xvfb :97 -screen 0 1280x800x24 -nolisten tcp >/tmp/xvfb.log 2>&1 &
    while ! [ -S /tmp/.X11-unix/X97 ]; do sleep 0.2; done
    DISPLAY=:97 REPORT=/tmp/report.pdf sh /tmp/smoke.sh $program $version 1800"

if [ -n "$picture" ]; then
    echo "== the window on the demo study"
    as_reader sh -c "
        mkdir -p /tmp/screen && $program demo --to /tmp/demo
        Xvfb :98 -screen 0 1280x800x24 -nolisten tcp -fbdir /tmp/screen >/tmp/xvfb.log 2>&1 &
        while ! [ -S /tmp/.X11-unix/X98 ]; do sleep 0.2; done
        DISPLAY=:98 BREASTVIEW_TRACE=1 $open /tmp/demo >/tmp/trace 2>&1 &
        until grep -q 'first overlay after' /tmp/trace; do sleep 1; done
        sleep ${SETTLE:-60}  # the list is scored, the numbers come in
        cp /tmp/screen/Xvfb_screen0 /tmp/window.xwd; cat /tmp/trace"
    cp "$room/tmp/report.pdf" "${picture%.png}.pdf"
    convert "xwd:$room/tmp/window.xwd" "$picture"
fi

echo "== removing"
case $name in
    *.deb) inside env DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq breastview >>"$ROOM/install.log" 2>&1 ;;
    *)
        as_reader sh -c "cd '$place' && sh breastview-*/install.sh --remove && rm -rf '$place'"
        if as_reader gio mime application/dicom | grep -q breastview.desktop; then
            echo "It is still offered for application/dicom." >&2
            exit 1
        fi ;;
esac
# What the reader did stays.
left=$(inside find /usr /opt /etc $own/bin $own/share/applications $own/share/icons $own/share/man \
    -iname '*breastview*' 2>/dev/null || :)
if [ -n "$left" ]; then
    printf 'It leaves behind:\n%s\n' "$left" >&2
    exit 1
fi
echo "installed, tried and removed in a fresh Debian 12"
