/* Pictures of the camera from jinnang-camera: a process of its own, so that neither GStreamer nor what a camera sends is ever in the one
 * that holds the keys, and so that the camera is off for sure when the process is gone. Main thread; nothing waits. */
#pragma once

#include <gio/gio.h>
#include "jn-clock.h"

G_BEGIN_DECLS

typedef struct
{
  guint width;
  guint height;
  GBytes *pixels; /* B, G, R, 255 each, row after row without gaps */
  GBytes *grey;   /* one byte a pixel, 0 black */
} JnCameraFrame;

typedef struct _JnCameraStream JnCameraStream;

/* @frame is borrowed. */
typedef void (*JnCameraStreamFrameFunc) (const JnCameraFrame *frame, gpointer data);
/* No more frames come: the camera went, the process ended, or it said what it must not say. Called once. */
typedef void (*JnCameraStreamEndedFunc) (gpointer data);

/* Starts @program on the PipeWire remote @fd, which is taken. NULL when it does not start. At most twenty frames a second come, the newest
 * each time. Both functions may free the stream. */
JnCameraStream *jn_camera_stream_new (const char *program, int fd, JnClock *clock,
                                      JnCameraStreamFrameFunc frame, JnCameraStreamEndedFunc ended,
                                      gpointer data);
/* Ends the process; no callback afterwards. */
void jn_camera_stream_free (JnCameraStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnCameraStream, jn_camera_stream_free)

/* Whether @program can read cameras: asks it. FALSE when GStreamer's plugins are missing. The callback's result goes to _finish. */
void jn_camera_stream_probe_async (const char *program, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data);
gboolean jn_camera_stream_probe_finish (GAsyncResult *result);

G_END_DECLS
