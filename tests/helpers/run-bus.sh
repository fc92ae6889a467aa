#!/bin/bash
# run-bus.sh COMMAND...: runs COMMAND with folders (XDG_*, HOME) and a session bus of its own, and leaves nothing behind.
set -u
here=$(dirname "$(readlink -f "$0")")
own=$(mktemp -d "${TMPDIR:-/tmp}/jinnang-test-XXXXXX") || exit 99
trap 'rm -rf "$own"' EXIT
trap 'exit 143' TERM INT
for name in HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR; do
  mkdir -m 700 "$own/$name"
  export "$name=$own/$name"
done
unset DBUS_SESSION_BUS_ADDRESS DBUS_SYSTEM_BUS_ADDRESS WAYLAND_DISPLAY AT_SPI_BUS_ADDRESS
dbus-run-session --config-file="$here/bus.conf" -- "$@"
