/* Signed messages: nothing of a request can be changed, none counts twice, and every answer is of one request only. */
#include <string.h>

#include <glib/gstdio.h>

#include "bankd-world.h"

#include "jn-bankd-keys.h"

#define ACCOUNTS "/psd2/v1/accounts"
#define SETTLE "/wallet/v1/intents/%s/settlement"

static World *
enrolled (void)
{
  World *world = world_new (NULL);

  world_enrol (world);
  return world;
}

static char *
state_of (World *world)
{
  return g_strdup_printf (
      "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM entry", ""),
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM intent", ""),
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM device", ""),
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM idempotency", ""));
}

/* ---- answers ---- */

static gboolean
check (World *world, const char *method, const char *target, GHashTable *asked, Reply *reply,
       const char *body)
{
  return answer_is_signed (world->keys->data, world->keys->len / JN_HTTP_KEY_BYTES, method, target,
                           asked, reply->status, reply->fields, body,
                           body != NULL ? strlen (body) : 0);
}

static void
test_answers (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (GHashTable) one = world_fields (world, NULL);
  g_autoptr (GHashTable) two = world_fields (world, NULL);
  g_autoptr (Reply) answer = NULL;
  g_autofree char *changed = NULL;

  signer_sign (&world->signer, "GET", ACCOUNTS, one, NULL);
  signer_sign (&world->signer, "GET", ACCOUNTS, two, NULL);
  answer = world_send (world, "GET", ACCOUNTS, one, NULL);
  reply_assert (answer, 200, NULL);
  g_assert_true (check (world, "GET", ACCOUNTS, one, answer, answer->text));
  /* Not of another request, however alike; not with another body, status or path. */
  g_assert_false (check (world, "GET", ACCOUNTS, two, answer, answer->text));
  g_assert_false (check (world, "GET", ACCOUNTS "?withBalance=true", one, answer, answer->text));
  g_assert_false (check (world, "POST", ACCOUNTS, one, answer, answer->text));
  changed = g_strdup (answer->text);
  changed[20] ^= 1;
  g_assert_false (check (world, "GET", ACCOUNTS, one, answer, changed));
  answer->status = 201;
  g_assert_false (check (world, "GET", ACCOUNTS, one, answer, answer->text));
}

static void
test_answers_of_all_kinds (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (Reply) tagged = world_call (world, "GET", ACCOUNTS, NULL, NULL);
  g_autoptr (GHashTable) fields = world_fields (world, NULL);
  g_autoptr (GHashTable) bare = fields_new ();
  g_autoptr (Reply) same = NULL;
  g_autoptr (Reply) unknown = world_call (world, "GET", "/nowhere", NULL, NULL);
  g_autoptr (Reply) nothing = NULL;

  fields_set (fields, "if-none-match", g_hash_table_lookup (tagged->fields, "etag"));
  signer_sign (&world->signer, "GET", ACCOUNTS, fields, NULL);
  same = world_send (world, "GET", ACCOUNTS, fields, NULL);
  g_assert_cmpuint (same->status, ==, 304);
  g_assert_true (check (world, "GET", ACCOUNTS, fields, same, NULL));
  reply_assert (unknown, 404, NULL);
  /* Without a single header. */
  nothing = world_send (world, "GET", ACCOUNTS, bare, NULL);
  reply_assert (nothing, 400, NULL);
  g_assert_true (check (world, "GET", ACCOUNTS, bare, nothing, nothing->text));
}

/* ---- requests ---- */

typedef enum
{
  OTHER_BODY,
  OTHER_PATH,
  OTHER_QUERY,
  OTHER_KEY,
  OTHER_ID,
  OTHER_COUNTER,
  OTHER_CONSENT,
  NO_DIGEST,
  NO_COUNTER,
  NO_INPUT,
  NO_SIGNATURE,
  OTHER_DEVICE,
  N_CHANGES
} Change;

static Reply *
send_changed (World *world, Change change)
{
  g_autoptr (GHashTable) fields = world_fields (world, NULL);
  g_autofree char *intent = world_make_id (world);
  g_autofree char *other = world_make_id (world);
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", other);
  g_autofree char *target = g_strdup_printf (SETTLE, intent);
  g_autofree char *another = g_strdup_printf (SETTLE, other);
  g_autofree char *asking = g_strdup_printf ("%s?x=1", target);
  Signer signer = world->signer;

  if (change == OTHER_DEVICE)
    signer_init (&signer, NULL);
  if (change == NO_DIGEST)
    {
      signer_sign (&signer, "POST", target, fields, NULL);
      signer = world->signer;
    }
  else
    signer_sign (&signer, "POST", target, fields, "{}");
  world->signer.counter++;
  if (change == OTHER_KEY)
    fields_set (fields, "idempotency-key", quoted);
  if (change == OTHER_ID)
    fields_set (fields, "x-request-id", "0b5e4f0a-3b1c-4c55-9d5e-2f0d6a7b8c9d");
  if (change == OTHER_COUNTER)
    fields_set (fields, "jinnang-counter", "9000000000000000000");
  if (change == OTHER_CONSENT)
    g_hash_table_remove (fields, "consent-id");
  if (change == NO_COUNTER)
    g_hash_table_remove (fields, "jinnang-counter");
  if (change == NO_INPUT)
    g_hash_table_remove (fields, "signature-input");
  if (change == NO_SIGNATURE)
    g_hash_table_remove (fields, "signature");
  return world_send (world, "POST",
                     change == OTHER_PATH    ? another
                     : change == OTHER_QUERY ? asking
                                             : target,
                     fields, change == OTHER_BODY ? "{} " : "{}");
}

static void
test_changed_requests (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *before = state_of (world);

  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autoptr (Reply) reply = send_changed (world, (Change) i);
      g_autofree char *after = state_of (world);

      g_test_message ("change %u", i);
      reply_assert (reply, 401, i == OTHER_CONSENT ? "SESSION_EXPIRED" : "SIGNATURE_BAD");
      g_assert_cmpstr (before, ==, after);
    }
}

/* ---- counters ---- */

static Reply *
ask_as (World *world, guint64 counter)
{
  g_autoptr (GHashTable) fields = world_fields (world, NULL);

  signer_sign_as (&world->signer, "GET", ACCOUNTS, fields, NULL, counter);
  return world_send (world, "GET", ACCOUNTS, fields, NULL);
}

static Reply *
write_as (World *world, guint64 counter)
{
  g_autoptr (GHashTable) fields = world_fields (world, NULL);
  g_autofree char *intent = world_make_id (world);
  g_autofree char *target = g_strdup_printf (SETTLE, intent);

  signer_sign_as (&world->signer, "POST", target, fields, "{}", counter);
  return world_send (world, "POST", target, fields, "{}");
}

static void
expect (Reply *reply, guint64 highest)
{
  if (highest == 0)
    g_assert_cmpuint (reply->status, ==, 200);
  else
    {
      g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, highest);

      reply_assert (reply, 401, "COUNTER_USED");
      g_assert_cmpstr (reply_string (reply, "counter"), ==, text);
    }
  reply_free (reply);
}

static void
test_counters (void)
{
  g_autoptr (World) world = enrolled ();
  guint64 base = world->signer.counter + 1000;

  expect (ask_as (world, base), 0);
  expect (ask_as (world, base), base);
  /* Reads may overtake each other a little, each once. */
  for (guint i = 64; i > 0; i--)
    expect (ask_as (world, base - i), 0);
  for (guint i = 65; i > 0; i--)
    expect (ask_as (world, base - i), base);
  expect (ask_as (world, base + 10), 0);
  expect (ask_as (world, base), base + 10);
  expect (ask_as (world, base + 9), 0);
  /* A write never goes behind a write, also where a read could. */
  expect (write_as (world, base + 20), 0);
  expect (write_as (world, base + 19), base + 20);
  expect (ask_as (world, base + 19), 0);
  expect (write_as (world, base + 21), 0);
  expect (ask_as (world, (guint64) G_MAXINT64), 0);
  expect (ask_as (world, base + 22), (guint64) G_MAXINT64);
}

static void
test_counters_last (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "bank.db", NULL);
  g_autoptr (World) device = world_new_remote (NULL);
  guint64 written;

  {
    g_autoptr (World) world = world_new (folder);

    world_enrol (world);
    written = world->signer.counter + 100;
    expect (write_as (world, written), 0);
    expect (ask_as (world, written + 100), 0);
    world_become (device, world);
  }
  {
    g_autoptr (World) world = world_new (folder);

    world_become (world, device);
    expect (write_as (world, written), written);
    expect (ask_as (world, written - 1), written);
    expect (write_as (world, written + 1), 0);
  }
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* ---- captured requests ---- */

typedef struct
{
  char *method, *target, *body;
  GHashTable *fields;
} Captured;

static void
captured_free (gpointer data)
{
  Captured *self = data;

  g_free (self->method);
  g_free (self->target);
  g_free (self->body);
  g_hash_table_unref (self->fields);
  g_free (self);
}

static void
capture (gpointer data, const char *method, const char *target, GHashTable *fields,
         const char *body)
{
  Captured *one = g_new0 (Captured, 1);
  GHashTableIter iter;
  gpointer name, value;

  one->method = g_strdup (method);
  one->target = g_strdup (target);
  one->body = g_strdup (body);
  one->fields = fields_new ();
  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    fields_set (one->fields, name, value);
  g_ptr_array_add (data, one);
}

static gboolean
is_unsigned (const char *target)
{
  return g_str_has_prefix (target, "/wallet/v1/keys")
         || g_str_has_prefix (target, "/wallet/v1/test-phone")
         || g_str_has_prefix (target, "/wallet/v1/sandbox");
}

static void
test_replays (void)
{
  g_autoptr (GPtrArray) captured = g_ptr_array_new_with_free_func (captured_free);
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (GRand) dice = g_rand_new_with_seed (4);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  world->on_request = capture;
  world->on_request_data = captured;
  world_enrol (world);
  g_free (world_buy_coffee (world));
  g_free (world_buy_coffee (world));
  world->on_request = NULL;
  before = state_of (world);
  for (guint round = 0; round < 10 * captured->len; round++)
    {
      const Captured *one =
          g_ptr_array_index (captured, (guint) g_rand_int_range (dice, 0, (gint32) captured->len));
      g_autoptr (Reply) reply =
          world_send (world, one->method, one->target, one->fields, one->body);

      if (!is_unsigned (one->target))
        reply_assert (reply, 401, "COUNTER_USED");
    }
  after = state_of (world);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==,
                   100000 - 1900 - 2200);
}

/* ---- the bank's keys ---- */

static char *
find_key (Reply *reply, const char *state)
{
  JnJson *list = jn_json_get (reply->json, "keys");

  for (guint i = 0; i < jn_json_length (list); i++)
    if (strcmp (jn_json_string (jn_json_get (jn_json_at (list, i), "state")), state) == 0)
      return g_strdup (jn_json_string (jn_json_get (jn_json_at (list, i), "publicKey")));
  return NULL;
}

static void
assert_signed_by (Reply *reply, const char *key)
{
  g_autofree char *part = g_strdup_printf ("keyid=\"%s\"", key);

  g_assert_nonnull (strstr (g_hash_table_lookup (reply->fields, "signature-input"), part));
}

static void
test_rotation (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (Reply) before = world_call (world, "GET", "/wallet/v1/keys", NULL, NULL);
  g_autofree char *current = find_key (before, "current");
  g_autofree char *next = find_key (before, "next");
  g_autoptr (Reply) rotated = NULL;
  g_autoptr (Reply) after = NULL;
  g_autoptr (Reply) reset = NULL;
  g_autofree char *now = NULL;
  g_autofree char *retired = NULL;

  assert_signed_by (before, current);
  /* The device knows the next key from the list that the current one signed: that is enough. */
  rotated = world_call (world, "POST", "/wallet/v1/sandbox/rotate-key", NULL, "{}");
  reply_assert (rotated, 200, NULL);
  assert_signed_by (rotated, next);
  reset = world_call (world, "POST", "/wallet/v1/sandbox/reset", NULL, "{}");
  reply_assert (reset, 204, NULL);
  after = world_call (world, "GET", "/wallet/v1/keys", NULL, NULL);
  now = find_key (after, "current");
  retired = find_key (after, "retired");
  g_assert_cmpstr (now, ==, next);
  g_assert_cmpstr (retired, ==, current);
}

/* Walks the list as a wallet does that knows the oldest key: each has signed the one before it. Returns how many there are. */
static guint
check_succession (World *world)
{
  g_clear_pointer (&world->keys, g_byte_array_unref);
  g_autoptr (Reply) reply = world_call (world, "GET", "/wallet/v1/keys", NULL, NULL);
  JnJson *list = jn_json_get (reply->json, "keys");
  guint n = jn_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      const char *own = jn_json_string (jn_json_get (jn_json_at (list, i), "publicKey"));
      const char *state = jn_json_string (jn_json_get (jn_json_at (list, i), "state"));
      const char *said = jn_json_string (jn_json_get (jn_json_at (list, i), "succession"));
      const char *next =
          i > 0 ? jn_json_string (jn_json_get (jn_json_at (list, i - 1), "publicKey")) : NULL;
      g_autofree char *text = g_strdup_printf ("jinnang-key:%s:%s", own, next);
      guint8 key[JN_HTTP_KEY_BYTES], signature[JN_HTTP_SIGNATURE_BYTES];

      g_assert_cmpstr (state, ==, i == 0 ? "next" : i == 1 ? "current" : "retired");
      if (i == 0)
        {
          g_assert_null (said);
          continue;
        }
      g_assert_nonnull (said);
      g_assert_cmpint (sodium_base642bin (key, sizeof key, own, strlen (own), NULL, NULL, NULL,
                                          sodium_base64_VARIANT_ORIGINAL),
                       ==, 0);
      g_assert_cmpint (sodium_base642bin (signature, sizeof signature, said, strlen (said), NULL,
                                          NULL, NULL, sodium_base64_VARIANT_ORIGINAL),
                       ==, 0);
      g_assert_true (jn_ed25519_check (key, text, strlen (text), signature));
    }
  return n;
}

/* Each key says which one comes after it, the last sixty-four are listed, and a retired one signs nothing any more. */
static void
test_succession (void)
{
  g_autoptr (World) world = world_new (NULL);

  g_assert_cmpuint (check_succession (world), ==, 2);
  for (guint i = 0; i < 66; i++)
    {
      jn_bankd_db_begin (world->core->db);
      jn_bankd_keys_rotate (world->core);
      g_assert_true (jn_bankd_db_commit (world->core->db, NULL));
      if (i < 3)
        g_assert_cmpuint (check_succession (world), ==, 3 + i);
    }
  g_assert_cmpuint (check_succession (world), ==, 64);
  g_assert_cmpint (jn_bankd_db_integer (world->core->db, -1,
                                        "SELECT count (*) FROM bank_key WHERE length (secret) > 0",
                                        ""),
                   ==, 2);
}

/* A disk that could not tell the new key once is asked again: nobody would believe the old one for long. */
static void
test_rotation_unread (void)
{
  g_autoptr (World) world = world_new (NULL);
  JnBankdDb *db = world->core->db;
  g_autofree char *old = jn_bankd_keys_make_id (world->core);

  jn_bankd_db_begin (db);
  jn_bankd_keys_rotate (world->core);
  g_assert_true (jn_bankd_db_commit (db, NULL));
  jn_bankd_db_run (db, "ALTER TABLE bank_key RENAME TO hidden", "");
  g_autofree char *unread = jn_bankd_keys_make_id (world->core);
  g_assert_cmpstr (unread, ==, old);
  jn_bankd_db_forgive (db);
  jn_bankd_db_run (db, "ALTER TABLE hidden RENAME TO bank_key", "");
  g_autofree char *read = jn_bankd_keys_make_id (world->core);
  g_assert_cmpstr (read, !=, old);
}

typedef struct
{
  const char *name;
  guint n_keys;
} Before;

static const Before before[] = { { "format-4.db", 4 }, { "format-5.db", 5 } };

/* The bank of format 4 kept all its secrets: what its keys say of each other is made up for. That of format 5 has it. */
static void
test_succession_of_before (gconstpointer data)
{
  const Before *old = data;
  g_autofree char *folder = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_autofree char *to = g_build_filename (folder, "bank.db", NULL);
  g_autofree char *from = g_test_build_filename (G_TEST_DIST, "fixtures", "bankd", old->name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (World) world = world_new (folder);

      g_assert_cmpuint (check_succession (world), ==, old->n_keys);
      g_assert_cmpint (
          jn_bankd_db_integer (world->core->db, -1,
                               "SELECT count (*) FROM bank_key WHERE length (secret) > 0", ""),
          ==, 2);
    }
  g_assert_cmpint (g_unlink (to), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/signature/answers", test_answers);
  g_test_add_func ("/bankd/signature/answers-of-all-kinds", test_answers_of_all_kinds);
  g_test_add_func ("/bankd/signature/changed-requests", test_changed_requests);
  g_test_add_func ("/bankd/signature/counters", test_counters);
  g_test_add_func ("/bankd/signature/counters-last", test_counters_last);
  g_test_add_func ("/bankd/signature/replays", test_replays);
  g_test_add_func ("/bankd/signature/rotation", test_rotation);
  g_test_add_func ("/bankd/signature/rotation-unread", test_rotation_unread);
  g_test_add_func ("/bankd/signature/succession", test_succession);
  g_test_add_data_func ("/bankd/signature/succession-of-4", &before[0], test_succession_of_before);
  g_test_add_data_func ("/bankd/signature/succession-of-5", &before[1], test_succession_of_before);
  return g_test_run ();
}
