#include "jn-bankd-pin.h"

#include <sodium.h>
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

char *
jn_bankd_pin_hash (JnBankdCore *core, const char *pin)
{
  char text[crypto_pwhash_STRBYTES];

  if (crypto_pwhash_str (text, pin, strlen (pin), core->pin_operations, core->pin_memory) != 0)
    return NULL;
  return g_strdup (text);
}

int
jn_bankd_pin_check (JnBankdCore *core, gint64 customer, const char *pin, int *tries_left)
{
  g_autofree char *stored =
      jn_bankd_db_text (core->db, "SELECT pin FROM customer WHERE id = ?", "i", customer);
  gint64 tries = jn_bankd_db_integer (core->db, JN_BANKD_PIN_TRIES,
                                      "SELECT pin_tries FROM customer WHERE id = ?", "i", customer);
  gboolean right;

  *tries_left = 0;
  if (stored == NULL || tries >= JN_BANKD_PIN_TRIES)
    return JN_ERROR_PIN_BLOCKED;
  right = crypto_pwhash_str_verify (stored, pin, strlen (pin)) == 0;
  tries = right ? 0 : tries + 1;
  jn_bankd_db_run (core->db, "UPDATE customer SET pin_tries = ? WHERE id = ?", "ii", tries,
                   customer);
  *tries_left = (int) (JN_BANKD_PIN_TRIES - tries);
  if (right)
    return 0;
  return *tries_left > 0 ? JN_ERROR_PIN_WRONG : JN_ERROR_PIN_BLOCKED;
}
