#!/bin/bash
# run.sh PREFIX [ARGUMENT...]: starts the installed program. Without a display it is drawn in a web browser, by GTK's
# Broadway display on loopback.
set -eu
prefix=$1; shift
export XDG_DATA_DIRS="$prefix/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
if [ -n "${WAYLAND_DISPLAY:-}" ] || [ -n "${DISPLAY:-}" ]; then
  exec "$prefix/bin/jinnang" "$@"
fi

own=
server=
program=
leave () {
  trap - EXIT INT TERM
  [ -z "$program" ] || { kill "$program" 2>/dev/null; wait "$program" 2>/dev/null || true; }
  [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; }
  [ -z "$own" ] || rm -rf "$own"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ -z "${XDG_RUNTIME_DIR:-}" ] || [ ! -w "${XDG_RUNTIME_DIR:-}" ]; then
  own=$(mktemp -d)
  export XDG_RUNTIME_DIR=$own
fi

busy () { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
start_server () {
  local number=$(($1 - 8080))
  busy "$1" && return 1
  gtk4-broadwayd --address 127.0.0.1 --port "$1" ":$number" >/dev/null 2>&1 &
  server=$!
  for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || { server=; return 1; }
    busy "$1" && { export BROADWAY_DISPLAY=":$number"; return 0; }
    sleep 0.05
  done
  kill "$server"; server=
  return 1
}
for port in $(seq 8085 8185); do
  start_server "$port" && break
done
[ -n "$server" ] || { echo "No free port for the display between 8085 and 8185 on 127.0.0.1." >&2; exit 1; }
echo "There is no display here. Open Jinnang in a web browser: http://127.0.0.1:$port/"
echo "Whoever can open that address on this machine sees it too; Ctrl+C here ends it."
# Beside this shell and not in front of it: bash hears a signal only while it waits.
GDK_BACKEND=broadway "$prefix/bin/jinnang" "$@" &
program=$!
status=0
wait "$program" || status=$?
program=
exit "$status"
