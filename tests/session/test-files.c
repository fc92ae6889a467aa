/* What is on the disk: sealed, noticed when it is an older copy, set aside when it cannot be used, and healed from the bank. */
#include "rig-files.h"

#include <glib/gstdio.h>
#include <string.h>

#define PIN "258036"

static void
check_broken (Rig *rig, JnErrorCode code)
{
  rig_start (rig);
  g_assert_cmpint (jn_context_get_stage (rig->context), ==, JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (rig->context), code);
  g_assert_true (jn_context_can_recover (rig->context));
}

static void
recover (Rig *rig)
{
  jn_context_recover (rig->context);
  rig_until (jn_context_get_stage (rig->context) == JN_STAGE_READY
             && jn_context_get_connection (rig->context) == JN_CONNECTION_CURRENT);
  rig_until (jn_context_get_notice (rig->context) == JN_CONTEXT_NOTICE_REBUILT);
}

/* ---- sealed ---- */

static guint
count_leaks (const char *folder, const void *needle, gsize length)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      gsize size = 0;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n += count_leaks (path, needle, length);
      else if (g_file_get_contents (path, &data, &size, NULL))
        n += memmem (data, size, needle, length) != NULL;
    }
  return n;
}

static void
check_leaks (Rig *rig)
{
  static const char *const texts[] = { "晨光咖啡", "Jiujiu-Canary-Note", "CREATE TABLE",
                                       "SQLite format 3" };
  g_autoptr (JnSecret) key = rig_get_secret (rig, "data-key");
  gsize length;
  const guint8 *bytes = jn_secret_get (key, &length);

  g_assert_cmpuint (length, ==, 32);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpuint (count_leaks (rig->data, texts[i], strlen (texts[i])), ==, 0);
  g_assert_cmpuint (count_leaks (rig->data, bytes, length), ==, 0);
}

static gpointer
write_canary (gpointer data, GCancellable *cancellable, GError **error)
{
  JnStorage *storage = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("Jiujiu-Canary-Note", 18);
  jn_storage_put_document (storage, "canary", bytes, 1, error);
  return NULL;
}

/* While the wallet is open, with its logs, and after. */
static void
test_no_canary (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_pay_coffee (&rig, 98100);
  JnStorage *storage = jn_context_get_storage (rig.context);
  jn_worker_run (jn_storage_get_worker (storage), write_canary, storage, NULL);
  g_autofree char *log = g_build_filename (rig.data, "ledger.db-wal", NULL);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  check_leaks (&rig);
  rig_stop (&rig);
  check_leaks (&rig);
  g_assert_true (jn_storage_is_sealed (rig.data));
  rig_clear (&rig);
}

static void
note_protecting (JnContext *context, GParamSpec *spec, guint *n)
{
  *n += jn_context_get_protecting (context) >= 0;
}

/* The folder of the version before, as it was left: sealed with progress, and nobody is enrolled with this keyring. */
static void
test_upgrade (void)
{
  Rig rig;
  guint n_progress = 0;

  rig_init (&rig);
  rig_start_bank (&rig);
  rig_lay_out_older (&rig);
  rig_make_context (&rig);
  g_assert_cmpint (jn_context_get_protecting (rig.context), ==, -1);
  g_signal_connect (rig.context, "notify::protecting", G_CALLBACK (note_protecting), &n_progress);
  jn_context_start (rig.context);
  rig_until (jn_context_get_stage (rig.context) != JN_STAGE_STARTING);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_WELCOME);
  g_assert_cmpuint (n_progress, >, 0);
  g_assert_cmpint (jn_context_get_protecting (rig.context), ==, -1);
  check_leaks (&rig);
  /* The bank began anew since: it is not believed, and nothing that was here is lost. */
  rig_enrol_to_card (&rig);
  jn_enrolment_submit_card (jn_context_get_enrolment (rig.context), NULL);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_DISTRUST);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_BANK_OLDER_THAN_HEAD);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  check_leaks (&rig);
  rig_clear (&rig);
}

/* ---- keys and damage ---- */

/* The key is lost, or is another one: told apart, and begun anew from the bank with the files set aside. */
static void
test_key (gconstpointer data)
{
  JnErrorCode code = (JnErrorCode) GPOINTER_TO_INT (data);
  g_autoptr (JnSecret) other = jn_secret_new_random (32);
  Rig rig;

  rig_init_enrolled (&rig);
  JnId intent = rig_pay_coffee (&rig, 98100);
  rig_stop (&rig);
  rig_set_secret (&rig, "data-key", code == JN_ERROR_KEY_MISSING ? NULL : other);
  check_broken (&rig, code);
  recover (&rig);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  rig_check_once_at_bank (&rig, &intent);
  g_autoptr (JnSecret) made = rig_get_secret (&rig, "data-key");
  g_assert_false (jn_secret_equal (made, other));
  rig_stop (&rig);
  /* The old files are still there. */
  g_assert_cmpuint (rig_count_aside (&rig, "ledger.db"), ==, 1);
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 1);
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  rig_clear (&rig);
}

static void
test_damage (gconstpointer name)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnId intent = rig_pay_coffee (&rig, 98100);
  rig_stop (&rig);
  rig_spoil (&rig, name);
  check_broken (&rig, JN_ERROR_PAGE_DAMAGED);
  recover (&rig);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  rig_check_once_at_bank (&rig, &intent);
  if (g_str_equal (name, "ledger.db"))
    g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  jn_context_dismiss_notice (rig.context);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  rig_clear (&rig);
}

/* ---- care ---- */

static char *
find_newest_backup (Rig *rig)
{
  char *newest = NULL;
  g_autoptr (GDir) dir = g_dir_open (rig->data, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "backup-") && g_str_has_suffix (name, ".db")
        && g_strcmp0 (name, newest) > 0)
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  return newest;
}

static void
until_backup (Rig *rig)
{
  JnStorage *storage = jn_context_get_storage (rig->context);
  rig_until (!jn_storage_needs_check_up (storage));
}

/* As if it were of an earlier day. */
static void
age_backup (Rig *rig, const char *date)
{
  static const char *const suffixes[] = { "", "-slot", "-slot.old" };
  g_autofree char *name = find_newest_backup (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (rig->data, "/", name, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (rig->data, "/backup-", date, ".db", suffixes[i], NULL);
      g_assert_cmpint (g_rename (from, to), ==, 0);
    }
}

static guint
count_backups (Rig *rig)
{
  g_autoptr (GDir) dir = g_dir_open (rig->data, 0, NULL);
  const char *name;
  guint n = 0;
  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, "backup-") && g_str_has_suffix (name, ".db");
  return n;
}

/* One a day, three kept, none in the clear. */
static void
test_backups (void)
{
  static const char *const dates[] = { "20200101", "20200102", "20200103", "20200104" };
  Rig rig;

  rig_init_enrolled (&rig);
  until_backup (&rig);
  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      rig_stop (&rig);
      age_backup (&rig, dates[i]);
      rig_start (&rig);
      rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
      until_backup (&rig);
      g_assert_cmpuint (count_backups (&rig), ==, MIN (i + 2, 3));
    }
  check_leaks (&rig);
  jn_context_erase (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  g_assert_cmpuint (count_backups (&rig), ==, 0);
  rig_clear (&rig);
}

/* Damage that opening does not see is found, told and mended: the backup, the bank and the damaged file's own notes. */
static void
test_found_damage (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_add_note (&rig, 1, "before the backup");
  until_backup (&rig);
  rig_add_note (&rig, 2, "after the backup");
  JnId intent = rig_pay_coffee (&rig, 98100);
  rig_until_head_kept (&rig);
  rig_stop (&rig);
  age_backup (&rig, "20200101");
  rig_run_sql (&rig, "ledger.db", "UPDATE transfer SET amount = amount + 1 WHERE no = 5");
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_BROKEN);
  g_assert_cmpint (jn_error_get_class (jn_context_get_error (rig.context)), ==,
                   JN_ERROR_CLASS_DAMAGED);
  g_assert_true (jn_context_can_recover (rig.context));
  recover (&rig);
  rig_until (rig_available (&rig) == 98100);
  rig_check_once_at_bank (&rig, &intent);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  rig_check_note (&rig, 1, "before the backup");
  rig_check_note (&rig, 2, "after the backup");
  until_backup (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  rig_clear (&rig);
}

/* ---- older copies ---- */

/* A backup of the folder, payments, the backup put back: noticed, told, healed; nothing is paid again. */
static void
test_older_copy (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autofree char *backup = g_build_filename (rig.folder, "backup", NULL);
  JnId first = rig_pay_coffee (&rig, 98100);
  rig_add_note (&rig, 7, "my own words");
  rig_until_head_kept (&rig);
  rig_stop (&rig);
  rig_copy_folder (rig.data, backup);
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  JnId second = rig_pay_coffee (&rig, 95900);
  rig_until_head_kept (&rig);
  rig_stop (&rig);
  rig_copy_folder (backup, rig.data);

  /* Without the network it says so and shows what it has. */
  rig_make_context (&rig);
  jn_context_set_cut (rig.context, TRUE);
  jn_context_start (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_OLDER_COPY);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  rig_stop (&rig);

  /* And still does so at the next start, until the bank has told the rest. */
  rig_start (&rig);
  rig_until (jn_context_get_notice (rig.context) == JN_CONTEXT_NOTICE_OLDER_COPY_HEALED);
  rig_until (rig_available (&rig) == 95900);
  rig_check_note (&rig, 7, "my own words");
  rig_check_once_at_bank (&rig, &first);
  rig_check_once_at_bank (&rig, &second);
  g_assert_cmpuint (rig_count_unsettled (&rig), ==, 0);
  rig_until_head_kept (&rig);
  rig_stop (&rig);
  rig_start (&rig);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  rig_clear (&rig);
}

/* The copy is from the moment before the approval: the restored outbox asks, and does not send. */
static void
test_older_outbox (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autofree char *backup = g_build_filename (rig.folder, "backup", NULL);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_OPEN);
  rig_copy_folder (rig.data, backup);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 98100);
  rig_until_head_kept (&rig);
  rig_stop (&rig);
  rig_copy_folder (backup, rig.data);

  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  rig_until (jn_context_get_notice (rig.context) == JN_CONTEXT_NOTICE_OLDER_COPY_HEALED);
  rig_until (rig_available (&rig) == 98100);
  rig_until (rig_count_unsettled (&rig) == 0);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  rig_check_once_at_bank (&rig, &intent);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/files/no-canary", test_no_canary);
  g_test_add_func ("/session/files/upgrade", test_upgrade);
  g_test_add_data_func ("/session/files/key-missing", GINT_TO_POINTER (JN_ERROR_KEY_MISSING),
                        test_key);
  g_test_add_data_func ("/session/files/key-wrong", GINT_TO_POINTER (JN_ERROR_KEY_WRONG), test_key);
  g_test_add_data_func ("/session/files/damaged-ledger", "ledger.db", test_damage);
  g_test_add_data_func ("/session/files/damaged-wallet", "wallet.db", test_damage);
  g_test_add_func ("/session/files/backups", test_backups);
  g_test_add_func ("/session/files/found-damage", test_found_damage);
  g_test_add_func ("/session/files/older-copy", test_older_copy);
  g_test_add_func ("/session/files/older-outbox", test_older_outbox);
  return g_test_run ();
}
