/* The engine and the naive model in lockstep: the same random operations, every answer and every read compared. */
#include <string.h>

#include "ledger-model.h"
#include "ledger-world.h"

#define N_ACCOUNTS 6
#define N_STEPS 120
#define MAX_BATCH 12
#define ROOM 2000

typedef struct
{
  World world;
  Model *model;
  jn_ledger *ledger;
  GRand *rand;
  GArray *ids; /* jn_id: all that were ever used */
  guint64 next_id;
} Play;

static guint seen[1200]; /* answers by status, all seeds together */

static const char *const TEXTS[] = { NULL,           "Coffee", "咖啡馆", "瑞幸 Coffee",
                                     "rent for May", "房租",   "a%b_c" };

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
  if (!bank && below (play, 60) == 0)
    e.flags = 8;
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
assert_results (const jn_result *a, const jn_result *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      seen[a[i].status]++;
      g_assert_cmpint (a[i].status, ==, b[i].status);
      g_assert_cmpint (a[i].amount, ==, b[i].amount);
      g_assert_cmpint (a[i].recorded_us, ==, b[i].recorded_us);
      g_assert_cmpuint (a[i].no, ==, b[i].no);
    }
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
  assert_results (got, expected, n);
  g_assert_cmpuint (head.seq, ==, play->model->commits);
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
    assert_results (got, expected, n);
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
      assert_results (got, expected, n);
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

      if (t->kind != JN_PENDING || t->amount > 1000000 || below (play, 3) == 0
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
assert_text (const char *a, const char *b)
{
  g_assert_cmpstr (a, ==, b == NULL ? "" : b);
}

static void
assert_row (Play *play, const jn_entry_row *row, guint index, int account)
{
  const ModelTransfer *t = MODEL_TRANSFER (play->model, index);
  gboolean debit = t->debit == account;

  g_assert_cmpuint (row->no, ==, index + 1);
  g_assert_cmpmem (&row->id, 16, &t->outside, 16);
  g_assert_cmpint (row->kind, ==, t->kind);
  g_assert_cmpint (row->code, ==, t->shown.code);
  g_assert_cmpint (row->amount, ==, debit ? -t->amount : t->amount);
  g_assert_cmpint (row->value_date, ==, t->shown.value_date);
  g_assert_cmpint (row->occurred_us, ==, t->shown.occurred_us);
  g_assert_cmpint (row->recorded_us, ==, t->recorded_us);
  g_assert_cmpuint (row->currency, ==, 156);
  g_assert_cmpint (row->posted_after, ==,
                   t->kind == JN_PENDING ? 0 : t->posted_after[debit ? 0 : 1]);
  g_assert_cmpint (row->expires_us, ==, t->kind == JN_PENDING ? t->expires_us : 0);
  assert_text (row->payee, t->shown.payee);
  assert_text (row->memo, t->shown.memo);
  assert_text (row->reference, t->shown.reference);
}

static gboolean
text_has (const char *text, const char *part)
{
  g_autofree char *a = g_ascii_strdown (text == NULL ? "" : text, -1);
  g_autofree char *b = g_ascii_strdown (part, -1);

  return strstr (a, b) != NULL;
}

static gboolean
is_wanted (const ModelTransfer *t, int account, const jn_page *page, guint index)
{
  if ((t->kind != JN_TRANSFER && t->kind != JN_POST)
      || (t->debit != account && t->credit != account))
    return FALSE;
  if ((page->before != 0 && index + 1 >= page->before)
      || (page->month != 0 && t->shown.value_date / 100 != page->month)
      || (page->code != 0 && t->shown.code != page->code)
      || (page->direction > 0 && t->debit == account)
      || (page->direction < 0 && t->credit == account))
    return FALSE;
  return page->search == NULL || text_has (t->shown.payee, page->search)
         || text_has (t->shown.memo, page->search) || text_has (t->shown.reference, page->search);
}

static void
compare_entries (Play *play, jn_snapshot *snapshot, int account, const jn_page *page)
{
  static jn_entry_row rows[ROOM];
  const jn_id *id = &MODEL_ACCOUNT (play->model, account)->info.id;
  gsize n = ROOM, i = 0;
  guint64 count = 0;

  g_assert_cmpint (jn_entries (snapshot, id, page, rows, &n), ==, JN_OK);
  for (guint k = play->model->transfers->len; k > 0; k--)
    if (is_wanted (MODEL_TRANSFER (play->model, k - 1), account, page, k - 1))
      {
        g_assert_cmpuint (i, <, n);
        assert_row (play, &rows[i++], k - 1, account);
      }
  g_assert_cmpuint (i, ==, n);
  if (page->search == NULL && page->before == 0)
    {
      g_assert_cmpint (jn_entry_count (snapshot, id, page, &count), ==, JN_OK);
      g_assert_cmpuint (count, ==, n);
    }
  if (n > 3)
    {
      jn_page rest = *page;
      jn_entry_row one;
      gsize room = 1;

      rest.before = rows[1].no;
      g_assert_cmpint (jn_entries (snapshot, id, &rest, &one, &room), ==, JN_OK);
      g_assert_cmpuint (room, ==, 1);
      g_assert_cmpuint (one.no, ==, rows[2].no);
    }
}

static void
compare_holds (Play *play, jn_snapshot *snapshot, int account)
{
  static jn_entry_row rows[ROOM];
  gsize n = ROOM, total = 0, i = 0;

  g_assert_cmpint (
      jn_holds (snapshot, &MODEL_ACCOUNT (play->model, account)->info.id, rows, &n, &total), ==,
      JN_OK);
  for (guint k = 0; k < play->model->transfers->len; k++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, k);

      if (t->kind == JN_PENDING && t->state == 0 && (t->debit == account || t->credit == account))
        {
          g_assert_cmpuint (i, <, n);
          assert_row (play, &rows[i++], k, account);
        }
    }
  g_assert_cmpuint (i, ==, n);
  g_assert_cmpuint (total, ==, n);
}

/* Sums by the model's rows, for one account, of [from, to] in value dates and one code (−1: all). */
static void
sum_rows (Play *play, int account, gint32 from, gint32 to, int code, jn_rollup_row *sum)
{
  memset (sum, 0, sizeof *sum);
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);

      if ((t->kind != JN_TRANSFER && t->kind != JN_POST) || t->shown.value_date < from
          || t->shown.value_date > to || (code >= 0 && t->shown.code != code))
        continue;
      if (t->debit == account)
        sum->d += t->amount, sum->n_d++;
      if (t->credit == account)
        sum->c += t->amount, sum->n_c++;
    }
}

static void
compare_rollups (Play *play, jn_snapshot *snapshot, int account)
{
  const jn_id *id = &MODEL_ACCOUNT (play->model, account)->info.id;
  jn_rollup_row rows[40], sum;
  jn_day_row days[31];
  gsize n = G_N_ELEMENTS (rows), i = 0;

  g_assert_cmpint (jn_rollup (snapshot, id, 202601, 202612, rows, &n), ==, JN_OK);
  for (gint32 month = 202601; month <= 202603; month++)
    {
      gsize n_days = 31, k = 0;

      for (int code = 0; code < 6; code++)
        {
          sum_rows (play, account, month * 100, month * 100 + 99, code, &sum);
          if (sum.n_c + sum.n_d == 0)
            continue;
          g_assert_cmpuint (i, <, n);
          g_assert_cmpint (rows[i].month, ==, month);
          g_assert_cmpint (rows[i].code, ==, code);
          g_assert_true (rows[i].d == sum.d && rows[i].c == sum.c && rows[i].n_d == sum.n_d
                         && rows[i].n_c == sum.n_c);
          i++;
        }
      g_assert_cmpint (jn_days (snapshot, id, month, days, &n_days), ==, JN_OK);
      for (gint32 date = month * 100 + 1; date <= month * 100 + 31; date++)
        {
          gint64 as_of = 0;

          sum_rows (play, account, date, date, -1, &sum);
          if (sum.n_c + sum.n_d > 0)
            {
              g_assert_cmpuint (k, <, n_days);
              g_assert_true (days[k].date == date && days[k].d == sum.d && days[k].c == sum.c);
              k++;
            }
          if (date % 7 != 0)
            continue;
          sum_rows (play, account, 0, date, -1, &sum);
          g_assert_cmpint (jn_balance_as_of (snapshot, id, date, &as_of), ==, JN_OK);
          g_assert_cmpint (as_of, ==, sum.c - sum.d);
        }
      g_assert_cmpuint (k, ==, n_days);
    }
  g_assert_cmpuint (i, ==, n);
}

static void
compare_account (Play *play, jn_snapshot *snapshot, int i)
{
  const ModelAccount *a = MODEL_ACCOUNT (play->model, i);
  jn_balance b;

  g_assert_cmpint (jn_balance_get (snapshot, &a->info.id, &b), ==, JN_OK);
  g_assert_cmpint (b.d_posted, ==, a->sums.d_posted);
  g_assert_cmpint (b.c_posted, ==, a->sums.c_posted);
  g_assert_cmpint (b.d_pending, ==, a->sums.d_pending);
  g_assert_cmpint (b.c_pending, ==, a->sums.c_pending);
  g_assert_cmpint (b.posted, ==, b.c_posted - b.d_posted);
  g_assert_cmpint (b.available, ==,
                   b.posted - b.d_pending - (a->info.flags != 0 ? a->info.floor : 0));
}

static void
compare_outcomes (Play *play, jn_snapshot *snapshot)
{
  for (guint i = 0; i < play->ids->len; i++)
    {
      const jn_id *id = &g_array_index (play->ids, jn_id, i);
      jn_result got = { 0 }, expected;

      g_assert_cmpint (jn_outcome (play->ledger, id, &got), ==,
                       model_outcome (play->model, id, &expected));
      assert_results (&got, &expected, 1);
    }
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);
      int row = t->kind == JN_PENDING ? t->posted : (int) i;
      jn_entry_row got;
      jn_status status;

      if (!t->own_id || t->kind == JN_VOID)
        continue;
      status = jn_entry_get (
          snapshot,
          &MODEL_ACCOUNT (play->model,
                          row < 0 ? t->debit : MODEL_TRANSFER (play->model, row)->debit)
               ->info.id,
          &t->request.id, &got);
      g_assert_cmpint (status, ==, row < 0 ? JN_NOT_FOUND : JN_OK);
      if (row >= 0)
        assert_row (play, &got, (guint) row, MODEL_TRANSFER (play->model, row)->debit);
    }
}

static void
compare_all (Play *play)
{
  static const jn_page pages[] = { { 0 },
                                   { .month = 202602 },
                                   { .code = 2 },
                                   { .month = 202601, .code = 1, .direction = -1 },
                                   { .direction = 1 },
                                   { .search = "COFFEE" },
                                   { .search = "啡", .direction = -1 },
                                   { .search = "%" } };
  jn_snapshot *snapshot = NULL;

  g_assert_cmpint (jn_snapshot_begin (play->ledger, &snapshot), ==, JN_OK);
  for (int i = 0; i < (int) play->model->accounts->len; i++)
    {
      compare_account (play, snapshot, i);
      compare_holds (play, snapshot, i);
      compare_rollups (play, snapshot, i);
      for (guint k = 0; k < G_N_ELEMENTS (pages); k++)
        compare_entries (play, snapshot, i, &pages[k]);
    }
  compare_outcomes (play, snapshot);
  jn_snapshot_end (snapshot);
}

static void
play_step (Play *play)
{
  int what = below (play, 100);

  /* The clock sometimes goes back. */
  play->world.now += below (play, 20) == 0 ? -3000 : below (play, 900);
  if (what < 60)
    play_submit (play);
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
      compare_all (play);
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
  for (int i = 0; i < N_STEPS; i++)
    play_step (&play);
  compare_all (&play);
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

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_test_message ("status %d: %u times", wanted[i], seen[wanted[i]]);
      g_assert_cmpuint (seen[wanted[i]], >, 0);
    }
}

int
main (int argc, char *argv[])
{
  guint32 seeds = 40;

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("JN_SEEDS") != NULL)
    seeds = (guint32) g_ascii_strtoull (g_getenv ("JN_SEEDS"), NULL, 10);
  for (guint32 seed = 1; seed <= seeds; seed++)
    {
      g_autofree char *name = g_strdup_printf ("/ledger/model/%u", seed);

      g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_seed);
    }
  if (seeds >= 40)
    g_test_add_func ("/ledger/model/coverage", test_coverage);
  return g_test_run ();
}
