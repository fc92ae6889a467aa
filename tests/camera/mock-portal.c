#include "mock-portal.h"

#include <gio/gunixfdlist.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NAME "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"
#define CAMERA "org.freedesktop.portal.Camera"
#define REQUEST "org.freedesktop.portal.Request"

static const char description[] = "<node><interface name='" CAMERA "'>"
                                  "<method name='AccessCamera'><arg type='a{sv}' "
                                  "direction='in'/><arg type='o' direction='out'/></method>"
                                  "<method name='OpenPipeWireRemote'><arg type='a{sv}' "
                                  "direction='in'/><arg type='h' direction='out'/></method>"
                                  "<property name='IsCameraPresent' type='b' access='read'/>"
                                  "</interface></node>";

static void
respond (MockPortal *self, const char *handle, guint32 response)
{
  g_dbus_connection_emit_signal (self->connection, NULL, handle, REQUEST, "Response",
                                 self->answer == MOCK_STRANGE
                                     ? g_variant_new ("(s)", "yes")
                                     : g_variant_new ("(ua{sv})", response, NULL),
                                 NULL);
}

static void
access_camera (MockPortal *self, const char *sender, GVariant *parameters,
               GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 0);
  g_autofree char *who = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *handle = NULL;
  const char *token = NULL;

  self->asked++;
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  if (self->answer == MOCK_LOCKED)
    {
      g_dbus_method_invocation_return_dbus_error (
          invocation, "org.freedesktop.portal.Error.NotAllowed", "Camera access disabled");
      return;
    }
  handle = g_strconcat (PATH "/request/", who, "/", self->answer == MOCK_OLD_HANDLE ? "old" : token,
                        NULL);
  if (self->answer == MOCK_GRANTS_EARLY)
    respond (self, handle, 0);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  if (self->answer == MOCK_OLD_HANDLE)
    /* Time for the other side to listen there: it never had it from those portals. */
    for (int i = 0; i < 20; i++)
      g_main_context_iteration (NULL, FALSE), g_usleep (2000);
  if (self->answer == MOCK_REFUSES || self->answer == MOCK_ENDS)
    respond (self, handle, self->answer == MOCK_REFUSES ? 1 : 2);
  else if (self->answer != MOCK_WAITS && self->answer != MOCK_GRANTS_EARLY)
    respond (self, handle, 0);
}

static void
open_remote (MockPortal *self, GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) descriptors = g_unix_fd_list_new ();
  gsize length = 0;
  const void *data = self->remote != NULL ? g_bytes_get_data (self->remote, &length) : NULL;
  int fd = memfd_create ("remote", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data != NULL ? data : "", length), ==, (gssize) length);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  if (self->answer == MOCK_NO_DESCRIPTOR)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.portal.Error.Failed",
                                                "no PipeWire");
  else
    {
      g_assert_cmpint (g_unix_fd_list_append (descriptors, fd, NULL), ==, 0);
      g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                               descriptors);
    }
  close (fd);
}

static void
on_call (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  if (g_str_equal (method, "AccessCamera"))
    access_camera (data, sender, parameters, invocation);
  else
    open_remote (data, invocation);
}

static GVariant *
on_get (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
        const char *name, GError **error, gpointer data)
{
  return g_variant_new_boolean (((MockPortal *) data)->present);
}

/* Requests have an address of their own, which nobody registers here: their Close is seen on the way in. */
static GDBusMessage *
on_message (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer data)
{
  if (incoming && g_strcmp0 (g_dbus_message_get_interface (message), REQUEST) == 0
      && g_strcmp0 (g_dbus_message_get_member (message), "Close") == 0)
    g_atomic_int_inc (&((MockPortal *) data)->closed);
  return message;
}

MockPortal *
mock_portal_new (gboolean present)
{
  static const GDBusInterfaceVTable table = { on_call, on_get, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, NULL);
  MockPortal *self = g_new0 (MockPortal, 1);
  g_autoptr (GError) error = NULL;

  self->present = present;
  self->connection =
      g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_add_filter (self->connection, on_message, self, NULL);
  self->object = g_dbus_connection_register_object (self->connection, PATH, node->interfaces[0],
                                                    &table, self, NULL, &error);
  g_assert_no_error (error);
  self->name = g_bus_own_name_on_connection (self->connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                             NULL, NULL, NULL, NULL);
  return self;
}

void
mock_portal_set_present (MockPortal *self, gboolean present)
{
  GVariantBuilder changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  self->present = present;
  g_variant_builder_add (&changed, "{sv}", "IsCameraPresent", g_variant_new_boolean (present));
  g_dbus_connection_emit_signal (self->connection, NULL, PATH, "org.freedesktop.DBus.Properties",
                                 "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", CAMERA, &changed, NULL), NULL);
}

void
mock_portal_set_remote (MockPortal *self, GBytes *remote)
{
  g_clear_pointer (&self->remote, g_bytes_unref);
  self->remote = remote != NULL ? g_bytes_ref (remote) : NULL;
}

void
mock_portal_vanish (MockPortal *self)
{
  g_clear_handle_id (&self->name, g_bus_unown_name);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
}

void
mock_portal_free (MockPortal *self)
{
  if (self->name != 0)
    mock_portal_vanish (self);
  g_object_unref (self->connection);
  mock_portal_set_remote (self, NULL);
  g_free (self);
}
