/* AccessCamera, its Response, OpenPipeWireRemote: https://flatpak.github.io/xdg-desktop-portal/docs. libportal 0.6 makes its proxy and
 * opens the remote with calls that wait, so this speaks D-Bus itself. */
#include "jn-camera-portal.h"

#include <gio/gunixfdlist.h>

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define CAMERA "org.freedesktop.portal.Camera"
#define REQUEST "org.freedesktop.portal.Request"

enum
{
  RESPONSE_GRANTED,
  RESPONSE_REFUSED,
};

struct _JnCameraPortal
{
  JnCameraPortalChangedFunc changed;
  gpointer data;
  GCancellable *cancellable;
  GDBusProxy *proxy; /* NULL until it is made, or without a bus */

  /* The open question. */
  JnCameraPortalOpenedFunc opened;
  gpointer opened_data;
  GCancellable *asking; /* NULL: there is none */
  char *handle;
  guint response;
};

/* ---- presence ---- */

static void
on_changed (JnCameraPortal *self)
{
  self->changed (self->data);
}

static void end_question (JnCameraPortal *self, int fd, GError *error);

static void
on_owner_changed (JnCameraPortal *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (self->proxy);

  if (owner == NULL && self->asking != NULL)
    end_question (self, -1,
                  g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "the portal went away"));
  else
    on_changed (self);
}

static void
on_proxy (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusProxy *proxy = g_dbus_proxy_new_for_bus_finish (result, &error);
  JnCameraPortal *self = data;

  if (proxy == NULL)
    return;
  self->proxy = proxy;
  g_signal_connect_swapped (proxy, "g-properties-changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (proxy, "notify::g-name-owner", G_CALLBACK (on_owner_changed), self);
  on_changed (self);
}

gboolean
jn_camera_portal_is_present (JnCameraPortal *self)
{
  g_autoptr (GVariant) present = NULL;
  g_autofree char *owner = NULL;

  if (self->proxy == NULL)
    return FALSE;
  owner = g_dbus_proxy_get_name_owner (self->proxy);
  present = g_dbus_proxy_get_cached_property (self->proxy, "IsCameraPresent");
  return owner != NULL && present != NULL && g_variant_is_of_type (present, G_VARIANT_TYPE_BOOLEAN)
         && g_variant_get_boolean (present);
}

JnCameraPortal *
jn_camera_portal_new (JnCameraPortalChangedFunc changed, gpointer data)
{
  JnCameraPortal *self = g_new0 (JnCameraPortal, 1);

  self->changed = changed;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SESSION, G_DBUS_PROXY_FLAGS_NONE, NULL, PORTAL, PORTAL_PATH,
                            CAMERA, self->cancellable, on_proxy, self);
  return self;
}

/* ---- the question ---- */

static void
stop_listening (JnCameraPortal *self)
{
  if (self->response != 0)
    g_dbus_connection_signal_unsubscribe (g_dbus_proxy_get_connection (self->proxy),
                                          self->response);
  self->response = 0;
}

static void
forget_question (JnCameraPortal *self)
{
  stop_listening (self);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->handle, g_free);
}

/* Takes @error. The callee may open another one, or free the portal. */
static void
end_question (JnCameraPortal *self, int fd, GError *error)
{
  g_autoptr (GError) owned = error;
  JnCameraPortalOpenedFunc opened = self->opened;
  gpointer data = self->opened_data;

  forget_question (self);
  opened (fd, error, data);
}

static void
on_remote (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_with_unix_fd_list_finish (
      G_DBUS_PROXY (source), &descriptors, result, &error);
  gint32 index = -1;
  int fd = -1;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(h)")))
    g_variant_get (answer, "(h)", &index);
  if (descriptors != NULL && index >= 0 && index < g_unix_fd_list_get_length (descriptors))
    fd = g_unix_fd_list_get (descriptors, index, &error);
  if (fd < 0 && error == NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no descriptor came");
  end_question (data, fd, g_steal_pointer (&error));
}

static void
on_response (GDBusConnection *connection, const char *sender, const char *path,
             const char *interface, const char *name, GVariant *parameters, gpointer data)
{
  JnCameraPortal *self = data;
  guint32 response = RESPONSE_REFUSED;

  stop_listening (self);
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    end_question (self, -1,
                  g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a strange response"));
  else if (g_variant_get (parameters, "(u@a{sv})", &response, NULL), response == RESPONSE_GRANTED)
    g_dbus_proxy_call_with_unix_fd_list (self->proxy, "OpenPipeWireRemote",
                                         g_variant_new ("(a{sv})", NULL), G_DBUS_CALL_FLAGS_NONE,
                                         -1, NULL, self->asking, on_remote, self);
  else
    end_question (self, -1,
                  g_error_new (G_IO_ERROR,
                               response == RESPONSE_REFUSED ? G_IO_ERROR_PERMISSION_DENIED
                                                            : G_IO_ERROR_FAILED,
                               "the response is %u", response));
}

static void
listen (JnCameraPortal *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (self->proxy);

  stop_listening (self);
  self->response = g_dbus_connection_signal_subscribe (
      g_dbus_proxy_get_connection (self->proxy), owner, REQUEST, "Response", self->handle, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_response, self, NULL);
}

/* A desktop whose administrator locked cameras answers the call itself with no. */
static GError *
refusal (GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  int code = g_strcmp0 (name, "org.freedesktop.portal.Error.NotAllowed") == 0
                     || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
                 ? G_IO_ERROR_PERMISSION_DENIED
                 : G_IO_ERROR_FAILED;

  g_error_free (error);
  return g_error_new_literal (G_IO_ERROR, code, "the portal did not ask");
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  GError *error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);
  JnCameraPortal *self = data;
  const char *handle;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  if (answer == NULL)
    {
      end_question (self, -1, refusal (error));
      return;
    }
  /* Portals before 0.9 name the request themselves. The response may have come before this answer. */
  if (self->response == 0 || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(o)")))
    return;
  g_variant_get (answer, "(&o)", &handle);
  if (g_str_equal (handle, self->handle))
    return;
  g_free (self->handle);
  self->handle = g_strdup (handle);
  listen (self);
}

/* Where the response will come, known before it is asked for. */
static char *
handle_of (GDBusConnection *connection, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (connection) + 1);

  g_strdelimit (sender, ".", '_');
  return g_strconcat (PORTAL_PATH, "/request/", sender, "/", token, NULL);
}

void
jn_camera_portal_open (JnCameraPortal *self, JnCameraPortalOpenedFunc opened, gpointer data)
{
  g_return_if_fail (jn_camera_portal_is_present (self));
  if (self->asking != NULL)
    return;
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autofree char *token = g_strconcat ("jinnang", guid, NULL);
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  self->opened = opened;
  self->opened_data = data;
  self->asking = g_cancellable_new ();
  self->handle = handle_of (g_dbus_proxy_get_connection (self->proxy), token);
  listen (self);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_dbus_proxy_call (self->proxy, "AccessCamera", g_variant_new ("(a{sv})", &options),
                     G_DBUS_CALL_FLAGS_NONE, -1, self->asking, on_asked, self);
}

void
jn_camera_portal_cancel (JnCameraPortal *self)
{
  if (self->asking == NULL)
    return;
  /* Takes the desktop's question off the screen. */
  if (self->response != 0)
    g_dbus_connection_call (g_dbus_proxy_get_connection (self->proxy), PORTAL, self->handle,
                            REQUEST, "Close", NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                            NULL, NULL);
  forget_question (self);
}

void
jn_camera_portal_free (JnCameraPortal *self)
{
  if (self == NULL)
    return;
  jn_camera_portal_cancel (self);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  if (self->proxy != NULL)
    g_signal_handlers_disconnect_by_data (self->proxy, self);
  g_clear_object (&self->proxy);
  g_free (self);
}
