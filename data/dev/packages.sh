#!/bin/bash
# packages.sh SECTION...: installs the packages of data/dev/packages.txt that are missing, and says which.
# Nothing missing: no word, no apt. Not Debian: says what is needed and stops; PACKAGES=have skips the look.
set -euo pipefail
cd "$(dirname "$0")"
[ "${PACKAGES:-}" != have ] || exit 0

# Sections that were asked for, with those they build on.
wanted () {
  awk -v asked="$*" '
    BEGIN { n = split(asked, a, " "); for (i = 1; i <= n; i++) want[a[i]] = 1 }
    /^\[/ { line = $0; gsub(/\[|\]|:/, " ", line); m = split(line, w, " "); name = w[1]; known[name] = 1
            for (i = 2; i <= m; i++) base[name] = base[name] " " w[i]; next }
    /^[a-z0-9]/ { list[name] = list[name] " " $1 }
    END { do { more = 0
                for (s in want) { k = split(base[s], b, " "); for (i = 1; i <= k; i++) if (!(b[i] in want)) { want[b[i]] = 1; more = 1 } }
              } while (more)
          for (s in want) { if (!(s in known)) { print "no section " s > "/dev/stderr"; exit 2 } ; k = split(list[s], p, " ")
                            for (i = 1; i <= k; i++) print p[i] } }' packages.txt | sort -u
}

needed=$(wanted "$@")
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "Jinnang installs its packages by itself on Debian 12. This is another system; please install what these are called here:" >&2
  for p in $needed; do sed -n "s/^\($p\)  */  \1: /p" packages.txt; done >&2
  echo "and then say: PACKAGES=have make ..." >&2
  exit 1
fi

have=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' $needed 2>/dev/null || true; } | sed -n 's/^installed //p' | sort -u)
missing=$(comm -23 <(echo "$needed") <(echo "$have") | tr '\n' ' ')
[ -n "${missing// /}" ] || exit 0

root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "Please install as root: apt-get install $missing" >&2; exit 1; }
  root=(sudo)
fi
echo "Installing with apt-get: $missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install () {
  "${root[@]}" apt-get update -q=2 &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q=2 --no-install-recommends -o Dpkg::Use-Pty=0 $missing
}
install >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
