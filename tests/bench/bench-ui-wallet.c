#include "bench-ui-wallet.h"

#include "jn-bank-call.h"
#include "jn-bankd.h"
#include "jn-context-private.h"
#include "jn-error.h"

#include <glib/gstdio.h>
#include <string.h>

#define PATIENCE 60 /* seconds */

/* ---- waiting ---- */

static void
on_late (gpointer data)
{
  g_error ("waited %d s for %s", PATIENCE, (const char *) data);
}

void
bench_wait (const char *what, BenchDone done, gpointer data)
{
  guint late = g_timeout_add_once (PATIENCE * 1000, on_late, (gpointer) what);

  while (!done (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
on_rested (gpointer data)
{
  *(gboolean *) data = TRUE;
}

void
bench_rest (guint milliseconds)
{
  gboolean rested = FALSE;

  g_timeout_add_once (milliseconds, on_rested, &rested);
  while (!rested)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- the keyring ---- */

static gboolean
has_keyring (GDBusConnection *bus)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
      g_variant_new ("(s)", "org.freedesktop.secrets"), G_VARIANT_TYPE ("(b)"),
      G_DBUS_CALL_FLAGS_NONE, 1000, NULL, NULL);
  gboolean owned = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &owned);
  return owned;
}

gboolean
bench_keyring_start (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GSubprocess) daemon = NULL;

  if (bus == NULL || has_keyring (bus))
    return bus != NULL;
  daemon = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                 | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                             NULL, "gnome-keyring-daemon", "--unlock", "--components=secrets",
                             "--daemonize", NULL);
  if (daemon == NULL || !g_subprocess_communicate_utf8 (daemon, "bench", NULL, NULL, NULL, NULL))
    return FALSE;
  for (int i = 0; i < 100 && !has_keyring (bus); i++)
    g_usleep (50000);
  return has_keyring (bus);
}

/* ---- the context ---- */

static char *
start_bank (gpointer data, const char *folder, GError **error)
{
  JnBankd **bank = data;
  JnBankdOptions options = { .data_dir = folder };

  if (*bank == NULL)
    *bank = jn_bankd_start (&options, error);
  return *bank != NULL ? g_strdup (jn_bankd_get_address (*bank)) : NULL;
}

JnContext *
bench_context_new (const char *folder)
{
  JnBankd **bank = g_new0 (JnBankd *, 1);
  g_autoptr (GError) error = NULL;
  JnContextOptions options = { .profile_path = BENCH_PROFILE,
                               .data_dir = folder,
                               .scan_program = BENCH_SCAN_PROGRAM,
                               .start_bank = start_bank,
                               .start_bank_data = bank };
  JnContext *context = jn_context_new (&options, &error);

  if (context == NULL)
    g_error ("no context: %s", error->message);
  g_object_set_data (G_OBJECT (context), "bench-bank", bank);
  return context;
}

void
bench_context_free (JnContext *context)
{
  JnBankd **bank = g_object_get_data (G_OBJECT (context), "bench-bank");

  jn_context_shutdown (context);
  if (*bank != NULL)
    jn_bankd_stop (*bank);
  g_clear_object (bank);
  g_free (bank);
  g_object_unref (context);
}

static gboolean
has_started (gpointer data)
{
  JnStage stage = jn_context_get_stage (data);

  if (stage == JN_STAGE_BROKEN)
    g_error ("the wallet does not open: %s", jn_context_get_error (data)->message);
  return stage != JN_STAGE_STARTING;
}

void
bench_wait_for_start (JnContext *context)
{
  bench_wait ("the start", has_started, context);
}

/* ---- enrolling ---- */

static gboolean
has_enrolment (gpointer data)
{
  return jn_context_get_enrolment (data) != NULL;
}

static gboolean
has_code (gpointer data)
{
  JnEnrolment *enrolment = jn_context_get_enrolment (data);
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (data));

  return jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CODE
         && !jn_enrolment_get_busy (enrolment) && g_list_model_get_n_items (messages) > 0;
}

/* A state of the enrolment that is waited for. */
typedef struct
{
  JnContext *context;
  JnEnrolmentState state;
} Step;

static gboolean
has_reached (gpointer data)
{
  Step *step = data;
  JnEnrolment *enrolment = jn_context_get_enrolment (step->context);
  const GError *error = enrolment != NULL ? jn_enrolment_get_error (enrolment) : NULL;

  if (error != NULL)
    g_error ("the enrolment stopped: %s", error->message);
  return enrolment == NULL
         || (jn_enrolment_get_state (enrolment) == step->state
             && !jn_enrolment_get_busy (enrolment));
}

static gboolean
is_current (gpointer data)
{
  return jn_context_get_stage (data) == JN_STAGE_READY
         && jn_context_get_connection (data) == JN_CONNECTION_CURRENT
         && jn_home_get_state (jn_context_get_home (data)) == JN_VIEW_CONTENT;
}

void
bench_enrol (JnContext *context)
{
  JnEnrolment *enrolment;
  const char *pin;

  jn_context_begin_enrolment (context);
  bench_wait ("an enrolment", has_enrolment, context);
  enrolment = jn_context_get_enrolment (context);
  pin = jn_enrolment_get_suggested_pin (enrolment);
  jn_enrolment_submit_phone (enrolment, jn_enrolment_get_suggested_phone (enrolment));
  bench_wait ("the code", has_code, context);
  {
    GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (context));
    g_autoptr (JnSmsItem) message = g_list_model_get_item (messages, 0);
    jn_enrolment_submit_code (enrolment, jn_sms_item_get_code (message));
  }
  bench_wait ("the PIN", has_reached, &(Step){ context, JN_ENROLMENT_PIN });
  jn_enrolment_submit_pin (enrolment, pin, pin);
  bench_wait ("the identity", has_reached, &(Step){ context, JN_ENROLMENT_IDENTITY });
  jn_enrolment_submit_identity (enrolment, NULL, NULL);
  bench_wait ("the card", has_reached, &(Step){ context, JN_ENROLMENT_CARD });
  jn_enrolment_submit_card (enrolment, NULL);
  bench_wait ("the history", is_current, context);
}

/* ---- a payment that comes back ---- */

static gpointer
read_nothing (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

static void
on_sent_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (jn_bank_call_finish (JN_BANK (source), result, bench_send_back, &error) == NULL)
    g_error ("it does not come back: %s", error->message);
}

void
bench_send_back (JnContext *context, const JnId *transaction)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *id = jn_id_to_string (transaction);

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionId", id);
  jn_json_writer_end_object (writer);
  jn_bank_call (jn_context_get_uncut_bank (context),
                jn_bank_request ("POST", writer, JN_BANK_WRITE_MS, "/wallet/v1/sandbox/returns"),
                JN_BANK_FRESH_KEY, read_nothing, NULL, NULL, NULL, bench_send_back, NULL,
                on_sent_back, NULL);
}

/* ---- a long history ---- */

/* Payee, category, price range in minor units, how often of a thousand. */
typedef struct
{
  const char *payee;
  JnCategory category;
  gint64 low, high;
  guint weight;
} Habit;

static const Habit habits[] = {
  { "晨光咖啡 (人民路店)", JN_CATEGORY_DINING, 1600, 3800, 130 },
  { "云杉园区食堂", JN_CATEGORY_DINING, 1200, 2600, 140 },
  { "老街面馆", JN_CATEGORY_DINING, 1800, 4200, 60 },
  { "山城火锅 (南湖店)", JN_CATEGORY_DINING, 8800, 36000, 15 },
  { "城市地铁", JN_CATEGORY_TRANSPORT, 200, 700, 220 },
  { "安行出租", JN_CATEGORY_TRANSPORT, 1300, 6800, 45 },
  { "家门口超市 (槐树街店)", JN_CATEGORY_GROCERIES, 800, 18000, 110 },
  { "绿叶蔬果", JN_CATEGORY_GROCERIES, 900, 6000, 80 },
  { "南方电力", JN_CATEGORY_UTILITIES, 6000, 28000, 8 },
  { "清泉水务有限责任公司北河市分公司", JN_CATEGORY_UTILITIES, 2000, 9000, 6 },
  { "中华通信", JN_CATEGORY_TELECOM, 3900, 19900, 8 },
  { "云上百货", JN_CATEGORY_SHOPPING, 1500, 89000, 50 },
  { "青禾服饰", JN_CATEGORY_SHOPPING, 5900, 69900, 14 },
  { "星海影城", JN_CATEGORY_LEISURE, 3500, 16000, 20 },
  { "康宁大药房", JN_CATEGORY_HEALTH, 900, 24000, 18 },
  { "Xinzhi Books & Stationery", JN_CATEGORY_EDUCATION, 1900, 22000, 14 },
  { "云栖酒店 (湖滨店)", JN_CATEGORY_TRAVEL, 18000, 98000, 4 },
  { "好剪才理发", JN_CATEGORY_OTHER, 3800, 12800, 12 },
  { "安居公寓", JN_CATEGORY_HOUSING, 280000, 320000, 4 },
  { "张伟", JN_CATEGORY_TRANSFER, 5000, 60000, 12 },
};

typedef struct
{
  JnStorage *storage;
  char *bban;
  JnCurrency currency;
  JnInstant now;
  guint n;
  guint64 state; /* of the random numbers */
  jn_id account, world;
  gint64 posted;
} Filling;

static guint64
next_random (Filling *self)
{
  guint64 z = (self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static const Habit *
pick_habit (Filling *self)
{
  guint total = 0;
  guint dice;

  for (gsize i = 0; i < G_N_ELEMENTS (habits); i++)
    total += habits[i].weight;
  dice = (guint) (next_random (self) % total);
  for (gsize i = 0; i < G_N_ELEMENTS (habits); i++)
    {
      if (dice < habits[i].weight)
        return &habits[i];
      dice -= habits[i].weight;
    }
  g_assert_not_reached ();
}

/* Every fiftieth brings the money back that was spent since, as income; the last one too. */
static void
make_entry (Filling *self, guint index, JnWireEntry *out)
{
  const Habit *habit = pick_habit (self);
  gboolean income = index % 50 == 49 || index + 1 == self->n;
  JnInstant begin = self->now - 3 * 365 * JN_DAY - 95 * JN_DAY;
  guint64 range = (guint64) (habit->high - habit->low) + 1;
  gint64 spent = habit->low + (gint64) (next_random (self) % range);

  *out = (JnWireEntry){ .kind = income ? JN_WIRE_KIND_INCOME : JN_WIRE_KIND_PAYMENT,
                        .category = income ? JN_CATEGORY_INCOME : habit->category,
                        .counterparty = income ? "云杉科技" : (char *) habit->payee,
                        .counterparty_account = "6299020012345678903",
                        .amount = jn_money (income ? -self->posted : -spent, self->currency),
                        .occurred_at = begin + (JnInstant) index * (3 * 365 * JN_DAY / self->n) };
  for (int i = 0; i < 8; i++)
    {
      out->id.bytes[i] = (guint8) ((guint64) index >> (8 * (7 - i)));
      out->id.bytes[8 + i] = (guint8) (next_random (self) >> 8);
    }
  out->value_date = jn_date_at (out->occurred_at);
  if (!income && index % 11 == 0)
    {
      out->discount = jn_money (100 + (gint64) (index % 7) * 50, self->currency);
      out->original = jn_money (spent + out->discount.minor, self->currency);
    }
  if (!income && index % 9 == 0)
    out->memo = "和同事一起，下次轮到我";
  out->points_earned = income ? 0 : spent / 100;
  self->posted += out->amount.minor;
}

static void
make_event (Filling *self, const JnWireEntry *entry, jn_event *out)
{
  gboolean in = entry->amount.minor > 0;

  *out = (jn_event){ .kind = JN_TRANSFER,
                     .code = (uint16_t) entry->category,
                     .currency = entry->amount.currency,
                     .debit = in ? self->world : self->account,
                     .credit = in ? self->account : self->world,
                     .amount = in ? entry->amount.minor : -entry->amount.minor,
                     .value_date = entry->value_date,
                     .occurred_us = entry->occurred_at,
                     .payee = entry->counterparty,
                     .memo = entry->memo };
  memcpy (out->id.b, entry->id.bytes, sizeof out->id.b);
}

static gboolean
fill_page (Filling *self, guint from, guint n, GError **error)
{
  g_autofree JnWireEntry *entries = g_new0 (JnWireEntry, n);
  g_autofree jn_event *events = g_new0 (jn_event, n);
  g_autofree jn_result *results = g_new0 (jn_result, n);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  jn_feed_page page = {
    .feed = "bench", .from_seq = from + 1, .to_seq = from + n, .events = events, .n_events = n
  };

  for (guint i = 0; i < n; i++)
    {
      make_entry (self, from + i, &entries[i]);
      make_event (self, &entries[i], &events[i]);
      g_ptr_array_add (list, &entries[i]);
    }
  jn_stated_balance stated = { self->account, self->posted };
  page.balances = &stated;
  page.n_balances = 1;
  return jn_storage_put_entry_details (self->storage, list, FALSE, error)
         && jn_storage_check (
             jn_feed_apply (jn_storage_get_ledger (self->storage), &page, results, NULL), error);
}

static gpointer
fill (gpointer data, GCancellable *cancellable, GError **error)
{
  Filling *self = data;
  jn_id issuer;

  if (!jn_storage_erase (self->storage, FALSE, error)
      || !jn_storage_open_accounts (self->storage, self->bban, self->currency, error)
      || !jn_storage_get_accounts (self->storage, &self->account, NULL)
      || !jn_storage_get_world (self->storage, &self->world, &issuer))
    return NULL;
  for (guint i = 0; i < self->n; i += 5000)
    if (!fill_page (self, i, MIN (5000, self->n - i), error))
      return NULL;
  return self;
}

static void
on_filled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (jn_worker_run_finish (JN_WORKER (source), result, &error) == NULL)
    g_error ("the history could not be written: %s", error != NULL ? error->message : "");
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* How long the list must be: the bank's own entries stand above. */
typedef struct
{
  JnContext *context;
  guint n;
} Length;

static gboolean
is_long (gpointer data)
{
  Length *length = data;
  GListModel *entries = jn_bills_get_entries (jn_context_get_bills (length->context));

  return is_current (length->context) && g_list_model_get_n_items (entries) > length->n;
}

void
bench_fill (JnContext *context, guint n)
{
  gboolean filled = FALSE;
  Filling filling = { .storage = jn_context_get_storage (context),
                      .bban = g_strdup (jn_context_get_facts (context)->account),
                      .currency = jn_context_get_currency (context),
                      .now = jn_context_now (context),
                      .n = n };

  jn_worker_run_async (jn_context_get_worker (context), fill, &filling, NULL, NULL, NULL, on_filled,
                       &filled);
  bench_wait ("the long history", is_true, &filled);
  g_free (filling.bban);
  jn_context_sync (context);
  jn_bills_set_month (jn_context_get_bills (context), 0);
  bench_wait ("the bank's history", is_long, &(Length){ context, n });
}
