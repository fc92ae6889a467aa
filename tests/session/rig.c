#include "rig.h"
#include "remove-tree.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define PIN "258036"

gboolean
rig_on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
rig_run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;
  rig_until (g_get_monotonic_time () >= end);
}

static char *keyring_folder;

static void
remove_keyring (void)
{
  remove_tree (keyring_folder);
}

void
rig_use_keyring_file (void)
{
  const char *options = g_getenv ("ASAN_OPTIONS");

  keyring_folder = g_dir_make_tmp ("jn-keyring-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (keyring_folder, "test.keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test-password", TRUE);
  atexit (remove_keyring);
  /* libsecret 0.20 forgets an etag each time it reads the file: the children are not to blame for it. */
  g_autofree char *quiet = g_strconcat (options != NULL ? options : "", ":detect_leaks=0", NULL);
  g_setenv ("ASAN_OPTIONS", quiet, TRUE);
}

/* The profile's id names the keyring's items: a rig of its own for each. */
static void
write_profile (Rig *rig)
{
  static guint n_rigs;
  g_autofree char *text = g_strdup_printf (
      "[Bank]\nid=rig-%u\nname=Rig\naddress=\ncertificates=\nhotline=\ncurrency=CNY\n"
      "features=payments;transfers;bills;offers;points;test-phone;faults;\n",
      ++n_rigs);
  rig->profile = g_build_filename (rig->folder, "bank.ini", NULL);
  g_assert_true (g_file_set_contents (rig->profile, text, -1, NULL));
}

void
rig_init (Rig *rig)
{
  *rig = (Rig){ 0 };
  rig->folder = g_dir_make_tmp ("jn-session-XXXXXX", NULL);
  rig->data = g_build_filename (rig->folder, "wallet", NULL);
  rig->bank_data = g_build_filename (rig->folder, "bankd", NULL);
  rig->keyring = jn_keyring_new_memory ();
  write_profile (rig);
}

void
rig_clear (Rig *rig)
{
  rig_stop (rig);
  if (rig->bank != NULL)
    jn_bankd_stop (rig->bank);
  g_clear_object (&rig->bank);
  g_clear_object (&rig->clock);
  g_clear_object (&rig->keyring);
  remove_tree (rig->folder);
  g_free (rig->folder);
  g_free (rig->data);
  g_free (rig->bank_data);
  g_free (rig->profile);
}

void
rig_start_bank (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { .data_dir = rig->bank_data, .clock = rig->clock, .port = rig->port };

  rig->bank = jn_bankd_start (&options, &error);
  g_assert_no_error (error);
  rig->port =
      (guint16) g_ascii_strtoull (strrchr (jn_bankd_get_address (rig->bank), ':') + 1, NULL, 10);
}

static const char *other_address;

void
rig_set_address (const char *address)
{
  other_address = address;
}

static char *
give_address (gpointer data, const char *folder, GError **error)
{
  Rig *rig = data;
  if (other_address != NULL)
    return g_strdup (other_address);
  if (rig->embedded && rig->bank == NULL)
    {
      JnBankdOptions options = { .data_dir = rig->bank_data, .clock = rig->clock };
      rig->bank = jn_bankd_start (&options, error);
      if (rig->bank == NULL)
        return NULL;
    }
  return g_strdup (jn_bankd_get_address (rig->bank));
}

void
rig_make_context (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  JnContextOptions options = {
    .profile_path = rig->profile,
    .data_dir = rig->data,
    .keyring = rig->keyring,
    .keyring_kept = TRUE,
    .scan_program = SCAN_PROGRAM,
    .clock = rig->clock,
    .start_bank = give_address,
    .start_bank_data = rig,
  };

  g_assert_null (rig->context);
  rig->context = jn_context_new (&options, &error);
  g_assert_no_error (error);
}

void
rig_start (Rig *rig)
{
  rig_make_context (rig);
  jn_context_start (rig->context);
  rig_until (jn_context_get_stage (rig->context) != JN_STAGE_STARTING);
}

void
rig_stop (Rig *rig)
{
  if (rig->context != NULL)
    jn_context_shutdown (rig->context);
  g_clear_object (&rig->context);
  /* What was cancelled says so. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

char *
rig_wait_sms (Rig *rig, guint known)
{
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (rig->context));
  rig_until (g_list_model_get_n_items (messages) > known);
  g_autoptr (JnSmsItem) sms = g_list_model_get_item (messages, 0);
  return g_strdup (jn_sms_item_get_code (sms));
}

void
rig_enrol_to_card (Rig *rig)
{
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (rig->context));
  guint known = g_list_model_get_n_items (messages);
  if (jn_context_get_stage (rig->context) == JN_STAGE_WELCOME)
    jn_context_begin_enrolment (rig->context);
  JnEnrolment *enrolment = jn_context_get_enrolment (rig->context);
  jn_enrolment_submit_phone (enrolment, "13800138000");
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CODE);
  g_autofree char *code = rig_wait_sms (rig, known);
  jn_enrolment_submit_code (enrolment, code);
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_PIN);
  jn_enrolment_submit_pin (enrolment, PIN, PIN);
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_IDENTITY);
  jn_enrolment_submit_identity (enrolment, NULL, NULL);
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CARD);
}

void
rig_go_through_enrolment (Rig *rig)
{
  JnHome *home = jn_context_get_home (rig->context);

  rig_enrol_to_card (rig);
  jn_enrolment_submit_card (jn_context_get_enrolment (rig->context), NULL);
  rig_until (jn_context_get_stage (rig->context) == JN_STAGE_READY);
  rig_until (jn_context_get_connection (rig->context) == JN_CONNECTION_CURRENT
             && (jn_home_get_state (home) == JN_VIEW_CONTENT
                 || jn_home_get_state (home) == JN_VIEW_EMPTY));
}

void
rig_enrol (Rig *rig)
{
  g_assert_cmpint (jn_context_get_stage (rig->context), ==, JN_STAGE_WELCOME);
  rig_go_through_enrolment (rig);
}

void
rig_init_enrolled (Rig *rig)
{
  rig_init (rig);
  rig_start_bank (rig);
  rig_start (rig);
  rig_enrol (rig);
}

void
rig_set_faults (Rig *rig, const char *faults)
{
  g_autoptr (GError) error = NULL;
  jn_bankd_set_faults (rig->bank, faults, &error);
  g_assert_no_error (error);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;
  *out = g_object_ref (result);
}

/* ---- what the wallet keeps ---- */

JnSecret *
rig_get_secret (Rig *rig, const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  jn_keyring_lookup_async (rig->keyring, name, NULL, on_result, &result);
  rig_until (result != NULL);
  JnSecret *secret = jn_keyring_lookup_finish (rig->keyring, result, &error);
  g_assert_no_error (error);
  return secret;
}

void
rig_set_secret (Rig *rig, const char *name, JnSecret *secret)
{
  g_autoptr (GAsyncResult) result = NULL;
  if (secret != NULL)
    jn_keyring_store_async (rig->keyring, name, secret, NULL, on_result, &result);
  else
    jn_keyring_clear_async (rig->keyring, name, NULL, on_result, &result);
  rig_until (result != NULL);
  g_assert_true (secret != NULL ? jn_keyring_store_finish (rig->keyring, result, NULL)
                                : jn_keyring_clear_finish (rig->keyring, result, NULL));
}

void
rig_run_sql (Rig *rig, const char *file, const char *sql)
{
  const char *const names[] = { file, NULL };
  g_autoptr (JnSecret) key = rig_get_secret (rig, "data-key");
  g_autoptr (GError) error = NULL;
  JnVaultOptions options = { .names = names, .folder = rig->data, .key = key };
  g_autoptr (JnVault) vault = jn_vault_new (&options, &error);
  g_autofree char *path = g_build_filename (rig->data, file, NULL);
  sqlite3 *db = NULL;

  g_assert_no_error (error);
  g_assert_true (jn_vault_prepare (vault, &error));
  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, jn_vault_get_vfs (vault)), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

void
rig_copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  remove_tree (to);
  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  dir = g_dir_open (from, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *data = NULL;
      gsize length;
      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        continue;
      g_assert_true (g_file_get_contents (source, &data, &length, NULL));
      g_assert_true (g_file_set_contents_full (target, data, (gssize) length,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

GListModel *
rig_list_shops (Rig *rig)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  jn_context_list_shops_async (rig->context, NULL, on_result, &result);
  rig_until (result != NULL);
  GListModel *shops = jn_context_list_shops_finish (rig->context, result, &error);
  g_assert_no_error (error);
  return shops;
}

JnShopItem *
rig_get_shop (Rig *rig, guint index)
{
  g_autoptr (GListModel) shops = rig_list_shops (rig);
  return g_list_model_get_item (shops, index);
}

void
rig_until_state (JnPayment *payment, JnPaymentState state)
{
  rig_until (jn_payment_get_state (payment) == state);
}

JnPayment *
rig_quote (Rig *rig, const char *payload, const char *amount)
{
  JnPayment *payment = jn_context_create_payment (rig->context);
  jn_payment_read_code (payment, payload);
  if (amount != NULL)
    {
      rig_until_state (payment, JN_PAYMENT_AMOUNT);
      jn_payment_set_amount (payment, amount);
    }
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_AGAIN
             || jn_payment_get_state (payment) == JN_PAYMENT_CONFIRM);
  jn_payment_pay_again (payment);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CONFIRM);
  return payment;
}

JnPayment *
rig_quote_coffee (Rig *rig)
{
  g_autoptr (JnShopItem) shop = rig_get_shop (rig, 0);
  return rig_quote (rig, jn_shop_item_get_payload (shop), NULL);
}

static JnBankDocument *
get_once (Rig *rig, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  jn_bank_get_async (jn_context_get_bank (rig->context), path, NULL, on_result, &result);
  rig_until (result != NULL);
  return jn_bank_get_finish (jn_context_get_bank (rig->context), result, error);
}

JnBankDocument *
rig_get_document (Rig *rig, const char *path)
{
  JnBankDocument *document = NULL;

  for (guint tries = 5; document == NULL; tries--)
    {
      g_autoptr (GError) error = NULL;
      document = get_once (rig, path, &error);
      if (tries == 0 || !g_error_matches (error, JN_ERROR, JN_ERROR_SENT_NO_ANSWER))
        g_assert_no_error (error);
    }
  return document;
}

guint
rig_count_at_bank (Rig *rig, const JnId *intent, guint *all)
{
  g_autoptr (JnBankDocument) accounts =
      rig_get_document (rig, "/psd2/v1/accounts?withBalance=true");
  g_autoptr (GPtrArray) list = jn_wire_read_accounts (jn_json_doc_root (accounts->doc), NULL);
  const JnWireAccount *account = list->pdata[0];
  guint64 from = 0;
  guint found = 0;
  gboolean more = TRUE;

  *all = 0;
  while (more)
    {
      g_autofree char *path =
          g_strdup_printf ("/psd2/v1/accounts/%s/"
                           "transactions?bookingStatus=both&entryReferenceFrom=%" G_GUINT64_FORMAT,
                           account->resource_id, from);
      g_autoptr (JnBankDocument) document = rig_get_document (rig, path);
      g_autoptr (GError) error = NULL;
      g_autoptr (JnWireFeedPage) page =
          jn_wire_read_feed_page (jn_json_doc_root (document->doc), &error);
      g_assert_no_error (error);
      for (guint i = 0; i < page->booked->len; i++)
        {
          const JnWireEntry *entry = page->booked->pdata[i];
          from = entry->sequence;
          if (jn_id_equal (&entry->intent, intent))
            found++;
        }
      *all += page->booked->len;
      more = page->more;
    }
  return found;
}

JnPayment *
rig_ask (Rig *rig, const char *payload, const char *amount)
{
  JnPayment *payment = jn_context_create_payment (rig->context);

  jn_payment_read_code (payment, payload);
  if (amount != NULL)
    {
      rig_until_state (payment, JN_PAYMENT_AMOUNT);
      jn_payment_set_amount (payment, amount);
    }
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_AGAIN
             || jn_payment_get_state (payment) == JN_PAYMENT_CONFIRM
             || jn_payment_get_state (payment) == JN_PAYMENT_SHORT);
  return payment;
}

char *
rig_dup_static_code (Rig *rig)
{
  g_autoptr (GListModel) shops = rig_list_shops (rig);

  for (guint i = 0; i < g_list_model_get_n_items (shops); i++)
    {
      g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, i);
      if (jn_shop_item_get_amount (shop).currency == JN_CURRENCY_NONE)
        return g_strdup (jn_shop_item_get_payload (shop));
    }
  g_assert_not_reached ();
}

JnId
rig_intent_of (JnPayment *payment)
{
  JnId id;
  g_assert_true (jn_id_from_string (jn_payment_get_reference (payment), &id));
  return id;
}

typedef struct
{
  JnStorage *storage;
  JnId id;
  guint n;
} Ask;

static gpointer
ask_state (gpointer data, GCancellable *cancellable, GError **error)
{
  Ask *ask = data;
  g_autoptr (JnIntent) intent =
      jn_outbox_get (jn_storage_get_outbox (ask->storage), &ask->id, NULL);
  ask->n = intent != NULL ? (guint) intent->state : 0;
  return NULL;
}

static gpointer
ask_unsettled (gpointer data, GCancellable *cancellable, GError **error)
{
  Ask *ask = data;
  g_autoptr (GPtrArray) list =
      jn_outbox_list_unsettled (jn_storage_get_outbox (ask->storage), NULL);
  ask->n = list->len;
  return NULL;
}

JnIntentState
rig_intent_state (Rig *rig, const JnId *intent)
{
  Ask ask = { jn_context_get_storage (rig->context), *intent, 0 };
  jn_worker_run (jn_storage_get_worker (ask.storage), ask_state, &ask, NULL);
  return (JnIntentState) ask.n;
}

guint
rig_count_unsettled (Rig *rig)
{
  Ask ask = { .storage = jn_context_get_storage (rig->context) };
  jn_worker_run (jn_storage_get_worker (ask.storage), ask_unsettled, &ask, NULL);
  return ask.n;
}

void
rig_tamper (Rig *rig, const char *sql)
{
  g_autoptr (GDir) dir = g_dir_open (rig->bank_data, 0, NULL);
  const char *name;
  sqlite3 *db = NULL;

  jn_bankd_stop (rig->bank);
  g_clear_object (&rig->bank);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".db"))
      {
        g_autofree char *path = g_build_filename (rig->bank_data, name, NULL);
        g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        sqlite3_busy_timeout (db, 5000);
        g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
        g_assert_cmpint (sqlite3_changes (db), >, 0);
        sqlite3_close (db);
      }
  g_assert_nonnull (db);
  rig_start_bank (rig);
}

gint64
rig_available (Rig *rig)
{
  return jn_home_get_available (jn_context_get_home (rig->context)).minor;
}

void
rig_assert_code (const GError *error, int code)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == JN_ERROR);
  g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name (code));
}
