#include "sim-bank.h"

#include "jn-bankd-book.h"
#include "jn-bankd-door.h"
#include "jn-json.h"
#include "sim-line.h"
#include "sim-net.h"
#include "sim-oracle.h"

#include <string.h>

#define VFS_NAME "sim-bank"
#define TICK (30 * JN_SECOND)
#define MOST_OPERATIONS 60
/* Pages, of a bank whose book does not fit into its memory: then disks fail inside of transactions too. */
#define SMALL_CACHE 10
/* Cheap, because what protects PINs is not looked at here. */
#define PIN_OPERATIONS 1
#define PIN_MEMORY 8192

struct _SimBank
{
  SimWorld *world;
  SimVfs *vfs;
  SimClock *clock;
  JnEntropy *entropy;
  JnBankdCore *core;
  gboolean starting;
  gboolean small; /* its memory */
  Disk *copy;     /* an older one, to fail over to; NULL: none yet */
  guint copy_entries;
  Disk *aside;      /* its own, while the copy serves; NULL: it is in use */
  GArray *balances; /* of the book that is aside */
};

static void
on_disk (gpointer data, SimDiskEvent event)
{
  SimBank *self = data;
  if (event != SIM_DISK_DEATH)
    sim_fault_count (self->world, event == SIM_DISK_FULL ? SIM_BANK_DISK_FULL : SIM_BANK_DISK_ERROR,
                     SIM_N_WALLETS);
}

static void
set_faults (SimBank *self, gboolean any)
{
  const guint *rates = self->world->rates;
  sim_vfs_set_faults (self->vfs, any ? rates[SIM_BANK_DISK_ERROR] : 0,
                      any ? rates[SIM_BANK_DISK_FULL] : 0, &self->world->streams[SIM_DISK], on_disk,
                      self);
}

static gboolean
start (SimBank *self)
{
  g_autoptr (GError) error = NULL;
  JnBankdCoreOptions options = { .folder = "/bank",
                                 .vfs = sim_vfs_get_name (self->vfs),
                                 .seed = 1,
                                 .clock = JN_CLOCK (self->clock),
                                 .entropy = self->entropy,
                                 .pin_operations = PIN_OPERATIONS,
                                 .pin_memory = PIN_MEMORY };

  self->core = jn_bankd_core_open (&options, &error);
  self->world->stats->restarts++;
  sim_log (self->world, "bank %s", self->core != NULL ? "starts" : error->message);
  /* A copy books nothing, not even what is due. */
  if (self->core != NULL && self->aside != NULL)
    self->core->next_due = G_MAXINT64;
  if (self->core == NULL)
    return FALSE;
  if (self->small)
    jn_bankd_db_run (self->core->db, "PRAGMA cache_size=" G_STRINGIFY (SMALL_CACHE), "");
  sim_oracle_bank_started (self->world->oracle);
  return TRUE;
}

static void
on_start (gpointer data)
{
  SimBank *self = data;

  if (self->core != NULL || !self->starting)
    return;
  if (start (self))
    self->starting = FALSE;
  else
    sim_plan (self->world, sim_between (self->world, SIM_CRASH, JN_SECOND, 5 * JN_SECOND), on_start,
              self);
}

static void
on_tick (gpointer data)
{
  SimBank *self = data;
  sim_bank_tick (self);
  sim_plan (self->world, TICK, on_tick, self);
}

SimBank *
sim_bank_new (SimWorld *world, Disk *disk)
{
  SimBank *self = g_new0 (SimBank, 1);

  self->world = world;
  world->bank = self;
  self->vfs = sim_vfs_get (VFS_NAME);
  self->clock = sim_clock_new (world);
  self->entropy = jn_seeded_entropy_new (sim_random (world, SIM_WORKLOAD));
  self->small = sim_random (world, SIM_DISK) % 3 == 0;
  sim_vfs_use (self->vfs, disk);
  set_faults (self, FALSE);
  if (!start (self))
    sim_fail (world, SIM_CHECK_WORLD, "the bank does not start");
  set_faults (self, TRUE);
  sim_plan (world, TICK, on_tick, self);
  return self;
}

void
sim_bank_free (SimBank *self)
{
  g_autoptr (GError) error = NULL;

  set_faults (self, FALSE);
  jn_bankd_core_close (self->core);
  disk_free (sim_vfs_get_disk (self->vfs));
  g_clear_pointer (&self->copy, disk_free);
  g_clear_pointer (&self->aside, disk_free);
  g_clear_pointer (&self->balances, g_array_unref);
  sim_vfs_use (self->vfs, NULL);
  g_object_unref (self->clock);
  g_object_unref (self->entropy);
  g_free (self);
}

/* ---- one message ---- */

static SimMessage *
take_reply (SimBank *self, JnBankdReply *reply)
{
  SimMessage *answer = sim_message_new ();

  answer->status = reply->status;
  answer->wait = reply->wait;
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
    {
      const JnBankdHeader *header = &g_array_index (reply->headers, JnBankdHeader, i);
      sim_message_add_header (answer, header->name, header->value);
    }
  if (reply->body != NULL)
    sim_message_set_body (answer, reply->body, reply->body_length);
  if (reply->stream)
    answer->line = sim_line_new (self->world, reply);
  jn_bankd_reply_clear (reply);
  return answer;
}

static SimMessage *
pass (SimBank *self, const SimMessage *request, gboolean again)
{
  g_autoptr (GArray) headers = g_array_new (FALSE, FALSE, sizeof (JnBankdHeader));
  JnBankdReply reply = { 0 };

  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    {
      JnBankdHeader header = { request->headers->pdata[i], request->headers->pdata[i + 1] };
      g_array_append_val (headers, header);
    }
  JnBankdMessage message = {
    .method = request->method,
    .target = request->target,
    .headers = (const JnBankdHeader *) (gpointer) headers->data,
    .n_headers = headers->len,
    .body = request->body != NULL ? (const char *) request->body->data : NULL,
    .body_length = request->body != NULL ? request->body->len : 0,
  };
  if (again)
    jn_bankd_door_look_again (self->core, &message, &reply);
  else
    jn_bankd_door_handle (self->core, &message, &reply);
  return take_reply (self, &reply);
}

/* A copy only reads: what would change it is refused at the front. */
static gboolean
is_refused_by_copy (SimBank *self, const SimMessage *request)
{
  static const char *const reads[] = { "/wallet/v1/qr/resolve", "/wallet/v1/payee-checks",
                                       "/psd2/v1/funds-confirmations", NULL };

  return self->aside != NULL && g_strcmp0 (request->method, "GET") != 0
         && !g_strv_contains (reads, request->target);
}

SimMessage *
sim_bank_handle (SimBank *self, const SimMessage *request, gboolean again)
{
  SimWorld *world = self->world;
  gboolean write = g_strcmp0 (request->method, "GET") != 0;

  if (self->core == NULL)
    return NULL;
  if (is_refused_by_copy (self, request))
    return sim_message_new_page (503, "<html>Maintenance</html>");
  if (!again && sim_fault (world, SIM_CRASH, SIM_BANK_CRASH, SIM_N_WALLETS)
      && (sim_random (world, SIM_CRASH) & 1) != 0)
    {
      sim_bank_crash (self, SIM_N_FAULTS);
      return NULL;
    }
  if (write && world->rates[SIM_BANK_POWER] > 0 && !world->healed
      && sim_random (world, SIM_CRASH) % 10000 < world->rates[SIM_BANK_POWER])
    sim_vfs_set_death (self->vfs, (guint) sim_between (world, SIM_CRASH, 1, MOST_OPERATIONS));
  g_autoptr (SimMessage) answer = pass (self, request, again);
  if (sim_vfs_is_dead (self->vfs))
    {
      sim_bank_crash (self, SIM_BANK_POWER);
      return NULL;
    }
  sim_vfs_set_death (self->vfs, 0);
  if (self->aside != NULL)
    answer->older = self->copy_entries - 1;
  sim_oracle_answered (world->oracle, request, answer, again);
  if (write && !again)
    sim_net_bank_changed (world->net);
  return g_steal_pointer (&answer);
}

guint
sim_bank_ask (SimBank *self, const char *method, const char *target, const char *body)
{
  g_autoptr (SimMessage) request = sim_message_new ();
  g_autofree char *request_id = jn_uuid_make (self->entropy);

  request->method = g_strdup (method);
  request->target = g_strdup (target);
  sim_message_add_header (request, "X-Request-ID", request_id);
  if (body != NULL)
    {
      JnId id = jn_id_make (JN_CLOCK (self->clock), self->entropy);
      g_autofree char *text = jn_id_to_string (&id);
      g_autofree char *key = g_strdup_printf ("\"%s\"", text);
      sim_message_add_header (request, "Idempotency-Key", key);
      sim_message_add_header (request, "Content-Type", "application/json");
      sim_message_set_body (request, body, strlen (body));
    }
  g_autoptr (SimMessage) answer = sim_bank_handle (self, request, FALSE);
  return answer != NULL ? answer->status : 0;
}

/* ---- ends and starts ---- */

static void
stop (SimBank *self)
{
  jn_bankd_core_close (self->core);
  self->core = NULL;
  sim_net_bank_down (self->world->net);
}

void
sim_bank_crash (SimBank *self, SimFault why)
{
  SimWorld *world = self->world;
  Disk *before = sim_vfs_get_disk (self->vfs);
  CutDamage damage = (CutDamage) (sim_random (world, SIM_DISK) % CUT_COUNT);

  if (self->core == NULL)
    return;
  if (why < SIM_N_FAULTS)
    sim_fault_count (world, why, SIM_N_WALLETS);
  sim_log (world, "bank goes down, damage %d", (int) damage);
  sim_vfs_kill (self->vfs);
  stop (self);
  sim_vfs_use (self->vfs, sim_disk_cut (before, damage, &world->streams[SIM_DISK]));
  disk_free (before);
  self->starting = TRUE;
  sim_plan (world, sim_delay (world, SIM_CRASH, JN_SECOND, 60 * JN_SECOND), on_start, self);
}

gboolean
sim_bank_is_up (SimBank *self)
{
  return self->core != NULL;
}

void
sim_bank_heal (SimBank *self)
{
  set_faults (self, FALSE);
  sim_bank_come_back (self);
  if (self->core == NULL && !start (self))
    sim_fail (self->world, SIM_CHECK_ENDS, "the bank does not start on a healed disk");
  self->starting = FALSE;
}

Disk *
sim_bank_close (SimBank *self)
{
  stop (self);
  return sim_disk_copy (sim_vfs_get_disk (self->vfs));
}

/* ---- an older copy ---- */

static void
change_disk (SimBank *self, Disk *disk)
{
  stop (self);
  sim_vfs_use (self->vfs, disk);
  self->starting = TRUE;
  sim_plan (self->world, sim_between (self->world, SIM_CRASH, JN_SECOND, 20 * JN_SECOND), on_start,
            self);
}

static GArray *
read_balances (SimBank *self)
{
  GArray *balances = g_array_new (FALSE, TRUE, sizeof (gint64));
  sqlite3_stmt *stmt = jn_bankd_db_query (
      self->core->db, "SELECT sequence, balance_after FROM entry WHERE account = 1", "");

  while (jn_bankd_db_step (self->core->db, stmt))
    {
      gsize sequence = (gsize) sqlite3_column_int64 (stmt, 0);
      if (balances->len <= sequence)
        g_array_set_size (balances, (guint) sequence + 1);
      g_array_index (balances, gint64, sequence) = sqlite3_column_int64 (stmt, 1);
    }
  return balances;
}

gboolean
sim_bank_fail_over (SimBank *self)
{
  Disk *own = sim_vfs_get_disk (self->vfs);

  if (self->core == NULL || self->aside != NULL)
    return FALSE;
  sim_bank_hush (self, TRUE);
  GArray *balances = read_balances (self);
  sim_bank_hush (self, FALSE);
  if (self->copy == NULL || balances->len <= self->copy_entries)
    {
      if (self->copy == NULL)
        {
          self->copy = sim_disk_cut (own, CUT_LOST, &self->world->streams[SIM_DISK]);
          self->copy_entries = balances->len;
        }
      g_array_unref (balances);
      return FALSE;
    }
  sim_fault_count (self->world, SIM_OLD_REPLICA, SIM_N_WALLETS);
  sim_log (self->world, "bank fails over to a book of %u entries, of %u", self->copy_entries - 1,
           balances->len - 1);
  self->balances = balances;
  self->aside = sim_disk_cut (own, CUT_LOST, &self->world->streams[SIM_DISK]);
  change_disk (self, g_steal_pointer (&self->copy));
  disk_free (own);
  return TRUE;
}

void
sim_bank_come_back (SimBank *self)
{
  Disk *older = sim_vfs_get_disk (self->vfs);

  if (self->aside == NULL)
    return;
  sim_log (self->world, "bank comes back to its own book");
  Disk *own = g_steal_pointer (&self->aside);
  g_clear_pointer (&self->balances, g_array_unref);
  change_disk (self, own);
  disk_free (older);
}

const GArray *
sim_bank_get_balances_aside (SimBank *self)
{
  return self->balances;
}

/* ---- looking in ---- */

JnBankdCore *
sim_bank_get_core (SimBank *self)
{
  return self->core;
}

void
sim_bank_hush (SimBank *self, gboolean hush)
{
  sim_vfs_hush (self->vfs, hush);
}

SimClock *
sim_bank_get_clock (SimBank *self)
{
  return self->clock;
}

void
sim_bank_changed (SimBank *self)
{
  sim_oracle_book_changed (self->world->oracle);
  sim_net_bank_changed (self->world->net);
}

void
sim_bank_tick (SimBank *self)
{
  if (self->core == NULL || self->aside != NULL)
    return;
  if (jn_bankd_core_tick (self->core, jn_clock_now (JN_CLOCK (self->clock))))
    {
      sim_log (self->world, "bank books what is due");
      sim_bank_changed (self);
    }
}

char *
sim_bank_get_sms (SimBank *self)
{
  if (self->core == NULL)
    return NULL;
  sim_bank_hush (self, TRUE);
  char *code =
      jn_bankd_db_text (self->core->db, "SELECT code FROM sms ORDER BY sequence DESC LIMIT 1", "");
  sim_bank_hush (self, FALSE);
  return code;
}

char *
sim_bank_make_code (SimBank *self, guint64 n, gint64 *amount)
{
  g_autoptr (SimMessage) request = sim_message_new ();
  g_autofree char *request_id = jn_uuid_make (self->entropy);

  *amount = 0;
  if (self->core == NULL || self->aside != NULL)
    return NULL;
  request->method = g_strdup ("GET");
  request->target = g_strdup ("/wallet/v1/sandbox/shops");
  sim_message_add_header (request, "X-Request-ID", request_id);
  sim_bank_hush (self, TRUE);
  g_autoptr (SimMessage) answer = pass (self, request, FALSE);
  sim_bank_hush (self, FALSE);
  if (answer->body == NULL || answer->status != 200)
    return NULL;
  g_autoptr (JnJsonDoc) doc =
      jn_json_parse ((const char *) answer->body->data, answer->body->len, NULL);
  JnJson *shops = doc != NULL ? jn_json_get (jn_json_doc_root (doc), "shops") : NULL;
  if (shops == NULL || jn_json_length (shops) == 0)
    return NULL;
  JnJson *shop = jn_json_at (shops, (guint) (n % jn_json_length (shops)));
  JnMoney money;
  const char *text = jn_json_string (jn_json_path (shop, "amount/amount"));
  if (text != NULL && jn_money_from_wire (text, "CNY", &money, NULL))
    *amount = money.minor;
  return g_strdup (jn_json_string (jn_json_get (shop, "payload")));
}
