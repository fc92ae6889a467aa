#include "jn-enrolment-page.h"

#include "jn-enrolment-steps.h"

#include "jn-card.h"
#include "jn-column.h"
#include "jn-error-text.h"
#include "jn-format.h"

#include <glib/gi18n.h>

/* DONE has no step of its own: the wallet takes over. */
#define N_STEPS 5

struct _JnEnrolmentPage
{
  AdwBin parent_instance;
  JnContext *context;
  JnEnrolment *enrolment;
  GtkWidget *dots[N_STEPS];
  GtkWidget *dots_box;
  GtkWidget *card;
  GtkWidget *step; /* the step shown */
  GtkWidget *error;
  GtkWidget *spinner;
  GtkWidget *cancel;
  JnEnrolmentState shown;
};

G_DEFINE_FINAL_TYPE (JnEnrolmentPage, jn_enrolment_page, ADW_TYPE_BIN)

static void
mark_dots (JnEnrolmentPage *self, JnEnrolmentState state)
{
  g_autofree char *text = NULL;
  int current = MIN ((int) state, N_STEPS - 1);

  for (int i = 0; i < N_STEPS; i++)
    {
      gtk_widget_remove_css_class (self->dots[i], "done");
      gtk_widget_remove_css_class (self->dots[i], "current");
      if (i < (int) state)
        gtk_widget_add_css_class (self->dots[i], "done");
      else if (i == (int) state)
        gtk_widget_add_css_class (self->dots[i], "current");
    }
  text = g_strdup_printf (_ ("Step %1$d of %2$d"), current + 1, N_STEPS);
  jn_widget_set_name (self->dots_box, text);
}

static GtkWidget *
step_for (JnEnrolmentPage *self, JnEnrolmentState state)
{
  gboolean sandbox = jn_context_is_sandbox (self->context);

  switch (state)
    {
    case JN_ENROLMENT_PHONE:
      return jn_enrolment_phone_step (self->enrolment, sandbox);
    case JN_ENROLMENT_CODE:
      return jn_enrolment_code_step (self->enrolment, sandbox);
    case JN_ENROLMENT_PIN:
      return jn_enrolment_pin_step (self->enrolment, sandbox);
    case JN_ENROLMENT_IDENTITY:
      return jn_enrolment_identity_step (self->enrolment, sandbox);
    case JN_ENROLMENT_CARD:
      return jn_enrolment_card_step (self->enrolment, sandbox);
    case JN_ENROLMENT_FINISHING:
    case JN_ENROLMENT_DONE:
    default:
      return jn_enrolment_finishing_step ();
    }
}

static void
show_step (JnEnrolmentPage *self)
{
  JnEnrolmentState state = jn_enrolment_get_state (self->enrolment);

  if (self->step && state == self->shown)
    return;
  if (self->step)
    gtk_box_remove (GTK_BOX (self->card), self->step);
  self->step = step_for (self, state);
  self->shown = state;
  gtk_box_prepend (GTK_BOX (self->card), self->step);
  mark_dots (self, state);
  gtk_widget_child_focus (self->step, GTK_DIR_TAB_FORWARD);
}

static void
update (JnEnrolmentPage *self)
{
  gboolean busy = jn_enrolment_get_busy (self->enrolment);
  const GError *error = jn_enrolment_get_error (self->enrolment);
  g_autofree char *text = NULL;

  show_step (self);
  if (error && !busy)
    text = jn_error_text_dup_field (error, jn_enrolment_get_attempts_left (self->enrolment));
  gtk_label_set_text (GTK_LABEL (self->error), text ? text : "");
  gtk_widget_set_visible (self->error, text != NULL);
  gtk_widget_set_sensitive (self->step, !busy);
  /* While the wallet is being opened there is nothing to go back to. */
  gtk_widget_set_visible (
      self->cancel, jn_enrolment_get_state (self->enrolment) < JN_ENROLMENT_FINISHING || text);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
  gtk_widget_set_visible (self->spinner, busy);
  if (text)
    jn_enrolment_step_refused (self->step);
}

static void
on_cancel (JnEnrolmentPage *self)
{
  jn_enrolment_cancel (self->enrolment);
}

static void
jn_enrolment_page_dispose (GObject *object)
{
  JnEnrolmentPage *self = JN_ENROLMENT_PAGE (object);

  g_clear_object (&self->enrolment);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_enrolment_page_parent_class)->dispose (object);
}

static void
jn_enrolment_page_class_init (JnEnrolmentPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_enrolment_page_dispose;
}

static void
jn_enrolment_page_init (JnEnrolmentPage *self)
{
  GtkWidget *content = NULL;

  adw_bin_set_child (ADW_BIN (self), jn_column_new (420, &content));
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  self->dots_box = g_object_new (GTK_TYPE_BOX, "spacing", 8, "halign", GTK_ALIGN_CENTER,
                                 "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  for (int i = 0; i < N_STEPS; i++)
    {
      self->dots[i] = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_widget_add_css_class (self->dots[i], "step-dot");
      gtk_box_append (GTK_BOX (self->dots_box), self->dots[i]);
    }
  self->card = jn_card_new (14);
  gtk_widget_add_css_class (self->card, "roomy");
  self->error = jn_text_new ("", "caption-text amber");
  gtk_widget_set_visible (self->error, FALSE);
  self->spinner = gtk_spinner_new ();
  jn_widget_set_name (self->spinner, _ ("Waiting for the bank"));
  gtk_box_append (GTK_BOX (self->card), self->error);
  gtk_box_append (GTK_BOX (self->card), self->spinner);
  self->cancel = gtk_button_new_with_label (_ ("Stop and go back"));
  gtk_widget_add_css_class (self->cancel, "link-button");
  gtk_widget_set_halign (self->cancel, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (on_cancel), self);
  gtk_box_append (GTK_BOX (content), self->dots_box);
  gtk_box_append (GTK_BOX (content), self->card);
  gtk_box_append (GTK_BOX (content), self->cancel);
}

GtkWidget *
jn_enrolment_page_new (JnContext *context, JnEnrolment *enrolment)
{
  JnEnrolmentPage *self = g_object_new (JN_TYPE_ENROLMENT_PAGE, NULL);

  self->context = g_object_ref (context);
  self->enrolment = g_object_ref (enrolment);
  g_signal_connect_object (enrolment, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (enrolment, "notify::busy", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (enrolment, "notify::error", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
