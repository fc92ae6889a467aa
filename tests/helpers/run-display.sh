#!/bin/bash
# run-display.sh COMMAND...: runs COMMAND with a screen (Xvfb), a session bus and folders of its own, drawn in software.
# SCREEN=WIDTHxHEIGHT sets the size.
set -u
here=$(dirname "$(readlink -f "$0")")
command -v Xvfb >/dev/null || { echo "Bail out! Xvfb is missing: make check installs it"; exit 99; }
pipe=$(mktemp -u "${TMPDIR:-/tmp}/jinnang-display-XXXXXX")
mkfifo -m 600 "$pipe" || exit 99
Xvfb -displayfd 3 -screen 0 "${SCREEN:-1600x1200}x24" -nolisten tcp -noreset -dpi 96 3>"$pipe" >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -f "$pipe"' EXIT
trap 'exit 143' TERM INT
number=
read -r -t 30 number <"$pipe"
[ -n "$number" ] || { echo "Bail out! Xvfb did not start"; exit 99; }
unset WAYLAND_DISPLAY XAUTHORITY
export DISPLAY=":$number" GDK_BACKEND=x11 GSK_RENDERER="${GSK_RENDERER:-cairo}" LIBGL_ALWAYS_SOFTWARE=1 \
  GSETTINGS_BACKEND="${GSETTINGS_BACKEND:-memory}" GTK_USE_PORTAL=0 GTK_IM_MODULE=gtk-im-context-simple
"$here/run-bus.sh" "$@"
