/* Nothing of the customer's is lost with a session: keys that are gone, sessions that ended, other customers, files of another key. */
#include "rig-files.h"

#include "jn-bank-keys.h"

#include <glib/gstdio.h>
#include <string.h>

#define PIN "258036"
/* The bank takes every other device for one of another customer's. */
#define OTHER_AGAIN                                                                                \
  "CREATE TRIGGER other AFTER INSERT ON device"                                                    \
  " BEGIN UPDATE device SET customer = 2 WHERE id = NEW.id; END;"                                  \
  "UPDATE meta SET value = value"
#define OTHER_CUSTOMER                                                                             \
  "INSERT INTO customer SELECT 2, name, phone, tier, resident_id, pin, 0, limit_payment,"          \
  " limit_day, limit_year FROM customer WHERE id = 1;"                                             \
  "INSERT INTO account (id, resource, bban, kind, currency, name, customer, bounded)"              \
  " SELECT id + 9000, resource || 'x', bban || '9', kind, currency, name, 2, bounded"              \
  " FROM account WHERE customer = 1;" OTHER_AGAIN
#define SAME_CUSTOMER "DROP TRIGGER other; UPDATE meta SET value = value"

/* The bank makes the payment, and nobody hears of it. */
static JnId
pay_unheard (Rig *rig)
{
  g_autoptr (JnPayment) payment = rig_quote_coffee (rig);
  JnId intent = rig_intent_of (payment);

  rig_set_faults (rig, "drop-after=1,match=P");
  jn_payment_approve (payment, PIN);
  rig_until (rig_intent_state (rig, &intent) == JN_INTENT_UNKNOWN);
  return intent;
}

static void
until_settled (Rig *rig, const JnId *intent, gint64 available)
{
  rig_until (rig_intent_state (rig, intent) == JN_INTENT_MADE);
  rig_until (rig_count_unsettled (rig) == 0);
  rig_until (rig_available (rig) == available);
  rig_check_once_at_bank (rig, intent);
}

/* Whichever item of the session is lost: who sets the wallet up again finds all of it, and what was open is settled. */
static void
test_lost_session (gconstpointer name)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnId first = rig_pay_coffee (&rig, 98100);
  rig_add_note (&rig, 5, "my own words");
  JnId unheard = pay_unheard (&rig);
  rig_stop (&rig);
  rig_set_faults (&rig, NULL);
  rig_set_secret (&rig, name, NULL);
  rig_start (&rig);
  rig_enrol (&rig);
  until_settled (&rig, &unheard, 95900);
  g_assert_cmpint (rig_intent_state (&rig, &first), ==, JN_INTENT_MADE);
  rig_check_note (&rig, 5, "my own words");
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  g_assert_cmpuint (rig_count_aside (&rig, "ledger.db"), ==, 0);
  rig_clear (&rig);
}

/* ---- another customer ---- */

/* A customer who has paid a coffee and written a note to the payment before. */
static JnId
begin_with_one (Rig *rig)
{
  rig_init_enrolled (rig);
  JnId intent = rig_pay_coffee (rig, 98100);
  rig_add_note (rig, 5, "my own words");
  rig_until_head_kept (rig);
  return intent;
}

static void
forget_session (Rig *rig, const char *tampering)
{
  rig_stop (rig);
  rig_set_secret (rig, "device-key", NULL);
  rig_tamper (rig, tampering);
  rig_start (rig);
  rig_enrol (rig);
}

/* The files of the customer before are put away, never mixed, and come back with that customer. */
static void
test_other_customer (void)
{
  Rig rig;

  JnId intent = begin_with_one (&rig);
  forget_session (&rig, OTHER_CUSTOMER);
  g_assert_cmpint (rig_available (&rig), ==, 0);
  rig_check_note (&rig, 5, NULL);
  rig_add_note (&rig, 6, "of somebody else");
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_OTHER_CUSTOMER);
  g_autoptr (JnJournal) journal = jn_context_create_journal (rig.context, NULL);
  rig_until (jn_journal_get_state (journal) == JN_VIEW_EMPTY);
  g_assert_cmpuint (rig_count_aside (&rig, "ledger.db"), ==, 1);
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 1);
  g_clear_object (&journal);

  forget_session (&rig, SAME_CUSTOMER);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  rig_check_note (&rig, 5, "my own words");
  rig_check_note (&rig, 6, NULL);
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 1);
  rig_until_head_kept (&rig);
  rig_stop (&rig);
  rig_start (&rig);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  rig_clear (&rig);
}

/* ---- cut off while files were moved ---- */

static char *
path_in (Rig *rig, const char *where)
{
  return g_build_filename (rig->data, where, NULL);
}

/* Moves the stopped wallet's files that begin with @prefix, and those of another one, into a sub-folder. */
static void
move_by_hand (Rig *rig, const char *from, const char *to, const char *prefix)
{
  g_autofree char *source = path_in (rig, from);
  g_autofree char *target = path_in (rig, to);
  g_autoptr (GDir) dir = g_dir_open (source, 0, NULL);
  const char *name;

  g_mkdir (target, 0700);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      {
        g_autofree char *one = g_build_filename (source, name, NULL);
        g_autofree char *other = g_build_filename (target, name, NULL);
        g_assert_cmpint (g_rename (one, other), ==, 0);
      }
}

/* The name of the one folder whose name begins and ends so. */
static char *
find_aside (Rig *rig, const char *prefix, const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (rig->data, 0, NULL);
  const char *name;
  char *found = NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix) && g_str_has_suffix (name, suffix))
      {
        g_assert_null (found);
        found = g_strdup (name);
      }
  return found;
}

/* Two customers, the first one's files aside and the second one's in use; stopped. Returns where the first one's are. */
static char *
begin_with_two (Rig *rig, JnId *intent, JnSecret *session[3])
{
  static const char *const names[] = { "device-key", "session-secret", "consent-id" };

  *intent = begin_with_one (rig);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    session[i] = rig_get_secret (rig, names[i]);
  forget_session (rig, OTHER_CUSTOMER);
  rig_add_note (rig, 6, "of somebody else");
  rig_stop (rig);
  return find_aside (rig, JN_STORAGE_ASIDE "of-", "");
}

static void
set_session (Rig *rig, JnSecret *session[3])
{
  rig_set_secret (rig, "device-key", session[0]);
  rig_set_secret (rig, "session-secret", session[1]);
  rig_set_secret (rig, "consent-id", session[2]);
}

static void
clear_session (JnSecret *session[3])
{
  for (int i = 0; i < 3; i++)
    jn_secret_unref (session[i]);
}

static void
until_ended (Rig *rig)
{
  rig_until (jn_context_can_sign_in_again (rig->context));
  g_assert_cmpint (jn_context_get_stage (rig->context), ==, JN_STAGE_READY);
}

static void
sign_in_again (Rig *rig)
{
  jn_context_sign_in_again (rig->context);
  rig_go_through_enrolment (rig);
  rig_until (jn_context_get_connection (rig->context) == JN_CONNECTION_CURRENT);
}

static void
check_first (Rig *rig, const JnId *intent)
{
  rig_until (rig_available (rig) == 98100);
  g_assert_cmpint (rig_intent_state (rig, intent), ==, JN_INTENT_MADE);
  rig_check_note (rig, 5, "my own words");
  rig_check_note (rig, 6, NULL);
}

/* Before wallet.db had moved: nothing has happened. */
static void
test_cut_off_leaving (void)
{
  Rig rig;

  JnId intent = begin_with_one (&rig);
  rig_stop (&rig);
  move_by_hand (&rig, "", JN_STORAGE_ASIDE "of-x.partial", "backup-");
  move_by_hand (&rig, "", JN_STORAGE_ASIDE "of-x.partial", "ledger.db");
  rig_start (&rig);
  check_first (&rig, &intent);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_NONE);
  g_assert_null (find_aside (&rig, JN_STORAGE_ASIDE, ""));
  rig_clear (&rig);
}

/* Between one leaving and the other coming back: both are whole, and the session of the one does not get into the files of the other. */
static void
test_cut_off_returning (void)
{
  JnSecret *session[3];
  JnId intent;
  Rig rig;
  g_autofree char *aside = begin_with_two (&rig, &intent, session);
  g_autofree char *returning = g_strconcat (aside, ".returning", NULL);

  move_by_hand (&rig, "", JN_STORAGE_ASIDE "of-y.partial", "backup-");
  move_by_hand (&rig, "", JN_STORAGE_ASIDE "of-y.partial", "ledger.db");
  move_by_hand (&rig, "", JN_STORAGE_ASIDE "of-y.partial", "wallet.db");
  move_by_hand (&rig, aside, returning, "");
  g_autofree char *empty = path_in (&rig, aside);
  g_rmdir (empty);
  move_by_hand (&rig, returning, "", "wallet.db");
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_WELCOME);
  rig_check_note (&rig, 5, "my own words");
  rig_stop (&rig);
  /* As a version before left it, which did not say whose the session is. */
  rig_set_secret (&rig, "account", NULL);
  rig_start (&rig);
  until_ended (&rig);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_INVARIANT);
  check_first (&rig, &intent);
  g_autofree char *left = find_aside (&rig, JN_STORAGE_ASIDE, "");
  g_assert_cmpstr (left, ==, JN_STORAGE_ASIDE "of-y");
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 1);
  g_assert_cmpuint (rig_count_aside (&rig, "ledger.db"), ==, 1);
  rig_stop (&rig);
  rig_tamper (&rig, SAME_CUSTOMER);
  rig_start (&rig);
  until_ended (&rig);
  sign_in_again (&rig);
  check_first (&rig, &intent);
  clear_session (session);
  rig_clear (&rig);
}

/* Files that were made since are nobody's: those that wait come back, and until then nothing is written into the new ones. */
static void
test_cut_off_between (void)
{
  JnSecret *session[3];
  JnId intent;
  Rig rig;
  g_autofree char *aside = begin_with_two (&rig, &intent, session);

  move_by_hand (&rig, "", "elsewhere", "backup-");
  move_by_hand (&rig, "", "elsewhere", "ledger.db");
  move_by_hand (&rig, "", "elsewhere", "wallet.db");
  set_session (&rig, session);
  rig_tamper (&rig, SAME_CUSTOMER);
  rig_start (&rig);
  until_ended (&rig);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_INVARIANT);
  sign_in_again (&rig);
  check_first (&rig, &intent);
  g_assert_cmpint (jn_context_get_notice (rig.context), !=, JN_CONTEXT_NOTICE_OTHER_CUSTOMER);
  g_autofree char *left = find_aside (&rig, aside, "");
  g_assert_null (left);
  clear_session (session);
  rig_clear (&rig);
}

/* When those that wait cannot be opened, everything is as it was, and the step can be tried again. */
static void
test_taken_back (void)
{
  JnSecret *session[3];
  JnId intent;
  Rig rig;
  g_autofree char *aside = begin_with_two (&rig, &intent, session);
  g_autofree char *wallet = g_build_filename (aside, "wallet.db", NULL);

  rig_run_sql (&rig, wallet, "PRAGMA user_version = 999");
  rig_set_secret (&rig, "device-key", NULL);
  rig_tamper (&rig, SAME_CUSTOMER);
  rig_start (&rig);
  rig_enrol_to_card (&rig);
  JnEnrolment *enrolment = jn_context_get_enrolment (rig.context);
  jn_enrolment_submit_card (enrolment, NULL);
  rig_until (jn_enrolment_get_error (enrolment) != NULL);
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_FORMAT_NEWER);
  g_assert_cmpint (jn_enrolment_get_state (enrolment), ==, JN_ENROLMENT_CARD);
  rig_check_note (&rig, 6, "of somebody else");
  g_autofree char *left = find_aside (&rig, JN_STORAGE_ASIDE, "");
  g_assert_cmpstr (left, ==, aside);
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 1);
  g_assert_cmpuint (rig_count_aside (&rig, "ledger.db"), ==, 1);
  clear_session (session);
  rig_clear (&rig);
}

/* What lies under the same name already is kept under another; the newer files come back. */
static void
test_set_aside_twice (void)
{
  JnSecret *session[3];
  JnId intent;
  Rig rig;
  g_autofree char *aside = begin_with_two (&rig, &intent, session);
  g_autofree char *before = path_in (&rig, aside);

  rig_start (&rig);
  forget_session (&rig, SAME_CUSTOMER);
  rig_stop (&rig);
  g_assert_cmpint (g_mkdir (before, 0700), ==, 0);
  g_autofree char *older = g_build_filename (before, "wallet.db", NULL);
  g_assert_true (g_file_set_contents (older, "from before", -1, NULL));
  rig_start (&rig);
  forget_session (&rig, OTHER_AGAIN);
  g_assert_cmpint (jn_context_get_notice (rig.context), ==, JN_CONTEXT_NOTICE_OTHER_CUSTOMER_OLDER);
  g_autofree char *prefix = g_strconcat (aside, ".older-", NULL);
  g_autofree char *kept = find_aside (&rig, prefix, "");
  g_autofree char *path = g_build_filename (rig.data, kept, "wallet.db", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "from before");
  forget_session (&rig, SAME_CUSTOMER);
  check_first (&rig, &intent);
  clear_session (session);
  rig_clear (&rig);
}

/* Who erases their own leaves what waits for others. */
static void
test_erase_leaves_others (void)
{
  JnSecret *session[3];
  JnId intent;
  Rig rig;
  g_autofree char *aside = begin_with_two (&rig, &intent, session);

  g_autofree char *own = path_in (&rig, JN_STORAGE_ASIDE "20200101T000000Z");
  g_assert_cmpint (g_mkdir (own, 0700), ==, 0);
  rig_tamper (&rig, SAME_CUSTOMER);
  rig_start (&rig);
  jn_context_erase (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  g_autofree char *left = find_aside (&rig, JN_STORAGE_ASIDE, "");
  g_assert_cmpstr (left, ==, aside);
  rig_enrol (&rig);
  check_first (&rig, &intent);
  clear_session (session);
  rig_clear (&rig);
}

/* A backup of one customer does not become the ledger of another. */
static void
test_foreign_backup (void)
{
  JnSecret *session[3];
  JnId intent;
  Rig rig;
  g_autofree char *aside = begin_with_two (&rig, &intent, session);

  move_by_hand (&rig, "", "elsewhere", "backup-");
  move_by_hand (&rig, "", "elsewhere", "ledger.db");
  move_by_hand (&rig, aside, "", "ledger.db");
  rig_start (&rig);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  g_assert_cmpint (rig_available (&rig), ==, 0);
  rig_check_note (&rig, 5, NULL);
  g_autofree char *foreign = find_aside (&rig, JN_STORAGE_ASIDE "foreign", "");
  g_assert_nonnull (foreign);
  clear_session (session);
  rig_clear (&rig);
}

/* Until the bank has said whose these files are, nothing of them is touched; the step is tried again by itself. */
static void
test_unknown_customer (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_add_note (&rig, 5, "my own words");
  rig_stop (&rig);
  rig_set_secret (&rig, "consent-id", NULL);
  rig_start (&rig);
  rig_set_faults (&rig, "error=1,match=GET /psd2/v1/accounts");
  rig_enrol_to_card (&rig);
  JnEnrolment *enrolment = jn_context_get_enrolment (rig.context);
  jn_enrolment_submit_card (enrolment, NULL);
  rig_until (jn_enrolment_get_error (enrolment) != NULL);
  g_assert_cmpint (jn_enrolment_get_state (enrolment), ==, JN_ENROLMENT_CARD);
  rig_set_faults (&rig, NULL);
  jn_enrolment_submit_card (enrolment, NULL);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  rig_check_note (&rig, 5, "my own words");
  rig_clear (&rig);
}

/* ---- a session that ended ---- */

static void
test_session_ended (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_add_note (&rig, 5, "my own words");
  g_assert_false (jn_context_can_sign_in_again (rig.context));
  JnId unheard = pay_unheard (&rig);
  rig_stop (&rig);
  rig_tamper (&rig, "UPDATE device SET expires_at = 1000");
  rig_start (&rig);
  until_ended (&rig);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_SESSION_EXPIRED);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  g_assert_cmpint (rig_count_unsettled (&rig), ==, 1);

  /* Who thinks better of it has the wallet as it was. */
  jn_context_sign_in_again (rig.context);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_ENROLLING);
  jn_enrolment_cancel (jn_context_get_enrolment (rig.context));
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  until_ended (&rig);
  g_assert_cmpint (rig_available (&rig), ==, 98100);

  jn_context_sign_in_again (rig.context);
  rig_go_through_enrolment (&rig);
  until_settled (&rig, &unheard, 98100);
  rig_check_note (&rig, 5, "my own words");
  g_assert_false (jn_context_can_sign_in_again (rig.context));
  g_assert_cmpuint (rig_count_aside (&rig, "ledger.db"), ==, 0);
  rig_stop (&rig);
  rig_start (&rig);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  rig_clear (&rig);
}

/* ---- keys ---- */

/* The ledger alone is of another key: the key stays for the outbox, and the notes come from the backup. */
static void
test_one_of_another_key (gconstpointer name)
{
  g_autoptr (JnSecret) other = jn_secret_new_random (32);
  gboolean ledger = g_str_equal (name, "ledger.db");
  Rig rig;

  rig_init_enrolled (&rig);
  JnId intent = rig_pay_coffee (&rig, 98100);
  rig_add_note (&rig, 5, "my own words");
  rig_until (!jn_storage_needs_check_up (jn_context_get_storage (rig.context)));
  rig_stop (&rig);
  g_autoptr (JnSecret) key = rig_get_secret (&rig, "data-key");
  rig_seal_anew (&rig, name, other);
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_BROKEN);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_KEY_WRONG);
  jn_context_recover (rig.context);
  rig_until (jn_context_get_notice (rig.context) == JN_CONTEXT_NOTICE_REBUILT);
  rig_until (rig_available (&rig) == 98100);
  g_autoptr (JnSecret) kept = rig_get_secret (&rig, "data-key");
  g_assert_true (jn_secret_equal (kept, key));
  if (ledger)
    g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  rig_check_note (&rig, 5, ledger ? NULL : "my own words");
  g_assert_cmpuint (rig_count_aside (&rig, name), ==, 1);
  rig_clear (&rig);
}

/* A key that fits nothing any more is not thrown away: what it sealed lies aside. */
static void
test_old_keys (void)
{
  g_autoptr (JnSecret) wrong = jn_secret_new_random (32);
  g_autoptr (JnSecret) damaged = jn_secret_new ("short", 5);
  gsize length = 0;
  Rig rig;

  rig_init_enrolled (&rig);
  for (int i = 0; i < 2; i++)
    {
      rig_stop (&rig);
      rig_set_secret (&rig, "data-key", i == 0 ? wrong : damaged);
      rig_start (&rig);
      rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_KEY_WRONG);
      jn_context_recover (rig.context);
      rig_until (jn_context_get_notice (rig.context) == JN_CONTEXT_NOTICE_REBUILT);
    }
  g_autoptr (JnSecret) old = rig_get_secret (&rig, "old-data-keys");
  const guint8 *bytes = jn_secret_get (old, &length);
  g_assert_cmpuint (length, ==, 5 + 32);
  g_assert_cmpmem (bytes + 5, 32, jn_secret_get (wrong, NULL), 32);
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 2);
  jn_context_erase (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  g_assert_null (rig_get_secret (&rig, "old-data-keys"));
  g_assert_cmpuint (rig_count_aside (&rig, "wallet.db"), ==, 0);
  rig_clear (&rig);
}

/* ---- the bank's keys ---- */

/* Nobody's answers are believed in place of the bank's; what is here stays readable, and signing in learns the keys anew. */
static void
test_unreadable_bank_keys (void)
{
  g_autoptr (JnSecret) rubbish = jn_secret_new ("rubbish", 7);
  Rig rig;

  rig_init_enrolled (&rig);
  rig_until (rig_available (&rig) == 100000);
  rig_stop (&rig);
  g_autoptr (JnSecret) keys = rig_get_secret (&rig, "bank-keys");
  rig_set_secret (&rig, "bank-keys", rubbish);
  rig_start (&rig);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_DISTRUST);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_BANK_KEYS_UNREADABLE);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  g_assert_null (jn_bank_get_keys (jn_context_get_bank (rig.context)));
  g_autoptr (JnSecret) untouched = rig_get_secret (&rig, "bank-keys");
  g_assert_true (jn_secret_equal (untouched, rubbish));
  until_ended (&rig);
  jn_context_sign_in_again (rig.context);
  rig_go_through_enrolment (&rig);
  g_autoptr (JnSecret) learnt = rig_get_secret (&rig, "bank-keys");
  g_assert_true (jn_secret_equal (learnt, keys));
  rig_stop (&rig);

  /* A profile that pins the keys needs none of that. */
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (rig.profile, &text, NULL, NULL));
  g_autofree char *pinned =
      g_strdup_printf ("%skeys=%s\n", text, (const char *) jn_secret_get (keys, NULL));
  g_assert_true (g_file_set_contents (rig.profile, pinned, -1, NULL));
  rig_set_secret (&rig, "bank-keys", rubbish);
  rig_start (&rig);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/session/keep/lost-device-key", "device-key", test_lost_session);
  g_test_add_data_func ("/session/keep/lost-session", "session-secret", test_lost_session);
  g_test_add_data_func ("/session/keep/lost-consent", "consent-id", test_lost_session);
  g_test_add_func ("/session/keep/other-customer", test_other_customer);
  g_test_add_func ("/session/keep/cut-off-leaving", test_cut_off_leaving);
  g_test_add_func ("/session/keep/cut-off-returning", test_cut_off_returning);
  g_test_add_func ("/session/keep/cut-off-between", test_cut_off_between);
  g_test_add_func ("/session/keep/taken-back", test_taken_back);
  g_test_add_func ("/session/keep/set-aside-twice", test_set_aside_twice);
  g_test_add_func ("/session/keep/erase-leaves-others", test_erase_leaves_others);
  g_test_add_func ("/session/keep/foreign-backup", test_foreign_backup);
  g_test_add_func ("/session/keep/unknown-customer", test_unknown_customer);
  g_test_add_func ("/session/keep/session-ended", test_session_ended);
  g_test_add_data_func ("/session/keep/ledger-of-another-key", "ledger.db",
                        test_one_of_another_key);
  g_test_add_data_func ("/session/keep/wallet-of-another-key", "wallet.db",
                        test_one_of_another_key);
  g_test_add_func ("/session/keep/old-keys", test_old_keys);
  g_test_add_func ("/session/keep/unreadable-bank-keys", test_unreadable_bank_keys);
  return g_test_run ();
}
