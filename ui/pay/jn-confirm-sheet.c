/* The sheet shows what is signed and nothing else. Enter in the PIN moves to the button and never presses it; a key that is
 * still held down does not press it either. */
#include "jn-confirm-sheet.h"

#include <glib/gi18n.h>

#include "jn-amount-label.h"
#include "jn-avatar.h"
#include "jn-budget-bar.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-pin-entry.h"
#include "jn-sheet-row.h"
#include "jn-text.h"

struct _JnConfirmSheet
{
  JnPaymentPanel panel;

  GtkWidget *reopened;
  AdwBin *avatar_slot;
  GtkLabel *payee;
  GtkWidget *verified;
  GtkLabel *payee_line;
  AdwBin *amount_slot;
  GtkLabel *capital;
  GtkBox *rows;
  GtkWidget *pin_caption;
  AdwBin *pin_slot;
  GtkLabel *error_label;
  GtkWidget *pay_button;
  GtkSpinner *pay_spinner;
  GtkLabel *pay_label;
  JnAvatar *avatar;
  JnAmountLabel *amount;
  JnPinEntry *pin;

  gboolean locked;   /* pressed: nothing more goes out until the bank has answered */
  gboolean key_held; /* the Enter that left the PIN is still down */
};

G_DEFINE_FINAL_TYPE (JnConfirmSheet, jn_confirm_sheet, JN_TYPE_PAYMENT_PANEL)

/* ---- the rows ---- */

static void
coupon_chosen_cb (GtkWidget *button, JnConfirmSheet *self)
{
  const char *id = g_object_get_data (G_OBJECT (button), "coupon");
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  if (popover)
    gtk_popover_popdown (GTK_POPOVER (popover));
  if (!self->locked)
    jn_payment_choose_coupon (self->panel.payment, id);
}

static GtkWidget *
coupon_button_new (JnConfirmSheet *self, const char *id, const char *title, const char *value)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *amount = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (amount, "figures");
  gtk_widget_add_css_class (amount, "jade");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), amount);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "coupon", g_strdup (id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (coupon_chosen_cb), self);
  return button;
}

static char *
dup_minus (JnMoney money, gboolean masked)
{
  JnMoney minus = money;

  if (!jn_money_negate (money, &minus))
    return g_strdup ("");
  return jn_format_money (minus, JN_MONEY_FORMAT_PLAIN, masked);
}

static GtkWidget *
coupon_menu_new (JnConfirmSheet *self, GListModel *coupons, JnCouponItem *used, gboolean masked)
{
  GtkWidget *menu = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *label = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (coupons); i++)
    {
      g_autoptr (JnCouponItem) coupon = g_list_model_get_item (coupons, i);
      g_autofree char *value = dup_minus (jn_coupon_item_get_discount (coupon), masked);

      gtk_box_append (GTK_BOX (box), coupon_button_new (self, jn_coupon_item_get_id (coupon),
                                                        jn_sheet_coupon_title (coupon), value));
    }
  gtk_box_append (GTK_BOX (box), coupon_button_new (self, NULL, _ ("No coupon"), ""));
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (menu), popover);
  label = used ? dup_minus (jn_coupon_item_get_discount (used), masked) : g_strdup (_ ("Not used"));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (menu), label);
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (menu), TRUE);
  gtk_widget_add_css_class (menu, "flat");
  gtk_widget_add_css_class (menu, "row-menu");
  jn_widget_set_name (menu, _ ("Choose a coupon"));
  gtk_widget_set_sensitive (menu, jn_payment_can_choose_coupon (self->panel.payment));
  return menu;
}

static void
append_coupon (JnConfirmSheet *self, gboolean masked)
{
  GListModel *coupons = jn_payment_get_coupons (self->panel.payment);
  JnCouponItem *used = jn_payment_get_coupon (self->panel.payment);
  const char *title, *subtitle = NULL;
  JnMoney minus;

  if (!coupons || g_list_model_get_n_items (coupons) == 0)
    return;
  title = used ? jn_sheet_coupon_title (used) : _ ("Coupon");
  /* It stays the one that was there. */
  if (used && jn_payment_is_reopened (self->panel.payment)
      && jn_money_negate (jn_coupon_item_get_discount (used), &minus))
    {
      gtk_box_append (self->rows, jn_sheet_row_new_money (title, NULL, minus, masked, "jade"));
      return;
    }
  if (used)
    {
      g_autoptr (JnCouponItem) best = g_list_model_get_item (coupons, 0);

      if (g_strcmp0 (jn_coupon_item_get_id (best), jn_coupon_item_get_id (used)) == 0)
        subtitle = _ ("The best one, picked for you");
    }
  gtk_box_append (self->rows, jn_sheet_row_new (title, subtitle,
                                                coupon_menu_new (self, coupons, used, masked)));
}

static void
append_method (JnConfirmSheet *self, gboolean masked)
{
  g_autofree char *available = jn_format_money (jn_payment_get_available (self->panel.payment),
                                                JN_MONEY_FORMAT_PLAIN, masked);
  const char *card = jn_payment_get_paying_card (self->panel.payment);
  g_autofree char *number = card ? jn_format_card (card) : NULL;
  g_autofree char *text = card ? g_strdup_printf (_ ("Card %s"), number)
                               : g_strdup_printf (_ ("Balance %s"), available);

  gtk_box_append (self->rows, jn_sheet_row_new_text (_ ("Payment method"), NULL, text, FALSE));
  gtk_widget_add_css_class (gtk_widget_get_last_child (GTK_WIDGET (self->rows)), "figures");
}

static int
percent_of (gint64 part, gint64 whole)
{
  if (part <= 0 || whole <= 0)
    return 0;
  return (int) MIN (part > G_MAXINT64 / 100 ? part / (whole / 100 + 1) : part * 100 / whole, 999);
}

static GtkWidget *
budget_end_new (JnConfirmSheet *self, JnBudgetItem *budget, gboolean masked)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *bar = jn_budget_bar_new ();
  JnMoney limit = jn_budget_item_get_limit (budget);
  JnMoney before = jn_budget_item_get_spent (budget);
  g_autofree char *whole = jn_format_money (limit, JN_MONEY_FORMAT_PLAIN, masked);
  g_autofree char *text = NULL;
  GtkWidget *label;

  if (!jn_money_subtract (before, jn_payment_get_total (self->panel.payment), &before))
    before = jn_money (0, limit.currency);
  jn_budget_bar_set_percent (JN_BUDGET_BAR (bar), percent_of (before.minor, limit.minor),
                             jn_budget_item_get_percent (budget));
  jn_budget_bar_set_masked (JN_BUDGET_BAR (bar), masked);
  gtk_widget_set_size_request (bar, 150, -1);
  text = masked ? g_strdup (JN_MASK)
                /* Translators: how much of a month's budget is spent: "62 % of ¥500.00". */
                : g_strdup_printf (_ ("%d %% of %s"), jn_budget_item_get_percent (budget), whole);
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "caption-text");
  gtk_widget_add_css_class (label, "dim");
  gtk_widget_add_css_class (label, "figures");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
append_budget (JnConfirmSheet *self, gboolean masked)
{
  JnBudgetItem *budget = jn_payment_get_budget_after (self->panel.payment);
  g_autofree char *title = NULL;

  if (!budget)
    return;
  /* Translators: a month's budget of one category: "Dining budget". */
  title =
      g_strdup_printf (_ ("%s budget"), jn_format_category (jn_budget_item_get_category (budget)));
  gtk_box_append (self->rows, jn_sheet_row_new (title, _ ("After this payment"),
                                                budget_end_new (self, budget, masked)));
}

static void
fill_rows (JnConfirmSheet *self, gboolean masked)
{
  JnMoney original = jn_payment_get_original (self->panel.payment);
  JnMoney fee = jn_payment_get_fee (self->panel.payment);
  const char *memo = jn_payment_get_memo (self->panel.payment);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))))
    gtk_box_remove (self->rows, child);
  if (!jn_money_equal (original, jn_payment_get_total (self->panel.payment)))
    gtk_box_append (self->rows,
                    jn_sheet_row_new_money (_ ("Original price"), NULL, original, masked, NULL));
  append_coupon (self, masked);
  if (fee.minor > 0)
    gtk_box_append (self->rows, jn_sheet_row_new_money (_ ("Fee"), NULL, fee, masked, NULL));
  append_method (self, masked);
  if (memo && *memo)
    gtk_box_append (self->rows, jn_sheet_row_new_text (_ ("Note"), NULL, memo, FALSE));
  append_budget (self, masked);
}

/* ---- head and foot ---- */

static char *
dup_payee_line (JnPayment *payment)
{
  const char *branch = jn_payment_get_branch (payment);
  const char *account = jn_payment_get_payee_account (payment);

  if (jn_payment_is_top_up (payment))
    return g_strdup (_ ("From your card to your wallet"));
  if (jn_payment_is_transfer (payment))
    return account ? jn_text_group_account (account) : g_strdup ("");
  if (!jn_payment_get_verified (payment))
    return g_strdup (branch ? branch : _ ("Not verified by the bank"));
  return branch ? g_strdup_printf (_ ("Merchant verified by the bank · %s"), branch)
                : g_strdup (_ ("Merchant verified by the bank"));
}

static void
fill_head (JnConfirmSheet *self, gboolean masked)
{
  JnMoney total = jn_payment_get_total (self->panel.payment);
  gboolean top_up = jn_payment_is_top_up (self->panel.payment);
  const char *payee =
      top_up ? _ ("Top up your wallet") : jn_payment_get_payee (self->panel.payment);
  g_autofree char *line = dup_payee_line (self->panel.payment);
  g_autofree char *capital = masked ? NULL : jn_context_dup_capital_amount (total);

  /* What is said above a sheet that is shown again takes its place. */
  gtk_widget_set_visible (GTK_WIDGET (self->avatar_slot),
                          !jn_payment_is_reopened (self->panel.payment));
  if (top_up)
    jn_avatar_set_icon (self->avatar, "jn-wallet-symbolic");
  else
    jn_avatar_set_name (self->avatar, payee);
  gtk_label_set_text (self->payee, payee ? payee : "");
  gtk_widget_set_visible (self->verified, !top_up && jn_payment_get_verified (self->panel.payment));
  gtk_label_set_text (self->payee_line, line);
  jn_amount_label_set_money (self->amount, total);
  gtk_label_set_text (self->capital, capital ? capital : "");
  gtk_widget_set_visible (GTK_WIDGET (self->capital), capital != NULL);
}

static void
fill_button (JnConfirmSheet *self, gboolean masked)
{
  gboolean waiting = self->locked && jn_payment_get_wait (self->panel.payment) >= JN_WAIT_SPINNER;
  g_autofree char *amount =
      jn_format_money (jn_payment_get_total (self->panel.payment), JN_MONEY_FORMAT_PLAIN, masked);
  g_autofree char *text = jn_sheet_dup_verb (self->panel.payment, amount);

  /* So it was until now; nothing moves under the pointer. */
  gtk_widget_set_visible (self->reopened, jn_payment_is_reopened (self->panel.payment));
  gtk_widget_set_child_visible (self->reopened, !self->locked);
  gtk_label_set_text (self->pay_label, text);
  jn_widget_set_name (self->pay_button, text);
  gtk_widget_set_visible (GTK_WIDGET (self->pay_spinner), waiting);
  gtk_spinner_set_spinning (self->pay_spinner, waiting);
  gtk_widget_set_sensitive (self->pay_button, !self->locked
                                                  && jn_payment_get_state (self->panel.payment)
                                                         == JN_PAYMENT_CONFIRM);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pin), !self->locked);
}

static void
say_under_pin (JnConfirmSheet *self, const char *text)
{
  gtk_label_set_text (self->error_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
  gtk_widget_set_visible (self->pin_caption, text == NULL);
}

static void
fill (JnConfirmSheet *self)
{
  gboolean masked = jn_context_get_masked (self->panel.context);

  fill_head (self, masked);
  fill_rows (self, masked);
  fill_button (self, masked);
}

/* ---- approving ---- */

static void
pay_clicked_cb (JnConfirmSheet *self)
{
  if (self->locked || self->key_held
      || jn_payment_get_state (self->panel.payment) != JN_PAYMENT_CONFIRM)
    return;
  if (!jn_pin_entry_is_complete (self->pin))
    {
      say_under_pin (self, _ ("Type the six digits of your payment PIN first."));
      gtk_widget_grab_focus (GTK_WIDGET (self->pin));
      return;
    }
  self->locked = TRUE;
  say_under_pin (self, NULL);
  fill_button (self, jn_context_get_masked (self->panel.context));
  jn_payment_approve (self->panel.payment, jn_pin_entry_peek (self->pin));
  jn_pin_entry_clear (self->pin);
}

static void
pin_submit_cb (JnConfirmSheet *self)
{
  self->key_held = TRUE;
  gtk_widget_grab_focus (self->pay_button);
}

static gboolean
is_enter (guint keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                JnConfirmSheet *self)
{
  return self->key_held && is_enter (keyval);
}

static void
key_released_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                 JnConfirmSheet *self)
{
  if (is_enter (keyval))
    self->key_held = FALSE;
}

static void
pointer_pressed_cb (JnConfirmSheet *self)
{
  self->key_held = FALSE;
}

static void
state_changed_cb (JnConfirmSheet *self)
{
  JnPaymentState state = jn_payment_get_state (self->panel.payment);
  const GError *error = jn_payment_get_error (self->panel.payment);

  if (state != JN_PAYMENT_CONFIRM)
    {
      if (state == JN_PAYMENT_QUOTING)
        gtk_widget_set_sensitive (self->pay_button, FALSE);
      return;
    }
  if (self->locked && error)
    {
      g_autofree char *text =
          jn_error_text_dup_field (error, jn_payment_get_attempts_left (self->panel.payment));

      self->locked = FALSE;
      fill (self);
      jn_pin_entry_refuse (self->pin);
      say_under_pin (self, text);
      gtk_widget_grab_focus (GTK_WIDGET (self->pin));
      return;
    }
  self->locked = FALSE;
  fill (self);
}

static void
wait_changed_cb (JnConfirmSheet *self)
{
  fill_button (self, jn_context_get_masked (self->panel.context));
}

static void
mask_changed_cb (JnConfirmSheet *self)
{
  if (jn_payment_get_state (self->panel.payment) == JN_PAYMENT_CONFIRM)
    fill (self);
}

/* ---- the object ---- */

static void
watch_keys (JnConfirmSheet *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pointer_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static gboolean
jn_confirm_sheet_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (JN_CONFIRM_SHEET (widget)->pin));
}

static void
jn_confirm_sheet_constructed (GObject *object)
{
  JnConfirmSheet *self = JN_CONFIRM_SHEET (object);

  G_OBJECT_CLASS (jn_confirm_sheet_parent_class)->constructed (object);
  self->avatar = JN_AVATAR (jn_avatar_new (52));
  adw_bin_set_child (self->avatar_slot, GTK_WIDGET (self->avatar));
  self->amount = JN_AMOUNT_LABEL (jn_amount_label_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->amount), "hero");
  jn_amount_label_set_xalign (self->amount, 0.5f);
  jn_widget_follow_mask (self->amount, self->panel.context);
  adw_bin_set_child (self->amount_slot, GTK_WIDGET (self->amount));
  self->pin = JN_PIN_ENTRY (jn_pin_entry_new (TRUE, _ ("Payment PIN")));
  g_signal_connect_swapped (self->pin, "submit", G_CALLBACK (pin_submit_cb), self);
  adw_bin_set_child (self->pin_slot, GTK_WIDGET (self->pin));

  watch_keys (self);
  g_signal_connect_object (self->panel.payment, "notify::state", G_CALLBACK (state_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.payment, "notify::wait", G_CALLBACK (wait_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.context, "notify::masked", G_CALLBACK (mask_changed_cb),
                           self, G_CONNECT_SWAPPED);
  fill (self);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, reopened);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, avatar_slot);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, payee);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, verified);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, payee_line);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, amount_slot);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, capital);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, rows);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, pin_caption);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, pin_slot);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, error_label);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, pay_button);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, pay_spinner);
  gtk_widget_class_bind_template_child (widget_class, JnConfirmSheet, pay_label);
  gtk_widget_class_bind_template_callback (widget_class, pay_clicked_cb);
}

static void
jn_confirm_sheet_class_init (JnConfirmSheetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_confirm_sheet_constructed;
  widget_class->grab_focus = jn_confirm_sheet_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-confirm-sheet.ui");
  bind_children (widget_class);
}

static void
jn_confirm_sheet_init (JnConfirmSheet *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_confirm_sheet_new (JnContext *context, JnPayment *payment)
{
  return jn_payment_panel_new (JN_TYPE_CONFIRM_SHEET, context, payment);
}
