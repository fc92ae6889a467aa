/* The strict readers: each good document is read, and each way to spoil it is refused. */
#include "jn-wire.h"

#include "jn-error.h"

#include <string.h>

#define ID "01JD9ZQ3M8F3V5K7T2R6X4C1NB"
#define CNY(amount) "{\"currency\":\"CNY\",\"amount\":\"" amount "\"}"
#define NAMES "{\"zh\":\"示例银行\",\"en\":\"Sample Bank\"}"
#define HEX64 "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"
#define SIGNATURE                                                                                  \
  "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
#define LIMITS                                                                                     \
  "{\"payment\":" CNY ("5000.00") ",\"day\":" CNY ("10000.00") ",\"year\":" CNY ("200000.00") "}"

typedef gboolean (*ReadFunc) (JnJson *json, GError **error);

/* One reader a noun, with its value thrown away: here only whether it reads matters. */
#define READER(name, type, function, free_func)                                                    \
  static gboolean name (JnJson *json, GError **error)                                              \
  {                                                                                                \
    type *value = function (json, error);                                                          \
    if (value == NULL)                                                                             \
      return FALSE;                                                                                \
    free_func (value);                                                                             \
    return TRUE;                                                                                   \
  }
READER (read_accounts, GPtrArray, jn_wire_read_accounts, g_ptr_array_unref)
READER (read_page, JnWireFeedPage, jn_wire_read_feed_page, jn_wire_feed_page_free)
READER (read_qr, JnWireQr, jn_wire_read_qr, jn_wire_qr_free)
READER (read_check, JnWirePayeeCheck, jn_wire_read_payee_check, jn_wire_payee_check_free)
READER (read_profile, JnWireProfile, jn_wire_read_profile, jn_wire_profile_free)
READER (read_offers, GPtrArray, jn_wire_read_offers, g_ptr_array_unref)
READER (read_points, JnWirePoints, jn_wire_read_points, jn_wire_points_free)
READER (read_messages, GPtrArray, jn_wire_read_messages, g_ptr_array_unref)
READER (read_shops, GPtrArray, jn_wire_read_shops, g_ptr_array_unref)

#define BALANCES(booked, available)                                                                \
  "\"balances\":[{\"balanceType\":\"interimBooked\",\"balanceAmount\":" CNY (                      \
      booked) "},{\"balanceType\":\"interimAvailable\",\"balanceAmount\":" CNY (available) "}]"

static const char accounts_text[] =
    "{\"accounts\":[{\"resourceId\":\"main\",\"bban\":\"6222021234567890123\",\"currency\":\"CNY\","
    "\"name\":\"锦囊钱包\",\"ownerName\":\"王小明\"," BALANCES ("1200.00", "1000.00") "}]}";

static const char page_text[] =
    "{\"transactions\":{\"booked\":[{\"transactionId\":\"" ID "\",\"entryReference\":\"7\","
    "\"endToEndId\":\"" ID "\",\"valueDate\":\"2026-11-22\",\"transactionAmount\":" CNY (
        "-19.00") ","
                  "\"creditorName\":\"晨光咖啡\",\"creditorAccount\":{\"bban\":\"6222\"},"
                  "\"remittanceInformationUnstructured\":\"a & b\","
                  "\"balanceAfterTransaction\":{\"balanceType\":\"interimBooked\","
                  "\"balanceAmount\":" CNY (
                      "1181.00") "},"
                                 "\"wallet\":{\"occurredAt\":\"2026-11-22T02:41:00Z\",\"category\":"
                                 "\"dining\",\"kind\":\"payment\","
                                 "\"originalAmount\":" CNY ("22.00") ",\"discount\":" CNY (
                                     "3.00") ",\"pointsEarned\":19,\"chain\":\"" HEX64 "\"}}],"
                                             "\"pending\":[{\"transactionId\":\"" ID
                                             "\",\"transactionAmount\":" CNY (
                                                 "-200.00") ","
                                                            "\"creditorName\":\"酒店\",\"wallet\":{"
                                                            "\"occurredAt\":\"2026-11-20T02:41:"
                                                            "00Z\","
                                                            "\"category\":\"travel\",\"kind\":"
                                                            "\"hold\",\"expiresAt\":\"2026-11-"
                                                            "29T02:41:00Z\"}}],"
                                                            "\"_links\":{\"account\":{\"href\":\"/"
                                                            "\"}}}," BALANCES (
                                                                "1181.00",
                                                                "981.00") ",\"head\":{"
                                                                          "\"entryReference\":"
                                                                          "\"7\",\"chain\":\"" HEX64
                                                                          "\",\"signature\":"
                                                                          "\"" SIGNATURE "\"}}";

static const char qr_text[] =
    "{\"payee\":{\"name\":\"晨光咖啡\",\"account\":\"6222\",\"branch\":\"人民路店\",\"verified\":"
    "true},"
    "\"amount\":" CNY (
        "22.00") ",\"amountEditable\":false,\"category\":\"dining\",\"city\":\"SHANGHAI\"}";

static const char check_text[] =
    "{\"result\":\"close\",\"registeredName\":\"张*\",\"bankName\":" NAMES
    ",\"product\":\"book-transfers\",\"known\":false}";

static const char profile_text[] =
    "{\"customer\":{\"name\":\"王小明\",\"maskedPhone\":\"138****8000\",\"tier\":\"II\","
    "\"limits\":" LIMITS "},"
    "\"cards\":[{\"cardId\":\"c1\",\"maskedPan\":\"**** "
    "1234\",\"kind\":\"debit\",\"bankName\":" NAMES "}],"
    "\"payees\":[{\"payeeId\":\"p1\",\"name\":\"李雷\",\"account\":\"6222\",\"bankName\":" NAMES
    "}],"
    "\"upcoming\":[{\"upcomingId\":\"u1\",\"payeeName\":\"电力\",\"amount\":" CNY (
        "86.40") ",\"dueDate\":\"2026-11-28\",\"category\":\"utilities\",\"automatic\":true}],"
                 "\"budgets\":[{\"category\":\"dining\",\"monthly\":" CNY (
                     "500.00") "}],"
                               "\"goals\":[{\"goalId\":\"g1\",\"name\":" NAMES
                               ",\"target\":" CNY ("100.00") ",\"saved\":" CNY (
                                   "0.00") ",\"dueDate\":\"2027-01-01\"}]}";

static const char offers_text[] =
    "{\"offers\":[{\"offerId\":\"o1\",\"title\":" NAMES
    ",\"kind\":\"amountOff\",\"amount\":" CNY ("3.00") ",\"minimumSpend\":" CNY (
        "20.00") ",\"category\":\"dining\",\"validFrom\":\"2026-11-01\","
                 "\"validUntil\":\"2026-12-01T00:00:00Z\",\"state\":\"available\"}]}";

static const char points_text[] =
    "{\"balance\":1280,\"expiring\":[{\"points\":200,\"date\":\"2026-12-31\"}],\"entries\":[{"
    "\"sequence\":1,"
    "\"id\":\"" ID
    "\",\"points\":1280,\"balanceAfter\":1280,\"occurredAt\":\"2026-11-22T02:41:00Z\","
    "\"kind\":\"opening\"}]}";

static const char messages_text[] =
    "{\"messages\":[{\"sequence\":1,\"sentAt\":\"2026-11-22T02:41:00Z\",\"kind\":\"paymentCode\","
    "\"code\":\"482913\",\"amount\":" CNY ("50.00") ",\"payeeName\":\"李雷\"}],\"last\":1}";

static const char shops_text[] = "{\"shops\":[{\"shopId\":\"s1\",\"name\":\"晨光咖啡\",\"branch\":"
                                 "\"人民路店\",\"category\":\"dining\","
                                 "\"payload\":\"00020101\",\"amount\":" CNY ("22.00") "}]}";

/* A document, and pieces of it with what they are replaced by. */
typedef struct
{
  const char *name;
  ReadFunc read;
  const char *text;
  const char *spoiled[48];
} Case;

#define BIDI "\\u202egnp.exe"
static const Case cases[] = {
  { "accounts",
    read_accounts,
    accounts_text,
    { "\"main\"",
      "\"../x\"",
      "\"main\"",
      "\"\"",
      "\"main\"",
      "7",
      "6222021234567890123",
      "6222 0212",
      "interimBooked",
      "closingBooked",
      "interimAvailable",
      "interimBooked",
      "1200.00",
      "92233720368547758.08",
      "1200.00",
      "1200.001",
      "1200.00",
      "1e9",
      "\"王小明\"",
      "\"" BIDI "\"",
      "\"王小明\"",
      "\"<b>x</b>\"",
      "[{\"resourceId\"",
      "[7,{\"resourceId\"" } },
  { "page",
    read_page,
    page_text,
    { "\"7\"",
      "\"07\"",
      "\"7\"",
      "\"-7\"",
      "\"7\"",
      "7",
      "\"7\"",
      "\"99999999999999999999\"",
      "\"-19.00\"",
      "-19",
      "\"-19.00\"",
      "\"0.00\"",
      "\"-19.00\"",
      "\"+19.00\"",
      "\"CNY\",\"amount\":\"1181.00\"",
      "\"USD\",\"amount\":\"1181.00\"",
      "晨光咖啡",
      "a&b",
      "晨光咖啡",
      "\\u0007",
      "\"payment\"",
      "\"gift\"",
      "2026-11-22\"",
      "2026-02-30\"",
      "\"pending\"",
      "\"pendant\"",
      "a & b",
      "a \\u202e b",
      "\"chain\"",
      "\"link\"",
      HEX64,
      "",
      HEX64,
      "C0FFEE00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
      HEX64,
      "g0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
      "\"head\"",
      "\"tail\"",
      SIGNATURE,
      "AAAA",
      SIGNATURE,
      "not base64",
      "\"signature\":\"",
      "\"signature\":7,\"x\":\"",
      "{\"entryReference\":\"7\",\"chain\"",
      "{\"entryReference\":\"-1\",\"chain\"" } },
  { "qr",
    read_qr,
    qr_text,
    { "晨光咖啡", "", "晨光咖啡", "<i>", "true", "\"yes\"", "22.00", "-22.00", "22.00", "0.00",
      "6222", "62;22", "\"dining\"", "null" } },
  { "payee-check",
    read_check,
    check_text,
    { "\"close\"", "\"perhaps\"", "\"en\"", "\"de\"", "false", "0", "book-transfers",
      "book/transfers" } },
  { "profile",
    read_profile,
    profile_text,
    { "\"tier\"", "\"tear\"", "500.00", "-500.00", "\"debit\"", "\"gold\"", "2026-11-28",
      "tomorrow", "\"goals\"", "\"aims\"", "李雷", "李\\u200b雷" } },
  { "offers",
    read_offers,
    offers_text,
    { "\"amountOff\"", "\"free\"", "\"amountOff\"", "\"percentOff\"", "3.00", "-3.00",
      "\"available\"", "\"gone\"", "2026-11-01", "2026-13-01", "\"o1\"", "\"o 1\"" } },
  { "points",
    read_points,
    points_text,
    { "\"balance\":1280", "\"balance\":\"1280\"", "\"balance\":1280", "\"balance\":-1",
      "\"sequence\":1", "\"sequence\":0", "\"points\":1280", "\"points\":0", "\"points\":1280",
      "\"points\":1.5", "\"opening\"", "\"present\"" } },
  { "messages",
    read_messages,
    messages_text,
    { "\"482913\"", "482913", "\"482913\"", "\"48 29\"", "paymentCode", "chat", "50.00",
      "50,00" } },
  { "shops",
    read_shops,
    shops_text,
    { "\"00020101\"", "\"\"", "\"s1\"", "null", "晨光咖啡", "\\ud800" } },
};

/* NULL when the document reads; otherwise the error. Not JSON counts as an error too. */
static GError *
try_read (ReadFunc read, const char *text)
{
  GError *error = NULL;
  g_autoptr (JnJsonDoc) doc = jn_json_parse (text, strlen (text), &error);
  if (doc != NULL)
    g_assert_cmpint (read (jn_json_doc_root (doc), &error), ==, error == NULL);
  return error;
}

static char *
replace_first (const char *text, const char *from, const char *to)
{
  const char *found = strstr (text, from);
  g_assert_nonnull (found);
  g_autofree char *before = g_strndup (text, (gsize) (found - text));
  return g_strconcat (before, to, found + strlen (from), NULL);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) good = try_read (c->read, c->text);
  g_assert_no_error (good);
  for (gsize i = 0; i + 1 < G_N_ELEMENTS (c->spoiled) && c->spoiled[i] != NULL; i += 2)
    {
      g_autofree char *text = replace_first (c->text, c->spoiled[i], c->spoiled[i + 1]);
      g_autoptr (GError) error = try_read (c->read, text);
      g_test_message ("%s to %s", c->spoiled[i], c->spoiled[i + 1]);
      g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
    }
}

/* Whatever is cut off, renamed or turned into another type: no crash, and either it reads or it has the one error. */
static void
test_mutations (gconstpointer data)
{
  const Case *c = data;
  gsize length = strlen (c->text);
  guint refused = 0;
  for (gsize i = 0; i < length; i++)
    for (guint kind = 0; kind < 4; kind++)
      {
        g_autofree char *text = g_strdup (c->text);
        if (kind == 0)
          text[i] = '\0';
        else if (kind == 1)
          text[i] = (char) (text[i] ^ 1);
        else if (kind == 2)
          text[i] = '9';
        else
          memmove (text + i, text + i + 1, length - i);
        g_autoptr (GError) error = try_read (c->read, text);
        if (error != NULL)
          g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
        refused += error != NULL;
      }
  g_assert_cmpuint (refused, >, length);
}

static void
test_nothing_reads_an_empty_object (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      static const char *const texts[] = { "{}", "[]", "null", "7", "\"x\"" };
      for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
        {
          g_autoptr (GError) error = try_read (cases[i].read, texts[k]);
          g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
        }
    }
}

static void
test_nested_and_twice (void)
{
  g_autofree char *nested = g_strnfill (200000, '[');
  memset (nested + 100000, ']', 100000);
  g_autoptr (GError) deep = try_read (read_accounts, nested);
  g_assert_true (jn_error_is (deep, JN_ERROR_ANSWER_INVALID));
  g_autofree char *twice =
      replace_first (points_text, "\"balance\":1280", "\"balance\":1280,\"balance\":1280");
  g_autoptr (GError) error = try_read (read_points, twice);
  g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
}

static void
test_page_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnJsonDoc) doc = jn_json_parse (page_text, strlen (page_text), &error);
  g_autoptr (JnWireFeedPage) page = jn_wire_read_feed_page (jn_json_doc_root (doc), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->booked->len, ==, 1);
  g_assert_cmpuint (page->pending->len, ==, 1);
  g_assert_false (page->more);
  const JnWireEntry *entry = g_ptr_array_index (page->booked, 0);
  g_assert_cmpuint (entry->sequence, ==, 7);
  g_assert_cmpint (entry->amount.minor, ==, -1900);
  g_assert_cmpint (entry->balance_after.minor, ==, 118100);
  g_assert_cmpint (entry->discount.minor, ==, 300);
  g_assert_cmpint (entry->value_date, ==, 20261122);
  g_assert_cmpint (entry->kind, ==, JN_WIRE_KIND_PAYMENT);
  g_assert_cmpint (entry->category, ==, JN_CATEGORY_DINING);
  g_assert_cmpstr (entry->memo, ==, "a & b");
  const JnWireEntry *hold = g_ptr_array_index (page->pending, 0);
  g_assert_cmpint (hold->kind, ==, JN_WIRE_KIND_HOLD);
  g_assert_cmpint (hold->expires_at, >, hold->occurred_at);
  g_assert_cmpint (page->available_balance.minor, ==, 98100);
}

/* ---- the order ---- */

#define ORDER_MEMBERS(total, intent)                                                               \
  "\"intentId\":\"" intent "\",\"paymentId\":\"pay1\",\"product\":\"qr-payments\","                \
  "\"payee\":{\"name\":\"晨光咖啡\",\"account\":\"6222\",\"verified\":true},\"original\":" CNY (   \
      "22.00") ",\"discount\":" CNY ("3.00") ",\"fee\":" CNY ("0.00") ",\"total\":" CNY (total) ",\"category\":\"dining\",\"pointsEarned\":19,\"expiresAt\":\"2026-11-22T02:46:00Z\""
#define ORDER(total, intent) "{" ORDER_MEMBERS (total, intent) "}"

/* Signs @signed_order, sends @sent_order. */
static JnWireOrder *
read_order (const char *signed_order, const char *sent_order, GError **error)
{
  gsize length = 0;
  g_autoptr (JnJsonDoc) inner = jn_json_parse (signed_order, strlen (signed_order), NULL);
  g_assert_nonnull (inner);
  g_autofree char *canonical = jn_json_canonical (jn_json_doc_root (inner), &length);
  g_autofree char *digest =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) canonical, length);
  g_autofree char *text = g_strdup_printf (
      "{\"transactionStatus\":\"RCVD\",\"paymentId\":\"pay1\",\"order\":%s,\"orderDigest\":\"%s\","
      "\"coupons\":[{\"offerId\":\"o1\",\"title\":" NAMES
      ",\"discount\":" CNY ("3.00") "}],"
                                    "\"requiresSms\":false}",
      sent_order, digest);
  g_autoptr (JnJsonDoc) doc = jn_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (doc);
  return jn_wire_read_order (jn_json_doc_root (doc), error);
}

static void
test_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnWireOrder) order = read_order (ORDER ("19.00", ID), ORDER ("19.00", ID), &error);
  g_assert_no_error (error);
  g_assert_cmpint (order->total.minor, ==, 1900);
  g_assert_cmpuint (order->coupons->len, ==, 1);
  g_assert_cmpuint (strlen (order->digest), ==, 64);

  /* What was kept of it is what is signed, and reads as strictly. */
  g_autoptr (JnWireOrder) kept = jn_wire_read_kept_order (order->canonical, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kept->canonical, ==, order->canonical);
  g_assert_cmpstr (kept->digest, ==, order->digest);
  g_assert_cmpint (kept->total.minor, ==, 1900);
  g_assert_cmpuint (kept->coupons->len, ==, 0);
  g_assert_null (jn_wire_read_kept_order (ORDER ("19.01", ID), &error));
  g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
  g_clear_error (&error);
  g_assert_null (jn_wire_read_kept_order ("[]", &error));
  g_clear_error (&error);
  g_assert_null (jn_wire_read_kept_order ("", &error));
  g_clear_error (&error);

  /* Another member changed after the digest was made. */
  g_assert_null (
      read_order (ORDER ("19.00", ID), ORDER ("19.00", "01JD9ZQ3M8F3V5K7T2R6X4C1NC"), &error));
  g_assert_true (jn_error_is (error, JN_ERROR_SIGNATURE_BAD));
  g_clear_error (&error);
  /* Lines that do not add up are refused even when they are signed. */
  g_assert_null (read_order (ORDER ("19.01", ID), ORDER ("19.01", ID), &error));
  g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
  g_clear_error (&error);
  /* Nothing stands for an order with a fraction in it: the digest of nothing is not its digest. */
  static const char fraction[] = "{\"rate\":1.5," ORDER_MEMBERS ("19.00", ID) "}";
  g_assert_null (read_order (fraction, fraction, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
  g_clear_error (&error);
  g_assert_null (jn_wire_read_kept_order (fraction, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bank/wire/%s", cases[i].name);
      g_autofree char *mutations = g_strdup_printf ("/bank/wire/%s/mutations", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_case);
      g_test_add_data_func (mutations, &cases[i], test_mutations);
    }
  g_test_add_func ("/bank/wire/empty", test_nothing_reads_an_empty_object);
  g_test_add_func ("/bank/wire/nested-and-twice", test_nested_and_twice);
  g_test_add_func ("/bank/wire/page-values", test_page_values);
  g_test_add_func ("/bank/wire/order", test_order);
  return g_test_run ();
}
