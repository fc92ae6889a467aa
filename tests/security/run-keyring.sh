#!/bin/sh
# run-keyring.sh STATE PROGRAM: runs PROGRAM beside a keyring of its own in that state.
# kept, locked: a real gnome-keyring on a private bus; file: libsecret's file backend; no-service, no-bus, no-keyring: nothing to keep secrets in.
set -eu
state=$1
program=$2

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL SECRET_BACKEND || true
export JN_TEST_KEYRING="$state" JN_TEST_PROGRAM="$program"

# A bus that starts no services: what is not started here is not there.
cat >"$home/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$XDG_RUNTIME_DIR</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

case $state in
  kept)
    dbus-run-session --config-file="$home/bus.conf" -- sh -euc '
      printf %s test-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1
      gdbus wait --session --timeout 20 org.freedesktop.secrets
      exec "$JN_TEST_PROGRAM"'
    ;;
  locked)
    dbus-run-session --config-file="$home/bus.conf" -- sh -euc '
      printf %s test-password | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1
      gdbus wait --session --timeout 20 org.freedesktop.secrets
      gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.Lock "[objectpath \"/org/freedesktop/secrets/collection/login\"]" >/dev/null
      exec "$JN_TEST_PROGRAM"'
    ;;
  no-keyring)
    dbus-run-session --config-file="$home/bus.conf" -- sh -euc '
      gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null 2>&1
      gdbus wait --session --timeout 20 org.freedesktop.secrets
      exec "$JN_TEST_PROGRAM"'
    ;;
  file)
    # libsecret 0.20 forgets an etag each time it reads the file; that is not ours to be blamed for.
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
    SECRET_BACKEND=file SECRET_FILE_TEST_PATH="$home/test.keyring" SECRET_FILE_TEST_PASSWORD=test-password "$program"
    ;;
  no-service)
    dbus-run-session --config-file="$home/bus.conf" -- "$program"
    ;;
  no-bus)
    DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus "$program"
    ;;
  *)
    echo "run-keyring.sh: no state $state" >&2
    exit 2
    ;;
esac
