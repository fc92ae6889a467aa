/* Pictures come in as raw bytes, never as decoded textures: whoever made them is a stranger, and only the decoder, in
 * its own confined process, opens them. */
#include "jn-code-input.h"

#include <glib/gi18n.h>

#include "jn-error-text.h"
#include "jn-error.h"
#include "jn-picture-bytes.h"

struct _JnCodeInput
{
  AdwBin parent_instance;

  GtkWidget *camera_button;
  GtkWidget *drop_area;
  GtkStack *drop_icon;
  GtkSpinner *spinner;
  GtkLabel *drop_title;
  GtkWidget *drop_hint;
  GtkWidget *error_box;
  GtkLabel *error_label;
  GtkEditable *code_entry;
  GtkWidget *code_button;

  GtkFileChooserNative *chooser;
  GCancellable *cancellable;
  gboolean busy;
};

enum
{
  SIGNAL_PICTURE,
  SIGNAL_CODE,
  SIGNAL_CAMERA,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnCodeInput, jn_code_input, ADW_TYPE_BIN)

/* What a picture may come as. */
static const char *const picture_types[] = { "image/png", "image/jpeg", "image/webp", "image/bmp",
                                             "image/gif", "image/tiff", NULL };

/* ---- what was given ---- */

static void
give_code (JnCodeInput *self, const char *text)
{
  g_autofree char *code = g_strstrip (g_strdup (text));

  if (*code)
    g_signal_emit (self, signals[SIGNAL_CODE], 0, code);
}

static void
picture_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = jn_picture_bytes_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bytes)
    g_signal_emit (user_data, signals[SIGNAL_PICTURE], 0, bytes);
  else
    jn_code_input_set_error (user_data, error);
}

static void
give_file (JnCodeInput *self, GFile *file)
{
  jn_picture_bytes_from_file_async (file, self->cancellable, picture_read_cb, self);
}

static void
give_stream (JnCodeInput *self, GInputStream *stream)
{
  jn_picture_bytes_from_stream_async (stream, self->cancellable, picture_read_cb, self);
}

static void
say_nothing_there (JnCodeInput *self)
{
  g_autoptr (GError) error = g_error_new_literal (JN_ERROR, JN_ERROR_PICTURE_NO_CODE, "nothing");

  jn_code_input_set_error (self, error);
}

/* ---- drop ---- */

static void
drop_stream_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = gdk_drop_read_finish (GDK_DROP (source), result, NULL, &error);

  gdk_drop_finish (GDK_DROP (source), stream ? GDK_ACTION_COPY : 0);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (stream)
    give_stream (user_data, stream);
  else
    say_nothing_there (user_data);
}

static void
drop_value_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_drop_read_value_finish (GDK_DROP (source), result, &error);
  GSList *files;

  gdk_drop_finish (GDK_DROP (source), value ? GDK_ACTION_COPY : 0);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!value)
    say_nothing_there (user_data);
  else if (G_VALUE_HOLDS_STRING (value))
    give_code (user_data, g_value_get_string (value));
  else if ((files = g_value_get_boxed (value)))
    give_file (user_data, files->data);
}

static gboolean
drop_cb (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y, JnCodeInput *self)
{
  GdkContentFormats *formats = gdk_drop_get_formats (drop);
  g_autoptr (GdkContentFormats) pictures =
      gdk_content_formats_new ((const char **) picture_types, G_N_ELEMENTS (picture_types) - 1);

  gtk_widget_remove_css_class (self->drop_area, "drop-over");
  if (self->busy)
    return FALSE;
  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST)
      || gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    gdk_drop_read_value_async (drop, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, self->cancellable,
                               drop_value_cb, self);
  else if (gdk_content_formats_match (formats, pictures))
    gdk_drop_read_async (drop, (const char **) picture_types, G_PRIORITY_DEFAULT, self->cancellable,
                         drop_stream_cb, self);
  else
    gdk_drop_read_value_async (drop, G_TYPE_STRING, G_PRIORITY_DEFAULT, self->cancellable,
                               drop_value_cb, self);
  return TRUE;
}

static GdkDragAction
drag_enter_cb (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y, JnCodeInput *self)
{
  gtk_widget_add_css_class (self->drop_area, "drop-over");
  return GDK_ACTION_COPY;
}

static void
drag_leave_cb (GtkDropTargetAsync *target, GdkDrop *drop, JnCodeInput *self)
{
  gtk_widget_remove_css_class (self->drop_area, "drop-over");
}

static void
accept_drops (JnCodeInput *self)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();
  GtkDropTargetAsync *target;

  gdk_content_formats_builder_add_gtype (builder, GDK_TYPE_FILE_LIST);
  gdk_content_formats_builder_add_gtype (builder, G_TYPE_STRING);
  for (guint i = 0; picture_types[i]; i++)
    gdk_content_formats_builder_add_mime_type (builder, picture_types[i]);
  target = gtk_drop_target_async_new (gdk_content_formats_union_deserialize_mime_types (
                                          gdk_content_formats_builder_free_to_formats (builder)),
                                      GDK_ACTION_COPY);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect (target, "drag-enter", G_CALLBACK (drag_enter_cb), self);
  g_signal_connect (target, "drag-leave", G_CALLBACK (drag_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- paste ---- */

static void
paste_stream_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
      gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (stream)
    give_stream (user_data, stream);
  else
    say_nothing_there (user_data);
}

static void
paste_files_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);
  GSList *files = value ? g_value_get_boxed (value) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (files)
    give_file (user_data, files->data);
  else
    say_nothing_there (user_data);
}

static void
paste_text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (text)
    give_code (user_data, text);
  else
    say_nothing_there (user_data);
}

void
jn_code_input_paste (JnCodeInput *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  g_autoptr (GdkContentFormats) pictures =
      gdk_content_formats_new ((const char **) picture_types, G_N_ELEMENTS (picture_types) - 1);

  if (self->busy)
    return;
  if (gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT,
                                    self->cancellable, paste_files_cb, self);
  else if (gdk_content_formats_match (formats, pictures))
    gdk_clipboard_read_async (clipboard, (const char **) picture_types, G_PRIORITY_DEFAULT,
                              self->cancellable, paste_stream_cb, self);
  else
    gdk_clipboard_read_text_async (clipboard, self->cancellable, paste_text_cb, self);
}

static void
paste_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  jn_code_input_paste (JN_CODE_INPUT (widget));
}

/* ---- choose ---- */

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, JnCodeInput *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file)
    give_file (self, file);
  g_clear_object (&self->chooser);
}

static void
choose_file_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  jn_code_input_choose_file (JN_CODE_INPUT (widget));
}

void
jn_code_input_choose_file (JnCodeInput *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkRoot *root;

  g_return_if_fail (JN_IS_CODE_INPUT (self));
  if (self->busy || self->chooser)
    return;
  root = gtk_widget_get_root (GTK_WIDGET (self));
  self->chooser = gtk_file_chooser_native_new (
      _ ("Picture of a payment code"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Use picture"), _ ("_Cancel"));
  gtk_file_filter_set_name (filter, _ ("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- type ---- */

static void
submit_code_cb (JnCodeInput *self)
{
  if (!self->busy)
    give_code (self, gtk_editable_get_text (self->code_entry));
}

static void
code_changed_cb (JnCodeInput *self)
{
  const char *text = gtk_editable_get_text (self->code_entry);

  gtk_widget_set_sensitive (self->code_button, *text && !self->busy);
}

void
jn_code_input_type (JnCodeInput *self)
{
  g_return_if_fail (JN_IS_CODE_INPUT (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->code_entry));
}

/* ---- scan ---- */

static void
camera_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!JN_CODE_INPUT (widget)->busy)
    g_signal_emit (widget, signals[SIGNAL_CAMERA], 0);
}

void
jn_code_input_offer_camera (JnCodeInput *self, gboolean offer)
{
  g_return_if_fail (JN_IS_CODE_INPUT (self));
  gtk_widget_set_visible (self->camera_button, offer);
}

/* ---- what is shown ---- */

void
jn_code_input_set_error (JnCodeInput *self, const GError *error)
{
  g_autofree char *text = error ? jn_error_text_dup (error) : NULL;

  jn_code_input_set_error_text (self, text);
}

void
jn_code_input_set_error_text (JnCodeInput *self, const char *text)
{
  g_return_if_fail (JN_IS_CODE_INPUT (self));
  gtk_label_set_text (self->error_label, text ? text : "");
  gtk_widget_set_visible (self->error_box, text != NULL);
}

void
jn_code_input_set_busy (JnCodeInput *self, const char *doing)
{
  g_return_if_fail (JN_IS_CODE_INPUT (self));
  self->busy = doing != NULL;
  gtk_stack_set_visible_child_name (self->drop_icon, doing ? "busy" : "still");
  gtk_spinner_set_spinning (self->spinner, doing != NULL);
  gtk_label_set_text (self->drop_title, doing ? doing : _ ("Drop a picture of the code here"));
  gtk_widget_set_visible (self->drop_hint, doing == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "code.choose-file", !self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "code.paste", !self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "code.scan", !self->busy);
  code_changed_cb (self);
}

void
jn_code_input_clear (JnCodeInput *self)
{
  g_return_if_fail (JN_IS_CODE_INPUT (self));
  gtk_editable_set_text (self->code_entry, "");
  jn_code_input_set_error (self, NULL);
}

static void
jn_code_input_dispose (GObject *object)
{
  JnCodeInput *self = JN_CODE_INPUT (object);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_CODE_INPUT);
  G_OBJECT_CLASS (jn_code_input_parent_class)->dispose (object);
}

static void
jn_code_input_finalize (GObject *object)
{
  g_clear_object (&JN_CODE_INPUT (object)->cancellable);
  G_OBJECT_CLASS (jn_code_input_parent_class)->finalize (object);
}

static void
jn_code_input_class_init (JnCodeInputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = jn_code_input_dispose;
  object_class->finalize = jn_code_input_finalize;

  signals[SIGNAL_PICTURE] = g_signal_new ("picture", JN_TYPE_CODE_INPUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_CODE] = g_signal_new ("code", JN_TYPE_CODE_INPUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CAMERA] = g_signal_new ("camera", JN_TYPE_CODE_INPUT, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "code.scan", NULL, camera_cb);
  gtk_widget_class_install_action (widget_class, "code.paste", NULL, paste_cb);
  gtk_widget_class_install_action (widget_class, "code.choose-file", NULL, choose_file_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "code.paste",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_SHIFT_MASK, "code.paste",
                                       NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-code-input.ui");
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, camera_button);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, drop_area);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, drop_icon);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, spinner);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, drop_title);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, drop_hint);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, error_box);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, error_label);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, code_entry);
  gtk_widget_class_bind_template_child (widget_class, JnCodeInput, code_button);
  gtk_widget_class_bind_template_callback (widget_class, submit_code_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
}

static void
jn_code_input_init (JnCodeInput *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  accept_drops (self);
}
