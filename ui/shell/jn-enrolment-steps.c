#include "jn-enrolment-steps.h"

#include "jn-card.h"
#include "jn-format.h"
#include "jn-pin-entry.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a step's callbacks need; owned by its box. */
typedef struct
{
  JnEnrolment *enrolment;
  GtkWidget *first;  /* entry or boxes */
  GtkWidget *second; /* the PIN once more, the resident id */
  GtkWidget *go;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_object (&step->enrolment);
  g_free (step);
}

static GtkWidget *
step_new (JnEnrolment *enrolment, const char *title, const char *text, Step **out)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);
  Step *step = g_new0 (Step, 1);

  step->enrolment = enrolment ? g_object_ref (enrolment) : NULL;
  g_object_set_data_full (G_OBJECT (box), "step", step, step_free);
  gtk_box_append (GTK_BOX (box), jn_text_new (title, "display-text"));
  if (text)
    gtk_box_append (GTK_BOX (box), jn_text_new (text, "body-text dim"));
  if (out)
    *out = step;
  return box;
}

static GtkWidget *
add_entry (GtkWidget *box, const char *label, GtkInputPurpose purpose)
{
  GtkWidget *group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *name = jn_text_new (label, "caption-text dim");
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_input_purpose (GTK_ENTRY (entry), purpose);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (GTK_BOX (group), name);
  gtk_box_append (GTK_BOX (group), entry);
  gtk_box_append (GTK_BOX (box), group);
  return entry;
}

static GtkWidget *
add_button (GtkWidget *box, const char *label, const char *style_class, GCallback callback,
            Step *step)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, style_class);
  g_signal_connect_swapped (button, "clicked", callback, step);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
submit_phone (Step *step)
{
  jn_enrolment_submit_phone (step->enrolment, gtk_editable_get_text (GTK_EDITABLE (step->first)));
}

GtkWidget *
jn_enrolment_phone_step (JnEnrolment *enrolment, gboolean sandbox)
{
  Step *step;
  const char *suggested = jn_enrolment_get_suggested_phone (enrolment);
  GtkWidget *box = step_new (
      enrolment, _ ("Your mobile number"),
      sandbox
          ? _ ("A sample number is filled in. The code comes to the test phone beside the wallet.")
          : _ ("The number your bank knows. It sends a code there."),
      &step);

  step->first = add_entry (box, _ ("Mobile number"), GTK_INPUT_PURPOSE_PHONE);
  if (suggested)
    gtk_editable_set_text (GTK_EDITABLE (step->first), suggested);
  g_signal_connect_swapped (step->first, "activate", G_CALLBACK (submit_phone), step);
  step->go =
      add_button (box, _ ("Send me a code"), "primary-button", G_CALLBACK (submit_phone), step);
  return box;
}

static void
submit_code (Step *step)
{
  jn_enrolment_submit_code (step->enrolment, jn_pin_entry_peek (JN_PIN_ENTRY (step->first)));
}

static void
back_to_phone (Step *step)
{
  jn_enrolment_back_to_phone (step->enrolment);
}

GtkWidget *
jn_enrolment_code_step (JnEnrolment *enrolment, gboolean sandbox)
{
  Step *step;
  const char *phone = jn_enrolment_get_phone (enrolment);
  g_autofree char *text = g_strdup_printf (_ ("We sent six digits to %s."), phone ? phone : "");
  GtkWidget *box = step_new (enrolment, _ ("The code from the message"), text, &step);

  step->first = jn_pin_entry_new (FALSE, _ ("Code from the message"));
  g_signal_connect_swapped (step->first, "complete", G_CALLBACK (submit_code), step);
  gtk_box_append (GTK_BOX (box), step->first);
  if (sandbox)
    gtk_box_append (
        GTK_BOX (box),
        jn_text_new (_ ("It is on the test phone: press “Use code” there."), "caption-text dim"));
  add_button (box, _ ("Use another number"), "link-button", G_CALLBACK (back_to_phone), step);
  return box;
}

static void
update_pin (Step *step)
{
  gtk_widget_set_sensitive (step->go,
                            jn_pin_entry_is_complete (JN_PIN_ENTRY (step->first))
                                && jn_pin_entry_is_complete (JN_PIN_ENTRY (step->second)));
}

static void
first_pin_complete (Step *step)
{
  gtk_widget_grab_focus (step->second);
}

static void
submit_pin (Step *step)
{
  JnPinEntry *first = JN_PIN_ENTRY (step->first), *second = JN_PIN_ENTRY (step->second);

  if (jn_pin_entry_is_complete (first) && jn_pin_entry_is_complete (second))
    jn_enrolment_submit_pin (step->enrolment, jn_pin_entry_peek (first),
                             jn_pin_entry_peek (second));
}

static void
use_suggested_pin (Step *step)
{
  const char *suggested = jn_enrolment_get_suggested_pin (step->enrolment);

  jn_pin_entry_clear (JN_PIN_ENTRY (step->first));
  jn_pin_entry_clear (JN_PIN_ENTRY (step->second));
  jn_pin_entry_insert (JN_PIN_ENTRY (step->first), suggested);
  jn_pin_entry_insert (JN_PIN_ENTRY (step->second), suggested);
  gtk_widget_grab_focus (step->go);
}

GtkWidget *
jn_enrolment_pin_step (JnEnrolment *enrolment, gboolean sandbox)
{
  Step *step;
  const char *suggested = jn_enrolment_get_suggested_pin (enrolment);
  GtkWidget *box = step_new (
      enrolment, _ ("Choose a payment PIN"),
      _ ("Six digits that approve every payment. Nothing easy to guess, such as 123456."), &step);

  step->first = jn_pin_entry_new (TRUE, _ ("New PIN"));
  step->second = jn_pin_entry_new (TRUE, _ ("The PIN once more"));
  gtk_box_append (GTK_BOX (box), step->first);
  gtk_box_append (GTK_BOX (box), jn_text_new (_ ("Once more"), "caption-text dim centre"));
  gtk_label_set_xalign (GTK_LABEL (gtk_widget_get_last_child (box)), 0.5f);
  gtk_box_append (GTK_BOX (box), step->second);
  if (sandbox && suggested)
    {
      g_autofree char *label = g_strdup_printf (_ ("Use the sample PIN %s"), suggested);

      add_button (box, label, "soft-button", G_CALLBACK (use_suggested_pin), step);
    }
  step->go = add_button (box, _ ("Set the PIN"), "primary-button", G_CALLBACK (submit_pin), step);
  g_signal_connect_swapped (step->first, "complete", G_CALLBACK (first_pin_complete), step);
  g_signal_connect_swapped (step->first, "changed", G_CALLBACK (update_pin), step);
  g_signal_connect_swapped (step->second, "changed", G_CALLBACK (update_pin), step);
  g_signal_connect_swapped (step->second, "submit", G_CALLBACK (submit_pin), step);
  update_pin (step);
  return box;
}

static void
submit_identity (Step *step)
{
  jn_enrolment_submit_identity (step->enrolment, gtk_editable_get_text (GTK_EDITABLE (step->first)),
                                gtk_editable_get_text (GTK_EDITABLE (step->second)));
}

static void
use_sample_person (Step *step)
{
  jn_enrolment_submit_identity (step->enrolment, NULL, NULL);
}

GtkWidget *
jn_enrolment_identity_step (JnEnrolment *enrolment, gboolean sandbox)
{
  Step *step;
  GtkWidget *box = step_new (enrolment, _ ("Who are you"),
                             _ ("Name and resident id decide the limits of the wallet. The check "
                                "digit is verified at once."),
                             &step);

  if (sandbox)
    add_button (box, _ ("Use the sample person 王小明"), "primary-button",
                G_CALLBACK (use_sample_person), step);
  step->first = add_entry (box, _ ("Name"), GTK_INPUT_PURPOSE_NAME);
  step->second = add_entry (box, _ ("Resident id number"), GTK_INPUT_PURPOSE_FREE_FORM);
  g_signal_connect_swapped (step->second, "activate", G_CALLBACK (submit_identity), step);
  step->go = add_button (box, _ ("Verify"), sandbox ? "soft-button" : "primary-button",
                         G_CALLBACK (submit_identity), step);
  return box;
}

static void
submit_card (Step *step)
{
  jn_enrolment_submit_card (step->enrolment, gtk_editable_get_text (GTK_EDITABLE (step->first)));
}

static void
use_sample_card (Step *step)
{
  jn_enrolment_submit_card (step->enrolment, NULL);
}

static void
skip_card (Step *step)
{
  jn_enrolment_skip_card (step->enrolment);
}

static void
add_limits (GtkWidget *box, JnEnrolment *enrolment)
{
  JnMoney payment = jn_money (0, JN_CURRENCY_NONE), day = payment, year = payment;
  const char *names[] = { _ ("Per payment"), _ ("Per day"), _ ("Per year") };
  const char *tier = jn_enrolment_get_tier (enrolment);
  const char *person = jn_enrolment_get_name (enrolment);
  GtkWidget *table = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *title = NULL;

  jn_enrolment_get_limits (enrolment, &payment, &day, &year);
  if (payment.currency == JN_CURRENCY_NONE)
    return;
  /* Translators: a person's name and the class of the wallet, as in "王小明 · class II". */
  title = g_strdup_printf (_ ("%1$s · class %2$s wallet"), person ? person : "", tier ? tier : "");
  gtk_widget_add_css_class (table, "limits");
  gtk_box_append (GTK_BOX (table), jn_text_new (title, "body-text strong"));
  for (guint i = 0; i < 3; i++)
    {
      JnMoney limit = i == 0 ? payment : i == 1 ? day : year;
      g_autofree char *text = NULL;

      if (limit.currency == JN_CURRENCY_NONE)
        continue;
      text = jn_money_format (limit, JN_MONEY_FORMAT_PLAIN);
      gtk_box_append (GTK_BOX (table), jn_pair_new (names[i], text, NULL));
    }
  gtk_box_append (GTK_BOX (box), table);
}

GtkWidget *
jn_enrolment_card_step (JnEnrolment *enrolment, gboolean sandbox)
{
  Step *step;
  GtkWidget *box = step_new (
      enrolment, _ ("Add a bank card"),
      _ ("Money can come from it later. Only its last four digits are kept here."), &step);

  add_limits (box, enrolment);
  if (sandbox)
    add_button (box, _ ("Use the sample card"), "primary-button", G_CALLBACK (use_sample_card),
                step);
  step->first = add_entry (box, _ ("Card number"), GTK_INPUT_PURPOSE_DIGITS);
  g_signal_connect_swapped (step->first, "activate", G_CALLBACK (submit_card), step);
  step->go = add_button (box, _ ("Add this card"), sandbox ? "soft-button" : "primary-button",
                         G_CALLBACK (submit_card), step);
  add_button (box, _ ("Without a card for now"), "link-button", G_CALLBACK (skip_card), step);
  return box;
}

GtkWidget *
jn_enrolment_finishing_step (void)
{
  return step_new (NULL, _ ("Your wallet is being opened"), _ ("The bank hands over your history."),
                   NULL);
}

void
jn_enrolment_step_refused (GtkWidget *box)
{
  Step *step = g_object_get_data (G_OBJECT (box), "step");

  if (step == NULL)
    return;
  if (step->second && JN_IS_PIN_ENTRY (step->second))
    jn_pin_entry_clear (JN_PIN_ENTRY (step->second));
  if (step->first && JN_IS_PIN_ENTRY (step->first))
    jn_pin_entry_refuse (JN_PIN_ENTRY (step->first));
}
