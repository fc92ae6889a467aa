/* Merchant codes: the sample of the specification, each error, and mutations. */
#include "jn-crc16.h"
#include "jn-emv-code.h"
#include "jn-error.h"
#include "jn-tlv.h"

#include <string.h>

/* The worked example that the specification and many libraries share. */
#define SAMPLE                                                                                      \
  "00020101021229300012D156000000000510A93FO3230Q31280012D156000000010308123456785204411158"        \
  "02CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233" \
  "030412340603***0708A60086670902ME91320016A011223344998877070812345678"

static char *
sealed (const char *body)
{
  g_autofree char *open = g_strconcat (body, "6304", NULL);
  return g_strdup_printf ("%s%04X", open, jn_crc16 (open, strlen (open)));
}

static void
assert_refused_text (const char *text, JnErrorCode code)
{
  g_autoptr (GError) error = NULL;
  JnEmvCode *parsed = NULL;
  gboolean good = jn_emv_code_parse (text, &parsed, &error);
  if (good)
    g_error ("accepted: %s", text);
  g_assert_null (parsed);
  if (!jn_error_is (error, code))
    g_error ("%s: %s instead of %d", text, error->message, (int) code);
}

static void
assert_refused (const char *body, JnErrorCode code)
{
  g_autofree char *text = sealed (body);
  assert_refused_text (text, code);
}

static JnEmvCode *
parse (const char *body)
{
  g_autofree char *text = sealed (body);
  g_autoptr (GError) error = NULL;
  JnEmvCode *code = NULL;
  jn_emv_code_parse (text, &code, &error);
  g_assert_no_error (error);
  return code;
}

static void
test_crc (void)
{
  g_assert_cmphex (jn_crc16 ("123456789", 9), ==, 0x29b1);
  g_assert_cmphex (jn_crc16 ("", 0), ==, 0xffff);
  g_assert_cmphex (jn_crc16 (SAMPLE "6304", strlen (SAMPLE "6304")), ==, 0xa13a);
}

static void
test_sample (void)
{
  g_autoptr (JnEmvCode) code = NULL;
  g_autoptr (GError) error = NULL;

  jn_emv_code_parse (" " SAMPLE "6304A13A\n", &code, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (code->payload, ==, SAMPLE "6304A13A");
  g_assert_cmpint (code->initiation, ==, JN_EMV_INITIATION_DYNAMIC);
  g_assert_cmpuint (code->accounts->len, ==, 2);
  const JnEmvAccount *account = g_ptr_array_index (code->accounts, 1);
  g_assert_cmpuint (account->id, ==, 31);
  g_assert_cmpstr (account->guid, ==, "D15600000001");
  g_autofree char *number = jn_emv_account_get (account, 3);
  g_assert_cmpstr (number, ==, "12345678");
  g_assert_true (jn_emv_code_find_account (code, "d15600000000") != NULL);
  g_assert_null (jn_emv_code_find_account (code, "other"));
  g_assert_cmpstr (code->mcc, ==, "4111");
  g_assert_cmpuint (code->currency, ==, JN_CURRENCY_CNY);
  g_assert_true (code->has_amount);
  g_assert_cmpint (code->amount.minor, ==, 2372);
  g_assert_cmpint (code->tip, ==, JN_EMV_TIP_PROMPT);
  g_assert_cmpstr (code->country, ==, "CN");
  g_assert_cmpstr (code->name, ==, "BEST TRANSPORT");
  g_assert_cmpstr (code->city, ==, "BEIJING");
  g_assert_cmpstr (code->language, ==, "ZH");
  g_assert_cmpstr (code->local_name, ==, "最佳运输");
  g_assert_cmpstr (code->local_city, ==, "北京");
  g_assert_cmpstr (jn_emv_code_get_name (code), ==, "最佳运输");
  g_assert_cmpstr (code->store, ==, "1234");
  g_assert_cmpstr (code->customer, ==, "***");
  g_assert_cmpstr (code->terminal, ==, "A6008667");
  g_assert_cmpstr (code->data_request, ==, "ME");
}

static void
test_checksum (void)
{
  assert_refused_text (SAMPLE "6304A13B", JN_ERROR_CODE_CHECKSUM);
  assert_refused_text (SAMPLE "6304a13a", JN_ERROR_CODE_CHECKSUM);
  assert_refused_text (SAMPLE "6304A13", JN_ERROR_CODE_FORMAT);
  assert_refused_text (SAMPLE "6305A13A0", JN_ERROR_CODE_FORMAT);
  assert_refused_text (SAMPLE, JN_ERROR_CODE_FORMAT);
  assert_refused_text (SAMPLE "6304A13A5802CN", JN_ERROR_CODE_FORMAT);
}

static void
test_format (void)
{
  static const char *const bodies[] = {
    "000202"
    "26200008org.test0104m0015204581203031565802CN5901A6001B", /* another payload format */
    "26200008org.test0104m001000201520458125303156"
    "5802CN5901A6001B", /* 00 not first */
    "000201"
    "5204581253031565802CN5901A6001B", /* no account */
    "000201"
    "26200008org.test0104m00153031565802CN5901A6001B", /* no category */
    "000201"
    "26200008org.test0104m00152045812"
    "5802CN5901A6001B", /* no currency */
    "000201"
    "26200008org.test0104m001520458125303156"
    "5901A6001B", /* no country */
    "000201"
    "26200008org.test0104m0015204581253031565802CN6001B", /* no name */
    "000201"
    "26200008org.test0104m0015204581253031565802CN5901A", /* no city */
    "000201"
    "26200008org.test0104m0015204581253031565802CN5901A6001B5901C", /* name twice */
    "000201"
    "26200008org.test0104m0015204581253031565802CN5901A6020B", /* length runs over */
    "000201"
    "26200008org.test0109m0015204581253031565802CN5901A6001B", /* inner length */
    "000201"
    "26080104m0015204581253031565802CN5901A6001B", /* template without 00 */
    "000201"
    "0102135204581253031565802CN5901A6001B", /* unknown initiation */
    "000201"
    "26200008org.test0104m0015204581253031565802cn5901A6001B", /* country in small */
    "000201"
    "26200008org.test0104m00152045812530315655020256015802CN5901A6001B", /* 02 but no fee */
    "000201"
    "26200008org.test0104m001520458125303156560155802CN5901A6001B", /* fee alone */
    "000201"
    "26200008org.test0104m0015204581253031565802CN5926ABCDEFGHIJKLMNOPQRSTUVWXYZ6001B",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_refused (bodies[i], JN_ERROR_CODE_FORMAT);
  assert_refused_text ("", JN_ERROR_CODE_FORMAT);
  assert_refused_text ("https://example.org/pay", JN_ERROR_CODE_FORMAT);
  assert_refused_text ("000201\xff", JN_ERROR_CODE_FORMAT);
  g_assert_false (jn_emv_code_is_likely ("hello"));
  g_assert_true (jn_emv_code_is_likely ("\n000201"));
}

#define BASE "00020126200008org.test0104m00152045812"
#define TAIL "5802CN5904Cafe6008Hangzhou"

static void
test_money (void)
{
  static const struct
  {
    const char *objects;
    gint64 minor;
  } good[] = {
    { "5303156"
      "540519.00",
      1900 },
    { "5303156"
      "540219",
      1900 },
    { "5303156"
      "540319.",
      1900 },
    { "5303156"
      "5402.5",
      50 },
    { "5303414"
      "54051.234",
      1234 },
    { "5303392"
      "54041900",
      1900 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *body = g_strconcat (BASE, good[i].objects, TAIL, NULL);
      g_autoptr (JnEmvCode) code = parse (body);
      g_assert_true (code->has_amount);
      g_assert_cmpint (code->amount.minor, ==, good[i].minor);
    }
}

static void
test_bad_money (void)
{
  static const char *const bad[] = { "5303156"
                                     "54031e9",
                                     "5303156"
                                     "54010",
                                     "5303156"
                                     "54040.00",
                                     "5303156"
                                     "5402-1",
                                     "5303156"
                                     "54051.234",
                                     "5303392"
                                     "54031.5",
                                     "5303156"
                                     "5402¥1",
                                     "5303156"
                                     "54051,000",
                                     "5303156"
                                     "5401.",
                                     "5303156"
                                     "541412345678901234" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *body = g_strconcat (BASE, bad[i], TAIL, NULL);
      assert_refused (body, JN_ERROR_CODE_AMOUNT);
    }
  assert_refused (BASE "5303999" TAIL, JN_ERROR_CODE_CURRENCY);
  assert_refused (BASE "5303000" TAIL, JN_ERROR_CODE_CURRENCY);
  assert_refused (BASE "5303CNY" TAIL, JN_ERROR_CODE_CURRENCY);
  assert_refused (BASE "530510000" TAIL, JN_ERROR_CODE_CURRENCY);
}

static void
test_tip (void)
{
  g_autoptr (JnEmvCode) fixed = parse (BASE "53031565502025604"
                                            "2.50" TAIL);
  g_assert_cmpint (fixed->tip, ==, JN_EMV_TIP_FIXED);
  g_assert_cmpint (fixed->tip_fixed.minor, ==, 250);
  g_assert_false (fixed->has_amount);
  g_autoptr (JnEmvCode) percentage = parse (BASE "530315655020357"
                                                 "0412.5" TAIL);
  g_assert_cmpuint (percentage->tip_hundredths, ==, 1250);
  assert_refused (BASE "530315655020357"
                       "03100" TAIL,
                  JN_ERROR_CODE_AMOUNT);
  assert_refused (BASE "530315655020357"
                       "040.00" TAIL,
                  JN_ERROR_CODE_AMOUNT);
  assert_refused (BASE "530315655020357"
                       "051.234" TAIL,
                  JN_ERROR_CODE_AMOUNT);
}

static void
test_text (void)
{
  static const char *const names[] = { "5907<b>Cafe",
                                       "5905A&B C",
                                       "5905Ca\u202efe",
                                       "5905Ca\u2066fe",
                                       "5905Ca\x01"
                                       "fe",
                                       "5905Ca\u200bfe",
                                       "5905Ca\nfe" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *body = g_strconcat (BASE "53031565802CN", names[i], "6008Hangzhou", NULL);
      assert_refused (body, JN_ERROR_CODE_TEXT);
    }
  assert_refused (BASE "5303156" TAIL "64180002ZH0108最\u202e佳运输一二三", JN_ERROR_CODE_TEXT);
  assert_refused (BASE "5303156" TAIL "62080504a<bc", JN_ERROR_CODE_TEXT);
}

static void
test_unknown_ids_are_skipped (void)
{
  g_autoptr (JnEmvCode) code = parse (BASE "5303156" TAIL "65050001x"
                                           "9904\u4e2d\u6587ab"
                                           "62125001Z0503R-1");
  g_assert_cmpstr (code->reference, ==, "R-1");
}

static void
test_too_long (void)
{
  g_autoptr (GString) body = g_string_new (BASE "5303156" TAIL);
  for (guint id = 65; id < 71; id++)
    {
      g_autofree char *value = g_strnfill (90, 'x');
      g_assert_true (jn_tlv_append (body, id, value));
    }
  assert_refused (body->str, JN_ERROR_CODE_FORMAT);
}

static void
test_build (void)
{
  g_autoptr (JnEmvCode) code = jn_emv_code_new ();
  g_autoptr (JnEmvCode) back = NULL;
  g_autoptr (GError) error = NULL;

  code->initiation = JN_EMV_INITIATION_DYNAMIC;
  g_assert_true (jn_emv_code_add_account (code, 26, "org.jinnang", 1, "M-0001"));
  g_assert_false (jn_emv_code_add_account (code, 25, "org.jinnang", 1, "M-0001"));
  code->mcc = g_strdup ("5812");
  code->currency = JN_CURRENCY_CNY;
  code->has_amount = TRUE;
  code->amount = jn_money (1900, JN_CURRENCY_CNY);
  code->tip = JN_EMV_TIP_PERCENTAGE;
  code->tip_hundredths = 1005;
  code->country = g_strdup ("CN");
  code->name = g_strdup ("Luming Coffee");
  code->city = g_strdup ("Hangzhou");
  code->postal_code = g_strdup ("310000");
  code->bill = g_strdup ("B-20261122-01");
  code->store = g_strdup ("西湖店");
  code->language = g_strdup ("ZH");
  code->local_name = g_strdup ("鹿鸣咖啡");

  g_autofree char *text = jn_emv_code_build (code, &error);
  g_assert_no_error (error);
  g_assert_true (jn_emv_code_parse (text, &back, &error));
  g_assert_cmpstr (back->local_name, ==, "鹿鸣咖啡");
  g_assert_cmpstr (back->store, ==, "西湖店");
  g_assert_cmpuint (back->tip_hundredths, ==, 1005);
  g_assert_cmpint (back->amount.minor, ==, 1900);
  g_autofree char *again = jn_emv_code_build (back, &error);
  g_assert_cmpstr (again, ==, text);

  code->amount = jn_money (0, JN_CURRENCY_CNY);
  g_assert_null (jn_emv_code_build (code, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_CODE_AMOUNT));
  g_clear_error (&error);
  code->has_amount = FALSE;
  g_free (code->name);
  code->name = g_strdup ("<b>");
  g_assert_null (jn_emv_code_build (code, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_CODE_TEXT));
}

/* Whatever is read must be writable again; nothing may crash. Half of the mutants get a fitting checksum. */
static void
test_mutations (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261122);
  static const char alphabet[] = "0123456789ABZ<&.-* \x01\xe4\xb8\xad\xff";
  guint accepted = 0;

  for (int round = 0; round < 60000; round++)
    {
      g_autoptr (GString) text = g_string_new (SAMPLE "6304");
      int changes = g_rand_int_range (random, 1, 4);
      for (int i = 0; i < changes; i++)
        {
          gssize at = g_rand_int_range (random, 0, (gint32) text->len);
          char c = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
          switch (g_rand_int_range (random, 0, 3))
            {
            case 0:
              text->str[at] = c;
              break;
            case 1:
              g_string_insert_c (text, at, c);
              break;
            default:
              g_string_erase (text, at, 1);
            }
        }
      if (g_rand_boolean (random))
        g_string_append_printf (text, "%04X", jn_crc16 (text->str, text->len));
      else
        g_string_append (text, "A13A");

      g_autoptr (JnEmvCode) code = NULL;
      g_autoptr (GError) error = NULL;
      if (jn_emv_code_parse (text->str, &code, &error))
        {
          g_autofree char *again = jn_emv_code_build (code, &error);
          g_assert_no_error (error);
          g_assert_nonnull (again);
          accepted++;
        }
      else
        {
          g_assert_cmpuint (error->domain, ==, JN_ERROR);
          g_assert_cmpint (error->code, >=, JN_ERROR_CODE_CHECKSUM);
          g_assert_cmpint (error->code, <=, JN_ERROR_CODE_TEXT);
        }
    }
  g_assert_cmpuint (accepted, >, 0);
}

/* Codes that another writer made; the file's name says what must come of it. */
static void
test_fixtures (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "codes", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (!g_str_has_suffix (name, ".txt"))
        continue;
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autofree char *kind = g_strndup (name, strcspn (name, "-."));
      g_autoptr (GError) error = NULL;
      g_autoptr (JnEmvCode) code = NULL;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      if (jn_emv_code_parse (text, &code, &error))
        {
          g_assert_cmpstr (kind, ==, "good");
          g_assert_cmpstr (jn_emv_code_get_name (code), ==, "鹿鸣咖啡");
        }
      else
        g_assert_cmpstr (jn_error_code_get_name (error->code), ==, kind);
      count++;
    }
  g_assert_cmpuint (count, >=, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emv-code/crc", test_crc);
  g_test_add_func ("/emv-code/sample", test_sample);
  g_test_add_func ("/emv-code/checksum", test_checksum);
  g_test_add_func ("/emv-code/format", test_format);
  g_test_add_func ("/emv-code/money", test_money);
  g_test_add_func ("/emv-code/bad-money", test_bad_money);
  g_test_add_func ("/emv-code/tip", test_tip);
  g_test_add_func ("/emv-code/text", test_text);
  g_test_add_func ("/emv-code/unknown-ids", test_unknown_ids_are_skipped);
  g_test_add_func ("/emv-code/too-long", test_too_long);
  g_test_add_func ("/emv-code/build", test_build);
  g_test_add_func ("/emv-code/fixtures", test_fixtures);
  g_test_add_func ("/emv-code/mutations", test_mutations);
  return g_test_run ();
}
