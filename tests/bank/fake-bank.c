#include "fake-bank.h"

#include "bank-key.h"

#include "jn-error.h"
#include "jn-money.h"

#include <string.h>

struct _FakeBank
{
  GObject parent_instance;
  GArray *entries; /* gint64 */
  GArray *points;  /* gint64 */
  gint64 hold;
  guint page_size;
  GPtrArray *paths;
  char *spoil_path, *spoil_from, *spoil_to;
  guint spoil_nth;
  GArray *heads; /* JnFeedHead */
  BankKey key;
  gboolean forked; /* another history before the last entry */
};

#define BBAN "6222021234567890123"

static void iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeBank, fake_bank, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT, iface_init))

#define LIMIT "{\"currency\":\"CNY\",\"amount\":\"1.00\"}"

static char *
amount_text (gint64 minor)
{
  g_autofree char *amount = jn_money_to_wire (jn_money (minor, JN_CURRENCY_CNY));
  return g_strdup_printf ("{\"currency\":\"CNY\",\"amount\":\"%s\"}", amount);
}

static gint64
sum (GArray *list, guint n)
{
  gint64 total = 0;
  for (guint i = 0; i < n; i++)
    total += g_array_index (list, gint64, i);
  return total;
}

static char *
balances_text (FakeBank *self, guint n)
{
  gint64 booked = sum (self->entries, n);
  g_autofree char *a = amount_text (booked);
  g_autofree char *b = amount_text (booked - self->hold);
  return g_strdup_printf ("\"balances\":[{\"balanceType\":\"interimBooked\",\"balanceAmount\":%s},"
                          "{\"balanceType\":\"interimAvailable\",\"balanceAmount\":%s}]",
                          a, b);
}

static char *
accounts_text (FakeBank *self)
{
  g_autofree char *balances = balances_text (self, self->entries->len);
  return g_strdup_printf ("{\"accounts\":[{\"resourceId\":\"main\",\"bban\":\"" BBAN "\","
                          "\"name\":\"锦囊\",\"ownerName\":\"王小明\",%s}]}",
                          balances);
}

/* An entry without its chain value, up to the end of its wallet's members. */
static char *
entry_text (FakeBank *self, guint i)
{
  gint64 minor = g_array_index (self->entries, gint64, i);
  g_autofree char *amount = amount_text (minor);
  g_autofree char *after = amount_text (sum (self->entries, i + 1));
  return g_strdup_printf (
      "{\"transactionId\":\"01JD9ZQ3M8F3V5K7T2R6X%05u\",\"entryReference\":\"%u\","
      "\"valueDate\":\"2026-11-22\",\"transactionAmount\":%s,\"%s\":\"%s\","
      "\"balanceAfterTransaction\":{\"balanceAmount\":%s},\"wallet\":{"
      "\"occurredAt\":\"2026-11-22T02:41:00Z\",\"category\":\"dining\",\"kind\":\"payment\"",
      i, i + 1, amount, minor > 0 ? "debtorName" : "creditorName",
      self->forked && i == 0 ? "另一家" : "商户", after);
}

/* The head after the first @n entries; what was computed stays. */
static void
compute_head (FakeBank *self, guint n, JnFeedHead *head)
{
  if (self->heads->len == 0)
    {
      jn_feed_head_start (head, BBAN);
      g_array_append_val (self->heads, *head);
    }
  while (self->heads->len <= n)
    {
      guint i = self->heads->len - 1;
      g_autofree char *start = entry_text (self, i);
      g_autofree char *text = g_strconcat (start, "}}", NULL);
      g_autoptr (JnJsonDoc) doc = jn_json_parse (text, strlen (text), NULL);
      g_assert_nonnull (doc);
      *head = g_array_index (self->heads, JnFeedHead, i);
      g_assert_true (jn_feed_head_step (head, jn_json_doc_root (doc)));
      g_array_append_val (self->heads, *head);
    }
  *head = g_array_index (self->heads, JnFeedHead, n);
}

static void
append_chain (GString *out, const JnFeedHead *head)
{
  for (gsize i = 0; i < sizeof head->chain; i++)
    g_string_append_printf (out, "%02x", head->chain[i]);
}

static void
append_entry (FakeBank *self, GString *out, guint i)
{
  JnFeedHead head;
  g_autofree char *start = entry_text (self, i);
  compute_head (self, i + 1, &head);
  g_string_append_printf (out, "%s,\"chain\":\"", start);
  append_chain (out, &head);
  g_string_append (out, "\"}}");
}

static void
append_head (FakeBank *self, GString *out)
{
  JnFeedHead head;
  compute_head (self, self->entries->len, &head);
  g_autofree char *signature = bank_key_sign_head (&self->key, &head, BBAN);
  g_string_append_printf (out, ",\"head\":{\"entryReference\":\"%u\",\"chain\":\"",
                          self->entries->len);
  append_chain (out, &head);
  g_string_append_printf (out, "\",\"signature\":\"%s\"}", signature);
}

static char *
feed_text (FakeBank *self, guint from)
{
  guint end = MIN (self->entries->len, from + self->page_size);
  g_autofree char *balances = balances_text (self, end);
  GString *out = g_string_new ("{\"transactions\":{\"booked\":[");
  for (guint i = from; i < end; i++)
    {
      append_entry (self, out, i);
      g_string_append (out, i + 1 < end ? "," : "");
    }
  g_string_append (out, "],\"pending\":[");
  if (self->hold != 0)
    {
      g_autofree char *amount = amount_text (-self->hold);
      g_string_append_printf (out,
                              "{\"transactionId\":\"01JD9ZQ3M8F3V5K7T2R6Y00001\","
                              "\"transactionAmount\":%s,\"creditorName\":\"酒店\",\"wallet\":{"
                              "\"occurredAt\":\"2026-11-20T02:41:00Z\",\"category\":\"travel\","
                              "\"kind\":\"hold\"}}",
                              amount);
    }
  g_string_append_printf (out, "],\"_links\":{%s}},%s",
                          end < self->entries->len ? "\"next\":{\"href\":\"/\"}" : "", balances);
  append_head (self, out);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static char *
points_text (FakeBank *self, guint from)
{
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "{\"balance\":%" G_GINT64_FORMAT ",\"expiring\":[],\"entries\":[",
                          sum (self->points, self->points->len));
  for (guint i = from; i < self->points->len; i++)
    g_string_append_printf (
        out,
        "%s{\"sequence\":%u,\"id\":\"01JD9ZQ3M8F3V5K7T2R6Z%05u\",\"points\":%" G_GINT64_FORMAT
        ",\"balanceAfter\":%" G_GINT64_FORMAT
        ",\"occurredAt\":\"2026-11-22T02:41:00Z\",\"kind\":\"gift\"}",
        i > from ? "," : "", i + 1, i, g_array_index (self->points, gint64, i),
        sum (self->points, i + 1));
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}

static guint
number_after (const char *path, const char *name)
{
  const char *found = strstr (path, name);
  return found != NULL ? (guint) g_ascii_strtoull (found + strlen (name), NULL, 10) : 0;
}

static char *
answer_text (FakeBank *self, const char *path)
{
  if (strstr (path, "/keys") != NULL)
    return bank_key_make_list (&self->key, NULL);
  if (strstr (path, "/transactions") != NULL)
    return feed_text (self, number_after (path, "entryReferenceFrom="));
  if (strstr (path, "/accounts") != NULL)
    return accounts_text (self);
  if (strstr (path, "/points") != NULL)
    return points_text (self, number_after (path, "from="));
  if (strstr (path, "/offers") != NULL)
    return g_strdup ("{\"offers\":[]}");
  if (strstr (path, "/profile") != NULL)
    return g_strdup (
        "{\"customer\":{\"name\":\"王小明\",\"maskedPhone\":\"138****8000\",\"tier\":\"II\","
        "\"limits\":{\"payment\":" LIMIT ",\"day\":" LIMIT ",\"year\":" LIMIT "}},"
        "\"cards\":[],\"payees\":[],\"upcoming\":[],\"budgets\":[],\"goals\":[]}");
  return g_strdup ("{}");
}

/* Applies what the test wants spoiled. */
static char *
spoil (FakeBank *self, const char *path, char *text)
{
  if (self->spoil_path == NULL || strstr (path, self->spoil_path) == NULL || self->spoil_nth-- != 0)
    return text;
  const char *found = strstr (text, self->spoil_from);
  g_assert_nonnull (found);
  g_autofree char *before = g_strndup (text, (gsize) (found - text));
  char *spoiled = g_strconcat (before, self->spoil_to, found + strlen (self->spoil_from), NULL);
  g_free (text);
  g_clear_pointer (&self->spoil_path, g_free);
  return spoiled;
}

static void
send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  FakeBank *self = FAKE_BANK (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (JnRequest) sent = request;
  g_ptr_array_add (self->paths, g_strdup (sent->path));
  char *text = spoil (self, sent->path, answer_text (self, sent->path));
  JnAnswer *answer = jn_answer_new (200);
  answer->body = g_bytes_new_take (text, strlen (text));
  bank_key_sign_answer (&self->key, answer, sent);
  g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
}

static JnAnswer *
send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
iface_init (JnTransportInterface *iface)
{
  iface->send_async = send_async;
  iface->send_finish = send_finish;
}

static void
fake_bank_finalize (GObject *object)
{
  FakeBank *self = FAKE_BANK (object);
  g_array_unref (self->entries);
  g_array_unref (self->points);
  g_array_unref (self->heads);
  g_ptr_array_unref (self->paths);
  g_free (self->spoil_path);
  g_free (self->spoil_from);
  g_free (self->spoil_to);
  G_OBJECT_CLASS (fake_bank_parent_class)->finalize (object);
}

static void
fake_bank_class_init (FakeBankClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_bank_finalize;
}

static void
fake_bank_init (FakeBank *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->points = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->heads = g_array_new (FALSE, FALSE, sizeof (JnFeedHead));
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->page_size = 500;
  bank_key_init (&self->key, 1);
}

FakeBank *
fake_bank_new (void)
{
  return g_object_new (FAKE_TYPE_BANK, NULL);
}

void
fake_bank_add (FakeBank *self, gint64 amount)
{
  g_array_append_val (self->entries, amount);
}

void
fake_bank_set_hold (FakeBank *self, gint64 amount)
{
  self->hold = amount;
}

void
fake_bank_add_points (FakeBank *self, gint64 points)
{
  g_array_append_val (self->points, points);
}

void
fake_bank_forget (FakeBank *self, guint n)
{
  g_array_set_size (self->entries, self->entries->len - n);
  g_array_set_size (self->heads, 0);
}

void
fake_bank_fork (FakeBank *self)
{
  self->forked = TRUE;
  g_array_set_size (self->heads, 0);
}

void
fake_bank_set_key (FakeBank *self, guint8 number)
{
  bank_key_init (&self->key, number);
}

void
fake_bank_set_page_size (FakeBank *self, guint n)
{
  self->page_size = n;
}

void
fake_bank_spoil (FakeBank *self, const char *path, guint nth, const char *from, const char *to)
{
  g_free (self->spoil_path);
  g_free (self->spoil_from);
  g_free (self->spoil_to);
  self->spoil_path = g_strdup (path);
  self->spoil_from = g_strdup (from);
  self->spoil_to = g_strdup (to);
  self->spoil_nth = nth;
}

guint
fake_bank_count (FakeBank *self, const char *path)
{
  guint n = 0;
  for (guint i = 0; i < self->paths->len; i++)
    n += strstr (g_ptr_array_index (self->paths, i), path) != NULL;
  return n;
}
