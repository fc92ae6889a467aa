/* A state is explained where it is shown: what it means for the money and what will happen next. */
#include "jn-bill-detail.h"

#include <glib/gi18n.h>

#include "jn-amount-label.h"
#include "jn-avatar.h"
#include "jn-doctor-dialog.h"
#include "jn-format.h"
#include "jn-id.h"
#include "jn-sheet-row.h"
#include "jn-status-face.h"
#include "jn-text.h"

struct _JnBillDetail
{
  AdwBin parent_instance;

  AdwBin *avatar_slot;
  GtkLabel *payee;
  AdwBin *amount_slot;
  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkLabel *explanation;
  GtkBox *rows;
  GtkLabel *reference;
  GtkBox *links;
  GtkEditable *note; /* NULL while it is not booked */
  JnAmountLabel *amount;

  JnContext *context;
  JnEntryItem *item;
};

enum
{
  PROP_CONTEXT = 1,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnBillDetail, jn_bill_detail, ADW_TYPE_BIN)

/* ---- the state ---- */

static const char *
state_text (JnEntryItem *item)
{
  JnStatus status = jn_entry_item_get_status (item);

  if (status == JN_STATUS_CHECKING)
    return jn_status_get_face (status).sentence;
  if (status != JN_STATUS_NONE)
    return jn_status_get_face (status).word;
  switch (jn_entry_item_get_state (item))
    {
    case JN_ENTRY_PENDING:
      return _ ("Pending");
    case JN_ENTRY_HELD:
      return _ ("Held");
    default:
      return jn_id_is_zero (jn_entry_item_get_returns (item)) ? _ ("Received") : _ ("Money back");
    }
}

static char *
dup_explanation (JnBillDetail *self)
{
  JnInstant until = jn_entry_item_get_expires_at (self->item);
  g_autofree char *when = NULL;

  switch (jn_entry_item_get_state (self->item))
    {
    case JN_ENTRY_PENDING:
      return g_strdup (
          _ ("The bank has it and is booking it. The amount is already taken off what is "
             "available."));
    case JN_ENTRY_HELD:
      if (!until)
        return g_strdup (_ ("The payee keeps this amount in reserve. It is still yours, but not "
                            "available."));
      when = jn_format_day_inside (jn_date_at (until), jn_context_now (self->context));
      return g_strdup_printf (_ ("The payee keeps this amount in reserve. What is not used is "
                                 "available again by %s."),
                              when);
    case JN_ENTRY_UNKNOWN:
      return g_strdup (_ ("The bank has not answered. The money may or may not have moved; it "
                          "cannot move twice. This settles by itself and you will be told."));
    case JN_ENTRY_NOT_MADE:
      return g_strdup (_ ("The bank did not make this payment. It is closed and cannot be made "
                          "any more; you can pay again."));
    case JN_ENTRY_SENDING:
    case JN_ENTRY_CANCELLED:
      return g_strdup (jn_status_get_face (jn_entry_item_get_status (self->item)).sentence);
    case JN_ENTRY_BOOKED:
    case JN_ENTRY_LOADING:
    default:
      if (jn_entry_item_get_status (self->item) == JN_STATUS_RETURNED)
        return g_strdup (jn_status_get_face (JN_STATUS_RETURNED).sentence);
      return g_strdup (_ ("Booked by the bank. This is final."));
    }
}

static void
show_state (JnBillDetail *self)
{
  g_autofree char *explanation = dup_explanation (self);
  JnStatus status = jn_entry_item_get_status (self->item);
  JnStatusFace face = jn_status_get_face (status);

  gtk_label_set_text (self->state_label, state_text (self->item));
  gtk_label_set_text (self->explanation, explanation);
  gtk_image_set_from_icon_name (self->state_icon, face.icon);
  gtk_widget_set_visible (GTK_WIDGET (self->state_icon), status != JN_STATUS_NONE);
  if (status == JN_STATUS_NONE && jn_entry_item_get_state (self->item) == JN_ENTRY_BOOKED)
    return;
  gtk_widget_add_css_class (GTK_WIDGET (self->state_label), face.style_class);
  gtk_widget_add_css_class (GTK_WIDGET (self->state_icon), face.style_class);
}

/* ---- the customer's own note ---- */

static void
note_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnBillDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = jn_context_set_note_finish (JN_CONTEXT (source), result, &error);

  if (self->item == NULL)
    return;
  if (kept)
    jn_entry_item_set_own_note (self->item, kept);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.notice", "s",
                              kept ? _ ("Note kept on this computer")
                                   : _ ("The note could not be kept"));
}

static void
keep_note (JnBillDetail *self)
{
  const char *text = gtk_editable_get_text (self->note);
  const char *old = jn_entry_item_get_note (self->item);

  if (g_strcmp0 (text, old ? old : "") == 0)
    return;
  jn_context_set_note_async (self->context, jn_entry_item_get_id (self->item), text, NULL,
                             note_kept_cb, g_object_ref (self));
}

static void
append_note (JnBillDetail *self)
{
  GtkWidget *entry;
  GtkWidget *row;
  GtkEventController *focus;

  if (jn_entry_item_get_state (self->item) != JN_ENTRY_BOOKED)
    return;
  entry = gtk_entry_new ();
  focus = gtk_event_controller_focus_new ();
  self->note = GTK_EDITABLE (entry);
  gtk_editable_set_text (
      self->note, jn_entry_item_get_note (self->item) ? jn_entry_item_get_note (self->item) : "");
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Only you see it"));
  gtk_entry_set_max_length (GTK_ENTRY (entry), 150);
  gtk_editable_set_width_chars (self->note, 8);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_add_css_class (entry, "note-entry");
  jn_widget_set_name (entry, _ ("My note"));
  g_signal_connect_object (entry, "activate", G_CALLBACK (keep_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (keep_note), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (entry, focus);
  row = jn_sheet_row_new (_ ("My note"), NULL, entry);
  gtk_widget_set_halign (entry, GTK_ALIGN_FILL);
  gtk_box_append (self->rows, row);
}

/* ---- what belongs to it ---- */

static GtkWidget *
link_new (const char *label, const char *where)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "link-button");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", where);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go");
  return button;
}

static void
append_other_row (JnBillDetail *self, const char *title, const char *label, const JnId *id)
{
  g_autofree char *text = jn_id_to_string (id);
  g_autofree char *where = g_strdup_printf ("bills#entry:%s", text);

  if (!jn_id_is_zero (id))
    gtk_box_append (self->rows, jn_sheet_row_new (title, NULL, link_new (label, where)));
}

static void
fill_links (JnBillDetail *self)
{
  const JnId *intent = jn_entry_item_get_intent (self->item);
  JnEntryState state = jn_entry_item_get_state (self->item);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->links))))
    gtk_box_remove (self->links, child);
  if (!jn_id_is_zero (intent))
    {
      g_autofree char *id = jn_id_to_string (intent);
      g_autofree char *where = g_strdup_printf ("journal#intent:%s", id);
      gtk_box_append (self->links, link_new (_ ("Journal of this payment"), where));
    }
  if (state == JN_ENTRY_UNKNOWN || state == JN_ENTRY_NOT_MADE)
    gtk_box_append (self->links, jn_doctor_button_new (self->context, NULL, 0));
  gtk_widget_set_visible (GTK_WIDGET (self->links),
                          gtk_widget_get_first_child (GTK_WIDGET (self->links)) != NULL);
}

/* ---- the facts ---- */

static void
append_text (JnBillDetail *self, const char *title, const char *value, gboolean copyable)
{
  if (value && *value)
    gtk_box_append (self->rows, jn_sheet_row_new_text (title, NULL, value, copyable));
}

static void
append_money (JnBillDetail *self, const char *title, JnMoney money, const char *style_class)
{
  if (money.currency != JN_CURRENCY_NONE)
    gtk_box_append (self->rows,
                    jn_sheet_row_new_money (title, NULL, money,
                                            jn_context_get_masked (self->context), style_class));
}

static void
append_discount (JnBillDetail *self)
{
  JnMoney discount = jn_entry_item_get_discount (self->item);
  JnMoney minus = discount;

  if (discount.currency == JN_CURRENCY_NONE || discount.minor == 0)
    return;
  append_money (self, _ ("Original price"), jn_entry_item_get_original (self->item), NULL);
  if (discount.minor < 0 || jn_money_negate (discount, &minus))
    append_money (self, _ ("Coupon"), minus, "jade");
}

static void
append_points (JnBillDetail *self)
{
  GtkWidget *row = jn_sheet_row_new_points (jn_entry_item_get_points (self->item));

  if (row)
    gtk_box_append (self->rows, row);
}

static const char *
kind_text (JnEntryKind kind)
{
  switch (kind)
    {
    case JN_ENTRY_KIND_TRANSFER:
      return _ ("Transfer");
    case JN_ENTRY_KIND_INCOME:
      return _ ("Income");
    case JN_ENTRY_KIND_OPENING:
      return _ ("Opening balance");
    case JN_ENTRY_KIND_REFUND:
      return _ ("Refund");
    case JN_ENTRY_KIND_BILL:
      return _ ("Bill");
    case JN_ENTRY_KIND_TOP_UP:
      return _ ("Top-up");
    case JN_ENTRY_KIND_PAYMENT:
    default:
      return _ ("Payment");
    }
}

static void
fill_rows (JnBillDetail *self)
{
  const char *account = jn_entry_item_get_account (self->item);
  g_autofree char *grouped = account ? jn_text_group_account (account) : NULL;
  g_autofree char *time = jn_format_full_time (jn_entry_item_get_occurred_at (self->item));
  gboolean out = jn_entry_item_get_amount (self->item).minor < 0;
  const char *card = jn_entry_item_get_card (self->item);
  g_autofree char *number = card ? jn_format_card (card) : NULL;
  g_autofree char *method = card ? g_strdup_printf (_ ("Card %s"), number) : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))))
    gtk_box_remove (self->rows, child);
  append_discount (self);
  append_text (self, _ ("Time"), time, FALSE);
  append_text (self, _ ("Kind"), kind_text (jn_entry_item_get_kind (self->item)), FALSE);
  append_text (self, _ ("Category"), jn_format_category (jn_entry_item_get_category (self->item)),
               FALSE);
  if (out)
    append_text (self, _ ("Payment method"), method ? method : _ ("Balance"), FALSE);
  else
    append_text (self, _ ("From your card"), number, FALSE);
  append_text (self, out ? _ ("Account of the payee") : _ ("Account of the payer"), grouped, TRUE);
  /* The bank's note to a top-up is the card's number. */
  if (!card || g_strcmp0 (card, jn_entry_item_get_memo (self->item)) != 0)
    append_text (self, _ ("Note"), jn_entry_item_get_memo (self->item), FALSE);
  append_other_row (self, _ ("Money back"), _ ("See the refund"),
                    jn_entry_item_get_returned_by (self->item));
  append_other_row (self, _ ("Money of"), _ ("See the payment"),
                    jn_entry_item_get_returns (self->item));
  append_points (self);
  append_money (self, _ ("Balance after"), jn_entry_item_get_balance_after (self->item), NULL);
  append_note (self);
}

static void
fill (JnBillDetail *self)
{
  JnMoney amount = jn_entry_item_get_amount (self->item);
  JnCategory category = jn_entry_item_get_category (self->item);
  gboolean unsigned_amount = !jn_entry_item_is_settled (self->item);
  const char *payee = category == JN_CATEGORY_OPENING ? jn_format_category (category)
                                                      : jn_entry_item_get_payee (self->item);
  GtkWidget *avatar = jn_avatar_new (52);
  g_autofree char *reference = jn_id_to_string (jn_entry_item_get_id (self->item));

  jn_avatar_set_name (JN_AVATAR (avatar), payee);
  jn_avatar_set_tone (JN_AVATAR (avatar),
                      category == JN_CATEGORY_INCOME
                          ? JN_TONE_GOLD
                          : jn_status_get_face (jn_entry_item_get_status (self->item)).tone);
  adw_bin_set_child (self->avatar_slot, avatar);
  gtk_label_set_text (self->payee, payee);
  jn_widget_set_name (GTK_WIDGET (self), payee);
  if (unsigned_amount && amount.minor < 0 && !jn_money_negate (amount, &amount))
    amount.minor = 0;
  jn_amount_label_set_format (self->amount,
                              unsigned_amount ? JN_MONEY_FORMAT_PLAIN : JN_MONEY_FORMAT_SIGNED);
  jn_amount_label_set_money (self->amount, amount);
  gtk_label_set_text (self->reference, reference);
  show_state (self);
  fill_rows (self);
  fill_links (self);
}

static void
copy_cb (JnBillDetail *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_text (self->reference));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.notice", "s", _ ("Reference copied"));
}

/* ---- the object ---- */

/* A reader begins at the top, not at the first text that can be copied: the bill itself has the focus, as a plain widget does. */
static gboolean
jn_bill_detail_grab_focus (GtkWidget *widget)
{
  return GTK_WIDGET_CLASS (g_type_class_peek (GTK_TYPE_WIDGET))->grab_focus (widget);
}

static void
jn_bill_detail_constructed (GObject *object)
{
  JnBillDetail *self = JN_BILL_DETAIL (object);

  G_OBJECT_CLASS (jn_bill_detail_parent_class)->constructed (object);
  self->amount = JN_AMOUNT_LABEL (jn_amount_label_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->amount), "hero");
  jn_amount_label_set_xalign (self->amount, 0.5f);
  jn_widget_follow_mask (self->amount, self->context);
  adw_bin_set_child (self->amount_slot, GTK_WIDGET (self->amount));
  g_signal_connect_object (self->context, "notify::masked", G_CALLBACK (fill_rows), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
jn_bill_detail_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  JnBillDetail *self = JN_BILL_DETAIL (object);

  switch (id)
    {
    case PROP_CONTEXT:
      self->context = g_value_dup_object (value);
      break;
    case PROP_ITEM:
      self->item = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
jn_bill_detail_dispose (GObject *object)
{
  JnBillDetail *self = JN_BILL_DETAIL (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_BILL_DETAIL);
  g_clear_object (&self->item);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_bill_detail_parent_class)->dispose (object);
}

static void
jn_bill_detail_class_init (JnBillDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = jn_bill_detail_constructed;
  object_class->set_property = jn_bill_detail_set_property;
  object_class->dispose = jn_bill_detail_dispose;
  widget_class->grab_focus = jn_bill_detail_grab_focus;
  props[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT, flags);
  props[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, JN_TYPE_ENTRY_ITEM, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/bills/jn-bill-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, avatar_slot);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, payee);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, amount_slot);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, state_icon);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, state_label);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, links);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, explanation);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, rows);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, reference);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
jn_bill_detail_init (JnBillDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
jn_bill_detail_new (JnContext *context, JnEntryItem *item)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (JN_IS_ENTRY_ITEM (item), NULL);
  return g_object_new (JN_TYPE_BILL_DETAIL, "context", context, "item", item, NULL);
}
