#include "jn-bankd-sms.h"

#include <sodium.h>
#include <string.h>

#define CODES 1000000u

char *
jn_bankd_sms_make_code (JnBankdCore *core)
{
  guint32 number;

  /* The last, incomplete run of numbers is thrown away so that no code is likelier. */
  do
    jn_entropy_fill (core->entropy, (guint8 *) &number, sizeof number);
  while (number >= G_MAXUINT32 - G_MAXUINT32 % CODES);
  return g_strdup_printf ("%06u", number % CODES);
}

void
jn_bankd_sms_send (JnBankdCore *core, const char *kind, const char *code, gint64 amount,
                   const char *payee, JnInstant now)
{
  jn_bankd_db_run (core->db,
                   "INSERT INTO sms (sent_at, kind, code, amount, payee)"
                   " VALUES (?, ?, ?, nullif (?, 0), ?)",
                   "issis", now, kind, code, amount, payee);
}

gboolean
jn_bankd_sms_code_equals (const char *expected, const char *given)
{
  return expected != NULL && given != NULL && strlen (expected) == strlen (given)
         && sodium_memcmp (expected, given, strlen (expected)) == 0;
}
