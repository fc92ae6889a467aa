#include "jn-bankd-pin.h"

#include <string.h>

gboolean
jn_bankd_pin_is_valid (const char *pin)
{
  return pin != NULL && strlen (pin) == 6 && strspn (pin, "0123456789") == 6;
}

static gboolean
is_run (const char *pin, int step)
{
  for (int i = 1; i < 6; i++)
    if (pin[i] - pin[i - 1] != step)
      return FALSE;
  return TRUE;
}

gboolean
jn_bankd_pin_is_weak (const char *pin)
{
  /* 王小明 was born on 8 May 1996. */
  static const char *const birthdays[] = { "960508", "080596", "050896", "199605", "051996" };

  if (is_run (pin, 0) || is_run (pin, 1) || is_run (pin, -1))
    return TRUE;
  if (memcmp (pin, pin + 2, 4) == 0 || memcmp (pin, pin + 3, 3) == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (birthdays); i++)
    if (strcmp (pin, birthdays[i]) == 0)
      return TRUE;
  return FALSE;
}

static gint64
read_tries (JnBankdCore *core, gint64 customer)
{
  return jn_bankd_db_integer (core->db, JN_BANKD_PIN_TRIES,
                              "SELECT pin_tries FROM customer WHERE id = ?", "i", customer);
}

static void
write_tries (JnBankdCore *core, gint64 customer, gint64 tries)
{
  jn_bankd_db_run (core->db, "UPDATE customer SET pin_tries = ? WHERE id = ?", "ii", tries,
                   customer);
}

static gboolean
write_owed (JnBankdCore *core, gint64 customer, guint *owed, JnErrorCode *failure)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *mark = jn_bankd_core_make_id (core);

  jn_bankd_db_begin (core->db);
  /* Another one each time: what does not change, SQLite does not write. */
  jn_bankd_db_run (core->db,
                   "INSERT INTO meta (name, value) VALUES ('pin-mark', ?)"
                   " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                   "s", mark);
  if (*owed > 0)
    write_tries (core, customer, read_tries (core, customer) + *owed);
  if (jn_bankd_db_commit (core->db, &error))
    {
      *owed = 0;
      return TRUE;
    }
  *failure = (JnErrorCode) error->code;
  return FALSE;
}

JnBankdTry
jn_bankd_pin_admit (JnBankdCore *core, gint64 customer, gboolean first, guint flying, guint *owed,
                    JnErrorCode *failure)
{
  gint64 tries;

  if ((first || *owed > 0) && !write_owed (core, customer, owed, failure))
    return JN_BANKD_TRY_FAILED;
  jn_bankd_db_forgive (core->db);
  tries = read_tries (core, customer);
  if (jn_bankd_db_has_failed (core->db))
    {
      jn_bankd_db_forgive (core->db);
      *failure = JN_ERROR_IO;
      return JN_BANKD_TRY_FAILED;
    }
  if (tries >= JN_BANKD_PIN_TRIES)
    return JN_BANKD_TRY_BLOCKED;
  return tries + flying < JN_BANKD_PIN_TRIES ? JN_BANKD_TRY_ADMITTED : JN_BANKD_TRY_LATER;
}

int
jn_bankd_pin_settle (JnBankdCore *core, gint64 customer, JnBankdJob *job, int *tries_left)
{
  g_autofree char *stored =
      jn_bankd_db_text (core->db, "SELECT pin FROM customer WHERE id = ?", "i", customer);
  gint64 tries = read_tries (core, customer);
  JnBankdJobState state = jn_bankd_job_get_state (job);

  *tries_left = 0;
  if (state == JN_BANKD_JOB_FAILED)
    return jn_bankd_job_get_failure (job);
  /* Also when it was blocked while this PIN was hashed: a right one does not open it. */
  if (stored == NULL || state == JN_BANKD_JOB_BLOCKED || tries >= JN_BANKD_PIN_TRIES)
    return JN_ERROR_PIN_BLOCKED;
  jn_bankd_job_set_owed (job, TRUE);
  /* Another PIN may have been set meanwhile: for it this one is wrong. */
  if (state == JN_BANKD_JOB_RIGHT && strcmp (stored, jn_bankd_job_get_stored (job)) == 0)
    {
      if (tries > 0)
        write_tries (core, customer, 0);
      return 0;
    }
  write_tries (core, customer, tries + 1);
  *tries_left = (int) (JN_BANKD_PIN_TRIES - tries - 1);
  return *tries_left > 0 ? JN_ERROR_PIN_WRONG : JN_ERROR_PIN_BLOCKED;
}
