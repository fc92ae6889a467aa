#include <sodium.h>
#include <string.h>

#include "jn-bankd-book.h"
#include "jn-bankd-cards.h"
#include "jn-bankd-handlers.h"
#include "jn-bankd-merchants.h"
#include "jn-bankd-offers.h"
#include "jn-bankd-payments.h"
#include "jn-text.h"

#define ORDER_LIFETIME (5 * JN_MINUTE)
#define SMS_FROM 50000 /* fen: above this a payment needs a code by SMS */
#define MAX_NAME 70
#define MAX_MEMO 140

/* A payment while it is being understood. */
typedef struct
{
  const char *product, *intent, *creditor, *name, *memo, *payload, *choice;
  gint64 original;
  gint64 wallet; /* the payer's account */
  const char *masked, *card_id;
  JnBankdCard card; /* id NULL: the wallet pays */
  gboolean top_up;
  JnBankdCode code;
  JnBankdMerchant *merchant; /* of a transfer to a merchant's account */
  gint64 account;
  char *payee; /* the name that stands in the order */
  const char *branch;
  gboolean verified;
  JnCategory category;
  GArray *coupons;
  const JnBankdCoupon *coupon; /* chosen, or NULL */
  gint64 discount, total, points;
  gboolean sms;
  JnInstant expires_at;
} Draft;

static void
draft_clear (Draft *draft)
{
  jn_bankd_card_clear (&draft->card);
  jn_bankd_code_clear (&draft->code);
  jn_bankd_merchant_free (draft->merchant);
  g_free (draft->payee);
  g_clear_pointer (&draft->coupons, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static gboolean
refuse (JnBankdCall *call, JnErrorCode reason)
{
  if (reason == JN_ERROR_PAYEE_UNKNOWN)
    jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", reason);
  else if (reason == JN_ERROR_CANCELLED || reason == JN_ERROR_CONFLICT)
    jn_bankd_call_fail (call, 409, "STATUS_INVALID", reason);
  else
    jn_bankd_payment_fail (call, 400, "PAYMENT_FAILED", reason, 0, NULL);
  return FALSE;
}

static gboolean
lacks_funds (JnBankdCall *call, gint64 total)
{
  jn_bankd_payment_fail (call, 400, "PAYMENT_FAILED", JN_ERROR_NO_FUNDS, total, NULL);
  return FALSE;
}

static gboolean
malformed (JnBankdCall *call)
{
  jn_bankd_call_malformed (call);
  return FALSE;
}

static gboolean
is_product (const char *name)
{
  return strcmp (name, "qr-payments") == 0 || strcmp (name, "book-transfers") == 0
         || strcmp (name, "ibps-credit-transfers") == 0;
}

static gboolean
read_wallet (JnBankdCall *call, Draft *draft)
{
  JnJson *wallet = jn_json_get (call->body, "wallet");

  draft->choice = "none";
  if (wallet == NULL)
    return TRUE;
  if (!jn_bankd_json_only (wallet, "qrPayload coupon cardId"))
    return malformed (call);
  draft->payload = jn_json_string (jn_json_get (wallet, "qrPayload"));
  if (jn_json_get (wallet, "qrPayload") != NULL && draft->payload == NULL)
    return malformed (call);
  if (jn_json_get (wallet, "coupon") != NULL)
    draft->choice = jn_json_string (jn_json_get (wallet, "coupon"));
  draft->card_id = jn_json_string (jn_json_get (wallet, "cardId"));
  if (jn_json_get (wallet, "cardId") != NULL && draft->card_id == NULL)
    return malformed (call);
  return draft->choice != NULL ? TRUE : malformed (call);
}

/* Who pays: the wallet, or a card of the customer's, by its masked number and, because that may fit two, its id. */
static gboolean
read_debtor (JnBankdCall *call, const char *own, Draft *draft)
{
  JnJson *debtor = jn_json_get (call->body, "debtorAccount");
  const char *bban = jn_json_string (jn_json_get (debtor, "bban"));

  draft->masked = jn_json_string (jn_json_get (debtor, "maskedPan"));
  if (!read_wallet (call, draft))
    return FALSE;
  if (!jn_bankd_json_only (debtor, draft->masked != NULL ? "maskedPan" : "bban")
      || (draft->masked != NULL) != (draft->card_id != NULL)
      || (draft->masked == NULL && g_strcmp0 (bban, own) != 0))
    return malformed (call);
  return TRUE;
}

static gboolean
find_card (JnBankdCall *call, const char *own, Draft *draft)
{
  gboolean to_self =
      g_strcmp0 (draft->creditor, own) == 0; /* a disk that failed knows no own account */

  if (draft->card_id == NULL)
    return to_self ? refuse (call, JN_ERROR_SAME_ACCOUNT) : TRUE;
  if (!jn_bankd_card_load (call->core, call->customer, draft->card_id, &draft->card)
      || strcmp (draft->card.masked, draft->masked) != 0)
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
      return FALSE;
    }
  draft->top_up = to_self && strcmp (draft->product, "ibps-credit-transfers") == 0;
  if (draft->top_up ? !jn_bankd_card_can_top_up (draft->card.kind)
                    : to_self || strcmp (draft->product, "qr-payments") != 0)
    return refuse (call, JN_ERROR_REFUSED);
  return TRUE;
}

static gboolean
read_draft (JnBankdCall *call, Draft *draft)
{
  JnJson *body = call->body;
  JnJson *creditor = jn_json_get (body, "creditorAccount");
  JnJson *memo = jn_json_get (body, "remittanceInformationUnstructured");
  g_autofree char *own = NULL;

  draft->wallet = jn_bankd_book_account_of (call->core, call->customer, "wallet");
  own = jn_bankd_db_text (call->core->db, "SELECT bban FROM account WHERE id = ?", "i",
                          draft->wallet);
  draft->intent = jn_json_string (jn_json_get (body, "endToEndIdentification"));
  draft->creditor = jn_json_string (jn_json_get (creditor, "bban"));
  draft->name = jn_json_string (jn_json_get (body, "creditorName"));
  draft->memo = jn_json_string (memo);
  if (!jn_bankd_json_only (body, "endToEndIdentification debtorAccount instructedAmount"
                                 " creditorAccount creditorName remittanceInformationUnstructured"
                                 " wallet")
      || !jn_bankd_json_only (creditor, "bban") || g_strcmp0 (draft->intent, call->key) != 0
      || draft->creditor == NULL || !jn_bankd_account_is_plausible (draft->creditor)
      || draft->name == NULL || !jn_text_is_name (draft->name, MAX_NAME)
      || (memo != NULL && draft->memo == NULL)
      || (draft->memo != NULL && !jn_text_is_name (draft->memo, MAX_MEMO))
      || !jn_bankd_read_amount (jn_json_get (body, "instructedAmount"), &draft->original)
      || draft->original < 0)
    return malformed (call);
  return read_debtor (call, own, draft) && find_card (call, own, draft);
}

static gboolean
intent_is_free (JnBankdCall *call, const Draft *draft)
{
  g_autofree char *state = jn_bankd_db_text (
      call->core->db, "SELECT state FROM intent WHERE id = ?", "s", draft->intent);

  if (state == NULL)
    return TRUE;
  return refuse (call, strcmp (state, "CANC") == 0 ? JN_ERROR_CANCELLED : JN_ERROR_CONFLICT);
}

static gboolean
resolve_merchant (JnBankdCall *call, Draft *draft)
{
  const JnBankdMerchant *merchant;

  if (draft->payload != NULL)
    {
      int reason = jn_bankd_code_resolve (call->core, draft->payload, call->now, &draft->code);

      if (reason == JN_ERROR_ORDER_PAID)
        {
          jn_bankd_payment_fail (call, 400, "PAYMENT_FAILED", reason, 0, draft->code.reference);
          return FALSE;
        }
      if (reason != 0)
        return refuse (call, (JnErrorCode) reason);
      if (draft->code.amount != 0 && draft->code.amount != draft->original)
        return refuse (call, JN_ERROR_CODE_AMOUNT);
    }
  else
    draft->code.merchant = jn_bankd_merchant_find_account (call->core, draft->creditor);
  merchant = draft->code.merchant;
  if (merchant == NULL || strcmp (merchant->bban, draft->creditor) != 0)
    return refuse (call, JN_ERROR_PAYEE_UNKNOWN);
  draft->account = merchant->account;
  draft->payee = g_strdup (merchant->name);
  draft->branch = merchant->branch;
  draft->category = merchant->category;
  draft->verified = TRUE;
  return TRUE;
}

static gboolean
resolve_person (JnBankdCall *call, Draft *draft)
{
  gboolean in_house = g_str_has_prefix (draft->creditor, JN_BANKD_HOUSE_PREFIX);
  g_autofree char *registered = jn_bankd_db_text (
      call->core->db, "SELECT name FROM person WHERE bban = ?", "s", draft->creditor);

  if (in_house != (strcmp (draft->product, "book-transfers") == 0) || draft->payload != NULL)
    return malformed (call);
  draft->category = JN_CATEGORY_TRANSFER;
  draft->account = JN_BANKD_ACCOUNT_CLEARING;
  if (in_house)
    {
      draft->account = jn_bankd_db_integer (
          call->core->db, 0, "SELECT id FROM account WHERE bban = ?", "s", draft->creditor);
      draft->merchant = jn_bankd_merchant_find_account (call->core, draft->creditor);
      if (draft->account == 0)
        return refuse (call, JN_ERROR_PAYEE_UNKNOWN);
      if (draft->merchant != NULL)
        draft->category = draft->merchant->category;
    }
  draft->payee = g_strdup (draft->name);
  draft->verified =
      g_strcmp0 (draft->merchant != NULL ? draft->merchant->name : registered, draft->name) == 0;
  return TRUE;
}

/* The other end of a top-up is the customer. */
static gboolean
resolve_self (JnBankdCall *call, Draft *draft)
{
  if (draft->payload != NULL)
    return malformed (call);
  draft->account = draft->wallet;
  draft->payee = jn_bankd_db_text (call->core->db, "SELECT name FROM customer WHERE id = ?", "i",
                                   call->customer);
  draft->category = JN_CATEGORY_TRANSFER;
  draft->verified = TRUE;
  return TRUE;
}

static gboolean
resolve_payee (JnBankdCall *call, Draft *draft)
{
  if (draft->top_up)
    return resolve_self (call, draft);
  return strcmp (draft->product, "qr-payments") == 0 ? resolve_merchant (call, draft)
                                                     : resolve_person (call, draft);
}

static gboolean
choose_coupon (JnBankdCall *call, Draft *draft)
{
  const char *merchant = draft->code.merchant != NULL ? draft->code.merchant->id : NULL;

  draft->discount = 0;
  if (merchant != NULL)
    draft->coupons = jn_bankd_offers_for (call->core, call->customer, draft->original,
                                          draft->category, merchant, call->now);
  if (strcmp (draft->choice, "none") == 0)
    return TRUE;
  for (guint i = 0; draft->coupons != NULL && i < draft->coupons->len && draft->coupon == NULL; i++)
    {
      const JnBankdCoupon *coupon = &g_array_index (draft->coupons, JnBankdCoupon, i);

      if (strcmp (draft->choice, "best") == 0 || strcmp (draft->choice, coupon->id) == 0)
        draft->coupon = coupon;
    }
  if (draft->coupon != NULL)
    draft->discount = draft->coupon->discount;
  else if (strcmp (draft->choice, "best") != 0)
    return refuse (call, JN_ERROR_REFUSED);
  return TRUE;
}

static gboolean
price (JnBankdCall *call, Draft *draft)
{
  if (draft->original == 0)
    return refuse (call, JN_ERROR_AMOUNT_ZERO);
  if (!choose_coupon (call, draft))
    return FALSE;
  draft->total = draft->original - draft->discount;
  if (!jn_bankd_payment_within_limits (call->core, call->customer, draft->total, draft->top_up,
                                       call->now))
    return refuse (call, JN_ERROR_OVER_LIMIT);
  if (draft->card_id == NULL && jn_bankd_book_available (call->core, draft->wallet) < draft->total)
    return lacks_funds (call, draft->total);
  if (draft->code.merchant != NULL)
    draft->points = draft->total / 100 * (draft->coupon != NULL ? draft->coupon->multiple : 1);
  draft->sms =
      draft->total > SMS_FROM
      || (draft->code.merchant == NULL && !draft->top_up
          && !jn_bankd_payment_is_known_payee (call->core, call->customer, draft->creditor));
  draft->expires_at = call->now + ORDER_LIFETIME;
  if (draft->code.reference != NULL)
    draft->expires_at = MIN (draft->expires_at, draft->code.expires_at);
  return TRUE;
}

static char *
make_order (const Draft *draft, const char *id)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autoptr (JnJsonDoc) doc = NULL;
  g_autofree char *text = NULL;
  gsize length;

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "intentId", draft->intent);
  jn_json_writer_string (writer, "paymentId", id);
  jn_json_writer_string (writer, "product", draft->product);
  jn_json_writer_begin_object (writer, "payee");
  jn_json_writer_string (writer, "name", draft->payee);
  jn_json_writer_string (writer, "account", draft->creditor);
  jn_json_writer_string (writer, "branch", draft->branch);
  jn_json_writer_boolean (writer, "verified", draft->verified);
  jn_json_writer_end_object (writer);
  if (draft->card_id != NULL)
    {
      jn_json_writer_begin_object (writer, "card");
      jn_json_writer_string (writer, "cardId", draft->card.id);
      jn_json_writer_string (writer, "maskedPan", draft->card.masked);
      jn_json_writer_end_object (writer);
    }
  jn_bankd_write_amount (writer, "original", draft->original);
  jn_bankd_write_amount (writer, "discount", draft->discount);
  jn_json_writer_string (writer, "couponId", draft->coupon != NULL ? draft->coupon->id : NULL);
  jn_bankd_write_amount (writer, "fee", 0);
  jn_bankd_write_amount (writer, "total", draft->total);
  jn_json_writer_string (writer, "category", jn_category_to_name (draft->category));
  jn_json_writer_integer (writer, "pointsEarned", draft->points);
  jn_json_writer_string (writer, "memo", draft->memo);
  jn_bankd_write_instant (writer, "expiresAt", draft->expires_at);
  jn_json_writer_end_object (writer);
  text = jn_json_writer_finish (writer, &length);
  doc = jn_json_parse (text, length, NULL);
  return doc != NULL ? jn_json_canonical (jn_json_doc_root (doc), NULL) : NULL;
}

static void
store (JnBankdCall *call, const Draft *draft, const char *id, const char *order, const char *digest)
{
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO intent (id, customer, state, payment, created_at)"
                   " VALUES (?, ?, 'RCVD', ?, ?)",
                   "sisi", draft->intent, call->customer, id, call->now);
  jn_bankd_db_run (
      call->core->db,
      "INSERT INTO payment (id, customer, device, product, intent, debtor, creditor, creditor_bban,"
      " creditor_name, category, original, discount, total, offer, points, memo, bill, sms,"
      " expires_at, order_text, digest, card)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "sisssiissiiiisissiisss", id, call->customer, call->device, draft->product, draft->intent,
      draft->wallet, draft->account, draft->creditor, draft->payee, (gint64) draft->category,
      draft->original, draft->discount, draft->total,
      draft->coupon != NULL ? draft->coupon->id : NULL, draft->points, draft->memo,
      draft->code.reference, (gint64) draft->sms, draft->expires_at, order, digest, draft->card_id);
}

static void
write_payment_links (JnJsonWriter *writer, const char *product, const char *id)
{
  jn_json_writer_begin_object (writer, "_links");
  jn_bankd_write_link (writer, "self", "/psd2/v1/payments/%s/%s", product, id);
  jn_bankd_write_link (writer, "status", "/psd2/v1/payments/%s/%s/status", product, id);
  jn_bankd_write_link (writer, "startAuthorisation", "/psd2/v1/payments/%s/%s/authorisations",
                       product, id);
  jn_json_writer_end_object (writer);
}

static void
answer_draft (JnBankdCall *call, const Draft *draft, const char *id, const char *order,
              const char *digest)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionStatus", "RCVD");
  jn_json_writer_string (writer, "paymentId", id);
  jn_json_writer_raw (writer, "order", order);
  jn_json_writer_string (writer, "orderDigest", digest);
  jn_json_writer_begin_array (writer, "coupons");
  for (guint i = 0; draft->coupons != NULL && i < draft->coupons->len; i++)
    {
      const JnBankdCoupon *coupon = &g_array_index (draft->coupons, JnBankdCoupon, i);

      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "offerId", coupon->id);
      jn_bankd_write_bilingual (writer, "title", coupon->zh, coupon->en);
      jn_bankd_write_amount (writer, "discount", coupon->discount);
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
  jn_json_writer_boolean (writer, "requiresSms", draft->sms);
  write_payment_links (writer, draft->product, id);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 201, writer);
  call->answer->embedded_sca = TRUE;
}

void
jn_bankd_handle_payment_start (JnBankdCall *call)
{
  g_auto (Draft) draft = { .product = call->args[0] };
  g_autofree char *id = NULL;
  g_autofree char *order = NULL;
  guint8 hash[crypto_hash_sha256_BYTES];
  char digest[2 * sizeof hash + 1];

  if (!is_product (draft.product))
    {
      jn_bankd_call_fail (call, 404, "PRODUCT_UNKNOWN", JN_ERROR_INVALID);
      return;
    }
  if (!read_draft (call, &draft) || !intent_is_free (call, &draft))
    return;
  if (!resolve_payee (call, &draft) || !price (call, &draft))
    return;
  id = jn_bankd_core_make_id (call->core);
  order = make_order (&draft, id);
  crypto_hash_sha256 (hash, (const guint8 *) order, strlen (order));
  sodium_bin2hex (digest, sizeof digest, hash, sizeof hash);
  store (call, &draft, id, order, digest);
  answer_draft (call, &draft, id, order, digest);
}

static JnBankdPayment *
load_payment (JnBankdCall *call)
{
  JnBankdPayment *payment =
      jn_bankd_payment_load (call->core, call->customer, call->args[0], call->args[1]);

  if (payment == NULL)
    jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
  return payment;
}

static void
write_account (JnJsonWriter *writer, const char *name, const char *bban)
{
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "bban", bban);
  jn_json_writer_end_object (writer);
}

/* What was asked for, in the words of XS2A. */
static void
write_initiation (JnBankdCall *call, JnJsonWriter *writer, const JnBankdPayment *payment)
{
  g_autofree char *own =
      jn_bankd_db_text (call->core->db, "SELECT bban FROM account WHERE id = ?", "i",
                        jn_bankd_book_account_of (call->core, call->customer, "wallet"));
  g_auto (JnBankdCard) card = { 0 };

  jn_json_writer_string (writer, "endToEndIdentification", payment->intent);
  if (payment->card == NULL)
    write_account (writer, "debtorAccount", own);
  else if (jn_bankd_card_load (call->core, call->customer, payment->card, &card))
    jn_bankd_card_write_account (writer, "debtorAccount", card.masked);
  jn_bankd_write_amount (writer, "instructedAmount", payment->original);
  write_account (writer, "creditorAccount", payment->creditor_bban);
  jn_json_writer_string (writer, "creditorName", payment->creditor_name);
  jn_json_writer_string (writer, "remittanceInformationUnstructured", payment->memo);
}

void
jn_bankd_handle_payment (JnBankdCall *call)
{
  g_autoptr (JnBankdPayment) payment = load_payment (call);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  if (payment == NULL)
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionStatus", payment->state);
  jn_json_writer_string (writer, "paymentId", payment->id);
  write_initiation (call, writer, payment);
  jn_json_writer_raw (writer, "order", payment->order_text);
  jn_json_writer_string (writer, "orderDigest", payment->digest);
  jn_json_writer_boolean (writer, "requiresSms", payment->sms);
  jn_json_writer_string (writer, "transactionId", payment->transfer);
  jn_json_writer_string (writer, "reason", jn_error_code_get_name (payment->reason));
  write_payment_links (writer, payment->product, payment->id);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_payment_status (JnBankdCall *call)
{
  g_autoptr (JnBankdPayment) payment = load_payment (call);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  if (payment == NULL)
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionStatus", payment->state);
  jn_json_writer_boolean (
      writer, "fundsAvailable",
      payment->card != NULL
          || jn_bankd_book_available (
                 call->core, jn_bankd_book_account_of (call->core, call->customer, "wallet"))
                 >= payment->total);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_payment_cancel (JnBankdCall *call)
{
  g_autoptr (JnBankdPayment) payment = load_payment (call);

  if (payment == NULL)
    return;
  if (strcmp (payment->state, "RCVD") == 0)
    jn_bankd_payment_close (call->core, payment->intent, "CANC", JN_ERROR_CANCELLED);
  else if (strcmp (payment->state, "CANC") != 0)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  jn_bankd_call_answer_empty (call, 204);
}

void
jn_bankd_handle_funds (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  JnJson *account = jn_json_get (call->body, "account");
  const char *bban = jn_json_string (jn_json_get (account, "bban"));
  gint64 amount = 0;

  if (!jn_bankd_json_only (call->body, "account instructedAmount")
      || !jn_bankd_json_only (account, "bban") || bban == NULL
      || !jn_bankd_read_amount (jn_json_get (call->body, "instructedAmount"), &amount)
      || amount < 0)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (jn_bankd_db_integer (call->core->db, 0,
                           "SELECT count (*) FROM account WHERE bban = ? AND customer = ?", "si",
                           bban, call->customer)
      == 0)
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_ACCOUNT_UNKNOWN);
      return;
    }
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_boolean (
      writer, "fundsAvailable",
      jn_bankd_book_available (call->core,
                               jn_bankd_book_account_of (call->core, call->customer, "wallet"))
          >= amount);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}
