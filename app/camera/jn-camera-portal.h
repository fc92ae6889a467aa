/* The desktop's word on cameras: org.freedesktop.portal.Camera. Main thread; nothing waits. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _JnCameraPortal JnCameraPortal;

typedef void (*JnCameraPortalChangedFunc) (gpointer data);
/* @fd: a PipeWire remote, now the callee's, or -1 with @error: G_IO_ERROR_PERMISSION_DENIED when the customer or the system says no. Borrowed. */
typedef void (*JnCameraPortalOpenedFunc) (int fd, const GError *error, gpointer data);

/* Looks for the portal on the session bus, and goes on looking. @changed is called when jn_camera_portal_is_present() may answer otherwise. */
JnCameraPortal *jn_camera_portal_new (JnCameraPortalChangedFunc changed, gpointer data);
/* No callback afterwards; a question that is open is taken back. */
void jn_camera_portal_free (JnCameraPortal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnCameraPortal, jn_camera_portal_free)

/* FALSE when there is no portal, no camera, or it is not known yet. */
gboolean jn_camera_portal_is_present (JnCameraPortal *self);

/* Asks for the camera; the desktop may ask the customer. @opened is called once, never from within this call, unless it is cancelled. One
 * question at a time: while one is open this does nothing. */
void jn_camera_portal_open (JnCameraPortal *self, JnCameraPortalOpenedFunc opened, gpointer data);
void jn_camera_portal_cancel (JnCameraPortal *self);

G_END_DECLS
