/* Starts that cannot go well, and a bank that contradicts itself. */
#include "rig.h"
#include "step-clock.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static void
test_second_start (void)
{
  Rig rig;
  Rig second;

  rig_init_enrolled (&rig);
  second = rig;
  second.context = NULL;
  rig_start (&second);
  g_assert_cmpint (jn_context_get_stage (second.context), ==, JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (second.context), JN_ERROR_BUSY);
  /* The first one goes on. */
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  jn_payment_cancel (payment);
  rig_stop (&rig);
  /* And once it is gone the second may try again. */
  jn_context_start (second.context);
  rig_until (jn_context_get_stage (second.context) == JN_STAGE_READY);
  g_assert_cmpint (rig_available (&second), ==, 100000);
  rig_stop (&second);
  rig_clear (&rig);
}

/* Root may write anywhere: the folder is made unusable in a way that holds for root too. */
static void
test_unusable_folder (void)
{
  Rig rig;

  rig_init (&rig);
  rig_start_bank (&rig);
  g_assert_true (g_file_set_contents (rig.data, "a file where a folder should be", -1, NULL));
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_BROKEN);
  g_assert_nonnull (jn_context_get_error (rig.context));
  g_assert_true (jn_context_get_error (rig.context)->domain == JN_ERROR);
  rig_clear (&rig);
}

#define NOBODY 65534
#define OTHER_USER "/session/start/read-only-folder/subprocess"

/* Root may write anywhere: a process of its own becomes nobody. It ends without the leak check, which needs to look into
 * itself and may not any more. */
static void
test_read_only_folder_as_other_user (void)
{
  Rig rig;

  if (!g_test_subprocess ())
    return;
  if (geteuid () == 0)
    g_assert_cmpint (setuid (NOBODY), ==, 0);
  rig_init_enrolled (&rig);
  rig_stop (&rig);
  g_assert_cmpint (g_chmod (rig.data, 0500), ==, 0);
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_READ_ONLY);
  rig_stop (&rig);
  g_chmod (rig.data, 0700);
  rig_clear (&rig);
  _exit (0);
}

static void
test_read_only_folder (void)
{
  g_test_trap_subprocess (OTHER_USER, 0, 0);
  g_test_trap_assert_passed ();
}

/* An embedded bank whose file is from the future, damaged or held by somebody else ends in BROKEN with its reason, and the
 * wallet is back once the file is. */
static void
check_embedded_bank (Rig *rig, JnErrorCode code)
{
  rig_start (rig);
  rig_until (jn_context_get_stage (rig->context) == JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (rig->context), code);
  rig_run_for (300);
  g_assert_cmpint (jn_context_get_stage (rig->context), ==, JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (rig->context), code);
}

static void
test_broken_bank (gconstpointer data)
{
  JnErrorCode code = (JnErrorCode) GPOINTER_TO_INT (data);
  Rig rig;
  g_autofree char *path = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *broken = NULL;
  gsize length;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  jn_bankd_stop (rig.bank);
  path = g_build_filename (rig.bank_data, "bank.db", NULL);
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  broken = g_memdup2 (whole, length);
  if (code == JN_ERROR_FORMAT_NEWER)
    broken[62] = 0x7f;
  else
    memset (broken, 'x', length);
  g_clear_object (&rig.bank);
  g_assert_true (g_file_set_contents (path, broken, (gssize) length, NULL));
  rig.embedded = TRUE;
  check_embedded_bank (&rig, code);
  g_assert_true (g_file_set_contents (path, whole, (gssize) length, NULL));
  jn_context_start (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY
             && jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  rig_clear (&rig);
}

static void
test_busy_bank (void)
{
  Rig rig;
  JnBankd *holder;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  holder = g_steal_pointer (&rig.bank);
  rig.embedded = TRUE;
  check_embedded_bank (&rig, JN_ERROR_BUSY);
  jn_bankd_stop (holder);
  g_object_unref (holder);
  rig_clear (&rig);
}

static void
test_newer_database (gconstpointer name)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  rig_run_sql (&rig, name, "PRAGMA user_version = 32512");
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_FORMAT_NEWER);
  g_assert_false (jn_context_can_recover (rig.context));
  rig_clear (&rig);
}

/* The last good state stays on the screen, and the customer is told. */
static void
test_contradicting_bank (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_tamper (&rig, "UPDATE account SET credits = credits + 1 WHERE resource IS NOT NULL");
  jn_context_sync (rig.context);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_DISTRUST);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_BALANCE_MISMATCH);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  g_assert_cmpint (jn_home_get_state (jn_context_get_home (rig.context)), ==, JN_VIEW_CONTENT);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  rig_tamper (&rig, "UPDATE account SET credits = credits - 1 WHERE resource IS NOT NULL");
  jn_context_sync (rig.context);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  rig_clear (&rig);
}

/* ---- a disk that does not say what it holds ---- */

static gint refusing;
static gint refused;

static gboolean
is_ledger (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *path = g_file_read_link (link, NULL);
  return path != NULL && strstr (path, "/wallet/ledger.db") != NULL;
}

static ssize_t
refuse_pread (int fd, void *data, size_t length, off_t offset)
{
  if (!g_atomic_int_get (&refusing) || !is_ledger (fd))
    return pread (fd, data, length, offset);
  g_atomic_int_inc (&refused);
  errno = EIO;
  return -1;
}

static void
put_between (const char *name)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (NULL);
  /* Which of them there are depends on how SQLite was built. */
  if (vfs->xGetSystemCall (vfs, name) != NULL)
    g_assert_cmpint (vfs->xSetSystemCall (vfs, name, (sqlite3_syscall_ptr) refuse_pread), ==,
                     SQLITE_OK);
}

/* What is on the disk is shown once the disk can be read, though the bank has nothing to tell: it is not reached at all. */
static void
test_unread (void)
{
  Rig rig;

  put_between ("pread");
  put_between ("pread64");
  rig_init (&rig);
  rig.clock = step_clock_new ();
  rig_start_bank (&rig);
  rig_start (&rig);
  rig_enrol (&rig);
  rig_stop (&rig);

  rig_set_faults (&rig, "drop-before=1");
  rig_make_context (&rig);
  JnHome *home = jn_context_get_home (rig.context);
  jn_context_start (rig.context);
  rig_until (jn_context_get_storage (rig.context) != NULL);
  g_atomic_int_set (&refusing, TRUE);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  g_assert_cmpint (jn_home_get_state (home), ==, JN_VIEW_ERROR);
  gint before = g_atomic_int_get (&refused);
  g_assert_cmpint (before, >, 0);
  step_clock_ahead (rig.clock, 1000);
  rig_until (g_atomic_int_get (&refused) > before);
  g_assert_cmpint (jn_home_get_state (home), ==, JN_VIEW_ERROR);

  g_atomic_int_set (&refusing, FALSE);
  /* Tries are at most a minute apart. */
  step_clock_ahead (rig.clock, 60000);
  rig_until (jn_home_get_state (home) == JN_VIEW_CONTENT);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/start/second-start", test_second_start);
  g_test_add_func ("/session/start/unusable-folder", test_unusable_folder);
  g_test_add_func ("/session/start/read-only-folder", test_read_only_folder);
  g_test_add_func (OTHER_USER, test_read_only_folder_as_other_user);
  g_test_add_data_func ("/session/start/newer-bank", GINT_TO_POINTER (JN_ERROR_FORMAT_NEWER),
                        test_broken_bank);
  g_test_add_data_func ("/session/start/damaged-bank", GINT_TO_POINTER (JN_ERROR_PAGE_DAMAGED),
                        test_broken_bank);
  g_test_add_func ("/session/start/busy-bank", test_busy_bank);
  g_test_add_data_func ("/session/start/newer-ledger", "ledger.db", test_newer_database);
  g_test_add_data_func ("/session/start/newer-wallet", "wallet.db", test_newer_database);
  g_test_add_func ("/session/start/contradicting-bank", test_contradicting_bank);
  g_test_add_func ("/session/start/unread", test_unread);
  return g_test_run ();
}
