#!/usr/bin/python3
"""Layers: the table of rooms in ARCHITECTURE, read from the includes themselves.

The build exposes only declared folders, which catches most wrong includes; this catches the rest: a path that climbs
out of its room, a system library that happens to be on the path, a room that was declared too generously.
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))
import lint

# Room -> rooms of ours whose headers it may include, beside its own.
ROOMS = {
    'base': set(),
    'store': {'base'},
    'codes': {'base'},
    'ledger': {'store'},
    'scan': {'base'},
    'camera': {'base', 'scan'},
    'security': {'base', 'store'},
    'insights': {'base', 'ledger'},
    'bank': {'base', 'store', 'ledger', 'security'},
    'session': {'base', 'store', 'ledger', 'codes', 'scan', 'camera', 'security', 'insights', 'bank'},
    'bankd': {'base', 'codes'},
}
UI_ROOMS = {'session', 'base', 'camera'}

# Library -> the include paths that mark it, and the rooms that may use it.
LIBRARIES = {
    'GTK': (r'gtk/|gdk/|gsk/|adwaita|pango/|graphene', {'ui'}),
    'gdk-pixbuf': (r'gdk-pixbuf', {'scan', 'ui'}),
    'libsoup': (r'libsoup/', {'bank', 'bankd'}),
    'SQLite': (r'sqlite3', {'store', 'ledger', 'bankd'}),
    'json-glib': (r'json-glib', {'base'}),
    'libsecret': (r'libsecret/', {'security'}),
    'libqrencode': (r'qrencode', {'codes'}),
    'zbar': (r'zbar', {'scan'}),
    'seccomp': (r'seccomp', {'scan', 'camera'}),
    'GStreamer': (r'gst/', {'camera'}),
    'GLib': (r'glib\b|glib\.h|glib-object|gio/|gobject/|gmodule', set(ROOMS) - {'ledger'} | {'ui'}),
    'libsodium': (r'sodium', {'base', 'store', 'ledger', 'security', 'bankd'}),
}
# The ledger has no main loop, no clock and no entropy of its own: all three come in through its interface.
LEDGER_REFUSED = r'\b(time|gettimeofday|clock_gettime|localtime|rand|random|getrandom|randombytes_\w+|g_\w+)\s*\('

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    parts = path.split('/')
    if parts[0] == 'ui':
        return 'ui'
    return parts[1] if parts[0] == 'app' and len(parts) > 2 else None


def main():
    sources = lint.files(['.c', '.h', '.c.in', '.h.in'], ['app', 'ui', 'tests'])
    owners = {}
    for path in lint.files(['.h'], ['app', 'ui']):
        owners.setdefault(os.path.basename(path), set()).add(room_of(path))
    includes = {p: INCLUDE.findall(lint.bare_c(lint.read(p), keep_strings=True)) for p in sources}

    tap = lint.Tap()
    tap.check('there are sources', [] if sources else ['no sources were found'])
    tap.check('no include climbs out of its folder',
              [f'{p}: {name}' for p in sources for _, name in includes[p] if '..' in name.split('/')])
    tap.check('one header, one room',
              [f'{name} is in {sorted(map(str, rooms))}' for name, rooms in owners.items() if len(rooms) > 1])
    for room in sorted(ROOMS) + ['ui']:
        allowed = (UI_ROOMS if room == 'ui' else ROOMS[room]) | {room}
        mine = [p for p in sources if room_of(p) == room]
        tap.check(f'{room} includes only rooms it may use',
                  [f'{p}: {name} is of {", ".join(sorted(map(str, owners[name])))}' for p in mine for quote, name in includes[p]
                   if quote == '"' and os.path.basename(name) in owners for name in [os.path.basename(name)]
                   if not owners[name] & allowed])
    for library, (marks, rooms) in LIBRARIES.items():
        tap.check(f'{library} is used only where it may be',
                  [f'{p}: {name}' for p in sources if room_of(p) and room_of(p) not in rooms
                   for _, name in includes[p] if re.match(marks, name)])
    readers = [p for p in sources if room_of(p) == 'base' and any('json-glib' in name for _, name in includes[p])]
    tap.check('json-glib stands behind one file', readers if len(readers) > 1 else [])
    tap.check('rooms are the rooms of the plan',
              [f'app/{r}' for r in sorted({room_of(p) for p in sources} - {None, 'ui'} - set(ROOMS))])
    tap.check('the ledger has no clock, no entropy, no GLib',
              [f'{p}: {m.group(0)}' for p in sources if room_of(p) == 'ledger'
               for m in re.finditer(LEDGER_REFUSED, lint.bare_c(lint.read(p)))])
    tap.finish()


if __name__ == '__main__':
    main()
