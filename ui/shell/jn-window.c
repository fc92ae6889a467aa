#include "jn-window.h"

#include "jn-broken-page.h"
#include "jn-enrolment-page.h"
#include "jn-format.h"
#include "jn-layout-watcher.h"
#include "jn-protecting-page.h"
#include "jn-result-page.h"
#include "jn-search-dialog.h"
#include "jn-shell.h"
#include "jn-strip.h"
#include "jn-test-phone-panel.h"
#include "jn-welcome-page.h"
#include "jn-window-actions.h"

#include <glib/gi18n.h>

#define LEAST_WIDTH 360
#define LEAST_HEIGHT 294

struct _JnWindow
{
  AdwApplicationWindow parent_instance;
  JnContext *context;
  GSettings *settings;
  GtkWidget *watcher; /* of the window */
  GtkWidget *inner;   /* of what the test phone leaves of it */
  GtkWidget *strip;
  GtkWidget *flap;
  GtkWidget *toasts;
  GtkWidget *slot;
  GtkWidget *shell;   /* while READY */
  gboolean may_close; /* asked and answered, or nothing to ask */
};

G_DEFINE_FINAL_TYPE (JnWindow, jn_window, ADW_TYPE_APPLICATION_WINDOW)

static GtkWidget *
starting_page (void)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "jn-pouch", "pixel-size", 96,
                                  "hexpand", TRUE, "vexpand", TRUE, NULL);

  jn_widget_set_name (icon, _ ("Jinnang is starting"));
  return icon;
}

static void
show_phone (JnWindow *self, gboolean show)
{
  adw_flap_set_reveal_flap (ADW_FLAP (self->flap), show && jn_context_is_sandbox (self->context));
}

/* A dialog over a wallet that is gone would show and do what is no more. */
static void
close_dialogs (JnWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l; l = l->next)
    if (gtk_window_get_transient_for (l->data) == GTK_WINDOW (self)
        && !GTK_IS_SHORTCUTS_WINDOW (l->data))
      gtk_window_destroy (l->data);
}

static void
show_stage (JnWindow *self)
{
  JnStage stage = jn_context_get_stage (self->context);
  gboolean narrow = jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (self->watcher));
  gboolean tight = jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (self->inner));
  GtkWidget *page;

  if (stage == JN_STAGE_READY && self->shell)
    return;
  if (self->shell)
    close_dialogs (self);
  self->shell = NULL;
  switch (stage)
    {
    case JN_STAGE_WELCOME:
      page = jn_welcome_page_new (self->context);
      break;
    case JN_STAGE_ENROLLING:
      page = jn_context_get_enrolment (self->context)
                 ? jn_enrolment_page_new (self->context, jn_context_get_enrolment (self->context))
                 : starting_page ();
      break;
    case JN_STAGE_READY:
      page = self->shell = jn_shell_new (self->context, self->settings);
      jn_shell_set_narrow (JN_SHELL (page), tight);
      break;
    case JN_STAGE_BROKEN:
      page = jn_broken_page_new (self->context);
      break;
    case JN_STAGE_STARTING:
    default:
      page = jn_context_get_protecting (self->context) >= 0 ? jn_protecting_page_new (self->context)
                                                            : starting_page ();
    }
  adw_bin_set_child (ADW_BIN (self->slot), page);
  show_phone (self, stage == JN_STAGE_ENROLLING && !narrow);
}

/* Long enough to be told of: what is there is being sealed. */
static void
on_protecting (JnWindow *self)
{
  if (jn_context_get_stage (self->context) == JN_STAGE_STARTING
      && jn_context_get_protecting (self->context) >= 0
      && !JN_IS_PROTECTING_PAGE (adw_bin_get_child (ADW_BIN (self->slot))))
    show_stage (self);
}

static void
on_narrow (JnWindow *self)
{
  gboolean narrow = jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (self->watcher));

  jn_strip_set_compact (JN_STRIP (self->strip), narrow);
  if (narrow)
    show_phone (self, FALSE);
  /* The phone lies beside what it is for, and over it only where there is no room at all. */
  adw_flap_set_fold_policy (ADW_FLAP (self->flap),
                            narrow ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER);
}

static void
on_tight (JnWindow *self)
{
  if (self->shell)
    jn_shell_set_narrow (JN_SHELL (self->shell),
                         jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (self->inner)));
}

static gboolean
shows_result_of (GtkWidget *widget, const JnId *row)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (JN_IS_RESULT_PAGE (widget))
    return jn_result_page_is_about (JN_RESULT_PAGE (widget), row);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (shows_result_of (child, row))
      return TRUE;
  return FALSE;
}

/* What became of the money comes first in @text: a toast is one line, which ends where a narrow window does. */
static void
show_notice (JnWindow *self, const char *text, guint seconds, const char *button,
             const char *action)
{
  AdwToast *toast = adw_toast_new ("");
  /* A toast's title is markup. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_set_title (toast, escaped);
  adw_toast_set_timeout (toast, seconds);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

/* Who has the result before them need not be told again. */
static void
see_end (JnWindow *self, JnEntryItem *row)
{
  const JnId *intent = jn_entry_item_get_intent (row);

  if (!jn_id_is_zero (intent))
    jn_inbox_see (jn_context_get_inbox (self->context), intent);
}

/* Who looks at another page is told here, who looks at another program by a notification of the application. */
static void
on_settled (JnWindow *self, JnEntryItem *row, gboolean made)
{
  JnMoney money = jn_entry_item_get_amount (row);
  const char *payee = jn_entry_item_get_payee (row);
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;

  if (!gtk_window_is_active (GTK_WINDOW (self)))
    return;
  if (shows_result_of (self->slot, jn_entry_item_get_id (row)))
    {
      see_end (self, row);
      return;
    }
  money.minor = ABS (money.minor);
  amount = jn_format_money (money, JN_MONEY_FORMAT_PLAIN, jn_context_get_masked (self->context));
  text = jn_entry_item_get_kind (row) == JN_ENTRY_KIND_TOP_UP ? g_strdup_printf (
             made ? _ ("Topped up %1$s from %2$s") : _ ("Not topped up: %1$s from %2$s"), amount,
             payee)
         : made ? g_strdup_printf (_ ("Paid %1$s to %2$s"), amount, payee)
                /* Translators: a payee. */
                : g_strdup_printf (_ ("Not made: payment to %s. Your money has not moved."), payee);
  if (made)
    show_notice (self, text, 5, NULL, NULL);
  else
    show_notice (self, text, 10, C_ ("button", "Why?"), "win.doctor");
}

/* A sheet that does not come back does not go without a word. That it was made all the same, from another copy of this wallet, would be told
 * like the end of any other. */
static void
on_reopened_state (JnPayment *payment, GParamSpec *spec, JnWindow *self)
{
  g_autofree char *text = NULL;

  if (jn_payment_get_state (payment) != JN_PAYMENT_CANCELLED || !jn_payment_get_error (payment))
    return;
  text = g_strdup_printf (
      /* Translators: a payee, or a top-up. */
      _ ("Not approved, being closed: %s"),
      jn_payment_is_top_up (payment) ? _ ("Top-up") : jn_payment_get_payee (payment));
  show_notice (self, text, 10, NULL, NULL);
}

/* The end of the program had cut it off. */
static void
on_reopened (JnWindow *self, JnPayment *payment)
{
  g_signal_connect_object (payment, "notify::state", G_CALLBACK (on_reopened_state), self, 0);
  if (self->shell)
    jn_shell_show_payment (JN_SHELL (self->shell), payment);
  else
    jn_payment_cancel (payment);
}

static void
on_sms (JnWindow *self)
{
  show_phone (self, TRUE);
}

static void
jn_window_size_changed (JnWindow *self)
{
  int width = 0, height = 0;
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (self->settings, "maximized", maximized);
  if (maximized || width < LEAST_WIDTH || height < LEAST_HEIGHT)
    return;
  g_settings_set_int (self->settings, "width", width);
  g_settings_set_int (self->settings, "height", height);
}

static gboolean
on_close_idle (gpointer data)
{
  gtk_window_close (data);
  return G_SOURCE_REMOVE;
}

/* Closes later: the dialog goes with the window, and it is still busy with its answer here. */
static void
on_close_answer (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  JnWindow *self = data;

  if (g_strcmp0 (response, "close") != 0)
    return;
  self->may_close = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_close_idle, g_object_ref (self), g_object_unref);
}

static void
ask_before_closing (JnWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), _ ("A payment is being sent…"),
      _ ("Closing does not stop it: it may still be made, but never twice. It is written down on "
         "this computer. At the next start Jinnang asks the bank and shows you how it ended. Do "
         "not pay again before that."));

  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "wait", _ ("Wait for the answer"),
                                    "close", _ ("Close anyway"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
on_close (JnWindow *self)
{
  jn_window_size_changed (self);
  if (self->may_close || !jn_context_is_sending (self->context))
    return FALSE;
  close_dialogs (self);
  ask_before_closing (self);
  return TRUE;
}

/* No inspector: it would show and change everything the wallet holds. */
static gboolean
refuse_debugging (GtkWindow *window, gboolean toggle)
{
  return FALSE;
}

static void
jn_window_dispose (GObject *object)
{
  JnWindow *self = JN_WINDOW (object);

  self->shell = NULL;
  g_clear_object (&self->context);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (jn_window_parent_class)->dispose (object);
}

static void
jn_window_class_init (JnWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_window_dispose;
  GTK_WINDOW_CLASS (klass)->enable_debugging = refuse_debugging;
}

static void
jn_window_init (JnWindow *self)
{
  self->watcher = jn_layout_watcher_new (JN_NARROW_WIDTH);
  gtk_widget_set_size_request (GTK_WIDGET (self), LEAST_WIDTH, LEAST_HEIGHT);
}

static void
build (JnWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->strip = jn_strip_new (self->context);
  self->slot = adw_bin_new ();
  self->toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), self->slot);
  self->flap = adw_flap_new ();
  adw_flap_set_flap_position (ADW_FLAP (self->flap), GTK_PACK_END);
  self->inner = jn_layout_watcher_new (JN_NARROW_WIDTH);
  jn_layout_watcher_set_child (JN_LAYOUT_WATCHER (self->inner), self->toasts);
  adw_flap_set_content (ADW_FLAP (self->flap), self->inner);
  adw_flap_set_swipe_to_open (ADW_FLAP (self->flap), FALSE);
  adw_flap_set_reveal_flap (ADW_FLAP (self->flap), FALSE);
  /* Locked: it comes and goes by its button and by messages, not by the window's width. */
  adw_flap_set_locked (ADW_FLAP (self->flap), TRUE);
  if (jn_context_is_sandbox (self->context) && jn_context_get_test_phone (self->context))
    {
      adw_flap_set_flap (ADW_FLAP (self->flap), jn_test_phone_panel_new (self->context));
      g_signal_connect_object (jn_context_get_test_phone (self->context), "received",
                               G_CALLBACK (on_sms), self, G_CONNECT_SWAPPED);
    }
  gtk_widget_set_vexpand (self->flap, TRUE);
  gtk_box_append (GTK_BOX (box), self->strip);
  gtk_box_append (GTK_BOX (box), self->flap);
  jn_layout_watcher_set_child (JN_LAYOUT_WATCHER (self->watcher), box);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), self->watcher);
}

GtkWidget *
jn_window_new (GtkApplication *application, JnContext *context, GSettings *settings)
{
  JnWindow *self = g_object_new (JN_TYPE_WINDOW, "application", application, "title", _ ("Jinnang"),
                                 "icon-name", "org.jinnang.Wallet", NULL);
  int width = g_settings_get_int (settings, "width"),
      height = g_settings_get_int (settings, "height");

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  build (self);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  jn_window_add_actions (self, context, self->flap);
  g_signal_connect_object (self->watcher, "notify::narrow", G_CALLBACK (on_narrow), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inner, "notify::narrow", G_CALLBACK (on_tight), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::stage", G_CALLBACK (show_stage), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::protecting", G_CALLBACK (on_protecting), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "payment-settled", G_CALLBACK (on_settled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "payment-reopened", G_CALLBACK (on_reopened), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "close-request", G_CALLBACK (on_close), NULL);
  jn_layout_watcher_expect_width (JN_LAYOUT_WATCHER (self->watcher), width);
  jn_layout_watcher_expect_width (JN_LAYOUT_WATCHER (self->inner), width);
  on_narrow (self);
  show_stage (self);
  return GTK_WIDGET (self);
}

void
jn_window_close_now (JnWindow *self)
{
  g_return_if_fail (JN_IS_WINDOW (self));
  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

void
jn_window_go (JnWindow *self, const char *where)
{
  g_return_if_fail (JN_IS_WINDOW (self));
  if (self->shell)
    jn_shell_go (JN_SHELL (self->shell), where);
}

const char *
jn_window_get_place (JnWindow *self)
{
  g_return_val_if_fail (JN_IS_WINDOW (self), NULL);
  return self->shell ? jn_shell_get_place (JN_SHELL (self->shell)) : NULL;
}

gboolean
jn_window_back (JnWindow *self)
{
  g_return_val_if_fail (JN_IS_WINDOW (self), FALSE);
  return self->shell && jn_shell_back (JN_SHELL (self->shell));
}

gboolean
jn_window_find (JnWindow *self)
{
  g_return_val_if_fail (JN_IS_WINDOW (self), FALSE);
  return self->shell && jn_shell_find (JN_SHELL (self->shell));
}

gboolean
jn_window_is_ready (JnWindow *self)
{
  g_return_val_if_fail (JN_IS_WINDOW (self), FALSE);
  return self->shell != NULL;
}

void
jn_window_notice (JnWindow *self, const char *text)
{
  g_return_if_fail (JN_IS_WINDOW (self));
  show_notice (self, text, 3, NULL, NULL);
}
