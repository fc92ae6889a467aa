#!/usr/bin/python3
"""A small window out of which one file can be dragged, as out of a file manager: drag.py FILE"""

import sys

import gi
gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GLib, Gtk  # noqa: E402


def main():
    loop = GLib.MainLoop()
    uri = Gio.File.new_for_path(sys.argv[1]).get_uri()
    window = Gtk.Window(title='A file', decorated=False)
    window.set_default_size(80, 80)
    label = Gtk.Label(label='A file', hexpand=True, vexpand=True)
    source = Gtk.DragSource()
    content = Gdk.ContentProvider.new_for_bytes('text/uri-list', GLib.Bytes.new((uri + '\r\n').encode()))
    source.connect('prepare', lambda *rest: content)
    label.add_controller(source)
    window.set_child(label)
    window.connect('close-request', lambda *rest: loop.quit())
    window.present()
    loop.run()


if __name__ == '__main__':
    main()
