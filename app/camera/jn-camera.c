#include "jn-camera.h"

#include "jn-camera-portal.h"
#include "jn-camera-stream.h"
#include "jn-error.h"
#include "jn-scanner.h"

/* Cameras warm up for a second or two; longer is no camera. */
#define FIRST_FRAME_MS 8000
#define NEXT_FRAME_MS 5000
/* Between two looks for a code. */
#define LOOK_US (200 * 1000)

struct _JnCamera
{
  GObject parent_instance;

  char *camera_program;
  char *scan_program;
  JnClock *clock;
  JnCameraState state;
  JnCameraTrouble trouble;
  gboolean many;

  JnCameraPortal *portal;
  GCancellable *probing; /* cancelled with the object */
  gboolean probed;
  gboolean usable;

  /* While it is on. */
  JnCameraStream *stream;
  guint patience;
  GCancellable *looking; /* NULL: no look is under way */
  gint64 looked_at;
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MANY,
  N_PROPS
};

enum
{
  SIGNAL_FRAME,
  SIGNAL_CODE,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnCamera, jn_camera, G_TYPE_OBJECT)

static void
set_many (JnCamera *self, gboolean many)
{
  if (self->many == many)
    return;
  self->many = many;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MANY]);
}

static void
advance (JnCamera *self, JnCameraState state, JnCameraTrouble trouble)
{
  if (self->state == state && self->trouble == trouble)
    return;
  self->state = state;
  self->trouble = trouble;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static gboolean
is_present (JnCamera *self)
{
  return self->usable && self->portal != NULL && jn_camera_portal_is_present (self->portal);
}

/* Off, whatever was under way. */
static void
switch_off (JnCamera *self)
{
  if (self->portal != NULL)
    jn_camera_portal_cancel (self->portal);
  g_clear_pointer (&self->stream, jn_camera_stream_free);
  g_clear_handle_id (&self->patience, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  set_many (self, FALSE);
}

static void
fail (JnCamera *self, JnCameraTrouble trouble)
{
  g_autoptr (JnCamera) held = g_object_ref (self);

  switch_off (held);
  advance (held, JN_CAMERA_FAILED, trouble);
}

/* ---- codes ---- */

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = jn_scanner_decode_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_autoptr (JnCamera) self = g_object_ref (data);
  g_clear_object (&self->looking);
  set_many (self, jn_error_is (error, JN_ERROR_PICTURE_MANY_CODES));
  if (text == NULL)
    return;
  jn_camera_stop (self);
  g_signal_emit (self, signals[SIGNAL_CODE], 0, text);
}

static void
look (JnCamera *self, const JnCameraFrame *frame)
{
  gint64 now = jn_clock_get_monotonic (self->clock);

  if (self->looking != NULL || now - self->looked_at < LOOK_US)
    return;
  self->looked_at = now;
  self->looking = g_cancellable_new ();
  g_autoptr (GBytes) picture = jn_scanner_grey_picture (frame->grey, frame->width, frame->height);
  jn_scanner_decode_async (self->scan_program, picture, self->looking, on_looked, self);
}

/* ---- pictures ---- */

static gboolean
on_patience (gpointer data)
{
  JnCamera *self = data;

  self->patience = 0;
  fail (self,
        self->state == JN_CAMERA_SHOWING ? JN_CAMERA_TROUBLE_LOST : JN_CAMERA_TROUBLE_NO_PICTURE);
  return G_SOURCE_REMOVE;
}

static void
wait_for_frame (JnCamera *self, guint milliseconds)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  self->patience = jn_clock_add_timer (self->clock, milliseconds, on_patience, self);
}

static void
on_frame (const JnCameraFrame *frame, gpointer data)
{
  g_autoptr (JnCamera) self = g_object_ref (data);

  wait_for_frame (self, NEXT_FRAME_MS);
  advance (self, JN_CAMERA_SHOWING, JN_CAMERA_TROUBLE_NONE);
  if (self->stream != NULL)
    g_signal_emit (self, signals[SIGNAL_FRAME], 0, frame->pixels, frame->width, frame->height);
  if (self->stream != NULL)
    look (self, frame);
}

static void
on_ended (gpointer data)
{
  JnCamera *self = data;

  fail (self,
        self->state == JN_CAMERA_SHOWING ? JN_CAMERA_TROUBLE_LOST : JN_CAMERA_TROUBLE_NO_PICTURE);
}

/* ---- permission ---- */

static void
on_opened (int fd, const GError *error, gpointer data)
{
  g_autoptr (JnCamera) self = g_object_ref (data);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    advance (self, JN_CAMERA_REFUSED, JN_CAMERA_TROUBLE_NONE);
  else if (fd < 0)
    fail (self, JN_CAMERA_TROUBLE_DESKTOP);
  else
    {
      self->stream =
          jn_camera_stream_new (self->camera_program, fd, self->clock, on_frame, on_ended, self);
      if (self->stream == NULL)
        {
          fail (self, JN_CAMERA_TROUBLE_NO_PICTURE);
          return;
        }
      wait_for_frame (self, FIRST_FRAME_MS);
      advance (self, JN_CAMERA_STARTING, JN_CAMERA_TROUBLE_NONE);
    }
}

void
jn_camera_start (JnCamera *self)
{
  g_return_if_fail (JN_IS_CAMERA (self));
  if (self->state != JN_CAMERA_STOPPED && self->state != JN_CAMERA_REFUSED
      && self->state != JN_CAMERA_FAILED)
    return;
  if (!is_present (self))
    {
      fail (self, JN_CAMERA_TROUBLE_LOST);
      return;
    }
  jn_camera_portal_open (self->portal, on_opened, self);
  advance (self, JN_CAMERA_ASKING, JN_CAMERA_TROUBLE_NONE);
}

void
jn_camera_stop (JnCamera *self)
{
  g_return_if_fail (JN_IS_CAMERA (self));
  g_autoptr (JnCamera) held = g_object_ref (self);

  switch_off (held);
  advance (held, is_present (held) ? JN_CAMERA_STOPPED : JN_CAMERA_ABSENT, JN_CAMERA_TROUBLE_NONE);
}

/* ---- presence ---- */

static void
update_presence (JnCamera *self)
{
  gboolean present = is_present (self);

  if (self->state == JN_CAMERA_ABSENT || self->state == JN_CAMERA_STOPPED)
    advance (self, present ? JN_CAMERA_STOPPED : JN_CAMERA_ABSENT, JN_CAMERA_TROUBLE_NONE);
  else if (!present && (self->state == JN_CAMERA_STARTING || self->state == JN_CAMERA_SHOWING))
    fail (self, JN_CAMERA_TROUBLE_LOST);
}

static void
on_probed (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean usable = jn_camera_stream_probe_finish (result);
  JnCamera *self = data;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->usable = usable;
  update_presence (self);
}

/* Only a computer with a camera is asked what it could do with one. */
static void
on_presence (gpointer data)
{
  JnCamera *self = data;

  if (!self->probed && jn_camera_portal_is_present (self->portal))
    {
      self->probed = TRUE;
      jn_camera_stream_probe_async (self->camera_program, self->probing, on_probed, self);
    }
  update_presence (self);
}

/* ---- the object ---- */

JnCameraState
jn_camera_get_state (JnCamera *self)
{
  g_return_val_if_fail (JN_IS_CAMERA (self), JN_CAMERA_ABSENT);
  return self->state;
}

JnCameraTrouble
jn_camera_get_trouble (JnCamera *self)
{
  g_return_val_if_fail (JN_IS_CAMERA (self), JN_CAMERA_TROUBLE_NONE);
  return self->trouble;
}

gboolean
jn_camera_get_many (JnCamera *self)
{
  g_return_val_if_fail (JN_IS_CAMERA (self), FALSE);
  return self->many;
}

static void
jn_camera_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  JnCamera *self = JN_CAMERA (object);

  if (id == PROP_STATE)
    g_value_set_int (value, self->state);
  else if (id == PROP_MANY)
    g_value_set_boolean (value, self->many);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
jn_camera_dispose (GObject *object)
{
  JnCamera *self = JN_CAMERA (object);

  switch_off (self);
  g_clear_pointer (&self->portal, jn_camera_portal_free);
  g_cancellable_cancel (self->probing);
  G_OBJECT_CLASS (jn_camera_parent_class)->dispose (object);
}

static void
jn_camera_finalize (GObject *object)
{
  JnCamera *self = JN_CAMERA (object);

  g_clear_object (&self->probing);
  g_clear_object (&self->clock);
  g_free (self->camera_program);
  g_free (self->scan_program);
  G_OBJECT_CLASS (jn_camera_parent_class)->finalize (object);
}

static void
jn_camera_class_init (JnCameraClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = jn_camera_get_property;
  object_class->dispose = jn_camera_dispose;
  object_class->finalize = jn_camera_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, JN_CAMERA_ABSENT, JN_CAMERA_FAILED,
                                        JN_CAMERA_ABSENT, flags);
  props[PROP_MANY] = g_param_spec_boolean ("many", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_FRAME] =
      g_signal_new ("frame", JN_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                    G_TYPE_BYTES, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_CODE] = g_signal_new ("code", JN_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
jn_camera_init (JnCamera *self)
{
  self->probing = g_cancellable_new ();
}

JnCamera *
jn_camera_new (const char *camera_program, const char *scan_program, JnClock *clock)
{
  JnCamera *self = g_object_new (JN_TYPE_CAMERA, NULL);

  self->camera_program = g_strdup (camera_program);
  self->scan_program = g_strdup (scan_program);
  self->clock = g_object_ref (clock);
  if (camera_program != NULL && scan_program != NULL)
    self->portal = jn_camera_portal_new (on_presence, self);
  return self;
}
