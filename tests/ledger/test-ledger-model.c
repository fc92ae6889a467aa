/* The engine and the naive model in lockstep: the same random operations, every answer and every read compared. */
#include <string.h>

#include "ledger-play.h"

#define N_ACCOUNTS 6
#define N_STEPS 120
#define MAX_BATCH 12

static const char *const TEXTS[] = { NULL,           "Coffee", "咖啡馆", "瑞幸 Coffee",
                                     "rent for May", "房租",   "a%b_c" };

static guint play_imports[3]; /* made, undone, refused to be undone */

static gint32
below (Play *play, gint32 n)
{
  return g_rand_int_range (play->rand, 0, n);
}

static const char *
pick_text (Play *play)
{
  return TEXTS[below (play, G_N_ELEMENTS (TEXTS))];
}

static jn_id
new_id (Play *play)
{
  /* Mostly rising with time, sometimes not. */
  guint64 high = below (play, 8) == 0 ? g_rand_int (play->rand) : (play->next_id << 32);
  jn_id id = world_id (high, ++play->next_id);

  g_array_append_val (play->ids, id);
  return id;
}

static jn_id
old_id (Play *play)
{
  if (play->ids->len == 0)
    return new_id (play);
  /* Newer ones more often. */
  if (below (play, 2) == 0 && play->ids->len > 10)
    return g_array_index (play->ids, jn_id, play->ids->len - 1 - (guint) below (play, 10));
  return g_array_index (play->ids, jn_id, (guint) below (play, (gint32) play->ids->len));
}

/* Something to post or void: mostly a pending transfer. */
static jn_id
pick_pending (Play *play)
{
  for (int tries = 0; tries < 30 && play->model->transfers->len > 0; tries++)
    {
      const ModelTransfer *t =
          MODEL_TRANSFER (play->model, (guint) below (play, (gint32) play->model->transfers->len));

      if (t->kind == JN_PENDING && t->own_id)
        return t->request.id;
    }
  return old_id (play);
}

static jn_id
pick_account (Play *play)
{
  int n = below (play, 40);

  if (n == 0)
    return world_id (0, 0);
  return world_id (1, n == 7 ? 99 : (guint64) (n % N_ACCOUNTS));
}

static gint64
pick_amount (Play *play)
{
  switch (below (play, 60))
    {
    case 0:
      return 0;
    case 1:
      return -5;
    case 2:
      return G_MAXINT64 - below (play, 3);
    default:
      return 1 + below (play, 400);
    }
}

static gint32
pick_date (Play *play)
{
  return 20260101 + below (play, 3) * 100 + below (play, 28);
}

static jn_event
pick_event (Play *play, gboolean bank)
{
  jn_event e = { 0 };
  int kind = below (play, 20);

  e.id = new_id (play);
  e.kind = kind < 9 ? JN_TRANSFER : kind < 14 ? JN_PENDING : kind < 18 ? JN_POST : JN_VOID;
  e.value_date = pick_date (play);
  e.code = (uint16_t) below (play, 4);
  e.occurred_us = below (play, 1000);
  e.payee = pick_text (play);
  e.memo = pick_text (play);
  e.reference = pick_text (play);
  if (e.kind == JN_POST || e.kind == JN_VOID)
    {
      e.pending = below (play, 4) == 0 ? old_id (play) : pick_pending (play);
      e.currency = below (play, 2) == 0 ? 0 : 156;
      e.amount = e.kind == JN_POST && below (play, 2) == 0 ? 1 + below (play, 300) : 0;
      if (below (play, 3) == 0)
        e.value_date = 0;
      if (e.kind == JN_POST && below (play, 3) == 0)
        e.flags = JN_TOP_UP;
      return e;
    }
  do
    {
      e.debit = pick_account (play);
      e.credit = pick_account (play);
      e.amount = bank ? 1 + below (play, 400) : pick_amount (play);
    }
  while (bank && memcmp (&e.debit, &e.credit, 16) == 0);
  e.currency = below (play, 30) == 0 ? 840 : 156;
  if (e.kind == JN_PENDING && below (play, 2) == 0)
    e.timeout_us = 1 + below (play, 5000);
  if (!bank && below (play, 5) == 0)
    e.flags = below (play, 2) == 0 ? JN_BALANCE_DEBIT : JN_BALANCE_CREDIT;
  if (!bank && e.kind == JN_PENDING && below (play, 30) == 0)
    {
      e.flags |= below (play, 2) == 0 ? JN_CLOSE_DEBIT : JN_CLOSE_CREDIT;
      e.timeout_us = 1 + below (play, 3000);
    }
  if (!bank && below (play, 60) == 0)
    e.flags = below (play, 2) == 0 ? 8 : 64;
  if (!bank && below (play, 60) == 0)
    e.timeout_us = -1;
  return e;
}

/* A request that was made before, exactly or with one field changed. */
static jn_event
repeat_event (Play *play)
{
  Model *model = play->model;
  jn_event e;
  guint n = model->transfers->len + model->refusals->len;
  guint i = n == 0 ? 0 : (guint) below (play, (gint32) n);

  if (n == 0)
    return pick_event (play, FALSE);
  e = i < model->transfers->len
          ? MODEL_TRANSFER (model, i)->request
          : g_array_index (model->refusals, ModelRefusal, i - model->transfers->len).request;
  if (i < model->transfers->len && !MODEL_TRANSFER (model, i)->own_id)
    return pick_event (play, FALSE);
  switch (below (play, 16))
    {
    case 0:
      e.amount ^= 1;
      break;
    case 1:
      e.debit = pick_account (play);
      break;
    case 2:
      e.credit = pick_account (play);
      break;
    case 3:
      e.memo = "another";
      break;
    case 4:
      e.code++;
      break;
    case 5:
      e.pending = old_id (play);
      break;
    case 6:
      e.flags ^= JN_LINKED;
      break;
    case 7:
      e.kind = JN_PENDING;
      break;
    default:
      break;
    }
  return e;
}

static void
play_submit (Play *play)
{
  jn_event events[MAX_BATCH];
  jn_result got[MAX_BATCH] = { { 0 } }, expected[MAX_BATCH] = { { 0 } };
  gsize n = 1 + (gsize) below (play, MAX_BATCH);
  jn_head head;

  for (gsize i = 0; i < n; i++)
    {
      events[i] = below (play, 4) == 0 ? repeat_event (play) : pick_event (play, FALSE);
      if (below (play, 3) == 0 && (i + 1 < n || below (play, 8) == 0))
        events[i].flags |= JN_LINKED;
    }
  model_submit (play->model, play->world.now, events, n, expected);
  g_assert_cmpint (jn_submit (play->ledger, events, n, got, &head), ==, JN_OK);
  play_assert_results (got, expected, n);
  g_assert_cmpuint (head.seq, ==, play->model->commits);
}

/* So many rows that months are summed by day as well. */
static void
play_busy (Play *play)
{
  for (int k = 0; k < 26; k++)
    {
      jn_event events[MAX_BATCH];
      jn_result got[MAX_BATCH] = { { 0 } }, expected[MAX_BATCH] = { { 0 } };

      for (gsize i = 0; i < MAX_BATCH; i++)
        {
          events[i] =
              world_transfer (new_id (play), world_id (1, 0),
                              world_id (1, 1 + (guint64) below (play, 2)), 1 + below (play, 50));
          events[i].value_date = pick_date (play);
          events[i].code = (uint16_t) below (play, 4);
        }
      model_submit (play->model, play->world.now, events, MAX_BATCH, expected);
      g_assert_cmpint (jn_submit (play->ledger, events, MAX_BATCH, got, NULL), ==, JN_OK);
      play_assert_results (got, expected, MAX_BATCH);
    }
}

static jn_id
import_id (Play *play)
{
  return world_id (7, 1 + (guint64) below (play, 12));
}

static void
play_import (Play *play)
{
  jn_event events[MAX_BATCH];
  jn_result got[MAX_BATCH] = { { 0 } }, expected[MAX_BATCH] = { { 0 } };
  gsize n = 1 + (gsize) below (play, 4);
  jn_id id = import_id (play);
  jn_status status;

  for (gsize i = 0; i < n; i++)
    {
      events[i] = below (play, 12) == 0 ? repeat_event (play) : pick_event (play, FALSE);
      /* Mostly money in, so that imports succeed. */
      if (events[i].kind == JN_TRANSFER && below (play, 4) > 0)
        {
          events[i].debit = world_id (1, 0);
          events[i].credit = world_id (1, 1 + (guint64) below (play, 3));
          events[i].amount = 1 + below (play, 50);
        }
    }
  status = model_import (play->model, play->world.now, &id, events, n, expected);
  g_assert_cmpint (jn_import (play->ledger, &id, events, n, got, NULL), ==, status);
  play_assert_results (got, expected, n);
  if (status != JN_OK)
    return;
  play_imports[0]++;
  model_import (play->model, play->world.now, &id, events, n, expected);
  g_assert_cmpint (jn_import (play->ledger, &id, events, n, got, NULL), ==, JN_OK);
  play_assert_results (got, expected, n);
}

static void
play_import_undo (Play *play)
{
  jn_id id = import_id (play);
  jn_status status = model_import_undo (play->model, play->world.now, &id);

  g_assert_cmpint (jn_import_undo (play->ledger, &id, NULL), ==, status);
  play_imports[1] += status == JN_OK ? 1 : 0;
  play_imports[2] += status >= 300 && status < 400 ? 1 : 0;
}

static gint64
model_posted (Play *play, const jn_id *account)
{
  const jn_balance *s =
      &MODEL_ACCOUNT (play->model, model_find_account (play->model, account))->sums;

  return s->c_posted - s->d_posted;
}

static void
play_feed (Play *play)
{
  jn_event events[MAX_BATCH];
  jn_result got[MAX_BATCH] = { { 0 } }, expected[MAX_BATCH] = { { 0 } };
  jn_stated_balance balance = { .account = world_id (1, (guint64) below (play, N_ACCOUNTS)) };
  jn_feed_page page = { .feed = "main", .events = events, .balances = &balance };
  gsize n = (gsize) below (play, MAX_BATCH);
  guint64 back = below (play, 5) == 0 ? 1 + (guint64) below (play, 3) : 0;
  jn_status expected_status;

  for (gsize i = 0; i < n; i++)
    {
      events[i] = below (play, 3) == 0 ? repeat_event (play) : pick_event (play, TRUE);
      /* Often the bank books what was pending. */
      if (events[i].kind == JN_PENDING && below (play, 2) == 0)
        {
          events[i].kind = JN_TRANSFER;
          events[i].timeout_us = 0;
        }
    }
  page.n_events = n;
  page.from_seq = play->model->cursor + 1 - MIN (back, play->model->cursor);
  page.to_seq = page.from_seq + n - 1;
  if (below (play, 12) == 0)
    page.from_seq++, page.to_seq++;
  expected_status = model_feed (play->model, play->world.now, &page, expected);
  g_assert_cmpint (jn_feed_apply (play->ledger, &page, got, NULL), ==, expected_status);
  if (expected_status == JN_OK)
    play_assert_results (got, expected, n);
  /* Once more with the balance stated: first a wrong one, then the right one. */
  page.n_balances = 1;
  if (expected_status == JN_OK && page.to_seq == play->model->cursor)
    {
      balance.posted = model_posted (play, &balance.account) + 1;
      g_assert_cmpint (model_feed (play->model, play->world.now, &page, expected), ==,
                       JN_BALANCE_MISMATCH);
      g_assert_cmpint (jn_feed_apply (play->ledger, &page, got, NULL), ==, JN_BALANCE_MISMATCH);
      balance.posted--;
      g_assert_cmpint (model_feed (play->model, play->world.now, &page, expected), ==, JN_OK);
      g_assert_cmpint (jn_feed_apply (play->ledger, &page, got, NULL), ==, JN_OK);
      play_assert_results (got, expected, n);
      for (gsize i = 0; i < n; i++)
        g_assert_cmpint (got[i].status, ==, JN_EXISTS);
    }
}

static gboolean
is_named (const jn_event *events, gsize n, const jn_id *id)
{
  for (gsize i = 0; i < n; i++)
    if (memcmp (&events[i].id, id, 16) == 0)
      return TRUE;
  return FALSE;
}

static void
play_feed_pending (Play *play)
{
  jn_event events[MAX_BATCH];
  gsize n = 0;

  for (guint i = 0; i < play->model->transfers->len && n < MAX_BATCH / 2; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);

      if (t->kind != JN_PENDING || t->request.amount > 1000000 || below (play, 3) == 0
          || is_named (events, n, &t->outside))
        continue;
      events[n] = t->request;
      events[n].id = t->outside;
      if (below (play, 4) == 0)
        events[n].amount++;
      n++;
    }
  while (n < MAX_BATCH && below (play, 2) == 0)
    {
      jn_event e = pick_event (play, TRUE);

      if (e.kind != JN_PENDING || e.currency != 156
          || model_find_account (play->model, &e.debit) < 0
          || model_find_account (play->model, &e.credit) < 0)
        continue;
      events[n++] = e;
    }
  g_assert_cmpint (model_feed_pending (play->model, play->world.now, events, n), ==,
                   jn_feed_pending (play->ledger, "main", events, n));
}

static void
play_step (Play *play)
{
  int what = below (play, 100);

  /* The clock sometimes goes back. */
  play->world.now += below (play, 20) == 0 ? -3000 : below (play, 900);
  if (what < 5)
    play_import (play);
  else if (what < 10)
    play_import_undo (play);
  else if (what < 60)
    play_submit (play);
  else if (what < 66)
    play_annotate (play);
  else if (what < 70)
    play_points (play);
  else if (what < 72)
    play_exchange (play);
  else if (what < 74)
    play_limit (play);
  else if (what < 82)
    play_feed (play);
  else if (what < 92)
    play_feed_pending (play);
  else if (what < 94)
    {
      jn_id id = world_id (1, 4 + (guint64) below (play, 5));

      g_assert_cmpint (model_close_account (play->model, play->world.now, &id), ==,
                       jn_account_close (play->ledger, &id));
    }
  else if (what < 97)
    {
      jn_account a = world_account ((guint64) below (play, N_ACCOUNTS), JN_ACCOUNT_CUSTOMER, 156,
                                    below (play, 2) * -100, G_MAXINT64);

      g_assert_cmpint (model_open_account (play->model, play->world.now, &a), ==,
                       jn_account_open (play->ledger, &a));
    }
  else
    {
      jn_close (play->ledger);
      play->ledger = world_open (&play->world);
      play_compare_all (play);
    }
}

static void
on_finding (void *ctx, jn_status what, const char *where, uint64_t no)
{
  g_test_message ("%d in %s %" G_GUINT64_FORMAT, what, where, (guint64) no);
}

static void
test_seed (gconstpointer data)
{
  Play play = { 0 };
  guint32 seed = GPOINTER_TO_UINT (data);

  world_init (&play.world);
  /* The derived tables follow at once, soon, or late. */
  play.world.host.tail_rows = (size_t[]){ 0, 1, 7, 40 }[seed % 4];
  play.model = model_new ();
  play.rand = g_rand_new_with_seed (seed);
  play.ids = g_array_new (FALSE, FALSE, sizeof (jn_id));
  play.ledger = world_open (&play.world);
  for (guint64 i = 0; i < N_ACCOUNTS; i++)
    {
      jn_account a = i == 0 ? world_account (i, JN_ACCOUNT_WORLD, 156, 0, G_MAXINT64)
                            : world_account (i, JN_ACCOUNT_CUSTOMER, 156, i % 2 ? 0 : -500,
                                             i == 3 ? 2000 : G_MAXINT64);

      g_assert_cmpint (model_open_account (play.model, play.world.now, &a), ==, JN_OK);
      g_assert_cmpint (jn_account_open (play.ledger, &a), ==, JN_OK);
    }
  play_open_units (&play);
  if (seed % 6 == 1)
    play_busy (&play);
  for (int i = 0; i < N_STEPS; i++)
    play_step (&play);
  play_compare_all (&play);
  g_assert_cmpint (jn_verify (play.ledger, on_finding, NULL), ==, JN_OK);
  jn_close (play.ledger);
  model_free (play.model);
  g_rand_free (play.rand);
  g_array_unref (play.ids);
  world_clear (&play.world);
}

/* A comparison proves nothing about an answer that never came. */
static void
test_coverage (void)
{
  static const jn_status wanted[] = { JN_OK,
                                      JN_EXISTS,
                                      JN_INVALID,
                                      JN_AMOUNT_ZERO,
                                      JN_SAME_ACCOUNT,
                                      JN_CURRENCY_MISMATCH,
                                      JN_UNKNOWN_FLAG,
                                      JN_ID_RESERVED,
                                      JN_GROUP_OPEN,
                                      JN_AMOUNT_OVERFLOW,
                                      JN_CONFLICT_AMOUNT,
                                      JN_CONFLICT_DEBIT,
                                      JN_CONFLICT_CREDIT,
                                      JN_CONFLICT_PENDING,
                                      JN_CONFLICT_FLAGS,
                                      JN_CONFLICT_TEXT,
                                      JN_CONFLICT_KIND,
                                      JN_NO_FUNDS,
                                      JN_OVER_CEILING,
                                      JN_ACCOUNT_CLOSED,
                                      JN_ACCOUNT_UNKNOWN,
                                      JN_PENDING_UNKNOWN,
                                      JN_PENDING_POSTED,
                                      JN_PENDING_VOIDED,
                                      JN_PENDING_EXPIRED,
                                      JN_POST_TOO_MUCH,
                                      JN_GROUP_FAILED };

  g_test_message ("imports: %u made, %u undone, %u not undone", play_imports[0], play_imports[1],
                  play_imports[2]);
  g_assert_true (play_imports[0] > 0 && play_imports[1] > 0 && play_imports[2] > 0);
  for (guint i = 0; i < G_N_ELEMENTS (play_annotated); i++)
    {
      g_test_message ("annotations %u: %u times", i, play_annotated[i]);
      g_assert_cmpuint (play_annotated[i], >, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (play_units); i++)
    {
      g_test_message ("units %u: %u times", i, play_units[i]);
      g_assert_cmpuint (play_units[i], >, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (model_seen); i++)
    g_assert_cmpuint (model_seen[i], >, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_test_message ("status %d: %u times", wanted[i], play_seen[wanted[i]]);
      g_assert_cmpuint (play_seen[wanted[i]], >, 0);
    }
}

int
main (int argc, char *argv[])
{
  guint32 seeds = 60;

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("JN_SEEDS") != NULL)
    seeds = (guint32) g_ascii_strtoull (g_getenv ("JN_SEEDS"), NULL, 10);
  for (guint32 seed = 1; seed <= seeds; seed++)
    {
      g_autofree char *name = g_strdup_printf ("/ledger/model/%u", seed);

      g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_seed);
    }
  if (seeds >= 60)
    g_test_add_func ("/ledger/model/coverage", test_coverage);
  return g_test_run ();
}
