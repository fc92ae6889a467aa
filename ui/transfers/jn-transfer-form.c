/* The draft lives in the session's JnTransfer; the fields show it and never lose a character of it. */
#include "jn-transfer-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "jn-account-text.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-payee-check-view.h"

/* From here on the amount is also written in capital characters while it is typed. */
#define CAPITAL_FROM G_GINT64_CONSTANT (1000000)
/* More than this at once was not typed. */
#define PASTED_BYTES 6

struct _JnTransferForm
{
  AdwBin parent_instance;

  GtkEditable *text_entry;
  GtkLabel *text_error;
  GtkEditable *name_entry;
  GtkLabel *name_error;
  GtkEditable *account_entry;
  GtkLabel *account_error;
  JnPayeeCheckView *check;
  GtkEditable *amount_entry;
  GtkLabel *amount_error;
  GtkLabel *amount_note;
  GtkEditable *memo_entry;
  GtkWidget *continue_button;

  JnContext *context;
  JnTransfer *transfer;
  GSignalGroup *signals;
  GCancellable *cancellable;
  gboolean showing;    /* fields are being filled from the draft */
  gboolean text_given; /* the text was pasted or entered, not half typed */
  gsize text_length;
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_continued;

G_DEFINE_FINAL_TYPE (JnTransferForm, jn_transfer_form, ADW_TYPE_BIN)

/* ---- from the draft to the fields ---- */

/* The draft trims its texts: a space at the end of what is being typed is no difference. */
static void
show_text (GtkEditable *entry, const char *text)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  g_autofree char *wanted = g_strstrip (g_strdup (text ? text : ""));

  if (!g_str_equal (typed, wanted))
    gtk_editable_set_text (entry, wanted);
}

static gboolean
is_being_typed (GtkEditable *entry)
{
  return gtk_widget_get_state_flags (GTK_WIDGET (entry)) & GTK_STATE_FLAG_FOCUS_WITHIN;
}

static void
show_account (JnTransferForm *self)
{
  const char *account = jn_transfer_get_account (self->transfer);
  g_autofree char *typed = jn_account_text_strip (gtk_editable_get_text (self->account_entry));
  g_autofree char *wanted = jn_account_text_strip (account ? account : "");
  g_autofree char *grouped = jn_account_text_group (account ? account : "");

  if (g_ascii_strcasecmp (typed, wanted) != 0)
    gtk_editable_set_text (self->account_entry, grouped);
}

static void
show_error (GtkLabel *label, GtkEditable *entry, const GError *error)
{
  g_autofree char *text = error ? jn_error_text_dup_field (error, -1) : NULL;

  gtk_label_set_text (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  jn_widget_set_description (GTK_WIDGET (entry), text);
  if (text)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
}

static void
show_amount_note (JnTransferForm *self)
{
  gboolean masked = jn_context_get_masked (self->context);
  const char *typed = jn_transfer_get_amount_text (self->transfer);
  g_autofree char *capital = NULL;
  g_autofree char *available = NULL;
  g_autofree char *text = NULL;
  JnMoney money;

  if (typed && jn_money_parse (typed, jn_context_get_currency (self->context), &money, NULL)
      && money.minor >= CAPITAL_FROM && !masked)
    capital = jn_context_dup_capital_amount (money);
  if (!capital)
    {
      available = jn_format_money (jn_home_get_available (jn_context_get_home (self->context)),
                                   JN_MONEY_FORMAT_PLAIN, masked);
      text = g_strdup_printf (_ ("Available %s"), available);
    }
  gtk_label_set_text (self->amount_note, capital ? capital : text);
}

static void
show_draft (JnTransferForm *self)
{
  if (!self->transfer || self->showing)
    return;
  self->showing = TRUE;
  show_text (self->name_entry, jn_transfer_get_name (self->transfer));
  show_account (self);
  show_text (self->amount_entry, jn_transfer_get_amount_text (self->transfer));
  show_text (self->memo_entry, jn_transfer_get_memo (self->transfer));
  self->showing = FALSE;
  show_error (self->text_error, self->text_entry,
              self->text_given ? jn_transfer_get_text_error (self->transfer) : NULL);
  show_error (self->name_error, self->name_entry,
              is_being_typed (self->name_entry) ? NULL
                                                : jn_transfer_get_name_error (self->transfer));
  show_error (
      self->account_error, self->account_entry,
      is_being_typed (self->account_entry) ? NULL : jn_transfer_get_account_error (self->transfer));
  show_error (self->amount_error, self->amount_entry,
              jn_transfer_get_amount_error (self->transfer));
  show_amount_note (self);
  gtk_widget_set_sensitive (self->continue_button, jn_transfer_is_ready (self->transfer));
}

/* ---- from the fields to the draft ---- */

static void
name_changed_cb (JnTransferForm *self)
{
  if (self->transfer && !self->showing)
    jn_transfer_set_name (self->transfer, gtk_editable_get_text (self->name_entry));
}

static void
account_changed_cb (JnTransferForm *self)
{
  g_autofree char *plain = NULL;

  if (!self->transfer || self->showing)
    return;
  plain = jn_account_text_strip (gtk_editable_get_text (self->account_entry));
  jn_transfer_set_account (self->transfer, plain);
  self->showing = TRUE;
  jn_account_text_tidy (self->account_entry);
  self->showing = FALSE;
}

static void
amount_changed_cb (JnTransferForm *self)
{
  if (self->transfer && !self->showing)
    jn_transfer_set_amount (self->transfer, gtk_editable_get_text (self->amount_entry));
}

static void
memo_changed_cb (JnTransferForm *self)
{
  if (self->transfer && !self->showing)
    jn_transfer_set_memo (self->transfer, gtk_editable_get_text (self->memo_entry));
}

static void
text_changed_cb (JnTransferForm *self)
{
  const char *text = gtk_editable_get_text (self->text_entry);

  if (!self->transfer || self->showing)
    return;
  self->text_given = strlen (text) > self->text_length + PASTED_BYTES;
  self->text_length = strlen (text);
  jn_transfer_set_text (self->transfer, text);
}

static void
text_pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !text)
    return;
  gtk_editable_set_text (JN_TRANSFER_FORM (user_data)->text_entry, text);
}

static void
paste_cb (JnTransferForm *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->cancellable,
                                 text_pasted_cb, self);
}

/* ---- going on ---- */

static gboolean
is_empty (GtkEditable *entry)
{
  return *gtk_editable_get_text (entry) == '\0';
}

/* Enter goes to what is still missing; it never sends. */
static void
next_cb (JnTransferForm *self)
{
  GtkWidget *next = self->continue_button;

  if (is_empty (self->name_entry))
    next = GTK_WIDGET (self->name_entry);
  else if (is_empty (self->account_entry))
    next = GTK_WIDGET (self->account_entry);
  else if (is_empty (self->amount_entry))
    next = GTK_WIDGET (self->amount_entry);
  gtk_widget_grab_focus (next);
}

static void
text_activate_cb (JnTransferForm *self)
{
  self->text_given = *gtk_editable_get_text (self->text_entry) != '\0';
  show_draft (self);
  if (!self->text_given || !jn_transfer_get_text_error (self->transfer))
    next_cb (self);
}

static void
continue_cb (JnTransferForm *self)
{
  if (self->transfer && jn_transfer_is_ready (self->transfer))
    g_signal_emit (self, signal_continued, 0);
}

static void
correct_name_cb (JnTransferForm *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
}

static void
correct_account_cb (JnTransferForm *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->account_entry));
}

void
jn_transfer_form_focus_amount (JnTransferForm *self)
{
  g_return_if_fail (JN_IS_TRANSFER_FORM (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->amount_entry));
}

void
jn_transfer_form_set_transfer (JnTransferForm *self, JnTransfer *transfer)
{
  g_return_if_fail (JN_IS_TRANSFER_FORM (self));
  g_return_if_fail (JN_IS_TRANSFER_DRAFT (transfer));

  g_set_object (&self->transfer, transfer);
  g_signal_group_set_target (self->signals, transfer);
  jn_payee_check_view_set_transfer (self->check, transfer);
  self->showing = TRUE;
  gtk_editable_set_text (self->text_entry, "");
  self->text_given = FALSE;
  self->text_length = 0;
  self->showing = FALSE;
  show_draft (self);
}

/* ---- the object ---- */

/* A field says what is wrong with it when it is left, not while it is half written. */
static void
tell_when_left (JnTransferForm *self, GtkEditable *entry)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (focus, "leave", G_CALLBACK (show_draft), self);
  gtk_widget_add_controller (GTK_WIDGET (entry), focus);
}

static void
jn_transfer_form_constructed (GObject *object)
{
  JnTransferForm *self = JN_TRANSFER_FORM (object);

  G_OBJECT_CLASS (jn_transfer_form_parent_class)->constructed (object);
  tell_when_left (self, self->name_entry);
  tell_when_left (self, self->account_entry);
  g_signal_connect_object (self->context, "notify::masked", G_CALLBACK (show_draft), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (jn_context_get_home (self->context), "changed", G_CALLBACK (show_draft),
                           self, G_CONNECT_SWAPPED);
}

static void
jn_transfer_form_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_TRANSFER_FORM (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_transfer_form_dispose (GObject *object)
{
  JnTransferForm *self = JN_TRANSFER_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->signals)
    g_signal_group_set_target (self->signals, NULL);
  g_clear_object (&self->signals);
  g_clear_object (&self->transfer);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_TRANSFER_FORM);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_transfer_form_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  g_type_ensure (JN_TYPE_PAYEE_CHECK_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/jinnang/Wallet/ui/transfers/jn-transfer-form.ui");
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, text_entry);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, text_error);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, name_entry);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, name_error);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, account_entry);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, account_error);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, check);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, amount_entry);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, amount_error);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, amount_note);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, memo_entry);
  gtk_widget_class_bind_template_child (widget_class, JnTransferForm, continue_button);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, account_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, amount_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, memo_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_callback (widget_class, correct_name_cb);
  gtk_widget_class_bind_template_callback (widget_class, correct_account_cb);
}

static void
jn_transfer_form_class_init (JnTransferFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = jn_transfer_form_constructed;
  object_class->set_property = jn_transfer_form_set_property;
  object_class->dispose = jn_transfer_form_dispose;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_continued = g_signal_new ("continued", JN_TYPE_TRANSFER_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  bind_children (GTK_WIDGET_CLASS (klass));
}

static void
jn_transfer_form_init (JnTransferForm *self)
{
  self->cancellable = g_cancellable_new ();
  self->signals = g_signal_group_new (JN_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (show_draft), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_transfer_form_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_TRANSFER_FORM, "context", context, NULL);
}
