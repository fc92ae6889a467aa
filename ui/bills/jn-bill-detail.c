/* A state is explained where it is shown: what it means for the money and what will happen next. */
#include "jn-bill-detail.h"

#include <glib/gi18n.h>

#include "jn-amount-label.h"
#include "jn-avatar.h"
#include "jn-format.h"
#include "jn-id.h"
#include "jn-sheet-row.h"
#include "jn-text.h"

struct _JnBillDetail
{
  AdwBin parent_instance;

  AdwBin *avatar_slot;
  GtkLabel *payee;
  AdwBin *amount_slot;
  GtkLabel *state_label;
  GtkLabel *explanation;
  GtkBox *rows;
  GtkLabel *reference;
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
  gboolean in = jn_entry_item_get_amount (item).minor > 0;

  switch (jn_entry_item_get_state (item))
    {
    case JN_ENTRY_PENDING:
      return _ ("Pending");
    case JN_ENTRY_HELD:
      return _ ("Held");
    case JN_ENTRY_UNKNOWN:
      return _ ("Not known yet. Do not pay again. We are checking.");
    case JN_ENTRY_NOT_MADE:
      return _ ("Not made · your money has not moved");
    case JN_ENTRY_BOOKED:
    case JN_ENTRY_LOADING:
    default:
      return in ? _ ("Received") : _ ("Made");
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
      when = jn_format_day (jn_date_at (until), jn_context_now (self->context));
      return g_strdup_printf (_ ("The payee keeps this amount in reserve. What is not used is "
                                 "available again by %s."),
                              when);
    case JN_ENTRY_UNKNOWN:
      return g_strdup (_ ("The bank has not answered. The money may or may not have moved; it "
                          "cannot move twice. This settles by itself and you will be told."));
    case JN_ENTRY_NOT_MADE:
      return g_strdup (_ ("The bank did not make this payment. It is closed and cannot be made "
                          "any more; you can pay again."));
    case JN_ENTRY_BOOKED:
    case JN_ENTRY_LOADING:
    default:
      return g_strdup (_ ("Booked by the bank. This is final."));
    }
}

static void
show_state (JnBillDetail *self)
{
  g_autofree char *explanation = dup_explanation (self);
  JnEntryState state = jn_entry_item_get_state (self->item);

  gtk_label_set_text (self->state_label, state_text (self->item));
  gtk_label_set_text (self->explanation, explanation);
  if (state == JN_ENTRY_UNKNOWN)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "amber");
  else if (state != JN_ENTRY_BOOKED)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "dim");
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
  gint64 points = jn_entry_item_get_points (self->item);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;
  GtkWidget *row;

  if (points <= 0)
    return;
  count = jn_format_count (points);
  text = g_strdup_printf ("+%s", count);
  row = jn_sheet_row_new_text (_ ("Points earned"), NULL, text, FALSE);
  gtk_widget_add_css_class (gtk_widget_get_last_child (row), "gold");
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
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))))
    gtk_box_remove (self->rows, child);
  append_discount (self);
  append_text (self, _ ("Time"), time, FALSE);
  append_text (self, _ ("Kind"), kind_text (jn_entry_item_get_kind (self->item)), FALSE);
  append_text (self, _ ("Category"), jn_format_category (jn_entry_item_get_category (self->item)),
               FALSE);
  if (out)
    append_text (self, _ ("Payment method"), _ ("Balance"), FALSE);
  append_text (self, out ? _ ("Account of the payee") : _ ("Account of the payer"), grouped, TRUE);
  append_text (self, _ ("Note"), jn_entry_item_get_memo (self->item), FALSE);
  append_points (self);
  append_money (self, _ ("Balance after"), jn_entry_item_get_balance_after (self->item), NULL);
}

static void
fill (JnBillDetail *self)
{
  JnMoney amount = jn_entry_item_get_amount (self->item);
  JnCategory category = jn_entry_item_get_category (self->item);
  JnEntryState state = jn_entry_item_get_state (self->item);
  gboolean unknown = state == JN_ENTRY_UNKNOWN;
  gboolean unsigned_amount = unknown || state == JN_ENTRY_NOT_MADE;
  const char *payee = category == JN_CATEGORY_OPENING ? jn_format_category (category)
                                                      : jn_entry_item_get_payee (self->item);
  GtkWidget *avatar = jn_avatar_new (52);
  g_autofree char *reference = jn_id_to_string (jn_entry_item_get_id (self->item));

  jn_avatar_set_name (JN_AVATAR (avatar), payee);
  jn_avatar_set_tone (JN_AVATAR (avatar), unknown                          ? JN_TONE_AMBER
                                          : state == JN_ENTRY_NOT_MADE     ? JN_TONE_DIM
                                          : category == JN_CATEGORY_INCOME ? JN_TONE_GOLD
                                                                           : JN_TONE_JADE);
  adw_bin_set_child (self->avatar_slot, avatar);
  gtk_label_set_text (self->payee, payee);
  if (unsigned_amount && amount.minor < 0 && !jn_money_negate (amount, &amount))
    amount.minor = 0;
  jn_amount_label_set_format (self->amount,
                              unsigned_amount ? JN_MONEY_FORMAT_PLAIN : JN_MONEY_FORMAT_SIGNED);
  jn_amount_label_set_money (self->amount, amount);
  gtk_label_set_text (self->reference, reference);
  show_state (self);
  fill_rows (self);
}

static void
copy_cb (JnBillDetail *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_text (self->reference));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.notice", "s", _ ("Reference copied"));
}

/* ---- the object ---- */

/* A reader begins at the top, not at the first text that can be copied. */
static gboolean
jn_bill_detail_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (JN_BILL_DETAIL (widget)->payee));
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
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, state_label);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, explanation);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, rows);
  gtk_widget_class_bind_template_child (widget_class, JnBillDetail, reference);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
jn_bill_detail_init (JnBillDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_bill_detail_new (JnContext *context, JnEntryItem *item)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (JN_IS_ENTRY_ITEM (item), NULL);
  return g_object_new (JN_TYPE_BILL_DETAIL, "context", context, "item", item, NULL);
}
