/* The ledger cannot see base, so only a test can hold their numbers together. */
#include "jn-error.h"
#include "jn-ledger.h"

#define SAME(name)                                                                                 \
  {                                                                                                \
#name, JN_##name, JN_ERROR_##name                                                              \
  }

static const struct
{
  const char *name;
  int status;
  int code;
} CODES[] = {
  SAME (INVALID),
  SAME (AMOUNT_ZERO),
  SAME (SAME_ACCOUNT),
  SAME (CURRENCY_MISMATCH),
  SAME (UNKNOWN_FLAG),
  SAME (ID_RESERVED),
  SAME (GROUP_OPEN),
  SAME (AMOUNT_OVERFLOW),
  SAME (TOO_MANY),
  SAME (NO_FUNDS),
  SAME (OVER_CEILING),
  SAME (ACCOUNT_CLOSED),
  SAME (ACCOUNT_UNKNOWN),
  SAME (PENDING_UNKNOWN),
  SAME (PENDING_POSTED),
  SAME (PENDING_VOIDED),
  SAME (PENDING_EXPIRED),
  SAME (POST_TOO_MUCH),
  SAME (GROUP_FAILED),
  SAME (BUSY),
  SAME (NO_MEMORY),
  SAME (DISK_FULL),
  SAME (READ_ONLY),
  SAME (SYNC_FAILED),
  SAME (PAGE_DAMAGED),
  SAME (CHAIN_BROKEN),
  SAME (INVARIANT),
  SAME (FORMAT_NEWER),
  SAME (IO),
  SAME (BALANCE_MISMATCH),
  SAME (FILE_OLDER_THAN_HEAD),
  SAME (KEY_WRONG),
};

static void
test_codes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (CODES); i++)
    {
      g_test_message ("%s", CODES[i].name);
      g_assert_cmpint (CODES[i].status, ==, CODES[i].code);
      g_assert_cmpstr (jn_error_code_get_name (CODES[i].status), ==, CODES[i].name);
    }
  for (int conflict = JN_CONFLICT_AMOUNT; conflict <= JN_CONFLICT_KIND; conflict++)
    g_assert_cmpint (jn_error_code_get_class (conflict), ==, JN_ERROR_CLASS_CONFLICT);
  g_assert_cmpint (jn_error_code_get_class (JN_FEED_GAP), ==, JN_ERROR_CLASS_DAMAGED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/codes", test_codes);
  return g_test_run ();
}
