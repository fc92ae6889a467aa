#include "jn-pin-entry.h"

#include "jn-format.h"
#include "jn-secret.h"

#include <glib/gi18n.h>
#include <string.h>

#define REFUSED_MS 700

struct _JnPinEntry
{
  GtkWidget parent_instance;
  GtkWidget *boxes[JN_PIN_LENGTH];
  GCancellable *cancellable;
  JnSecret *digits;
  guint n_digits;
  guint refused_source;
  gboolean secret;
};

enum
{
  PROP_N_DIGITS = 1,
  N_PROPS
};

enum
{
  CHANGED,
  COMPLETE,
  SUBMIT,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnPinEntry, jn_pin_entry, GTK_TYPE_WIDGET)

static void
draw_boxes (JnPinEntry *self)
{
  const char *digits = jn_pin_entry_peek (self);
  g_autofree char *said = NULL;

  for (guint i = 0; i < JN_PIN_LENGTH; i++)
    {
      GtkWidget *box = self->boxes[i];
      char digit[2] = { i < self->n_digits ? digits[i] : '\0', '\0' };

      gtk_label_set_text (GTK_LABEL (box), digit[0] == '\0' ? "" : self->secret ? "●" : digit);
      if (i < self->n_digits)
        gtk_widget_add_css_class (box, "filled");
      else
        gtk_widget_remove_css_class (box, "filled");
      if (i == MIN (self->n_digits, JN_PIN_LENGTH - 1))
        gtk_widget_add_css_class (box, "current");
      else
        gtk_widget_remove_css_class (box, "current");
      explicit_bzero (digit, sizeof digit);
    }
  said = g_strdup_printf (_ ("%1$u of %2$u digits"), self->n_digits, (guint) JN_PIN_LENGTH);
  jn_widget_set_description (GTK_WIDGET (self), said);
}

/* Takes over the first @length characters of @buffer and wipes it. */
static void
take (JnPinEntry *self, char *buffer, guint length)
{
  guint before = self->n_digits;

  g_clear_pointer (&self->digits, jn_secret_unref);
  if (length > 0)
    self->digits = jn_secret_new (buffer, length);
  explicit_bzero (buffer, JN_PIN_LENGTH + 1);
  self->n_digits = length;
  draw_boxes (self);
  if (before == length)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_DIGITS]);
  g_signal_emit (self, signals[CHANGED], 0);
  if (length == JN_PIN_LENGTH)
    g_signal_emit (self, signals[COMPLETE], 0);
}

static void
end_refusal (JnPinEntry *self)
{
  g_clear_handle_id (&self->refused_source, g_source_remove);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "refused");
}

static gboolean
on_refusal_over (gpointer data)
{
  JnPinEntry *self = data;

  self->refused_source = 0;
  gtk_widget_remove_css_class (GTK_WIDGET (self), "refused");
  return G_SOURCE_REMOVE;
}

static void
remove_last (JnPinEntry *self)
{
  char buffer[JN_PIN_LENGTH + 1] = "";

  if (self->n_digits == 0)
    return;
  memcpy (buffer, jn_pin_entry_peek (self), self->n_digits - 1);
  take (self, buffer, self->n_digits - 1);
}

static int
digit_of (gunichar c)
{
  int value = g_unichar_digit_value (c);

  return c < 0x80 || (c >= 0xFF10 && c <= 0xFF19) ? value : -1;
}

static void
on_pasted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (error != NULL || text == NULL)
    return;
  jn_pin_entry_insert (JN_PIN_ENTRY (data), text);
  explicit_bzero (text, strlen (text));
}

static void
on_paste (GtkWidget *widget, const char *action, GVariant *parameter)
{
  JnPinEntry *self = JN_PIN_ENTRY (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->cancellable, on_pasted,
                                 self);
}

static gboolean
on_key_pressed (JnPinEntry *self, guint keyval, guint keycode, GdkModifierType state)
{
  char text[2] = { 0 };
  int digit = digit_of (gdk_keyval_to_unicode (keyval));

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  if (digit < 0 && keyval >= GDK_KEY_KP_0 && keyval <= GDK_KEY_KP_9)
    digit = (int) (keyval - GDK_KEY_KP_0);
  if (digit >= 0)
    {
      text[0] = (char) ('0' + digit);
      jn_pin_entry_insert (self, text);
      explicit_bzero (text, sizeof text);
      return TRUE;
    }
  if (keyval == GDK_KEY_BackSpace || keyval == GDK_KEY_Delete)
    {
      remove_last (self);
      return TRUE;
    }
  if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) && jn_pin_entry_is_complete (self))
    {
      g_signal_emit (self, signals[SUBMIT], 0);
      return TRUE;
    }
  return FALSE;
}

static void
on_pressed (JnPinEntry *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
jn_pin_entry_unmap (GtkWidget *widget)
{
  jn_pin_entry_clear (JN_PIN_ENTRY (widget));
  GTK_WIDGET_CLASS (jn_pin_entry_parent_class)->unmap (widget);
}

static void
jn_pin_entry_dispose (GObject *object)
{
  JnPinEntry *self = JN_PIN_ENTRY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->refused_source, g_source_remove);
  g_clear_pointer (&self->digits, jn_secret_unref);
  self->n_digits = 0;
  for (guint i = 0; i < JN_PIN_LENGTH; i++)
    g_clear_pointer (&self->boxes[i], gtk_widget_unparent);
  G_OBJECT_CLASS (jn_pin_entry_parent_class)->dispose (object);
}

static void
jn_pin_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_uint (value, JN_PIN_ENTRY (object)->n_digits);
}

static void
jn_pin_entry_class_init (JnPinEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = jn_pin_entry_dispose;
  object_class->get_property = jn_pin_entry_get_property;
  widget_class->unmap = jn_pin_entry_unmap;
  props[PROP_N_DIGITS] = g_param_spec_uint ("n-digits", NULL, NULL, 0, JN_PIN_LENGTH, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", JN_TYPE_PIN_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[COMPLETE] = g_signal_new ("complete", JN_TYPE_PIN_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  signals[SUBMIT] = g_signal_new ("submit", JN_TYPE_PIN_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "pin.paste", NULL, on_paste);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "pin.paste",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_SHIFT_MASK, "pin.paste",
                                       NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "pinentry");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TEXT_BOX);
}

static void
jn_pin_entry_init (JnPinEntry *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->cancellable = g_cancellable_new ();
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  /* Digits keep their order in every script. */
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  gtk_widget_set_cursor_from_name (widget, "text");
  for (guint i = 0; i < JN_PIN_LENGTH; i++)
    {
      self->boxes[i] =
          g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
      gtk_widget_add_css_class (self->boxes[i], "pin-box");
      gtk_widget_set_parent (self->boxes[i], widget);
    }
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
jn_pin_entry_new (gboolean secret, const char *name)
{
  JnPinEntry *self = g_object_new (JN_TYPE_PIN_ENTRY, NULL);

  self->secret = secret;
  jn_widget_set_name (GTK_WIDGET (self), name);
  draw_boxes (self);
  return GTK_WIDGET (self);
}

gboolean
jn_pin_entry_is_secret (JnPinEntry *self)
{
  g_return_val_if_fail (JN_IS_PIN_ENTRY (self), TRUE);
  return self->secret;
}

gboolean
jn_pin_entry_is_complete (JnPinEntry *self)
{
  return jn_pin_entry_get_n_digits (self) == JN_PIN_LENGTH;
}

guint
jn_pin_entry_get_n_digits (JnPinEntry *self)
{
  g_return_val_if_fail (JN_IS_PIN_ENTRY (self), 0);
  return self->n_digits;
}

const char *
jn_pin_entry_peek (JnPinEntry *self)
{
  gsize length;

  g_return_val_if_fail (JN_IS_PIN_ENTRY (self), "");
  return self->digits ? (const char *) jn_secret_get (self->digits, &length) : "";
}

void
jn_pin_entry_insert (JnPinEntry *self, const char *text)
{
  char buffer[JN_PIN_LENGTH + 1] = "";
  guint length;

  g_return_if_fail (JN_IS_PIN_ENTRY (self));
  length = self->n_digits;
  memcpy (buffer, jn_pin_entry_peek (self), length);
  for (const char *p = text; *p && length < JN_PIN_LENGTH; p = g_utf8_next_char (p))
    {
      int digit = digit_of (g_utf8_get_char (p));
      if (digit >= 0)
        buffer[length++] = (char) ('0' + digit);
    }
  end_refusal (self);
  take (self, buffer, length);
}

void
jn_pin_entry_clear (JnPinEntry *self)
{
  char buffer[JN_PIN_LENGTH + 1] = "";

  g_return_if_fail (JN_IS_PIN_ENTRY (self));
  take (self, buffer, 0);
}

void
jn_pin_entry_refuse (JnPinEntry *self)
{
  g_return_if_fail (JN_IS_PIN_ENTRY (self));
  end_refusal (self);
  jn_pin_entry_clear (self);
  gtk_widget_add_css_class (GTK_WIDGET (self), "refused");
  self->refused_source = g_timeout_add (REFUSED_MS, on_refusal_over, self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}
