#include "malformed.h"

#include "jn-error.h"

#include <string.h>

#define FEED "/transactions"
#define INVALID JN_ERROR_ANSWER_INVALID

static void
case_free (gpointer data)
{
  MalformedCase *c = data;
  g_free (c->from);
  g_free (c->to);
  g_free (c);
}

/* Takes @from and @to. */
static void
add (GPtrArray *cases, const char *path, char *from, char *to, int code)
{
  MalformedCase *c = g_new0 (MalformedCase, 1);
  c->path = path;
  c->from = from;
  c->to = to;
  c->code = code;
  g_ptr_array_add (cases, c);
}

/* ---- money: texts that are no amounts, wherever an amount stands ---- */

static const char *const not_amounts[] = {
  "\"\"",
  "\" \"",
  "\"-6.000\"",
  "\"-6.\"",
  "\".00\"",
  "\"-.60\"",
  "\"+6.00\"",
  "\"--6.00\"",
  "\"6,00\"",
  "\"6 00\"",
  "\" -6.00\"",
  "\"-6.00 \"",
  "\"1e3\"",
  "\"0x6\"",
  "\"NaN\"",
  "\"Infinity\"",
  "\"-inf\"",
  "\"６.00\"",
  "\"٦.00\"",
  "\"−6.00\"",
  "\"6.00CNY\"",
  "\"¥6.00\"",
  "\"1/2\"",
  "null",
  "true",
  "[]",
  "{}",
  "-6",
  "-6.00",
  "6e2",
  "\"92233720368547758.08\"",
  "\"-92233720368547758.09\"",
  "\"99999999999999999999999999999.00\"",
  "\"-6.00\\u0000\"",
  "\"-6\\u002e000\"",
};

static void
add_money (GPtrArray *cases)
{
  static const char *const places[][2] = {
    { FEED, "\"amount\":\"-6.00\"" },   /* of the entry */
    { FEED, "\"amount\":\"1170.00\"" }, /* the balance after it */
    { FEED, "\"amount\":\"970.00\"" },  /* what is available */
    { FEED, "\"amount\":\"-200.00\"" }, /* of the hold */
    { "/accounts?", "\"amount\":\"1170.00\"" },
  };
  for (gsize p = 0; p < G_N_ELEMENTS (places); p++)
    for (gsize i = 0; i < G_N_ELEMENTS (not_amounts); i++)
      add (cases, places[p][0], g_strdup (places[p][1]),
           g_strconcat ("\"amount\":", not_amounts[i], NULL), INVALID);
}

/* ---- schema: another type, or nothing, in the place of each member ---- */

static const char *const members[][2] = {
  { FEED, "\"transactionId\":\"01JD9ZQ3M8F3V5K7T2R6X00003\"" },
  { FEED, "\"entryReference\":\"4\"" },
  { FEED, "\"valueDate\":\"2026-11-22\"" },
  { FEED, "\"creditorName\":\"商户\"" },
  { FEED, "\"occurredAt\":\"2026-11-22T02:41:00Z\"" },
  { FEED, "\"kind\":\"payment\"" },
  { FEED, "\"balanceType\":\"interimBooked\"" },
  { FEED, "\"balanceType\":\"interimAvailable\"" },
  { FEED, "\"currency\":\"CNY\"" },
  { "/accounts?", "\"resourceId\":\"main\"" },
  { "/accounts?", "\"bban\":\"6222021234567890123\"" },
  { "/accounts?", "\"name\":\"锦囊\"" },
  { "/accounts?", "\"ownerName\":\"王小明\"" },
  { "/points", "\"kind\":\"gift\"" },
  { "/points", "\"occurredAt\":\"2026-11-22T02:41:00Z\"" },
  { "/profile", "\"name\":\"王小明\"" },
  { "/profile", "\"maskedPhone\":\"138****8000\"" },
  { "/profile", "\"tier\":\"II\"" },
};

static void
add_types (GPtrArray *cases)
{
  static const char *const values[] = { "7", "null", "true", "[]", "{}", "\"\\u202egnp.exe\"" };
  for (gsize m = 0; m < G_N_ELEMENTS (members); m++)
    {
      const char *colon = strchr (members[m][1], ':');
      g_autofree char *name = g_strndup (members[m][1], (gsize) (colon - members[m][1]));
      for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        add (cases, members[m][0], g_strdup (members[m][1]),
             g_strconcat (name, ":", values[i], NULL), INVALID);
      add (cases, members[m][0], g_strdup (members[m][1]), g_strdup ("\"other\":1"), INVALID);
    }
}

/* ---- one by one ---- */

static const struct
{
  const char *path, *from, *to;
  int code;
} single[] = {
  /* sequence */
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"3\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"5\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"0\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"-4\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"04\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"4 \"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"+4\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"4.0\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"9223372036854775807\"", INVALID },
  { FEED, "\"entryReference\":\"4\"", "\"entryReference\":\"18446744073709551620\"", INVALID },
  { FEED, "\"_links\":{", "\"_links\":{\"next\":{\"href\":\"/\"},\"x\":{", INVALID },
  /* sums */
  { FEED, "\"amount\":\"-6.00\"", "\"amount\":\"-6.01\"", JN_ERROR_BALANCE_MISMATCH },
  { FEED, "\"amount\":\"-6.00\"", "\"amount\":\"6.00\"", JN_ERROR_BALANCE_MISMATCH },
  { FEED, "\"amount\":\"-6.00\"", "\"amount\":\"0.00\"", INVALID },
  { FEED, "\"amount\":\"-6.00\"", "\"amount\":\"-92233720368547758.08\"", INVALID },
  { FEED, "\"amount\":\"1170.00\"", "\"amount\":\"1170.01\"", JN_ERROR_BALANCE_MISMATCH },
  { FEED, "\"amount\":\"1170.00\"", "\"amount\":\"-1170.00\"", JN_ERROR_BALANCE_MISMATCH },
  { FEED, "\"amount\":\"970.00\"", "\"amount\":\"970.01\"", JN_ERROR_BALANCE_MISMATCH },
  { FEED, "\"amount\":\"-200.00\"", "\"amount\":\"-200.01\"", JN_ERROR_BALANCE_MISMATCH },
  { FEED, "\"amount\":\"-200.00\"", "\"amount\":\"200.00\"", JN_ERROR_BALANCE_MISMATCH },
  /* currency */
  { FEED, "\"CNY\"", "\"USD\"", INVALID },
  { FEED, "\"CNY\"", "\"cny\"", INVALID },
  { FEED, "\"CNY\"", "\"CN\"", INVALID },
  { FEED, "\"CNY\"", "\"CNYY\"", INVALID },
  { FEED, "\"CNY\"", "\"XXX\"", INVALID },
  { FEED, "\"CNY\"", "\"\"", INVALID },
  /* ids, dates, names */
  { FEED, "X00003", "X0000", INVALID },
  { FEED, "X00003", "X000033", INVALID },
  { FEED, "X00003", "X0000U", INVALID },
  { FEED, "01JD9ZQ3M8F3V5K7T2R6X00003", "00000000000000000000000000", INVALID },
  { FEED, "01JD9ZQ3M8F3V5K7T2R6X00003", "81JD9ZQ3M8F3V5K7T2R6X00003", INVALID },
  { FEED, "2026-11-22\"", "2026-02-30\"", INVALID },
  { FEED, "2026-11-22\"", "2026-13-01\"", INVALID },
  { FEED, "2026-11-22\"", "22.11.2026\"", INVALID },
  { FEED, "2026-11-22\"", "2026-11-22T00:00:00Z\"", INVALID },
  { FEED, "T02:41:00Z", "T25:41:00Z", INVALID },
  { FEED, "T02:41:00Z", "T02:41:00+99:00", INVALID },
  { FEED, "T02:41:00Z", " 02:41", INVALID },
  { FEED, "商户", "", INVALID },
  { FEED, "商户", "<b>x</b>", INVALID },
  { FEED, "商户", "a\\nb", INVALID },
  { FEED, "商户", "a\\u0000b", INVALID },
  { FEED, "商户", "\\ud800", INVALID },
  { FEED, "商户", "a\\u200bb", INVALID },
  { FEED, "商户", "\xff", INVALID },
  { FEED, "\"payment\"", "\"Payment\"", INVALID },
  { FEED, "\"payment\"", "\"hold\"", INVALID },
  { FEED, "\"kind\":\"hold\"", "\"kind\":\"payment\"", INVALID },
  /* chain and head */
  { FEED, "\"chain\":\"", "\"chain\":\"0", INVALID },
  { FEED, "\"chain\":\"", "\"chain\":\"\",\"old\":\"", INVALID },
  { FEED, "\"chain\":\"", "\"chain\":7,\"old\":\"", INVALID },
  { FEED, "\"chain\":\"", "\"link\":\"", INVALID },
  { FEED, "\"head\":", "\"tail\":", INVALID },
  { FEED, "\"head\":{", "\"head\":{\"entryReference\":\"4\",", INVALID },
  { FEED, "\"head\":{\"entryReference\":\"4\"", "\"head\":{\"entryReference\":\"5\"",
    JN_ERROR_ANSWER_NOT_SIGNED },
  { FEED, "\"head\":{\"entryReference\":\"4\"", "\"head\":{\"entryReference\":\"2\"",
    JN_ERROR_BANK_OLDER_THAN_HEAD },
  { FEED, "\"head\":{\"entryReference\":\"4\"", "\"head\":{\"entryReference\":\"0\"",
    JN_ERROR_BANK_OLDER_THAN_HEAD },
  { FEED, "\"head\":{\"entryReference\":\"4\"", "\"head\":{\"entryReference\":4", INVALID },
  { FEED, "\"signature\":\"", "\"signature\":\"A", INVALID },
  { FEED, "\"signature\":\"", "\"signature\":\"\",\"old\":\"", INVALID },
  { FEED, "\"signature\":\"", "\"signature\":null,\"old\":\"", INVALID },
  { FEED, "\"category\":\"dining\"", "\"category\":\"travel\"", JN_ERROR_HEAD_MISMATCH },
  { FEED, "\"category\":\"dining\"", "\"category\":\"dining\",\"more\":1", JN_ERROR_HEAD_MISMATCH },
  { FEED, "X00003", "X00001", JN_ERROR_HEAD_MISMATCH },
  { FEED, "商户", "商店", JN_ERROR_HEAD_MISMATCH },
  /* JSON */
  { FEED, "{", "", INVALID },
  { FEED, "{", "{{", INVALID },
  { FEED, "{", "[", INVALID },
  { FEED, "{", "<html>", INVALID },
  { FEED, "{", "\xef\xbb\xbf{", INVALID },
  { FEED, "{", "/* x */{", INVALID },
  { FEED, "{", "{,", INVALID },
  { FEED, "{", "{\"a\":1,\"a\":2,", INVALID },
  { FEED, "{", "{\"a\":01,", INVALID },
  { FEED, "{", "{\"a\":.5,", INVALID },
  { FEED, "{", "{\"a\":1.,", INVALID },
  { FEED, "{", "{\"a\":+1,", INVALID },
  { FEED, "{", "{\"a\":0x1,", INVALID },
  { FEED, "{", "{\"a\":NaN,", INVALID },
  { FEED, "{", "{\"a\":'b',", INVALID },
  { FEED, "{", "{a:1,", INVALID },
  { FEED, "{", "{\"a\":9223372036854775808,", INVALID },
  { FEED, "{", "{\"a\":9007199254740993,", INVALID },
  { FEED, "{", "{\"a\":tru,", INVALID },
  { FEED, "{", "{\"a\":\"\\x\",", INVALID },
  { FEED, "{", "{\"a\":\"\t\",", INVALID },
  { FEED, "{", "{\"a\":[1,],", INVALID },
  { FEED, "{", "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],",
    INVALID },
  { FEED, "}", "", INVALID },
  { FEED, "}", "}}", INVALID },
  { FEED, ":", "", INVALID },
  { FEED, ",", ",,", INVALID },
  { FEED, "\"booked\":[", "\"booked\":[7,", INVALID },
  { FEED, "\"booked\":[", "\"booked\":[null,", INVALID },
  { FEED, "\"booked\":[", "\"booked\":{}, \"old\":[", INVALID },
  { FEED, "\"pending\":[", "\"pending\":null, \"old\":[", INVALID },
  { FEED, "\"transactions\":", "\"transaction\":", INVALID },
  /* the others */
  { "/accounts?", "\"accounts\":[", "\"accounts\":[],\"old\":[", INVALID },
  { "/accounts?", "\"accounts\":[", "\"accounts\":[7,", INVALID },
  { "/accounts?", "main", "../../x", INVALID },
  { "/accounts?", "main", "a b", INVALID },
  { "/accounts?", "main", "a?b", INVALID },
  { "/points", "\"balance\":1293", "\"balance\":\"1293\"", INVALID },
  { "/points", "\"balance\":", "\"balance\":-1,\"old\":", INVALID },
  { "/points", "\"balance\":", "\"balance\":1.5,\"old\":", INVALID },
  { "/points", "\"balance\":", "\"balance\":1,\"old\":", JN_ERROR_BALANCE_MISMATCH },
  { "/points", "\"sequence\":3", "\"sequence\":2", INVALID },
  { "/points", "\"sequence\":3", "\"sequence\":4", INVALID },
  { "/points", "\"sequence\":3", "\"sequence\":-3", INVALID },
  { "/points", "\"points\":7", "\"points\":0", INVALID },
  { "/points", "\"points\":7", "\"points\":8", JN_ERROR_BALANCE_MISMATCH },
  { "/points", "\"points\":7", "\"points\":9007199254740992", INVALID },
  { "/points", "\"entries\":[", "\"entries\":7,\"old\":[", INVALID },
  { "/points", "\"expiring\":[", "\"expiring\":[{\"points\":1,\"date\":\"2026-12-31\",\"x\":1.5}",
    INVALID },
  { "/offers", "\"offers\":[]", "\"offers\":[{}]", INVALID },
  { "/offers", "\"offers\":[]", "\"offers\":{}", INVALID },
  { "/offers", "\"offers\":[]", "\"offers\":null", INVALID },
  { "/offers", "\"offers\":[]", "\"offer\":[]", INVALID },
  { "/profile", "\"cards\":[]", "\"cards\":[1]", INVALID },
  { "/profile", "\"payees\":[]", "\"payees\":{}", INVALID },
  { "/profile", "\"goals\":[]", "\"goals\":[{\"goalId\":\"g\"}]", INVALID },
  { "/profile", "\"limits\":{", "\"limits\":{\"payment\":{},\"old\":{", INVALID },
};

GPtrArray *
malformed_make_cases (void)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);
  for (gsize i = 0; i < G_N_ELEMENTS (single); i++)
    add (cases, single[i].path, g_strdup (single[i].from), g_strdup (single[i].to), single[i].code);
  add_money (cases);
  add_types (cases);
  return cases;
}
