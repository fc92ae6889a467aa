/* The program behind a bad line to a real bank, which may be killed as well. Whatever happens, each intent is made once or not made, the wallet
 * and the bank agree which, and to the cent. Beside the short campaign of make check: make storm SEED=… MINUTES=…. */
#include "bank-process.h"
#include "rig.h"

#include "own-mounts.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define PIN "258036"

typedef struct
{
  Rig rig;
  BankProcess bank;
  GSubprocess *line;
  GDataInputStream *said;
  char *address;
  GRand *rand;
  GArray *intents; /* JnId */
  guint made, not_made, unopened, kills;
  const char *filler; /* takes the disk's room between a sheet and its PIN; NULL: none does */
  guint troubled;     /* sheets that did not end as made at once */
} Storm;

/* ---- the line ---- */

static void
start_line (Storm *storm, guint32 seed, guint faults_in_100)
{
  g_autofree char *seed_text = g_strdup_printf ("%u", seed);
  g_autofree char *port = g_strdup_printf ("%u", storm->bank.port);
  g_autofree char *faults = g_strdup_printf ("%u", faults_in_100);
  const char *command[] = { LINE_PROGRAM, seed_text, port, faults, NULL };

  storm->line =
      bank_process_spawn (command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
  storm->said = g_data_input_stream_new (g_subprocess_get_stdout_pipe (storm->line));
  g_autofree char *first = g_data_input_stream_read_line (storm->said, NULL, NULL, NULL);
  g_assert_nonnull (first);
  storm->address = g_strdup_printf ("http://127.0.0.1:%s", first);
}

static void
tell_line (Storm *storm, const char *word)
{
  GOutputStream *in = g_subprocess_get_stdin_pipe (storm->line);
  g_assert_true (g_output_stream_write_all (in, word, strlen (word), NULL, NULL, NULL));
}

static void
stop_line (Storm *storm)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (storm->line), NULL, NULL);
  g_autofree char *last = g_data_input_stream_read_line (storm->said, NULL, NULL, NULL);
  g_test_message ("connections: %s", last);
  g_subprocess_wait (storm->line, NULL, NULL);
  g_clear_object (&storm->said);
  g_clear_object (&storm->line);
}

/* ---- one payment ---- */

static gboolean
is_open (JnPayment *payment)
{
  switch (jn_payment_get_state (payment))
    {
    case JN_PAYMENT_START:
    case JN_PAYMENT_AMOUNT:
    case JN_PAYMENT_AGAIN:
    case JN_PAYMENT_SHORT:
    case JN_PAYMENT_CONFIRM:
    case JN_PAYMENT_CANCELLED:
    case JN_PAYMENT_FAILED:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_answered (JnPayment *payment)
{
  switch (jn_payment_get_state (payment))
    {
    case JN_PAYMENT_CHECKING:
    case JN_PAYMENT_CONFIRM:
    case JN_PAYMENT_MADE:
    case JN_PAYMENT_NOT_MADE:
    case JN_PAYMENT_FAILED:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The till shows a code; NULL when the line did not let it. */
static char *
get_code (Storm *storm)
{
  g_autoptr (GAsyncResult) result = NULL;
  jn_context_list_shops_async (storm->rig.context, NULL, on_result, &result);
  rig_until (result != NULL);
  g_autoptr (GListModel) shops = jn_context_list_shops_finish (storm->rig.context, result, NULL);
  if (shops == NULL)
    return NULL;
  g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, 0);
  return g_strdup (jn_shop_item_get_payload (shop));
}

/* Takes every byte that is left. */
static void
fill (const char *path)
{
  static const char block[4096];
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ssize_t n = sizeof block;

  g_assert_cmpint (fd, >=, 0);
  for (gsize size = sizeof block; size > 0; size = n > 0 ? size : size / 2)
    n = write (fd, block, size);
  close (fd);
}

static void
pay_once (Storm *storm, gboolean kills)
{
  /* Most sheets open on a good line, so that it is the approval which meets the bad one. */
  tell_line (storm, g_rand_int_range (storm->rand, 0, 4) == 0 ? "storm\n" : "calm\n");
  g_autofree char *code = get_code (storm);
  if (code == NULL)
    {
      storm->unopened++;
      return;
    }
  g_autoptr (JnPayment) payment = jn_context_create_payment (storm->rig.context);
  jn_payment_read_code (payment, code);
  rig_until (is_open (payment));
  jn_payment_pay_again (payment);
  if (jn_payment_get_state (payment) != JN_PAYMENT_CONFIRM)
    {
      storm->unopened++;
      jn_payment_cancel (payment);
      return;
    }
  JnId intent = rig_intent_of (payment);
  g_array_append_val (storm->intents, intent);
  if (storm->filler != NULL)
    fill (storm->filler);
  tell_line (storm, "storm\n");
  jn_payment_approve (payment, PIN);
  if (kills && g_rand_int_range (storm->rand, 0, 3) == 0)
    {
      rig_run_for ((guint) g_rand_int_range (storm->rand, 0, 30));
      bank_process_kill (&storm->bank);
      bank_process_start (&storm->bank);
      storm->kills++;
    }
  rig_until (is_answered (payment));
  storm->troubled += jn_payment_get_state (payment) != JN_PAYMENT_MADE;
  /* Back on the sheet with an error: the customer walks away. */
  jn_payment_cancel (payment);
}

/* ---- the whole campaign ---- */

/* A disk of 12 MB, which only this process and its children see. */
static void
mount_small (const char *folder)
{
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mount ("none", folder, "tmpfs", 0, "size=12m,mode=0700"), ==, 0);
}

static void
set_up (Storm *storm, guint32 seed, guint faults_in_100, const char *small)
{
  memset (storm, 0, sizeof *storm);
  storm->rand = g_rand_new_with_seed (seed);
  storm->intents = g_array_new (FALSE, FALSE, sizeof (JnId));
  rig_init (&storm->rig);
  if (small != NULL)
    mount_small (g_str_equal (small, "bank") ? storm->rig.bank_data : storm->rig.data);
  storm->bank.program = g_strdup (BANK_PROGRAM);
  storm->bank.folder = g_strdup (storm->rig.bank_data);
  bank_process_start (&storm->bank);
  start_line (storm, seed, faults_in_100);
  tell_line (storm, "calm\n");
  rig_set_address (storm->address);
  rig_start (&storm->rig);
  rig_enrol (&storm->rig);
}

static void
tear_down (Storm *storm)
{
  rig_clear (&storm->rig);
  rig_set_address (NULL);
  stop_line (storm);
  bank_process_stop (&storm->bank);
  bank_process_clear (&storm->bank);
  g_rand_free (storm->rand);
  g_array_unref (storm->intents);
  g_free (storm->address);
}

static gint64
available_at_bank (Storm *storm)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document =
      rig_get_document (&storm->rig, "/psd2/v1/accounts?withBalance=true");
  g_autoptr (GPtrArray) accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  g_assert_no_error (error);
  const JnWireAccount *account = accounts->pdata[0];
  return account->available.minor;
}

/* The line is good again: everything that was open ends, and both books say the same. */
static void
verify (Storm *storm)
{
  Rig *rig = &storm->rig;
  guint all = 0, made = 0;
  JnId none = { { 0 } };

  tell_line (storm, "calm\n");
  /* A try that was under way may run into its time-out, and the next one comes 15 s later at most. */
  for (guint patience = 0; rig_count_unsettled (rig) > 0; patience++)
    {
      g_assert_cmpuint (patience, <, 600);
      rig_run_for (100);
    }
  guint foreign = rig_count_at_bank (rig, &none, &all);
  for (guint i = 0; i < storm->intents->len; i++)
    {
      const JnId *intent = &g_array_index (storm->intents, JnId, i);
      guint at_bank = rig_count_at_bank (rig, intent, &all);
      g_assert_cmpuint (at_bank, <=, 1);
      g_assert_cmpint (rig_intent_state (rig, intent), ==,
                       at_bank == 1 ? JN_INTENT_MADE : JN_INTENT_NOT_MADE);
      made += at_bank;
    }
  g_assert_cmpuint (all, ==, foreign + made);
  jn_context_sync (rig->context);
  rig_until (jn_context_get_facts (rig->context)->n_booked == all
             && jn_home_get_pending (jn_context_get_home (rig->context)).minor == 0);
  g_assert_cmpint (rig_available (rig), ==, available_at_bank (storm));
  storm->made = made;
  storm->not_made = storm->intents->len - made;
}

static void
campaign (guint32 seed, guint payments, gint64 until, gboolean kills)
{
  Storm storm;

  set_up (&storm, seed, 60, NULL);
  for (guint i = 0; until > 0 ? g_get_monotonic_time () < until && i < payments : i < payments; i++)
    pay_once (&storm, kills);
  verify (&storm);
  g_test_message ("seed %u: %u made, %u not made, %u not opened, the bank killed %u times", seed,
                  storm.made, storm.not_made, storm.unopened, storm.kills);
  g_assert_cmpuint (storm.made + storm.not_made + storm.unopened, >, 0);
  tear_down (&storm);
}

static void
test_line (void)
{
  campaign ((guint32) g_test_rand_int (), 25, 0, FALSE);
}

static void
test_bank_killed (void)
{
  campaign ((guint32) g_test_rand_int (), 15, 0, TRUE);
}

/* ---- a full disk under one of the two ---- */

static int
inside (const char *small)
{
  Storm storm;

  if (!own_mounts_enter ())
    return EXIT_FAILURE;
  set_up (&storm, 1, 0, small);
  const char *folder = g_str_equal (small, "bank") ? storm.rig.bank_data : storm.rig.data;
  g_autofree char *filler = g_build_filename (folder, "filler", NULL);
  pay_once (&storm, FALSE);
  storm.filler = filler;
  /* What a log has room for already may still be made; then not even sheets open. */
  for (guint i = 0; i < 30 && storm.troubled + storm.unopened < 4; i++)
    pay_once (&storm, FALSE);
  g_assert_cmpuint (storm.troubled + storm.unopened, >, 0);
  storm.filler = NULL;
  g_assert_cmpint (g_unlink (filler), ==, 0);
  pay_once (&storm, FALSE);
  verify (&storm);
  g_print ("full disk of the %s: %u made, %u not made, %u not opened\n", small, storm.made,
           storm.not_made, storm.unopened);
  umount2 (folder, MNT_DETACH);
  tear_down (&storm);
  return EXIT_SUCCESS;
}

static void
test_full (gconstpointer small)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  if (!own_mounts_allowed ())
    {
      g_test_skip ("this system allows no mounts of one's own");
      return;
    }
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                    "/proc/self/exe", "--inside", small, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (child, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", said);
  g_assert_true (g_subprocess_get_successful (child));
}

/* Campaigns of a customer's few days, one after the other. */
static int
storm (guint32 seed, gint64 minutes)
{
  gint64 end = g_get_monotonic_time () + minutes * 60 * G_USEC_PER_SEC;
  guint n = 0;

  for (; g_get_monotonic_time () < end; n++)
    campaign (seed + n, 40, end, n % 2 == 1);
  g_print ("%u campaigns from seed %u: each intent made once or not made, both books equal\n", n,
           seed);
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc == 4 && g_str_equal (argv[1], "--storm"))
    return storm ((guint32) g_ascii_strtoull (argv[2], NULL, 10),
                  g_ascii_strtoll (argv[3], NULL, 10));
  if (argc == 3 && g_str_equal (argv[1], "--inside"))
    return inside (argv[2]);
  g_test_add_data_func ("/session/storm/full-disk/bank", "bank", test_full);
  g_test_add_data_func ("/session/storm/full-disk/wallet", "wallet", test_full);
  g_test_add_func ("/session/storm/line", test_line);
  g_test_add_func ("/session/storm/bank-killed", test_bank_killed);
  return g_test_run ();
}
