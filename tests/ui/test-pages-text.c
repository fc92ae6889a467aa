/* Texts that the pages compose themselves: account numbers while they are typed. */
#include "jn-account-text.h"

static void
test_strip (void)
{
  static const char *const cases[][2] = {
    { "6222 0212 3456 7890", "6222021234567890" },
    { "6222-0212-3456-7890", "6222021234567890" },
    { "６２２２　０２１２", "62220212" },
    { " DE89 3704 0044 ", "DE8937040044" },
    { "a-b c", "a-bc" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = jn_account_text_strip (cases[i][0]);
      g_assert_cmpstr (plain, ==, cases[i][1]);
    }
}

static void
test_group (void)
{
  static const char *const cases[][2] = {
    { "6222021234567890", "6222 0212 3456 7890" },
    { "62220", "6222 0" },
    { "6222", "6222" },
    { "zhang@example", "zhang@example" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *grouped = jn_account_text_group (cases[i][0]);
      g_assert_cmpstr (grouped, ==, cases[i][1]);
    }
}

/* The cursor stays behind the digit it stood behind, wherever the spaces come to stand. */
static void
test_cursor (void)
{
  const char *digits = "6222021234567890";

  for (int at = 1; at <= 16; at++)
    {
      g_autofree char *grouped = jn_account_text_group (digits);
      int moved = jn_account_text_move_cursor (digits, at);

      g_assert_cmpint (grouped[moved - 1], ==, digits[at - 1]);
    }
  g_assert_cmpint (jn_account_text_move_cursor ("", 0), ==, 0);
  g_assert_cmpint (jn_account_text_move_cursor ("6222 0", 6), ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pages/text/strip", test_strip);
  g_test_add_func ("/pages/text/group", test_group);
  g_test_add_func ("/pages/text/cursor", test_cursor);
  return g_test_run ();
}
