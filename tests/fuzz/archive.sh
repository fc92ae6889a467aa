#!/bin/sh
# archive.sh OUTPUT COMPILER WORDS... -- SOURCES...: an archive of instrumented objects, compiled two at a time.
set -e
output=$1
shift
words=
while [ "$1" != -- ]; do
  words="$words $1"
  shift
done
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '%s\n' "$@" | xargs -P 2 -I '{}' sh -c "$words -c '{}' -o $folder/\$(basename '{}' .c).o"
rm -f "$output"
ar rcs "$output" "$folder"/*.o
