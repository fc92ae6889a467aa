/* libFuzzer: pages of a bank's feed, sets of holds and requests made of the input, on a sealed ledger on a disk in memory; the naive
 * model answers the same. Built with FUZZ_CANARY the model forgets that a page may leave a gap, and the fuzzer has to find that. */
#include <string.h>

#include "fuzz-events.h"
#include "jn-fault-vfs.h"
#include "jn-seal-vfs.h"
#include "ledger-model.h"

#define VFS "jn-seal-fuzz"
#define PATH "/wallet.db"

static gint64 clock_us;
static Disk *born;

static int64_t
read_now (void *ctx)
{
  return clock_us;
}

static const jn_host HOST = { .now_us = read_now, .vfs = VFS, .tail_rows = 5 };

static void
open_accounts (jn_ledger *ledger, Model *model)
{
  for (unsigned i = 0; i < FUZZ_ACCOUNTS; i++)
    {
      jn_account a = fuzz_account (i);

      clock_us++;
      MUST (ledger == NULL || jn_account_open (ledger, &a) == JN_OK);
      MUST (model_open_account (model, clock_us, &a) == JN_OK);
    }
}

/* A disk with the accounts on it; each input begins with a copy. */
static void
give_birth (void)
{
  static const uint8_t key[32] = { 1 }, uuid[16] = { 2 };
  jn_ledger *ledger = NULL;
  Model *model = model_new ();

  fault_vfs_register ();
  MUST (jn_seal_vfs_register (VFS, "jn-fault") == 0);
  MUST (jn_seal_vfs_add_key (VFS, PATH, uuid, key) == JN_SEAL_OK);
  born = disk_new ();
  fault_vfs_use (born);
  clock_us = 1000;
  MUST (jn_open (PATH, NULL, &HOST, 0, &ledger) == JN_OK);
  open_accounts (ledger, model);
  jn_close (ledger);
  model_free (model);
}

static void
same_results (const jn_result *a, const jn_result *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (a[i].status != b[i].status || a[i].amount != b[i].amount || a[i].no != b[i].no)
      {
        fprintf (stderr, "event %zu: %d %lld %llu beside %d %lld %llu\n", i, (int) a[i].status,
                 (long long) a[i].amount, (unsigned long long) a[i].no, (int) b[i].status,
                 (long long) b[i].amount, (unsigned long long) b[i].no);
        abort ();
      }
}

/* The model knows neither calendars nor encodings. */
static jn_event
tame_event (FuzzBytes *bytes)
{
  jn_event e = fuzz_event (bytes);

  if (e.payee != NULL && (uint8_t) *e.payee == 0xff)
    e.payee = "x";
  if (e.memo != NULL && (uint8_t) *e.memo == 0xff)
    e.memo = "y";
  if (e.value_date != 0)
    e.value_date = e.value_date / 100 * 100 + 1 + e.value_date % 28;
  return e;
}

static void
try_page (jn_ledger *ledger, Model *model, FuzzBytes *bytes, uint8_t op)
{
  jn_event events[FUZZ_EVENTS];
  jn_result got[FUZZ_EVENTS] = { { 0 } }, wanted[FUZZ_EVENTS] = { { 0 } };
  jn_stated_balance balance = { .account = fuzz_id (1, op % 5 + 1) };
  jn_feed_page page = { .feed = "main", .events = events, .balances = &balance };
  jn_status status;

  page.n_events = op / 8 % FUZZ_EVENTS;
  for (size_t i = 0; i < page.n_events; i++)
    events[i] = tame_event (bytes);
  page.from_seq = model->cursor + 1 + (op >= 250) - (op >= 230 && model->cursor > 0);
  page.to_seq = page.from_seq + page.n_events - 1;
  page.n_balances = op % 16 == 15;
  balance.posted = fuzz_amount (fuzz_take (bytes));
  status = jn_feed_apply (ledger, &page, got, NULL);
#ifdef FUZZ_CANARY
  if (status == JN_FEED_GAP)
    page.from_seq = model->cursor + 1;
#endif
  MUST (status == model_feed (model, clock_us, &page, wanted));
  if (status == JN_OK)
    same_results (got, wanted, page.n_events);
}

static void
try_pending (jn_ledger *ledger, Model *model, FuzzBytes *bytes, uint8_t op)
{
  jn_event events[FUZZ_EVENTS];
  size_t n = op / 8 % FUZZ_EVENTS;
  jn_status got, wanted;

  for (size_t i = 0; i < n; i++)
    {
      events[i] = tame_event (bytes);
      if (op < 200)
        events[i].kind = JN_PENDING;
      /* The bank names a hold once. */
      for (size_t k = 0; k < i; k++)
        if (memcmp (&events[k].id, &events[i].id, 16) == 0)
          n = i;
    }
  got = jn_feed_pending (ledger, "main", events, n);
  wanted = model_feed_pending (model, clock_us, events, n);
  if (got != wanted)
    fprintf (stderr, "pending set: %d beside %d\n", (int) got, (int) wanted);
  MUST (got == wanted);
}

static void
try_submit (jn_ledger *ledger, Model *model, FuzzBytes *bytes, uint8_t op)
{
  jn_event events[FUZZ_EVENTS];
  jn_result got[FUZZ_EVENTS] = { { 0 } }, wanted[FUZZ_EVENTS] = { { 0 } };
  size_t n = op / 8 % FUZZ_EVENTS;

  for (size_t i = 0; i < n; i++)
    events[i] = tame_event (bytes);
  MUST (jn_submit (ledger, events, n, got, NULL) == JN_OK);
  model_submit (model, clock_us, events, n, wanted);
  same_results (got, wanted, n);
}

static void
same_balances (jn_ledger *ledger, Model *model)
{
  jn_snapshot *snapshot = NULL;
  guint64 cursor = 0;

  MUST (jn_snapshot_begin (ledger, &snapshot) == JN_OK);
  for (int i = 0; i < FUZZ_ACCOUNTS; i++)
    {
      const ModelAccount *a = MODEL_ACCOUNT (model, i);
      jn_balance b;

      MUST (jn_balance_get (snapshot, &a->info.id, &b) == JN_OK);
      MUST (b.d_posted == a->sums.d_posted && b.c_posted == a->sums.c_posted
            && b.d_pending == a->sums.d_pending && b.c_pending == a->sums.c_pending);
    }
  jn_snapshot_end (snapshot);
  MUST (jn_feed_cursor (ledger, "main", &cursor) == JN_OK && cursor == model->cursor);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  jn_ledger *ledger = NULL;
  Model *model;
  Disk *disk;

  if (born == NULL)
    give_birth ();
  disk = disk_clone (born);
  fault_vfs_use (disk);
  model = model_new ();
  clock_us = 1000;
  open_accounts (NULL, model);
  MUST (jn_open (PATH, NULL, &HOST, 0, &ledger) == JN_OK);
  while (bytes.left > 0)
    {
      uint8_t op = fuzz_take (&bytes);

      clock_us += 1 + op;
      if (op % 4 < 2)
        try_page (ledger, model, &bytes, op);
      else if (op % 4 == 2)
        try_pending (ledger, model, &bytes, op);
      else
        try_submit (ledger, model, &bytes, op);
    }
  same_balances (ledger, model);
  MUST (jn_verify (ledger, NULL, NULL) == JN_OK);
  jn_close (ledger);
  model_free (model);
  fault_vfs_use (NULL);
  disk_free (disk);
  return 0;
}
