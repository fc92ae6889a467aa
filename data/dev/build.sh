#!/bin/bash
# build.sh FOLDER [MESON OPTION...]: configures FOLDER under build/ when it is new or its options changed, builds, and
# installs into FOLDER/install. Says little when there is little to do.
set -eu
cd "$(dirname "$0")/../.."
folder=$1; shift
meson=$(command -v /usr/bin/meson || command -v meson)
PATH=/usr/bin:/bin:$PATH
options=("--prefix=$PWD/$folder/install" --libdir=lib -Dbuildtype=debugoptimized "$@")
# A folder that was made elsewhere, by another meson or with other options is made anew: leftovers are nobody's riddle.
mark="$PWD ${options[*]} $(stat -L -c %Y "$meson")"
if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/.made-with" 2>/dev/null)" != "$mark" ]; then
  mkdir -p "$folder"
  find "$folder" -mindepth 1 -maxdepth 1 ! -name check ! -name asan ! -name bench ! -name bench.json ! -name screenshots -exec rm -rf {} +
  echo "Configuring $folder"
  "$meson" setup "$folder" "${options[@]}" >"$folder/setup.log" 2>&1 || { cat "$folder/setup.log"; exit 1; }
  printf '%s' "$mark" >"$folder/.made-with"
fi
ninja=$(command -v ninja)
if ! "$ninja" -C "$folder" -n 2>/dev/null | grep -q 'no work to do'; then
  echo "Building $folder"
  if [ -t 1 ]; then
    "$ninja" -C "$folder" --quiet
  else
    "$ninja" -C "$folder" >"$folder/build.log" 2>&1 || { grep -vE '^\[[0-9]+/[0-9]+\]' "$folder/build.log"; exit 1; }
  fi
fi
"$meson" install -C "$folder" --no-rebuild --only-changed --quiet >"$folder/install.log" 2>&1 || { cat "$folder/install.log"; exit 1; }
