/* Four answers that must never look alike: they belong together, nearly, not at all, and nobody can say. */
#include "jn-payee-check-view.h"

#include <glib/gi18n.h>

#include "jn-card.h"
#include "jn-format.h"

struct _JnPayeeCheckView
{
  AdwBin parent_instance;

  GtkWidget *box;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *label;
  GtkWidget *choices;

  JnTransfer *transfer;
  GSignalGroup *signals;
  gboolean accepted;
};

enum
{
  SIGNAL_CORRECT_NAME,
  SIGNAL_CORRECT_ACCOUNT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnPayeeCheckView, jn_payee_check_view, ADW_TYPE_BIN)

static char *
dup_match (JnTransfer *transfer)
{
  const char *bank = jn_transfer_get_bank (transfer, jn_format_is_chinese ());

  if (bank && jn_transfer_is_known (transfer))
    return g_strdup_printf (_ ("Name and account belong together · %s · paid before"), bank);
  if (bank)
    return g_strdup_printf (_ ("Name and account belong together · %s"), bank);
  return g_strdup (_ ("Name and account belong together"));
}

static char *
dup_text (JnTransfer *transfer, gboolean accepted)
{
  const char *registered = jn_transfer_get_registered_name (transfer);

  switch (jn_transfer_get_check (transfer))
    {
    case JN_PAYEE_CHECKING:
      return g_strdup (_ ("Checking name and account…"));
    case JN_PAYEE_MATCH:
      return dup_match (transfer);
    case JN_PAYEE_CLOSE:
      return g_strdup_printf (
          _ ("Nearly: the account is registered to %s. Go on only if that is who you mean."),
          registered ? registered : "");
    case JN_PAYEE_NO_MATCH:
      if (accepted)
        return g_strdup (_ ("Name and account do not belong together. You chose to go on."));
      return registered
                 ? g_strdup_printf (_ ("Name and account do not belong together. The account is "
                                       "registered to %s."),
                                    registered)
                 : g_strdup (_ ("Name and account do not belong together."));
    case JN_PAYEE_CANNOT_CHECK:
      return g_strdup (_ ("The other bank cannot check names. Compare the number with care."));
    case JN_PAYEE_UNCHECKED:
    default:
      return NULL;
    }
}

static void
set_tone (JnPayeeCheckView *self, JnPayeeCheck check)
{
  gtk_widget_remove_css_class (self->box, "match");
  gtk_widget_remove_css_class (self->box, "care");
  if (check == JN_PAYEE_MATCH)
    gtk_widget_add_css_class (self->box, "match");
  else if (check != JN_PAYEE_CHECKING && check != JN_PAYEE_UNCHECKED)
    gtk_widget_add_css_class (self->box, "care");
  gtk_image_set_from_icon_name (self->icon, check == JN_PAYEE_MATCH ? "object-select-symbolic"
                                                                    : "dialog-warning-symbolic");
}

static void
update (JnPayeeCheckView *self)
{
  JnPayeeCheck check = self->transfer ? jn_transfer_get_check (self->transfer) : JN_PAYEE_UNCHECKED;
  g_autofree char *text = NULL;

  if (check != JN_PAYEE_NO_MATCH)
    self->accepted = FALSE;
  text = self->transfer ? dup_text (self->transfer, self->accepted) : NULL;
  gtk_widget_set_visible (self->box, text != NULL);
  gtk_label_set_text (self->label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), check == JN_PAYEE_CHECKING);
  gtk_spinner_set_spinning (self->spinner, check == JN_PAYEE_CHECKING);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), check != JN_PAYEE_CHECKING);
  gtk_widget_set_visible (self->choices, check == JN_PAYEE_NO_MATCH && !self->accepted);
  set_tone (self, check);
}

static void
correct_name_cb (JnPayeeCheckView *self)
{
  g_signal_emit (self, signals[SIGNAL_CORRECT_NAME], 0);
}

static void
correct_account_cb (JnPayeeCheckView *self)
{
  g_signal_emit (self, signals[SIGNAL_CORRECT_ACCOUNT], 0);
}

static void
accept_cb (JnPayeeCheckView *self)
{
  if (!self->transfer)
    return;
  self->accepted = TRUE;
  jn_transfer_accept_mismatch (self->transfer);
  update (self);
}

void
jn_payee_check_view_set_transfer (JnPayeeCheckView *self, JnTransfer *transfer)
{
  g_return_if_fail (JN_IS_PAYEE_CHECK_VIEW (self));
  g_set_object (&self->transfer, transfer);
  self->accepted = FALSE;
  g_signal_group_set_target (self->signals, transfer);
  update (self);
}

static void
jn_payee_check_view_dispose (GObject *object)
{
  JnPayeeCheckView *self = JN_PAYEE_CHECK_VIEW (object);

  if (self->signals)
    g_signal_group_set_target (self->signals, NULL);
  g_clear_object (&self->signals);
  g_clear_object (&self->transfer);
  G_OBJECT_CLASS (jn_payee_check_view_parent_class)->dispose (object);
}

static void
jn_payee_check_view_class_init (JnPayeeCheckViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_payee_check_view_dispose;
  signals[SIGNAL_CORRECT_NAME] =
      g_signal_new ("correct-name", JN_TYPE_PAYEE_CHECK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CORRECT_ACCOUNT] =
      g_signal_new ("correct-account", JN_TYPE_PAYEE_CHECK_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
add_choice (JnPayeeCheckView *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_flow_box_append (GTK_FLOW_BOX (self->choices), button);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
}

static void
jn_payee_check_view_init (JnPayeeCheckView *self)
{
  GtkWidget *line = jn_across_new (8);

  self->box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 8,
                            "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->icon = GTK_IMAGE (gtk_image_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  self->choices = gtk_flow_box_new ();
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->icon), GTK_ALIGN_START);
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->choices), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->choices), 3);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->choices), 8);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->choices), 8);
  add_choice (self, _ ("Correct the _name"), G_CALLBACK (correct_name_cb));
  add_choice (self, _ ("Correct the _account"), G_CALLBACK (correct_account_cb));
  add_choice (self, _ ("Transfer _anyway"), G_CALLBACK (accept_cb));
  jn_across_append (line, GTK_WIDGET (self->spinner));
  jn_across_append (line, GTK_WIDGET (self->icon));
  jn_across_append (line, GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->choices);
  gtk_widget_add_css_class (self->box, "payee-check");
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption-text");
  adw_bin_set_child (ADW_BIN (self), self->box);
  self->signals = g_signal_group_new (JN_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (update), self);
  update (self);
}

GtkWidget *
jn_payee_check_view_new (void)
{
  return g_object_new (JN_TYPE_PAYEE_CHECK_VIEW, NULL);
}
