#include "jn-bankd-offers.h"

#include <string.h>

#include "jn-bankd-handlers.h"

void
jn_bankd_coupon_clear (JnBankdCoupon *coupon)
{
  g_clear_pointer (&coupon->id, g_free);
  g_clear_pointer (&coupon->zh, g_free);
  g_clear_pointer (&coupon->en, g_free);
}

gint64
jn_bankd_offer_discount (const char *kind, gint64 value, gint64 amount)
{
  gint64 product;

  if (strcmp (kind, "amountOff") == 0)
    return MIN (value, amount - 1);
  if (strcmp (kind, "percentOff") == 0 && !__builtin_mul_overflow (amount, value, &product))
    return MIN (product / 100, amount - 1);
  return 0;
}

static int
compare_coupons (gconstpointer a, gconstpointer b)
{
  const JnBankdCoupon *left = a, *right = b;

  if (left->discount != right->discount)
    return left->discount > right->discount ? -1 : 1;
  if (left->multiple != right->multiple)
    return left->multiple > right->multiple ? -1 : 1;
  return strcmp (left->id, right->id);
}

GArray *
jn_bankd_offers_for (JnBankdCore *core, gint64 customer, gint64 amount, JnCategory category,
                     const char *merchant, JnInstant now)
{
  GArray *coupons = g_array_new (FALSE, TRUE, sizeof (JnBankdCoupon));
  sqlite3_stmt *stmt = jn_bankd_db_query (
      core->db,
      "SELECT id, zh, en, kind, coalesce (amount, percent, 0), coalesce (multiple, 1) FROM offer"
      " WHERE customer = ?1 AND used_at IS NULL AND valid_from <= ?2 AND valid_until > ?2"
      " AND coalesce (minimum, 0) <= ?3 AND (category IS NULL OR category = ?4)"
      " AND (merchant IS NULL OR merchant = ?5)",
      "iiiis", customer, now, amount, (gint64) category, merchant);

  g_array_set_clear_func (coupons, (GDestroyNotify) jn_bankd_coupon_clear);
  while (jn_bankd_db_step (core->db, stmt))
    {
      JnBankdCoupon coupon = {
        .id = g_strdup (jn_bankd_column (stmt, 0)),
        .zh = g_strdup (jn_bankd_column (stmt, 1)),
        .en = g_strdup (jn_bankd_column (stmt, 2)),
        .discount = jn_bankd_offer_discount (jn_bankd_column (stmt, 3),
                                             sqlite3_column_int64 (stmt, 4), amount),
        .multiple = sqlite3_column_int64 (stmt, 5),
      };

      g_array_append_val (coupons, coupon);
    }
  g_array_sort (coupons, compare_coupons);
  return coupons;
}

gboolean
jn_bankd_offer_use (JnBankdCore *core, gint64 customer, const char *offer, const char *transfer,
                    gint64 saved, JnInstant now, GError **error)
{
  if (jn_bankd_db_run (core->db,
                       "UPDATE offer SET used_at = ?1, used_by = ?2, saved = ?3"
                       " WHERE id = ?4 AND customer = ?5 AND used_at IS NULL AND valid_until > ?1",
                       "isisi", now, transfer, saved, offer, customer)
      == 1)
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_REFUSED, "offer");
  return FALSE;
}

static void
write_offer (JnBankdCall *call, JnJsonWriter *writer, sqlite3_stmt *stmt)
{
  gboolean used = sqlite3_column_type (stmt, 12) != SQLITE_NULL;
  gboolean expired = sqlite3_column_int64 (stmt, 11) <= call->now;

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "offerId", jn_bankd_column (stmt, 0));
  jn_bankd_write_bilingual (writer, "title", jn_bankd_column (stmt, 1), jn_bankd_column (stmt, 2));
  jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 3));
  if (sqlite3_column_type (stmt, 4) != SQLITE_NULL)
    jn_bankd_write_amount (writer, "amount", sqlite3_column_int64 (stmt, 4));
  if (sqlite3_column_type (stmt, 5) != SQLITE_NULL)
    jn_json_writer_integer (writer, "percent", sqlite3_column_int64 (stmt, 5));
  if (sqlite3_column_type (stmt, 6) != SQLITE_NULL)
    jn_json_writer_integer (writer, "multiple", sqlite3_column_int64 (stmt, 6));
  if (sqlite3_column_type (stmt, 7) != SQLITE_NULL)
    jn_bankd_write_amount (writer, "minimumSpend", sqlite3_column_int64 (stmt, 7));
  jn_json_writer_string (writer, "category",
                         jn_category_to_name ((JnCategory) sqlite3_column_int (stmt, 8)));
  jn_json_writer_string (writer, "merchantName", jn_bankd_column (stmt, 9));
  jn_bankd_write_instant (writer, "validFrom", sqlite3_column_int64 (stmt, 10));
  jn_bankd_write_instant (writer, "validUntil", sqlite3_column_int64 (stmt, 11));
  jn_json_writer_string (writer, "state", used ? "used" : expired ? "expired" : "available");
  if (used)
    {
      jn_bankd_write_instant (writer, "usedAt", sqlite3_column_int64 (stmt, 12));
      jn_json_writer_string (writer, "usedTransactionId", jn_bankd_column (stmt, 13));
      jn_bankd_write_amount (writer, "saved", sqlite3_column_int64 (stmt, 14));
    }
  jn_json_writer_end_object (writer);
}

void
jn_bankd_handle_offers (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      "SELECT offer.id, zh, en, kind, amount, percent, multiple, minimum, offer.category,"
      " merchant.name, valid_from, valid_until, used_at, used_by, saved FROM offer"
      " LEFT JOIN merchant ON merchant.id = offer.merchant WHERE customer = ? ORDER BY position",
      "i", call->customer);

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_array (writer, "offers");
  while (jn_bankd_db_step (call->core->db, stmt))
    write_offer (call, writer, stmt);
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}
