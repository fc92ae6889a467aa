"""A desktop's portal for cameras on the session bus: camera_portal.py ANSWER, one of yes, no, absent; the answer changes with each line that
comes on the standard input. With yes it hands out what the real one does: a connection to PipeWire."""

import os
import socket
import sys

import gi
gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

NAME = 'org.freedesktop.portal.Desktop'
PATH = '/org/freedesktop/portal/desktop'
CAMERA = 'org.freedesktop.portal.Camera'
INTERFACE = f"""<node><interface name='{CAMERA}'>
<method name='AccessCamera'><arg type='a{{sv}}' direction='in'/><arg type='o' direction='out'/></method>
<method name='OpenPipeWireRemote'><arg type='a{{sv}}' direction='in'/><arg type='h' direction='out'/></method>
<property name='IsCameraPresent' type='b' access='read'/>
</interface></node>"""


class Portal:
    def __init__(self, answer):
        self.answer = answer
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        node = Gio.DBusNodeInfo.new_for_xml(INTERFACE)
        self.bus.register_object(PATH, node.interfaces[0], self.call, self.get, None)
        Gio.bus_own_name_on_connection(self.bus, NAME, Gio.BusNameOwnerFlags.NONE, None, None)

    def get(self, bus, sender, path, interface, name):
        return GLib.Variant('b', self.answer != 'absent')

    def change(self, answer):
        self.answer = answer
        changed = GLib.Variant('(sa{sv}as)', (CAMERA, {'IsCameraPresent': self.get(None, None, None, None, None)}, []))
        self.bus.emit_signal(None, PATH, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', changed)

    def call(self, bus, sender, path, interface, method, parameters, invocation):
        if method == 'OpenPipeWireRemote':
            remote = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            remote.connect(os.path.join(os.environ['XDG_RUNTIME_DIR'], 'pipewire-0'))
            descriptors = Gio.UnixFDList()
            descriptors.append(remote.fileno())
            remote.close()
            invocation.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), descriptors)
            return
        token = parameters.unpack()[0]['handle_token']
        handle = f'{PATH}/request/{sender[1:].replace(".", "_")}/{token}'
        invocation.return_value(GLib.Variant('(o)', (handle,)))
        response = GLib.Variant('(ua{sv})', (0 if self.answer == 'yes' else 1, {}))
        # A person takes a moment.
        GLib.timeout_add(300, lambda: bus.emit_signal(sender, handle, 'org.freedesktop.portal.Request', 'Response', response) and False)


def main():
    portal = Portal(sys.argv[1])
    loop = GLib.MainLoop()

    def heard(channel, condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        portal.change(line.strip())
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, heard)
    loop.run()


if __name__ == '__main__':
    main()
