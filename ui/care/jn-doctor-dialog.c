#include "jn-doctor-dialog.h"

#include "jn-card.h"
#include "jn-column.h"
#include "jn-error.h"
#include "jn-error-text.h"
#include "jn-format.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *icon;
  GtkWidget *spinner;
  GtkWidget *line;
  GtkWidget *row;
} CheckRow;

struct _JnDoctorDialog
{
  AdwWindow parent_instance;
  JnContext *context;
  JnDoctor *doctor;
  CheckRow rows[JN_N_CHECKS];
  GtkWidget *summary;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (JnDoctorDialog, jn_doctor_dialog, ADW_TYPE_WINDOW)

static const char *const names[JN_N_CHECKS] = {
  [JN_CHECK_NETWORK] = NC_ ("check", "Network"),
  [JN_CHECK_BANK] = NC_ ("check", "The bank answers"),
  [JN_CHECK_CLOCK] = NC_ ("check", "Clock"),
  [JN_CHECK_FUNDS] = NC_ ("check", "Enough money"),
  [JN_CHECK_LIMITS] = NC_ ("check", "Limits and freezes"),
  [JN_CHECK_CODE] = NC_ ("check", "Payment code"),
};

/* ---- words ---- */

static char *
dup_clock_line (JnDoctor *doctor)
{
  gint64 ahead = jn_doctor_get_clock_ahead (doctor);
  gint64 minutes = (ABS (ahead) + 30) / 60;

  return g_strdup_printf (
      ahead > 0 ? ngettext ("This computer is %d minute ahead of the bank.",
                            "This computer is %d minutes ahead of the bank.", (gulong) minutes)
                : ngettext ("This computer is %d minute behind the bank.",
                            "This computer is %d minutes behind the bank.", (gulong) minutes),
      (int) minutes);
}

static char *
dup_bad_line (JnDoctorDialog *self, JnCheck check)
{
  int code = jn_doctor_get_code (self->doctor, check);
  g_autoptr (GError) error = g_error_new_literal (JN_ERROR, code, "found");
  JnMoney missing = jn_doctor_get_short (self->doctor);

  if (check == JN_CHECK_CLOCK)
    return dup_clock_line (self->doctor);
  if (check == JN_CHECK_NETWORK && code == JN_ERROR_OFFLINE)
    return g_strdup (jn_context_get_cut (self->context) ? _ ("The sandbox’s network is cut.")
                                                        : _ ("This computer has no network."));
  if (check == JN_CHECK_FUNDS && missing.currency != JN_CURRENCY_NONE)
    {
      g_autofree char *amount =
          jn_format_money (missing, JN_MONEY_FORMAT_PLAIN, jn_context_get_masked (self->context));
      /* Translators: an amount that is missing. */
      return g_strdup_printf (_ ("%s short."), amount);
    }
  return g_strdup (jn_error_text_for (error).what);
}

static char *
dup_line (JnDoctorDialog *self, JnCheck check)
{
  switch (jn_doctor_get_mark (self->doctor, check))
    {
    case JN_MARK_GOOD:
      return g_strdup (C_ ("check", "Fine"));
    case JN_MARK_BAD:
      return dup_bad_line (self, check);
    case JN_MARK_NOT_NEEDED:
      return g_strdup (check == JN_CHECK_NETWORK ? _ ("Not needed: the bank is on this computer")
                                                 : C_ ("check", "Not needed"));
    case JN_MARK_CANNOT:
      return g_strdup (_ ("Cannot be checked now"));
    case JN_MARK_WAITING:
    default:
      return g_strdup (C_ ("check", "Checking…"));
    }
}

static const char *
icon_for (JnCheckMark mark)
{
  switch (mark)
    {
    case JN_MARK_GOOD:
      return "jn-made-symbolic";
    case JN_MARK_BAD:
      return "jn-not-made-symbolic";
    case JN_MARK_CANNOT:
      return "jn-checking-symbolic";
    case JN_MARK_NOT_NEEDED:
    case JN_MARK_WAITING:
    default:
      return "jn-cancelled-symbolic";
    }
}

static const char *
class_for (JnCheckMark mark)
{
  return mark == JN_MARK_GOOD ? "jade" : mark == JN_MARK_BAD ? "error-text" : "dim";
}

static void
fill_row (JnDoctorDialog *self, JnCheck check)
{
  static const char *const classes[] = { "jade", "error-text", "dim" };
  CheckRow *row = &self->rows[check];
  JnCheckMark mark = jn_doctor_get_mark (self->doctor, check);
  gboolean waiting = mark == JN_MARK_WAITING;
  g_autofree char *line = dup_line (self, check);
  g_autofree char *spoken =
      g_strdup_printf ("%s: %s", g_dpgettext2 (NULL, "check", names[check]), line);

  gtk_widget_set_visible (row->spinner, waiting);
  gtk_spinner_set_spinning (GTK_SPINNER (row->spinner), waiting);
  gtk_widget_set_visible (row->icon, !waiting);
  gtk_image_set_from_icon_name (GTK_IMAGE (row->icon), icon_for (mark));
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (row->icon, classes[i]);
  gtk_widget_add_css_class (row->icon, class_for (mark));
  gtk_label_set_text (GTK_LABEL (row->line), line);
  jn_widget_set_name (row->row, spoken);
}

static const struct
{
  const char *summary;
  const char *button;
} fixes[] = {
  [JN_FIX_NONE] = { N_ ("Nothing stands in the way now. You can try again."), N_ ("Close") },
  [JN_FIX_RECONNECT] = { N_ ("Reconnect, and what is open settles by itself."), N_ ("Reconnect") },
  [JN_FIX_NETWORK_SETTINGS] = { N_ ("Connect this computer to a network."),
                                N_ ("Open the network settings") },
  [JN_FIX_SIGN_IN] = { N_ ("This network needs a sign-in page"), N_ ("Open") },
  [JN_FIX_TRY_AGAIN] = { N_ ("The bank does not answer. Your money is safe there; wait a moment."),
                         N_ ("Check again") },
  [JN_FIX_CLOCK_SETTINGS] = { N_ ("Set the clock: the bank refuses what is signed at a wrong "
                                  "time."),
                              N_ ("Open the clock settings") },
  [JN_FIX_MORE_MONEY] = { N_ ("Top up, or choose a smaller amount."), N_ ("See the balance") },
  [JN_FIX_CALL_BANK] = { N_ ("Only the bank can lift this."), N_ ("How to reach the bank") },
  [JN_FIX_SET_UP_AGAIN] = { N_ ("Sign in again in Settings. Your bills and notes stay."),
                            N_ ("Open Settings") },
  [JN_FIX_NEW_CODE] = { N_ ("Ask the shop for a new code."), N_ ("Use another code") },
};

static void
fill (JnDoctorDialog *self)
{
  gboolean done = jn_doctor_is_done (self->doctor);
  JnFix fix = jn_doctor_get_fix (self->doctor);

  for (guint i = 0; i < JN_N_CHECKS; i++)
    fill_row (self, i);
  gtk_label_set_text (GTK_LABEL (self->summary),
                      done ? gettext (fixes[fix].summary) : _ ("Looking at it…"));
  gtk_button_set_label (GTK_BUTTON (self->button), gettext (fixes[fix].button));
  gtk_widget_set_sensitive (self->button, done);
}

/* ---- the button ---- */

/* Desktops name their panels each in their own way; the address of none may be installed. */
static void
open_panel (JnDoctorDialog *self, const char *panel)
{
  g_autofree char *program = g_find_program_in_path ("gnome-control-center");
  const char *command[] = { program, panel, NULL };
  g_autoptr (GSubprocess) child =
      program ? g_subprocess_newv (command, G_SUBPROCESS_FLAGS_NONE, NULL) : NULL;

  if (child == NULL)
    gtk_label_set_text (GTK_LABEL (self->summary),
                        _ ("Open the settings of your desktop and look there."));
}

static void
go (JnDoctorDialog *self, const char *where)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (window)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.go", "s", where);
  gtk_window_close (GTK_WINDOW (self));
}

static void
clicked_cb (JnDoctorDialog *self)
{
  switch (jn_doctor_get_fix (self->doctor))
    {
    case JN_FIX_RECONNECT:
      jn_context_set_cut (self->context, FALSE);
      jn_doctor_run (self->doctor);
      break;
    case JN_FIX_NETWORK_SETTINGS:
      open_panel (self, "network");
      break;
    case JN_FIX_SIGN_IN:
      gtk_show_uri (GTK_WINDOW (self), jn_doctor_get_sign_in_address (), GDK_CURRENT_TIME);
      break;
    case JN_FIX_TRY_AGAIN:
      jn_context_sync (self->context);
      jn_doctor_run (self->doctor);
      break;
    case JN_FIX_CLOCK_SETTINGS:
      open_panel (self, "datetime");
      break;
    case JN_FIX_MORE_MONEY:
      go (self, "home");
      break;
    case JN_FIX_CALL_BANK:
      go (self, "safety");
      break;
    case JN_FIX_SET_UP_AGAIN:
      go (self, "settings");
      break;
    case JN_FIX_NEW_CODE:
      go (self, "pay");
      break;
    case JN_FIX_NONE:
    default:
      gtk_window_close (GTK_WINDOW (self));
      break;
    }
}

/* ---- the object ---- */

static GtkWidget *
check_row_new (JnDoctorDialog *self, JnCheck check)
{
  CheckRow *row = &self->rows[check];
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  row->row = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_HORIZONTAL, "spacing", 14,
                           "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  row->icon = g_object_new (GTK_TYPE_IMAGE, "pixel-size", 22, "accessible-role",
                            GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  row->spinner = gtk_spinner_new ();
  gtk_widget_set_size_request (row->spinner, 22, 22);
  gtk_widget_set_valign (row->spinner, GTK_ALIGN_CENTER);
  row->line = jn_text_new ("", "caption-text dim");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts),
                  jn_text_new (g_dpgettext2 (NULL, "check", names[check]), "body-text"));
  gtk_box_append (GTK_BOX (texts), row->line);
  gtk_widget_add_css_class (row->row, "check-row");
  gtk_box_append (GTK_BOX (row->row), row->icon);
  gtk_box_append (GTK_BOX (row->row), row->spinner);
  gtk_box_append (GTK_BOX (row->row), texts);
  return row->row;
}

static void
build (JnDoctorDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *content = NULL;
  GtkWidget *column = jn_column_new (460, &content);
  GtkWidget *card = jn_card_new (0);
  GtkWidget *bar = adw_header_bar_new ();

  gtk_widget_add_css_class (bar, "flat");
  for (guint i = 0; i < JN_N_CHECKS; i++)
    {
      if (i > 0)
        gtk_box_append (GTK_BOX (card), jn_line_new ());
      gtk_box_append (GTK_BOX (card), check_row_new (self, i));
    }
  self->summary = jn_text_new ("", "body-text");
  gtk_label_set_justify (GTK_LABEL (self->summary), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (self->summary), 0.5f);
  self->button = gtk_button_new ();
  gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_widget_add_css_class (self->button, "big-button");
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_box_append (GTK_BOX (content), card);
  gtk_box_append (GTK_BOX (content), self->summary);
  gtk_box_append (GTK_BOX (content), self->button);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), column);
  adw_window_set_content (ADW_WINDOW (self), box);
}

static gboolean
close_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
jn_doctor_dialog_dispose (GObject *object)
{
  JnDoctorDialog *self = JN_DOCTOR_DIALOG (object);

  g_clear_object (&self->doctor);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_doctor_dialog_parent_class)->dispose (object);
}

static void
jn_doctor_dialog_class_init (JnDoctorDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_doctor_dialog_dispose;
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, close_cb, NULL);
}

static void
jn_doctor_dialog_init (JnDoctorDialog *self)
{
}

void
jn_doctor_dialog_open (GtkWidget *widget, JnContext *context, JnPayment *payment, int code)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  JnDoctorDialog *self;

  g_return_if_fail (JN_IS_CONTEXT (context));
  self = g_object_new (JN_TYPE_DOCTOR_DIALOG, "title", _ ("Why does it not work?"), "modal", TRUE,
                       "transient-for", root, "default-width", 420, "default-height", 620,
                       "destroy-with-parent", TRUE, NULL);
  self->context = g_object_ref (context);
  self->doctor = jn_context_create_doctor (context, payment, code);
  build (self);
  g_signal_connect_object (self->doctor, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (self->button);
}

/* ---- a button for it ---- */

typedef struct
{
  JnContext *context;
  JnPayment *payment;
  int code;
} Subject;

static void
subject_free (gpointer data, GClosure *closure)
{
  Subject *subject = data;

  g_object_unref (subject->context);
  g_clear_object (&subject->payment);
  g_free (subject);
}

static void
why_cb (GtkWidget *button, gpointer data)
{
  const Subject *subject = data;

  jn_doctor_dialog_open (button, subject->context, subject->payment, subject->code);
}

GtkWidget *
jn_doctor_button_new (JnContext *context, JnPayment *payment, int code)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Why does it not work?"));
  Subject *subject = g_new0 (Subject, 1);

  subject->context = g_object_ref (context);
  subject->payment = payment ? g_object_ref (payment) : NULL;
  subject->code = code;
  gtk_widget_add_css_class (button, "link-button");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect_data (button, "clicked", G_CALLBACK (why_cb), subject, subject_free, 0);
  return button;
}
