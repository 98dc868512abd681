#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Installs, updates, removes and purges a package on a copy of this machine that nobody else sees: install.sh PACKAGE
#
# To be run by root in a mount namespace of its own (unshare --mount). What is written goes to memory and is gone with it.
# The exit status is 77 where the kernel does not allow such a copy.
set -eu

package=$1
here=$(mktemp -d)
mount --make-rprivate / || exit 77
mount -t tmpfs -o size=1g tmpfs "$here" || exit 77
mkdir "$here/changes" "$here/work" "$here/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$here/changes,workdir=$here/work" "$here/root" || exit 77
mount -t proc proc "$here/root/proc" || exit 77
mount --rbind /dev "$here/root/dev" || exit 77
cp "$package" "$here/root/hibiki.deb"

exec chroot "$here/root" /bin/sh -eux -c '
    enabled=/etc/systemd/system/multi-user.target.wants/hibiki.service
    dpkg --install /hibiki.deb
    getent passwd hibiki | grep ":/var/lib/hibiki:/usr/sbin/nologin$"
    test "$(id -u hibiki)" -lt 1000
    test -L "$enabled"
    systemd-analyze verify hibiki.service
    hibiki --version

    # An update keeps what was changed, and a service that was disabled.
    echo "# ours" >> /etc/hibiki/hibiki.yaml
    systemctl --root=/ disable hibiki.service
    dpkg --install /hibiki.deb
    test "$(tail -n 1 /etc/hibiki/hibiki.yaml)" = "# ours"
    test ! -e "$enabled"

    mkdir -p /var/lib/hibiki
    dpkg --remove hibiki
    test ! -e /usr/bin/hibiki
    test -e /etc/hibiki/hibiki.yaml
    test -d /var/lib/hibiki

    dpkg --purge hibiki
    for path in /etc/hibiki /var/lib/hibiki /etc/systemd/system/hibiki.service "$enabled"; do
        test ! -e "$path" && test ! -L "$path"
    done
'
