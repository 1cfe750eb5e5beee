#!/usr/bin/env bash
# Real Blender programs for tests, from Debian's packages: prints a path for each, separated as in PATH.
#
#   SCENEKEEPER_TEST_BLENDERS=$(tools/debian_blenders.sh trixie sid)
#
# Each suite is a small Debian of its own in the cache folder (1.3 GB, made once), so nothing of this system changes.
# Paths under /tmp, the home folder and the working folder are the same inside as outside. Needs root on Debian.
set -euo pipefail
base=${XDG_CACHE_HOME:-$HOME/.cache}/scenekeeper/blenders
packages=blender,libgl1-mesa-dri,ca-certificates,python3-requests,python3-cattr

[[ $(id -u) -eq 0 ]] || { echo "debian_blenders: only root can make and enter a Debian of its own" >&2; exit 1; }
command -v mmdebstrap >/dev/null || {
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends mmdebstrap; } >&2
}

make_root() { # suite root
  [[ $(cat "$2/.packages" 2>/dev/null) == "$packages" ]] && return
  rm -rf --one-file-system "$2"
  # A mirror's archive may be older than the date until which it calls itself valid.
  mmdebstrap --quiet --variant=apt --include="$packages" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' "$1" "$2" >&2
  echo "$packages" >"$2/.packages"
}

make_program() { # root program
  cat >"$2" <<PROGRAM
#!/usr/bin/env bash
exec unshare --mount --propagation private bash -c '
  for path in /proc /dev /sys /tmp "\$HOME" "\$PWD"; do mkdir -p "$1\$path"; mount --rbind "\$path" "$1\$path"; done
  exec chroot "$1" /usr/bin/env -C "\$PWD" PATH=/usr/sbin:/usr/bin:/sbin:/bin blender "\$@"' bash "\$@"
PROGRAM
  chmod +x "$2"
}

mkdir -p "$base"
programs=()
for suite in "$@"; do
  root=$base/$suite
  (
    flock 9
    make_root "$suite" "$root"
    make_program "$root" "$base/blender-$suite"
  ) 9>"$base/.$suite.lock"
  programs+=("$base/blender-$suite")
done
(IFS=:; echo "${programs[*]}")
