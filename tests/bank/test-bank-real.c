/* The whole way against the embedded reference bank: enrol, sync, pay, settle. */
#include "flow.h"

#include "jn-bankd.h"
#include "jn-error.h"
#include "wait.h"

#include <string.h>

typedef struct
{
  JnBankd *bankd;
  JnCutTransport *cut;
  Flow flow;
  JnStorage *storage;
  JnSync *sync;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { 0 };
  f->bankd = jn_bankd_start (&options, &error);
  g_assert_no_error (error);
  g_autoptr (JnTransport) http = jn_soup_transport_new (jn_bankd_get_address (f->bankd), NULL);
  f->cut = jn_cut_transport_new (http);
  flow_init (&f->flow, g_object_ref (JN_TRANSPORT (f->cut)));
  f->storage = jn_storage_open (
      &(JnStorageOptions){ .folder = NULL, .clock = f->flow.clock, .entropy = f->flow.entropy },
      &error);
  g_assert_no_error (error);
  f->sync = jn_sync_new (f->flow.bank, f->storage, NULL, f->flow.clock);
  flow_enrol (&f->flow);
}

/* Lets cancelled calls come back. */
static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  jn_sync_stop (f->sync);
  drain ();
  g_assert_finalize_object (f->sync);
  jn_storage_close (f->storage);
  g_object_unref (f->storage);
  flow_clear (&f->flow);
  drain ();
  g_assert_finalize_object (f->cut);
  jn_bankd_stop (f->bankd);
  g_object_unref (f->bankd);
}

/* ---- reading the store on its own thread ---- */

typedef struct
{
  JnStorage *storage;
  jn_balance money, points;
  guint64 n_entries;
  JnId transfer;
  JnEntryDetail *detail;
  jn_entry_row newest;
  gsize n_holds;
} Facts;

static gpointer
read_facts (gpointer data, GCancellable *cancellable, GError **error)
{
  Facts *facts = data;
  jn_snapshot *snapshot = NULL;
  jn_id money, points;
  jn_page page = { 0 };
  size_t n = 1, n_holds = 0;

  g_assert_true (jn_storage_get_accounts (facts->storage, &money, &points));
  g_assert_cmpint (jn_snapshot_begin (jn_storage_get_ledger (facts->storage), &snapshot), ==,
                   JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &money, &facts->money), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &points, &facts->points), ==, JN_OK);
  g_assert_cmpint (jn_entry_count (snapshot, &money, &page, &facts->n_entries), ==, JN_OK);
  g_assert_cmpint (jn_entries (snapshot, &money, &page, &facts->newest, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (jn_holds (snapshot, &money, NULL, &(size_t){ 0 }, &n_holds), ==, JN_OK);
  facts->n_holds = n_holds;
  jn_snapshot_end (snapshot);
  JnId id;
  memcpy (id.bytes, facts->newest.id.b, sizeof id.bytes);
  facts->transfer = id;
  facts->detail = jn_storage_get_entry_detail (facts->storage, &id);
  return NULL;
}

static void
facts_read (Fixture *f, Facts *facts)
{
  g_autoptr (GError) error = NULL;
  memset (facts, 0, sizeof *facts);
  facts->storage = f->storage;
  jn_worker_run (jn_storage_get_worker (f->storage), read_facts, facts, &error);
  g_assert_no_error (error);
}

static void
on_changed (JnSync *sync, gpointer data)
{
  ++*(guint *) data;
}

/* ---- tests ---- */

static void
sync_once (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  gboolean done = flow_sync (f->sync, &error);
  g_assert_no_error (error);
  g_assert_true (done);
}

static void
test_sync (Fixture *f, gconstpointer data)
{
  guint changes = 0;
  Facts facts, again;
  g_signal_connect (f->sync, "changed", G_CALLBACK (on_changed), &changes);

  g_assert_cmpint (jn_sync_get_as_of (f->sync), ==, 0);
  sync_once (f);
  facts_read (f, &facts);
  g_assert_cmpint (facts.money.posted, ==, 120000);
  g_assert_cmpint (facts.money.available, ==, 100000);
  g_assert_cmpint (facts.points.posted, ==, 1280);
  g_assert_cmpuint (facts.n_entries, >, 100);
  g_assert_cmpuint (facts.n_holds, ==, 1);
  g_assert_nonnull (facts.detail);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpint (jn_sync_get_state (f->sync), ==, JN_SYNC_IDLE);
  g_assert_cmpint (jn_sync_get_as_of (f->sync), >, 0);

  /* Nothing new: nothing changes. */
  sync_once (f);
  facts_read (f, &again);
  g_assert_cmpuint (again.n_entries, ==, facts.n_entries);
  g_assert_cmpint (again.money.available, ==, facts.money.available);
  g_assert_cmpuint (changes, ==, 1);
  jn_entry_detail_free (facts.detail);
  jn_entry_detail_free (again.detail);
}

/* Opens the coffee of the first shop. */
static JnWireOrder *
open_coffee (Fixture *f, JnId *intent)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shops = flow_shops (&f->flow);
  const JnWireShop *shop = g_ptr_array_index (shops, 0);
  g_autoptr (JnWireQr) qr = flow_resolve (&f->flow, shop->payload, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (qr->payee_name, ==, "晨光咖啡");
  g_assert_true (qr->has_amount);
  g_autoptr (JnBankDocument) document =
      flow_get (&f->flow, "/psd2/v1/accounts?withBalance=true", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  g_assert_no_error (error);
  const JnWireAccount *account = g_ptr_array_index (accounts, 0);
  *intent = jn_id_make (f->flow.clock, f->flow.entropy);
  JnPaymentRequest request = { .intent = *intent,
                               .product = "qr-payments",
                               .debtor_account = account->bban,
                               .creditor_account = qr->account,
                               .creditor_name = qr->payee_name,
                               .amount = qr->amount,
                               .qr_payload = shop->payload,
                               .coupon = "best" };
  JnWireOrder *order = flow_initiate (&f->flow, &request, &error);
  g_assert_no_error (error);
  g_assert_nonnull (order);
  return order;
}

static void
test_pay (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer;
  JnWireIntent verdict;
  JnId intent;
  Facts facts;

  sync_once (f);
  g_autoptr (JnWireOrder) order = open_coffee (f, &intent);
  g_assert_cmpint (order->original.minor, ==, 2200);
  g_assert_cmpint (order->discount.minor, ==, 300);
  g_assert_cmpint (order->total.minor, ==, 1900);
  g_assert_cmpint (order->points_earned, ==, 19);
  g_autofree char *authorisation = flow_authorise (&f->flow, order, &error);
  g_assert_no_error (error);

  g_assert_false (flow_approve (&f->flow, order, authorisation, "135791", &answer, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_PIN_WRONG));
  g_assert_cmpint (jn_bank_get_attempts_left (f->flow.bank), ==, 4);
  g_clear_error (&error);
  g_assert_true (flow_approve (&f->flow, order, authorisation, FLOW_PIN, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpint (answer.state, ==, JN_WIRE_APPROVAL_MADE);
  g_assert_true (answer.bank_commit_ms >= 0);

  sync_once (f);
  facts_read (f, &facts);
  g_assert_cmpint (facts.money.posted, ==, 118100);
  g_assert_cmpint (facts.money.available, ==, 98100);
  g_assert_cmpint (facts.points.posted, ==, 1299);
  g_assert_cmpint (facts.newest.amount, ==, -1900);
  g_assert_cmpstr (facts.newest.payee, ==, "晨光咖啡");
  g_assert_true (jn_id_equal (&facts.transfer, &answer.transaction));
  g_assert_true (jn_id_equal (&facts.detail->intent, &intent));
  g_assert_cmpint (facts.detail->discount.minor, ==, 300);
  g_assert_cmpint (facts.detail->original.minor, ==, 2200);
  g_assert_cmpint (facts.detail->points_earned, ==, 19);
  jn_entry_detail_free (facts.detail);

  g_assert_true (flow_settle (&f->flow, &intent, &verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict.verdict, ==, JN_WIRE_VERDICT_MADE);
  g_assert_true (jn_id_equal (&verdict.transaction, &answer.transaction));
}

/* The network dies while the approval is on its way: it is made, and asking by the id says so. */
static void
test_cut_in_the_middle (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer;
  JnWireIntent verdict;
  JnId intent;
  Facts facts;

  g_autoptr (JnWireOrder) order = open_coffee (f, &intent);
  g_autofree char *authorisation = flow_authorise (&f->flow, order, &error);
  g_assert_no_error (error);
  jn_cut_transport_set_cut (f->cut, TRUE);
  g_assert_false (flow_approve (&f->flow, order, authorisation, FLOW_PIN, &answer, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_SENT_NO_ANSWER));
  g_assert_cmpint (jn_error_get_class (error), ==, JN_ERROR_CLASS_UNKNOWN);
  g_clear_error (&error);
  g_assert_false (flow_sync (f->sync, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_OFFLINE));
  g_assert_cmpint (jn_sync_get_state (f->sync), ==, JN_SYNC_BROKEN);
  g_assert_true (jn_error_is (jn_sync_get_error (f->sync), JN_ERROR_OFFLINE));
  g_clear_error (&error);

  jn_cut_transport_set_cut (f->cut, FALSE);
  g_assert_true (flow_settle (&f->flow, &intent, &verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict.verdict, ==, JN_WIRE_VERDICT_MADE);
  sync_once (f);
  facts_read (f, &facts);
  g_assert_cmpint (facts.money.posted, ==, 118100);
  jn_entry_detail_free (facts.detail);
}

/* An intent that was closed before its approval stays closed. */
static void
test_settled_first (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer;
  JnWireIntent verdict;
  JnId intent;

  g_autoptr (JnWireOrder) order = open_coffee (f, &intent);
  g_autofree char *authorisation = flow_authorise (&f->flow, order, &error);
  g_assert_no_error (error);
  g_assert_true (flow_settle (&f->flow, &intent, &verdict, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict.verdict, ==, JN_WIRE_VERDICT_NOT_MADE);
  g_assert_false (flow_approve (&f->flow, order, authorisation, FLOW_PIN, &answer, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (jn_error_get_class (error), !=, JN_ERROR_CLASS_UNKNOWN);
}

/* The bank commits and its answer never comes; or stops half way; or the bank fails before it looked. */
static void
test_faults (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *faults;
    JnErrorCode code;
    JnWireVerdict verdict;
  } cases[] = {
    { "drop-after=1,match=PUT /psd2,count=1", JN_ERROR_SENT_NO_ANSWER, JN_WIRE_VERDICT_MADE },
    { "cut=1,match=PUT /psd2,count=1", JN_ERROR_ANSWER_CUT, JN_WIRE_VERDICT_MADE },
    { "drop-before=1,match=PUT /psd2,count=1", JN_ERROR_SENT_NO_ANSWER, JN_WIRE_VERDICT_NOT_MADE },
    { "error=1,match=PUT /psd2,count=1", JN_ERROR_BANK_5XX, JN_WIRE_VERDICT_NOT_MADE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      JnWireApprovalAnswer answer;
      JnWireIntent verdict;
      JnId intent;
      g_autoptr (JnWireOrder) order = open_coffee (f, &intent);
      g_autofree char *authorisation = flow_authorise (&f->flow, order, &error);
      g_assert_no_error (error);
      g_assert_true (jn_bankd_set_faults (f->bankd, cases[i].faults, &error));
      g_assert_false (flow_approve (&f->flow, order, authorisation, FLOW_PIN, &answer, &error));
      g_test_message ("%s: %s", cases[i].faults, error->message);
      g_assert_cmpint (error->code, ==, cases[i].code);
      g_assert_cmpint (jn_error_get_class (error), ==, JN_ERROR_CLASS_UNKNOWN);
      g_clear_error (&error);
      g_assert_true (jn_bankd_set_faults (f->bankd, NULL, &error));
      g_assert_true (flow_settle (&f->flow, &intent, &verdict, &error));
      g_assert_no_error (error);
      g_assert_cmpint (verdict.verdict, ==, cases[i].verdict);
    }
}

static void
test_transfer (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer;
  Facts before, after;

  sync_once (f);
  facts_read (f, &before);
  g_autoptr (JnBankDocument) document = flow_get (&f->flow, "/wallet/v1/profile", &error);
  g_assert_no_error (error);
  g_autoptr (JnWireProfile) profile =
      jn_wire_read_profile (jn_json_doc_root (document->doc), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (profile->payees->len, ==, 10);
  const JnWirePayee *payee = g_ptr_array_index (profile->payees, 0);
  g_autoptr (JnWirePayeeCheck) check =
      flow_check_payee (&f->flow, payee->account, payee->name, &error);
  g_assert_no_error (error);
  g_assert_cmpint (check->result, ==, JN_WIRE_PAYEE_MATCH);
  g_autoptr (JnBankDocument) accounts_document =
      flow_get (&f->flow, "/psd2/v1/accounts?withBalance=true", &error);
  g_autoptr (GPtrArray) accounts =
      jn_wire_read_accounts (jn_json_doc_root (accounts_document->doc), &error);
  const JnWireAccount *account = g_ptr_array_index (accounts, 0);
  JnPaymentRequest request = { .intent = jn_id_make (f->flow.clock, f->flow.entropy),
                               .product = check->product,
                               .debtor_account = account->bban,
                               .creditor_account = payee->account,
                               .creditor_name = payee->name,
                               .amount = jn_money (5000, JN_CURRENCY_CNY),
                               .memo = "还你饭钱",
                               .coupon = "none" };
  g_autoptr (JnWireOrder) order = flow_initiate (&f->flow, &request, &error);
  g_assert_no_error (error);
  g_autofree char *authorisation = flow_authorise (&f->flow, order, &error);
  g_assert_no_error (error);
  g_assert_true (flow_approve (&f->flow, order, authorisation, FLOW_PIN, &answer, &error));
  g_assert_no_error (error);
  if (answer.state == JN_WIRE_APPROVAL_NEEDS_SMS)
    {
      g_assert_true (flow_request_sms (&f->flow, order, authorisation, &answer, &error));
      g_assert_cmpint (answer.state, ==, JN_WIRE_APPROVAL_SMS_SENT);
      g_autofree char *code = flow_last_code (&f->flow);
      g_assert_true (flow_approve_sms (&f->flow, order, authorisation, code, &answer, &error));
    }
  g_assert_no_error (error);
  g_assert_cmpint (answer.state, ==, JN_WIRE_APPROVAL_MADE);
  sync_once (f);
  facts_read (f, &after);
  g_assert_cmpint (after.money.posted, ==, before.money.posted - 5000);
  g_assert_cmpstr (after.newest.memo, ==, "还你饭钱");
  jn_entry_detail_free (before.detail);
  jn_entry_detail_free (after.detail);
}

static gboolean
on_patience_over (gpointer user_data)
{
  g_assert_not_reached ();
}

/* The event list tells of a payment, and the sync follows by itself. */
static void
test_follow (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer;
  JnId intent;
  guint changes = 0;
  Facts facts;

  sync_once (f);
  guint patience = g_timeout_add_seconds (60, on_patience_over, NULL);
  jn_sync_follow (f->sync, TRUE);
  /* Over the stream alone: no poll is asked beside it. */
  while (!jn_sync_is_streaming (f->sync))
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (JnWireOrder) order = open_coffee (f, &intent);
  g_autofree char *authorisation = flow_authorise (&f->flow, order, &error);
  g_assert_no_error (error);
  g_assert_true (flow_approve (&f->flow, order, authorisation, FLOW_PIN, &answer, &error));
  g_assert_no_error (error);
  g_signal_connect (f->sync, "changed", G_CALLBACK (on_changed), &changes);
  do
    {
      while (changes == 0)
        g_main_context_iteration (NULL, TRUE);
      changes = 0;
      facts_read (f, &facts);
      jn_entry_detail_free (facts.detail);
    }
  while (facts.money.posted != 118100);
  g_source_remove (patience);
  jn_sync_follow (f->sync, FALSE);
}

static void
rotate_key (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *request_id = jn_uuid_make (f->flow.entropy);
  JnId id = jn_id_make (f->flow.clock, f->flow.entropy);
  g_autofree char *text = jn_id_to_string (&id);
  g_autofree char *key = g_strdup_printf ("\"%s\"", text);
  JnRequest *request = jn_request_new ("POST", "/wallet/v1/sandbox/rotate-key");
  Wait wait = { 0 };

  request->body = g_bytes_new_static ("{}", 2);
  jn_request_add_header (request, "X-Request-ID", request_id);
  jn_request_add_header (request, "Idempotency-Key", key);
  jn_transport_send_async (f->flow.transport, request, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (f->flow.transport, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 200);
}

/* A wallet that was away while the bank went five keys on needs nobody's help. */
static void
test_keys_slept_through (Fixture *f, gconstpointer data)
{
  sync_once (f);
  for (guint i = 0; i < 5; i++)
    rotate_key (f);
  sync_once (f);
  for (guint i = 0; i < 2; i++)
    rotate_key (f);
  sync_once (f);
}

/* Without a session everything is refused for that reason. */
static void
test_no_session (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  jn_bank_set_session (f->flow.bank, NULL, NULL);
  g_assert_false (flow_sync (f->sync, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_SESSION_EXPIRED));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/bank/real/sync", test_sync);
  ADD ("/bank/real/pay", test_pay);
  ADD ("/bank/real/cut-in-the-middle", test_cut_in_the_middle);
  ADD ("/bank/real/settled-first", test_settled_first);
  ADD ("/bank/real/faults", test_faults);
  ADD ("/bank/real/transfer", test_transfer);
  ADD ("/bank/real/follow", test_follow);
  ADD ("/bank/real/keys-slept-through", test_keys_slept_through);
  ADD ("/bank/real/no-session", test_no_session);
  return g_test_run ();
}
