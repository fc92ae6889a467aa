/* The order, the resolved code and the payee check. */
#include "jn-wire-read.h"

#include "jn-error.h"

#include <string.h>

static void
coupon_free (gpointer data)
{
  JnWireCoupon *coupon = data;
  if (coupon == NULL)
    return;
  g_free (coupon->offer_id);
  jn_wire_name_clear (&coupon->title);
  g_free (coupon);
}

static gpointer
read_coupon (JnWireReader *reader, JnJson *json)
{
  JnWireCoupon *coupon = g_new0 (JnWireCoupon, 1);
  coupon->offer_id = jn_wire_take_path_id (reader, json, "offerId");
  coupon->title = jn_wire_take_names (reader, json, "title");
  coupon->discount = jn_wire_take_money (reader, json, "discount", JN_WIRE_REQUIRED);
  return coupon;
}

/* total = original − discount + fee, nothing negative, one currency: the sheet's lines must add up. */
static void
check_sums (JnWireReader *reader, const JnWireOrder *order)
{
  JnMoney sum = order->original;
  if (reader->failure != NULL)
    return;
  if (order->original.minor <= 0 || order->discount.minor < 0 || order->fee.minor < 0
      || order->total.minor <= 0 || !jn_money_subtract (sum, order->discount, &sum)
      || !jn_money_add (sum, order->fee, &sum) || !jn_money_equal (sum, order->total))
    jn_wire_reader_fail (reader, "order/total");
}

/* What is signed, and its digest. An order with a fraction has neither: nobody could sign for all of it. */
static void
take_canonical (JnWireReader *reader, JnJson *json, JnWireOrder *order)
{
  gsize length = 0;

  order->canonical = json != NULL ? jn_json_canonical (json, &length) : NULL;
  if (order->canonical == NULL)
    jn_wire_reader_fail (reader, "canonical");
  else
    order->digest =
        g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) order->canonical, length);
}

static void
take_order (JnWireReader *reader, JnJson *json, JnWireOrder *order)
{
  order->intent = jn_wire_take_id (reader, json, "intentId", JN_WIRE_REQUIRED);
  order->payment_id = jn_wire_take_path_id (reader, json, "paymentId");
  order->product = jn_wire_take_path_id (reader, json, "product");
  order->payee_name = jn_wire_take_name (reader, json, "payee/name", JN_WIRE_REQUIRED);
  order->payee_account = jn_wire_take_account (reader, json, "payee/account", JN_WIRE_REQUIRED);
  order->payee_branch = jn_wire_take_name (reader, json, "payee/branch", JN_WIRE_OPTIONAL);
  order->payee_verified = jn_wire_take_boolean (reader, json, "payee/verified", JN_WIRE_REQUIRED);
  if (jn_json_get (json, "card") != NULL)
    {
      order->card_id = jn_wire_take_path_id (reader, json, "card/cardId");
      order->card = jn_wire_take_name (reader, json, "card/maskedPan", JN_WIRE_REQUIRED);
    }
  order->original = jn_wire_take_money (reader, json, "original", JN_WIRE_REQUIRED);
  order->discount = jn_wire_take_money (reader, json, "discount", JN_WIRE_REQUIRED);
  order->fee = jn_wire_take_money (reader, json, "fee", JN_WIRE_REQUIRED);
  order->total = jn_wire_take_money (reader, json, "total", JN_WIRE_REQUIRED);
  if (jn_json_get (json, "couponId") != NULL)
    order->coupon_id = jn_wire_take_path_id (reader, json, "couponId");
  order->category = jn_wire_take_category (reader, json, "category", JN_WIRE_REQUIRED);
  order->points_earned =
      jn_wire_take_integer (reader, json, "pointsEarned", 0, G_MAXINT32, JN_WIRE_REQUIRED);
  order->memo = jn_wire_take_text (reader, json, "memo", JN_WIRE_OPTIONAL);
  order->expires_at = jn_wire_take_instant (reader, json, "expiresAt", JN_WIRE_REQUIRED);
  check_sums (reader, order);
  take_canonical (reader, json, order);
}

JnWireOrder *
jn_wire_read_kept_order (const char *canonical, GError **error)
{
  g_return_val_if_fail (canonical != NULL, NULL);
  JnWireReader reader = { NULL };
  g_autoptr (JnWireOrder) order = g_new0 (JnWireOrder, 1);
  g_autoptr (JnJsonDoc) doc = jn_json_parse (canonical, strlen (canonical), error);

  if (doc == NULL)
    return NULL;
  take_order (&reader, jn_json_doc_root (doc), order);
  order->coupons = g_ptr_array_new_with_free_func (coupon_free);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&order) : NULL;
}

JnWireOrder *
jn_wire_read_order (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (JnWireOrder) order = g_new0 (JnWireOrder, 1);
  JnJson *inner = jn_json_get (json, "order");

  g_autofree char *payment_id = jn_wire_take_path_id (&reader, json, "paymentId");
  g_autofree char *digest = jn_wire_take_token (&reader, json, "orderDigest", JN_WIRE_REQUIRED);
  order->requires_sms = jn_wire_take_boolean (&reader, json, "requiresSms", JN_WIRE_OPTIONAL);
  order->coupons = jn_json_get (json, "coupons") != NULL
                       ? jn_wire_take_list (&reader, json, "coupons", read_coupon, coupon_free)
                       : g_ptr_array_new_with_free_func (coupon_free);
  if (!jn_json_is_object (inner))
    jn_wire_reader_fail (&reader, "order");
  take_order (&reader, inner, order);
  if (g_strcmp0 (payment_id, order->payment_id) != 0)
    jn_wire_reader_fail (&reader, "paymentId");
  if (!jn_wire_reader_end (&reader, error))
    return NULL;
  if (!g_str_equal (order->digest, digest))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_SIGNATURE_BAD,
                           "the order does not have the digest that it comes with");
      return NULL;
    }
  return g_steal_pointer (&order);
}

void
jn_wire_order_free (JnWireOrder *self)
{
  if (self == NULL)
    return;
  g_free (self->payment_id);
  g_free (self->product);
  g_free (self->payee_name);
  g_free (self->payee_account);
  g_free (self->payee_branch);
  g_free (self->card_id);
  g_free (self->card);
  g_free (self->coupon_id);
  g_free (self->memo);
  g_clear_pointer (&self->coupons, g_ptr_array_unref);
  g_free (self->digest);
  g_free (self->canonical);
  g_free (self);
}

JnWireQr *
jn_wire_read_qr (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (JnWireQr) qr = g_new0 (JnWireQr, 1);

  qr->payee_name = jn_wire_take_name (&reader, json, "payee/name", JN_WIRE_REQUIRED);
  qr->account = jn_wire_take_account (&reader, json, "payee/account", JN_WIRE_REQUIRED);
  qr->branch = jn_wire_take_name (&reader, json, "payee/branch", JN_WIRE_OPTIONAL);
  qr->verified = jn_wire_take_boolean (&reader, json, "payee/verified", JN_WIRE_REQUIRED);
  qr->city = jn_wire_take_name (&reader, json, "city", JN_WIRE_OPTIONAL);
  qr->amount = jn_wire_take_money (&reader, json, "amount", JN_WIRE_OPTIONAL);
  qr->has_amount = qr->amount.currency != JN_CURRENCY_NONE;
  qr->amount_editable = jn_wire_take_boolean (&reader, json, "amountEditable", JN_WIRE_REQUIRED);
  qr->category = jn_wire_take_category (&reader, json, "category", JN_WIRE_REQUIRED);
  if (qr->has_amount ? qr->amount.minor <= 0 : !qr->amount_editable)
    jn_wire_reader_fail (&reader, "amount");
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&qr) : NULL;
}

void
jn_wire_qr_free (JnWireQr *self)
{
  if (self == NULL)
    return;
  g_free (self->payee_name);
  g_free (self->account);
  g_free (self->branch);
  g_free (self->city);
  g_free (self);
}

JnWirePayeeCheck *
jn_wire_read_payee_check (JnJson *json, GError **error)
{
  static const char *const results[] = { "match", "close", "noMatch", "cannotCheck", NULL };
  JnWireReader reader = { NULL };
  g_autoptr (JnWirePayeeCheck) check = g_new0 (JnWirePayeeCheck, 1);

  check->result = (JnWirePayeeResult) jn_wire_take_choice (&reader, json, "result", results);
  check->registered_name = jn_wire_take_name (&reader, json, "registeredName", JN_WIRE_OPTIONAL);
  check->bank_name = jn_wire_take_names (&reader, json, "bankName");
  check->product = jn_wire_take_path_id (&reader, json, "product");
  check->known = jn_wire_take_boolean (&reader, json, "known", JN_WIRE_REQUIRED);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&check) : NULL;
}

void
jn_wire_payee_check_free (JnWirePayeeCheck *self)
{
  if (self == NULL)
    return;
  g_free (self->registered_name);
  jn_wire_name_clear (&self->bank_name);
  g_free (self->product);
  g_free (self);
}
