/* The chain through a customer's feed, computed a second time from what the bank says; and a bank's files of older formats. */
#include <string.h>

#include <glib/gstdio.h>

#include "bankd-world.h"

/* The device of the file: enrolled when it was made. */
#define OLD_SESSION "Bearer i_4zcMcOe9cSz4g7zUaiP64U3ebrxhnHYIVjdkUsjFM"
#define OLD_CONSENT "01M81190PXBS08MX5YWZ67SCVA"
#define OLD_SECRET                                                                                 \
  "a51d17937b5bc9accb3de2abaf4e2becf1300d30c76fbb12b5b0755b9bacd288"                               \
  "3f105330fa2248597326469d83bb08ca8f4af8c5ba0addb84a6c7f1bedb45b06"

static Reply *
feed (World *world, guint from, guint items)
{
  g_autofree char *path = g_strdup_printf ("/psd2/v1/accounts/%s/transactions?bookingStatus=both"
                                           "&entryReferenceFrom=%u&itemsPerPage=%u",
                                           world->account, from, items);
  Reply *reply = world_call (world, "GET", path, NULL, NULL);

  reply_assert (reply, 200, NULL);
  return reply;
}

/* The entry's RFC 8785 text without its chain value, which comes to @hex. */
static char *
cut_chain (JnJson *entry, char **hex)
{
  g_autofree char *text = jn_json_canonical (entry, NULL);
  g_autofree char *part = NULL;
  g_auto (GStrv) halves = NULL;

  *hex = g_strdup (jn_json_string (jn_json_path (entry, "wallet/chain")));
  g_assert_nonnull (*hex);
  part = g_strdup_printf ("\"chain\":\"%s\",", *hex);
  halves = g_strsplit (text, part, -1);
  g_assert_cmpuint (g_strv_length (halves), ==, 2);
  return g_strconcat (halves[0], halves[1], NULL);
}

typedef struct
{
  guint8 chain[crypto_hash_sha256_BYTES];
  guint sequence;
} Walk;

static void
walk_begin (World *world, Walk *walk)
{
  g_autofree char *text = g_strdup_printf ("jinnang-feed:%s", world->bban);

  crypto_hash_sha256 (walk->chain, (const guint8 *) text, strlen (text));
  walk->sequence = 0;
}

static void
walk_page (Walk *walk, Reply *page)
{
  JnJson *booked = jn_json_path (page->json, "transactions/booked");

  for (guint i = 0; i < jn_json_length (booked); i++)
    {
      g_autofree char *hex = NULL;
      g_autofree char *text = cut_chain (jn_json_at (booked, i), &hex);
      char computed[2 * crypto_hash_sha256_BYTES + 1];
      crypto_hash_sha256_state state;

      crypto_hash_sha256_init (&state);
      crypto_hash_sha256_update (&state, walk->chain, sizeof walk->chain);
      crypto_hash_sha256_update (&state, (const guint8 *) text, strlen (text));
      crypto_hash_sha256_final (&state, walk->chain);
      sodium_bin2hex (computed, sizeof computed, walk->chain, sizeof walk->chain);
      g_assert_cmpstr (computed, ==, hex);
      walk->sequence++;
    }
}

static void
check_head (World *world, const Walk *walk, Reply *page)
{
  char hex[2 * crypto_hash_sha256_BYTES + 1];
  g_autofree char *reference = g_strdup_printf ("%u", walk->sequence);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autofree guint8 *signature = g_base64_decode (reply_string (page, "head/signature"), &length);
  gboolean good = FALSE;

  sodium_bin2hex (hex, sizeof hex, walk->chain, sizeof walk->chain);
  text = g_strdup_printf ("jinnang-head:%s:%s:%s", world->bban, reference, hex);
  g_assert_cmpstr (reply_string (page, "head/entryReference"), ==, reference);
  g_assert_cmpstr (reply_string (page, "head/chain"), ==, hex);
  g_assert_cmpuint (length, ==, crypto_sign_BYTES);
  for (guint i = 0; i < world->keys->len; i += JN_HTTP_KEY_BYTES)
    good |= crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text),
                                         world->keys->data + i)
            == 0;
  g_assert_true (good);
}

/* Walks the whole feed in pages and checks the head at its end. */
static void
check_feed (World *world)
{
  Walk walk;
  guint before;
  g_autoptr (Reply) last = NULL;

  walk_begin (world, &walk);
  do
    {
      g_autoptr (Reply) page = feed (world, walk.sequence, 100);

      before = walk.sequence;
      walk_page (&walk, page);
    }
  while (walk.sequence > before);
  g_assert_cmpuint (walk.sequence, >, 200);
  last = feed (world, walk.sequence, 1);
  check_head (world, &walk, last);
}

static void
test_chain (void)
{
  g_autoptr (World) world = world_new (NULL);

  world_enrol (world);
  check_feed (world);
  g_free (world_buy_coffee (world));
  check_feed (world);
}

#define OF_TWENTY " WHERE number = (SELECT transfer FROM entry WHERE account = 1 AND sequence = 20)"
#define CODE_OF "SELECT code FROM transfer" OF_TWENTY
#define SET_CODE "UPDATE transfer SET code = ?" OF_TWENTY

static void
test_damage_is_found (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;

  world_enrol (world);
  g_assert_true (jn_bankd_book_verify (world->core, &error));
  code = jn_bankd_db_text (world->core->db, CODE_OF, "");
  jn_bankd_db_run (world->core->db, SET_CODE, "s", "PMNT-XXXX-XXXX");
  g_assert_false (jn_bankd_book_verify (world->core, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_INVARIANT);
  jn_bankd_db_run (world->core->db, SET_CODE, "s", code);
}

/* ---- a file of before ---- */

static void
copy_fixture (const char *name, const char *folder)
{
  g_autofree char *from = g_test_build_filename (G_TEST_DIST, "fixtures", "bankd", name, NULL);
  g_autofree char *to = g_build_filename (folder, "bank.db", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (from, &data, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, data, (gssize) length, &error);
  g_assert_no_error (error);
}

static World *
open_old (const char *folder)
{
  World *world = world_new_at (folder, "2026-11-22T08:00:00Z", 0);
  gsize length = 0;
  g_autoptr (Reply) accounts = NULL;
  JnJson *account;

  g_assert_cmpint (sodium_hex2bin (world->signer.secret_key, sizeof world->signer.secret_key,
                                   OLD_SECRET, strlen (OLD_SECRET), NULL, &length, NULL),
                   ==, 0);
  crypto_sign_ed25519_sk_to_pk (world->signer.public_key, world->signer.secret_key);
  world->authorization = g_strdup (OLD_SESSION);
  world->consent = g_strdup (OLD_CONSENT);
  accounts = world_call (world, "GET", "/psd2/v1/accounts", NULL, NULL);
  reply_assert (accounts, 200, NULL);
  account = jn_json_at (jn_json_get (accounts->json, "accounts"), 0);
  world->bban = g_strdup (jn_json_string (jn_json_get (account, "bban")));
  world->account = g_strdup (jn_json_string (jn_json_get (account, "resourceId")));
  return world;
}

static void
test_format (gconstpointer name)
{
  g_autofree char *folder = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "bank.db", NULL);
  g_autofree char *key = NULL;

  copy_fixture (name, folder);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (World) world = open_old (folder);
      g_autofree char *now = g_base64_encode (world->keys->data, world->keys->len);

      /* The second time nothing is left to do: the same keys, the same feed. */
      g_assert_cmpint (jn_bankd_db_integer (world->core->db, 0, "PRAGMA user_version", ""), ==, 6);
      if (key != NULL)
        g_assert_cmpstr (key, ==, now);
      g_free (key);
      key = g_steal_pointer (&now);
      check_feed (world);
      g_free (world_buy_coffee (world));
      check_feed (world);
    }
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What the payments of before come to is known by day from now on, and counts on. */
static void
test_format_3 (void)
{
  static const char spent[] = "SELECT total FROM spent WHERE customer = 1 AND day = 20261122";
  g_autofree char *folder = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "bank.db", NULL);
  g_autofree char *key = NULL;

  copy_fixture ("format-3.db", folder);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (World) world = world_new_at (folder, "2026-11-22T08:00:00Z", 0);
      g_autofree char *now = NULL;

      g_assert_cmpint (jn_bankd_db_integer (world->core->db, 0, "PRAGMA user_version", ""), ==, 6);
      g_assert_cmpint (jn_bankd_db_integer (world->core->db, 0, spent, ""), ==, 4100 + i * 2200);
      world_enrol (world);
      g_free (world_buy_coffee (world));
      g_assert_cmpint (jn_bankd_db_integer (world->core->db, 0, spent, ""), ==,
                       4100 + (i + 1) * 2200);
      check_feed (world);
      now = g_base64_encode (world->keys->data, world->keys->len);
      if (key != NULL)
        g_assert_cmpstr (key, ==, now);
      g_free (key);
      key = g_steal_pointer (&now);
    }
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/feed/chain", test_chain);
  g_test_add_func ("/bankd/feed/damage-is-found", test_damage_is_found);
  g_test_add_data_func ("/bankd/feed/format-1", "format-1.db", test_format);
  g_test_add_data_func ("/bankd/feed/format-2", "format-2.db", test_format);
  g_test_add_func ("/bankd/feed/format-3", test_format_3);
  return g_test_run ();
}
