#include "jn-camera-view.h"

#include <glib/gi18n.h>

#include "jn-open-page.h"
#include "jn-viewfinder.h"

struct _JnCameraView
{
  AdwBin parent_instance;

  GtkStack *stack;
  JnViewfinder *viewfinder;
  GtkLabel *sentence;
  GtkWidget *cancel_button;
  GtkLabel *trouble_title;
  GtkLabel *trouble_meaning;
  GtkLabel *trouble_help;
  GtkWidget *retry_button;

  JnCamera *camera;
  GdkSurface *surface; /* while it is on the screen */
};

enum
{
  SIGNAL_CODE,
  SIGNAL_OTHER_WAY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnCameraView, jn_camera_view, ADW_TYPE_BIN)

/* ---- what is said ---- */

static const char *
sentence_of (JnCameraView *self)
{
  switch (jn_camera_get_state (self->camera))
    {
    case JN_CAMERA_ASKING:
      return _ ("Your system asks whether Jinnang may use the camera. Please answer there.");
    case JN_CAMERA_STARTING:
      return _ ("Starting the camera…");
    case JN_CAMERA_SHOWING:
      return jn_camera_get_many (self->camera)
                 ? _ ("There is more than one code. Show only the one you want to pay.")
                 : _ ("Hold the payment code in front of the camera. It is read by itself.");
    case JN_CAMERA_ABSENT:
    case JN_CAMERA_STOPPED:
    case JN_CAMERA_REFUSED:
    case JN_CAMERA_FAILED:
    default:
      return "";
    }
}

typedef struct
{
  const char *title;
  const char *meaning;
  const char *help;
} Words;

static const Words refused = {
  N_ ("The camera was refused"),
  N_ ("Jinnang may not use the camera and sees nothing. Nothing was paid."),
  N_ ("To allow it, open your system’s settings, find Jinnang under Apps or Privacy, and switch "
      "the "
      "camera on. Then try again."),
};

static const Words troubles[] = {
  [JN_CAMERA_TROUBLE_DESKTOP] = { N_ ("Your system did not answer about the camera"),
                                  N_ ("The camera stays off. Nothing was paid."),
                                  N_ ("Try again, or use the code in another way.") },
  [JN_CAMERA_TROUBLE_NO_PICTURE] = { N_ ("The camera shows no picture"),
                                     N_ ("The camera is off again. Nothing was paid."),
                                     N_ ("Another program may be using it, or its switch is off. "
                                         "Close that "
                                         "program, and try again.") },
  [JN_CAMERA_TROUBLE_LOST] = { N_ ("The camera is gone"),
                               N_ ("It stopped sending pictures. Nothing was paid."),
                               N_ ("Plug it in again if it came loose, and try again.") },
};

static void
show_words (JnCameraView *self, const Words *words)
{
  gtk_label_set_text (self->trouble_title, _ (words->title));
  gtk_label_set_text (self->trouble_meaning, _ (words->meaning));
  gtk_label_set_text (self->trouble_help, _ (words->help));
  gtk_stack_set_visible_child_name (self->stack, "trouble");
  gtk_widget_grab_focus (self->retry_button);
}

static void
update (JnCameraView *self)
{
  JnCameraState state = jn_camera_get_state (self->camera);

  if (state == JN_CAMERA_REFUSED)
    show_words (self, &refused);
  else if (state == JN_CAMERA_FAILED)
    show_words (self, &troubles[jn_camera_get_trouble (self->camera)]);
  else
    {
      gtk_stack_set_visible_child_name (self->stack, "view");
      gtk_label_set_text (self->sentence, sentence_of (self));
    }
  if (state != JN_CAMERA_SHOWING)
    jn_viewfinder_show (self->viewfinder, NULL, 0, 0);
}

static void
frame_cb (JnCameraView *self, GBytes *pixels, guint width, guint height)
{
  jn_viewfinder_show (self->viewfinder, pixels, width, height);
}

static void
code_cb (JnCameraView *self, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_CODE], 0, text);
}

/* ---- what the customer does ---- */

static void
leave (JnCameraView *self, JnOtherWay way)
{
  jn_camera_stop (self->camera);
  g_signal_emit (self, signals[SIGNAL_OTHER_WAY], 0, way);
}

static void
cancel_cb (JnCameraView *self)
{
  leave (self, JN_OTHER_WAY_NONE);
}

static void
file_cb (JnCameraView *self)
{
  leave (self, JN_OTHER_WAY_FILE);
}

static void
paste_cb (JnCameraView *self)
{
  leave (self, JN_OTHER_WAY_PASTE);
}

static void
type_cb (JnCameraView *self)
{
  leave (self, JN_OTHER_WAY_TYPE);
}

static void
retry_cb (JnCameraView *self)
{
  jn_camera_start (self->camera);
  if (jn_camera_get_state (self->camera) == JN_CAMERA_ASKING)
    gtk_widget_grab_focus (self->cancel_button);
}

/* ---- on the screen ---- */

static void
surface_state_cb (JnCameraView *self)
{
  if (gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface)) & GDK_TOPLEVEL_STATE_MINIMIZED)
    cancel_cb (self);
}

static void
jn_camera_view_map (GtkWidget *widget)
{
  JnCameraView *self = JN_CAMERA_VIEW (widget);
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));

  GTK_WIDGET_CLASS (jn_camera_view_parent_class)->map (widget);
  if (!GDK_IS_TOPLEVEL (surface))
    return;
  g_set_object (&self->surface, surface);
  g_signal_connect_object (surface, "notify::state", G_CALLBACK (surface_state_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
jn_camera_view_unmap (GtkWidget *widget)
{
  JnCameraView *self = JN_CAMERA_VIEW (widget);

  jn_camera_stop (self->camera);
  if (self->surface)
    g_signal_handlers_disconnect_by_data (self->surface, self);
  g_clear_object (&self->surface);
  GTK_WIDGET_CLASS (jn_camera_view_parent_class)->unmap (widget);
}

static gboolean
jn_camera_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (JN_CAMERA_VIEW (widget)->cancel_button);
}

/* ---- the object ---- */

static void
jn_camera_view_dispose (GObject *object)
{
  JnCameraView *self = JN_CAMERA_VIEW (object);

  if (self->camera)
    jn_camera_stop (self->camera);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_CAMERA_VIEW);
  G_OBJECT_CLASS (jn_camera_view_parent_class)->dispose (object);
}

static void
jn_camera_view_finalize (GObject *object)
{
  g_clear_object (&JN_CAMERA_VIEW (object)->camera);
  G_OBJECT_CLASS (jn_camera_view_parent_class)->finalize (object);
}

static void
jn_camera_view_class_init (JnCameraViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = jn_camera_view_dispose;
  object_class->finalize = jn_camera_view_finalize;
  widget_class->map = jn_camera_view_map;
  widget_class->unmap = jn_camera_view_unmap;
  widget_class->grab_focus = jn_camera_view_grab_focus;

  signals[SIGNAL_CODE] = g_signal_new ("code", JN_TYPE_CAMERA_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OTHER_WAY] = g_signal_new ("other-way", JN_TYPE_CAMERA_VIEW, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  g_type_ensure (JN_TYPE_VIEWFINDER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-camera-view.ui");
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, stack);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, viewfinder);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, sentence);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, trouble_title);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, trouble_meaning);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, trouble_help);
  gtk_widget_class_bind_template_child (widget_class, JnCameraView, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, file_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, type_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
jn_camera_view_init (JnCameraView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  jn_stack_present_open_page (self->stack);
}

GtkWidget *
jn_camera_view_new (JnCamera *camera)
{
  JnCameraView *self = g_object_new (JN_TYPE_CAMERA_VIEW, NULL);

  self->camera = g_object_ref (camera);
  g_signal_connect_object (camera, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (camera, "notify::many", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (camera, "frame", G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (camera, "code", G_CALLBACK (code_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
