/* Names, widths, masks, and what the log leaves out. */
#include "jn-log.h"
#include "jn-text.h"

static void
test_names (void)
{
  static const char *const good[] = {
    "张三", "Luming Coffee", "阿依古丽·买买提", "O'Brien", "É", "", "𠮷野家", "7-Eleven (West Lake)"
  };
  static const char *const bad[] = { "a<b",
                                     "a&b",
                                     "a\nb",
                                     "a\x7f"
                                     "b",
                                     "\xc2\x85",
                                     "a\u202e"
                                     "b",
                                     "a\u2066"
                                     "b",
                                     "a\u2069"
                                     "b",
                                     "a\u200b"
                                     "b",
                                     "a\u200d"
                                     "b",
                                     "\ufeff"
                                     "a",
                                     "a\u200e"
                                     "b",
                                     "a\u2028"
                                     "b",
                                     "\ufdd0",
                                     "\uffff",
                                     "\xff",
                                     "a\xe4\xb8",
                                     "\ue000",
                                     "\u3164",
                                     "\U000e0041" };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (jn_text_is_name (good[i], 30));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (jn_text_is_name (bad[i], 30));
  g_assert_false (jn_text_is_name (NULL, 30));
  g_assert_true (jn_text_is_name ("张三丰", 3));
  g_assert_false (jn_text_is_name ("张三丰", 2));
}

static void
assert_owned (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_shapes (void)
{
  assert_owned (jn_text_fold_width ("１２３。５　ＡＢｃ！～"), "123.5 ABc!~");
  assert_owned (jn_text_fold_width ("中文 abc"), "中文 abc");
  assert_owned (jn_text_mask_account ("6222021234567890"), "**** **** **** 7890");
  assert_owned (jn_text_mask_account ("6222 0212 3456 7890 123"), "**** **** **** 0123");
  assert_owned (jn_text_mask_account ("1234"), "****");
  assert_owned (jn_text_mask_account (""), "****");
  assert_owned (jn_text_group_account ("6222021234567890123"), "6222 0212 3456 7890 123");
  assert_owned (jn_text_group_account ("6222 02123456"), "6222 0212 3456");
  assert_owned (jn_text_group_account (""), "");
  assert_owned (jn_text_mask_name ("王小明"), "*小明");
  assert_owned (jn_text_mask_name ("张三"), "*三");
  assert_owned (jn_text_mask_name ("Zhang San"), "* San");
  assert_owned (jn_text_mask_name (""), "");
}

static void
test_log (void)
{
  assert_owned (jn_log_redact ("account 6222021234567890 has 123"), "account **** has 123");
  assert_owned (jn_log_redact ("１２３４５ digits"), "**** digits");
  assert_owned (jn_log_redact ("id 01ARYZ6S41TSV4RRFFQ69G5FAV sent"), "id 01ARYZ6S41**** sent");
  assert_owned (jn_log_redact ("PIN: 12"), "PIN [redacted]");
  assert_owned (jn_log_redact ("smsCode=12 x"), "smsCode [redacted]");
  assert_owned (jn_log_redact ("access_token abc"), "access_token [redacted]");
  assert_owned (jn_log_redact ("{\"pin\":\"1\"}"), "{\"pin [redacted]");
  assert_owned (jn_log_redact ("opinion encoded tokens mapping"), "opinion encoded tokens mapping");
  assert_owned (jn_log_redact ("a\nb\x1b[0m"), "a b [0m");
  assert_owned (jn_log_redact ("pin"), "pin");
  assert_owned (jn_log_redact (""), "");
}

static void
test_log_level (void)
{
  if (g_test_subprocess ())
    {
      jn_log (JN_LOG_INFO, "test", "quiet");
      jn_log (JN_LOG_WARNING, "test", "loud %d", 123456);
      jn_log_set_level (JN_LOG_INFO);
      jn_log (JN_LOG_INFO, "test", "now heard");
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*warning: loud *info: now heard*");
  g_test_trap_assert_stderr_unmatched ("*quiet*");
  g_test_trap_assert_stderr_unmatched ("*123456*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/names", test_names);
  g_test_add_func ("/text/shapes", test_shapes);
  g_test_add_func ("/text/log", test_log);
  g_test_add_func ("/text/log-level", test_log_level);
  return g_test_run ();
}
