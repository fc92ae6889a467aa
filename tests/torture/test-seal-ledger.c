/* The engine with a key, on the real disk. */
#include <string.h>

#include <glib/gstdio.h>

#include "jn-ledger.h"
#include "jn-seal-store.h"
#include "jn-seal-vfs.h"

#define VFS "jn-seal-ledger"

static int64_t
now_us (void *ctx)
{
  return g_get_real_time ();
}

static const jn_host HOST = { .now_us = now_us, .vfs = VFS };

static void
test_key (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jn-seal-ledger-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ledger.db", NULL);
  const char *const suffixes[] = { "", "-slot", "-slot.old" };
  jn_account account = {
    .id = { { 1 } }, .currency = 156, .class_ = JN_ACCOUNT_WORLD, .ceiling = G_MAXINT64
  };
  jn_host plain = HOST;
  jn_key key = { { 3, 1, 4 } }, other = { { 2, 7, 1 } };
  jn_ledger *ledger = NULL;
  jn_snapshot *snapshot = NULL;
  jn_head head;

  g_assert_cmpint (jn_seal_vfs_register (VFS, NULL), ==, 0);
  /* The VFS was not given the key. */
  g_assert_cmpint (jn_open (path, &key, &HOST, 0, &ledger), !=, JN_OK);
  g_assert_cmpint (jn_seal_prepare (VFS, path, key.b), ==, JN_SEAL_OK);
  g_assert_cmpint (jn_open (path, &other, &HOST, 0, &ledger), ==, JN_KEY_WRONG);
  g_assert_null (ledger);
  g_assert_cmpint (jn_open (path, &key, &HOST, 0, &ledger), ==, JN_OK);
  g_assert_cmpint (jn_account_open (ledger, &account), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  jn_snapshot_end (snapshot);
  g_assert_cmpint (jn_head_get (ledger, &head), ==, JN_OK);
  jn_close (ledger);
  g_assert_cmpint (jn_open (path, &key, &HOST, JN_OPEN_READ_ONLY, &ledger), ==, JN_OK);
  g_assert_cmpint (jn_account_get (ledger, &account.id, &account), ==, JN_OK);
  jn_close (ledger);
  /* A key for a file in the clear. */
  g_unlink (path);
  plain.vfs = NULL;
  g_assert_cmpint (jn_open (path, &key, &plain, 0, &ledger), ==, JN_INVALID);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/ledger/key", test_key);
  return g_test_run ();
}
