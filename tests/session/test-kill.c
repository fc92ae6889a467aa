/* The program is killed at any moment of a payment; the next start finds out what became of it. Never two payments, none lost. */
#include "bank-process.h"
#include "rig.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 14
#define PIN "258036"

static char *self_path;
/* The bank as a program of its own, where it may be killed too; NULL: inside the parent. */
static BankProcess *outer_bank;

/* ---- children: the keyring's file is read once in a process, so that every start is a process ---- */

static void
start_child (Rig *rig, char **arguments)
{
  *rig = (Rig){ .profile = arguments[0], .data = arguments[1] };
  rig_set_address (arguments[2]);
  rig_start (rig);
}

static int
enrol (char **arguments)
{
  Rig rig;
  start_child (&rig, arguments);
  rig_enrol (&rig);
  rig_stop (&rig);
  return EXIT_SUCCESS;
}

/* Pays one coffee after the other and says under which intent before it approves; until it is killed. */
static void G_GNUC_NORETURN
pay (char **arguments)
{
  Rig rig;

  start_child (&rig, arguments);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  for (;;)
    {
      g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
      printf ("%s\n", jn_payment_get_reference (payment));
      fflush (stdout);
      jn_payment_approve (payment, PIN);
      rig_until (jn_payment_get_state (payment) == JN_PAYMENT_MADE
                 || jn_payment_get_state (payment) == JN_PAYMENT_NOT_MADE);
    }
}

/* Tops up again and again, likewise. */
static void G_GNUC_NORETURN
top_up (char **arguments)
{
  Rig rig;

  start_child (&rig, arguments);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  g_autofree char *code = rig_dup_static_code (&rig);
  for (;;)
    {
      gint64 yuan = rig_available (&rig) / 100 + g_random_int_range (1, 100);
      g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT, yuan);
      g_autoptr (JnPayment) payment = rig_ask (&rig, code, amount);

      if (jn_payment_get_state (payment) == JN_PAYMENT_SHORT)
        {
          jn_payment_top_up (payment);
          g_autoptr (JnPayment) child = g_object_ref (jn_payment_get_top_up (payment));
          rig_until (jn_payment_get_state (child) != JN_PAYMENT_QUOTING);
          if (jn_payment_get_state (child) == JN_PAYMENT_AGAIN)
            jn_payment_pay_again (child);
          printf ("%s\n", jn_payment_get_reference (child));
          fflush (stdout);
          jn_payment_approve (child, PIN);
          rig_until (jn_payment_get_state (child) == JN_PAYMENT_MADE
                     || jn_payment_get_state (child) == JN_PAYMENT_NOT_MADE);
        }
      jn_payment_cancel (payment);
    }
}

/* Settles what is open and compares the outbox with the bank's book, intent by intent. */
static int
verify (char **arguments)
{
  Rig rig;
  guint after = 0;
  guint made = 0;
  guint foreign = 0;
  JnId none = { { 0 } };

  start_child (&rig, arguments);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  rig_until (rig_count_unsettled (&rig) == 0);
  foreign = rig_count_at_bank (&rig, &none, &after);
  for (char **reference = arguments + 3; *reference != NULL; reference++)
    {
      JnId intent;
      g_assert_true (jn_id_from_string (*reference, &intent));
      guint at_bank = rig_count_at_bank (&rig, &intent, &after);
      JnIntentState state = rig_intent_state (&rig, &intent);
      g_assert_cmpuint (at_bank, <=, 1);
      g_assert_cmpint (state, ==, at_bank == 1 ? JN_INTENT_MADE : JN_INTENT_NOT_MADE);
      made += at_bank;
    }
  /* Every payment at the bank is one that we know. */
  g_assert_cmpuint (after, ==, foreign + made);
  jn_context_sync (rig.context);
  rig_until (jn_context_get_facts (rig.context)->n_booked == after
             && jn_home_get_pending (jn_context_get_home (rig.context)).minor == 0);
  printf ("%u\n", made);
  rig_stop (&rig);
  return EXIT_SUCCESS;
}

/* ---- the parent: the bank, and the one who kills ---- */

static GSubprocess *
spawn (Rig *rig, const char *what, GPtrArray *references)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) command = g_ptr_array_new ();

  g_ptr_array_add (command, self_path);
  g_ptr_array_add (command, (char *) what);
  g_ptr_array_add (command, rig->profile);
  g_ptr_array_add (command, rig->data);
  g_ptr_array_add (command, outer_bank != NULL ? outer_bank->address
                                               : (char *) jn_bankd_get_address (rig->bank));
  for (guint i = 0; references != NULL && i < references->len; i++)
    g_ptr_array_add (command, references->pdata[i]);
  g_ptr_array_add (command, NULL);
  GSubprocess *child = g_subprocess_newv ((const char *const *) command->pdata,
                                          G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  return child;
}

static void
run_to_its_end (Rig *rig, const char *what, GPtrArray *references)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = spawn (rig, what, references);
  g_autofree char *said = NULL;
  g_subprocess_communicate_utf8 (child, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (child));
  g_test_message ("%s: %s", what, said);
}

/* Kills a child some milliseconds after its first approval. */
static void
run_and_kill (Rig *rig, const char *what, guint delay_us, GPtrArray *references)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = spawn (rig, what, NULL);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_ptr_array_add (references, line);
  g_usleep (delay_us);
  if (outer_bank != NULL)
    {
      bank_process_kill (outer_bank);
      g_usleep (delay_us / 4);
    }
  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    if (strlen (line) == JN_ID_STRING_LENGTH)
      g_ptr_array_add (references, line);
    else
      g_free (line);
  if (outer_bank != NULL)
    bank_process_start (outer_bank);
}

static void
kill_while (const char *what, const char *faults)
{
  Rig rig;
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);

  rig_init (&rig);
  rig_start_bank (&rig);
  run_to_its_end (&rig, "--enrol", NULL);
  rig_set_faults (&rig, faults);
  for (guint i = 0; i < ROUNDS; i++)
    run_and_kill (&rig, what, (guint) g_test_rand_int_range (0, 30000), references);
  rig_set_faults (&rig, NULL);
  run_to_its_end (&rig, "--verify", references);
  rig_clear (&rig);
}

static void
test_kill (gconstpointer faults)
{
  kill_while ("--pay", faults);
}

static void
test_kill_top_up (gconstpointer faults)
{
  kill_while ("--top-up", faults);
}

/* Both sides go down within milliseconds of each other, again and again, on the same folders. */
static void
test_kill_both (void)
{
  Rig rig;
  BankProcess bank = { .program = g_strdup (BANK_PROGRAM) };
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);

  rig_init (&rig);
  bank.folder = g_strdup (rig.bank_data);
  bank_process_start (&bank);
  outer_bank = &bank;
  run_to_its_end (&rig, "--enrol", NULL);
  for (guint i = 0; i < ROUNDS; i++)
    run_and_kill (&rig, "--pay", (guint) g_test_rand_int_range (0, 30000), references);
  run_to_its_end (&rig, "--verify", references);
  outer_bank = NULL;
  bank_process_stop (&bank);
  bank_process_clear (&bank);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  if (argc >= 5 && g_str_equal (argv[1], "--enrol"))
    return enrol (argv + 2);
  if (argc >= 5 && g_str_equal (argv[1], "--pay"))
    pay (argv + 2);
  if (argc >= 5 && g_str_equal (argv[1], "--top-up"))
    top_up (argv + 2);
  if (argc >= 5 && g_str_equal (argv[1], "--verify"))
    return verify (argv + 2);
  g_test_init (&argc, &argv, NULL);
  rig_use_keyring_file ();
  self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_test_add_data_func ("/session/kill/plain", NULL, test_kill);
  g_test_add_data_func ("/session/kill/slow-bank", "delay=15,match=P", test_kill);
  g_test_add_data_func ("/session/kill/losing-answers", "drop-after=0.3,match=PUT /psd2",
                        test_kill);
  g_test_add_func ("/session/kill/both", test_kill_both);
  g_test_add_data_func ("/session/kill/top-up", "drop-after=0.2,match=PUT /psd2", test_kill_top_up);
  int status = g_test_run ();
  g_free (self_path);
  return status;
}
