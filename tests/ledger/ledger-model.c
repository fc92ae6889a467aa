#include "ledger-model-private.h"

#include <string.h>

guint model_seen[5];

gboolean
model_same_id (const jn_id *a, const jn_id *b)
{
  return memcmp (a, b, 16) == 0;
}

Model *
model_new (void)
{
  Model *model = g_new0 (Model, 1);

  model->accounts = g_array_new (FALSE, TRUE, sizeof (ModelAccount));
  model->transfers = g_array_new (FALSE, TRUE, sizeof (ModelTransfer));
  model->refusals = g_array_new (FALSE, TRUE, sizeof (ModelRefusal));
  model->imports = g_array_new (FALSE, TRUE, sizeof (ModelImport));
  model->annotations = g_array_new (FALSE, TRUE, sizeof (jn_annotation));
  model->last_recorded_us = G_MININT64;
  return model;
}

void
model_drop_arrays (Model *model)
{
  g_array_unref (model->accounts);
  g_array_unref (model->transfers);
  g_array_unref (model->refusals);
  g_array_unref (model->imports);
  g_array_unref (model->annotations);
}

void
model_free (Model *model)
{
  model_drop_arrays (model);
  g_free (model);
}

Model
model_copy (const Model *model)
{
  Model saved = *model;

  saved.accounts = g_array_copy (model->accounts);
  saved.transfers = g_array_copy (model->transfers);
  saved.refusals = g_array_copy (model->refusals);
  saved.imports = g_array_copy (model->imports);
  saved.annotations = g_array_copy (model->annotations);
  return saved;
}

int
model_find_account (Model *model, const jn_id *id)
{
  for (guint i = 0; i < model->accounts->len; i++)
    if (model_same_id (&MODEL_ACCOUNT (model, i)->info.id, id))
      return (int) i;
  return -1;
}

int
model_find_transfer (Model *model, const jn_id *id)
{
  for (guint i = 0; i < model->transfers->len; i++)
    if (MODEL_TRANSFER (model, i)->own_id
        && model_same_id (&MODEL_TRANSFER (model, i)->request.id, id))
      return (int) i;
  return -1;
}

static ModelRefusal *
find_refusal (Model *model, const jn_id *id)
{
  for (guint i = 0; i < model->refusals->len; i++)
    if (model_same_id (&g_array_index (model->refusals, ModelRefusal, i).request.id, id))
      return &g_array_index (model->refusals, ModelRefusal, i);
  return NULL;
}

/* What resolves a hold and says nothing of itself is shown as the hold was. */
static void
inherit (jn_event *shown, const jn_event *from)
{
  if (shown->value_date == 0)
    shown->value_date = from->value_date;
  if (shown->occurred_us == 0)
    shown->occurred_us = from->occurred_us;
  if (shown->code == 0)
    shown->code = from->code;
  if (shown->payee == NULL)
    shown->payee = from->payee;
  if (shown->memo == NULL)
    shown->memo = from->memo;
  if (shown->reference == NULL)
    shown->reference = from->reference;
}

/* Appends a row and moves what its kind moves. @hold: index of what it resolves, −1. */
static int
append (Model *model, const jn_event *request, int kind, int debit, int credit, gint64 amount,
        int hold)
{
  ModelTransfer t = { .request = *request,
                      .outside = request->id,
                      .own_id = TRUE,
                      .kind = kind,
                      .debit = debit,
                      .credit = credit,
                      .amount = amount,
                      .recorded_us = model->recorded_us,
                      .shown = *request,
                      .posted = -1,
                      .again = -1 };
  jn_balance *d = &MODEL_ACCOUNT (model, debit)->sums;
  jn_balance *c = &MODEL_ACCOUNT (model, credit)->sums;

  if (hold >= 0)
    inherit (&t.shown, &MODEL_TRANSFER (model, hold)->shown);
  if (hold >= 0 && kind != JN_TRANSFER)
    {
      ModelTransfer *h = MODEL_TRANSFER (model, hold);

      MODEL_ACCOUNT (model, h->debit)->sums.d_pending -= h->amount;
      MODEL_ACCOUNT (model, h->credit)->sums.c_pending -= h->amount;
      h->state = kind == JN_POST   ? JN_PENDING_POSTED
                 : kind == JN_VOID ? JN_PENDING_VOIDED
                                   : JN_PENDING_EXPIRED;
      h->posted = kind == JN_POST ? (int) model->transfers->len : h->posted;
      for (guint i = 0; kind != JN_POST && i < model->accounts->len; i++)
        if (MODEL_ACCOUNT (model, i)->closed == hold + 2)
          {
            MODEL_ACCOUNT (model, i)->closed = 0;
            model_seen[3]++;
          }
    }
  if (kind == JN_PENDING)
    {
      d->d_pending += amount;
      c->c_pending += amount;
      t.expires_us = request->timeout_us > 0 ? model->recorded_us + request->timeout_us : 0;
    }
  if (kind == JN_TRANSFER || kind == JN_POST)
    {
      d->d_posted += amount;
      c->c_posted += amount;
      t.posted_after[0] = d->c_posted - d->d_posted;
      t.posted_after[1] = c->c_posted - c->d_posted;
      if (kind == JN_TRANSFER && (request->flags & JN_LOT) != 0 && hold < 0)
        {
          t.lot_left = amount;
          t.lot_expires = model->recorded_us + request->timeout_us;
        }
    }
  g_array_append_val (model->transfers, t);
  return (int) model->transfers->len - 1;
}

/* A row of the engine's own, whose id nobody outside knows. */
int
model_append_own (Model *model, const jn_event *request, int kind, int debit, int credit,
                  gint64 amount, int hold)
{
  int i = append (model, request, kind, debit, credit, amount, hold);

  MODEL_TRANSFER (model, i)->own_id = FALSE;
  MODEL_TRANSFER (model, i)->lot_left = 0;
  if (hold >= 0)
    MODEL_TRANSFER (model, i)->outside = MODEL_TRANSFER (model, hold)->outside;
  return i;
}

void
model_drop_hold (Model *model, int hold, int kind)
{
  ModelTransfer h = *MODEL_TRANSFER (model, hold);

  model_append_own (model, &h.request, kind, h.debit, h.credit, h.amount, hold);
}

void
model_begin (Model *model, gint64 now)
{
  model->recorded_us = now > model->last_recorded_us ? now : model->last_recorded_us + 1;
  for (;;)
    {
      int next = -1;

      for (guint i = 0; i < model->transfers->len; i++)
        {
          ModelTransfer *t = MODEL_TRANSFER (model, i);

          if (t->kind == JN_PENDING && t->state == 0 && !t->of_feed && t->expires_us > 0
              && t->expires_us <= model->recorded_us
              && (next < 0 || t->expires_us < MODEL_TRANSFER (model, next)->expires_us))
            next = (int) i;
        }
      if (next < 0)
        break;
      model_drop_hold (model, next, JN_EXPIRE);
    }
  model_lapse_lots (model);
}

void
model_end (Model *model, guint rows_before)
{
  if (model->transfers->len > rows_before)
    {
      model->last_recorded_us = model->recorded_us;
      model->commits++;
    }
}

static jn_status
check_side (Model *model, int i, gint64 amount, gboolean debit, gboolean bank, jn_status *worst)
{
  const ModelAccount *a;
  const jn_balance *s;

  if (i < 0)
    return JN_ACCOUNT_UNKNOWN;
  a = MODEL_ACCOUNT (model, i);
  s = &a->sums;
  if ((debit ? (__int128) s->d_posted + s->d_pending : (__int128) s->c_posted + s->c_pending)
          + amount
      > G_MAXINT64)
    *worst = JN_AMOUNT_OVERFLOW;
  if (bank)
    return JN_OK;
  if (debit && a->info.flags != 0
      && (__int128) s->c_posted - s->d_posted - s->d_pending - amount < a->info.floor)
    return JN_NO_FUNDS;
  if (!debit && a->info.flags != 0
      && (__int128) s->c_posted + s->c_pending - s->d_posted + amount > a->info.ceiling)
    return JN_OVER_CEILING;
  return a->closed ? JN_ACCOUNT_CLOSED : JN_OK;
}

jn_status
model_check_move (Model *model, int debit, int credit, gint64 amount, gboolean bank)
{
  jn_status overflow = JN_OK;
  jn_status d = check_side (model, debit, amount, TRUE, bank, &overflow);
  jn_status c = check_side (model, credit, amount, FALSE, bank, &overflow);

  if (overflow != JN_OK)
    return overflow;
  if (d == JN_OK || c == JN_OK)
    return MAX (d, c);
  return MIN (d, c);
}

static void
answer (Model *model, int row, jn_result *result)
{
  const ModelTransfer *t = MODEL_TRANSFER (model, row);

  result->amount = t->amount;
  if (t->kind == JN_POST && t->own_id && (t->request.flags & JN_TOP_UP) != 0)
    result->amount = MAX (t->amount, t->request.amount);
  result->recorded_us = MODEL_TRANSFER (model, row)->recorded_us;
  result->no = (guint64) row + 1;
}

static jn_status
book_hold (Model *model, const jn_event *e, int root, jn_result *result)
{
  ModelTransfer *r = MODEL_TRANSFER (model, root);
  int debit = model_find_account (model, &e->debit);
  int credit = model_find_account (model, &e->credit);
  int active = r->again >= 0 ? r->again : root;
  int row;
  jn_status status;

  if (r->posted >= 0)
    {
      const ModelTransfer *p = MODEL_TRANSFER (model, r->posted);

      answer (model, r->posted, result);
      /* What was taken on top of the hold counts. */
      return result->amount != e->amount ? JN_CONFLICT_AMOUNT
             : p->debit != debit         ? JN_CONFLICT_DEBIT
             : p->credit != credit       ? JN_CONFLICT_CREDIT
                                         : JN_EXISTS;
    }
  status = model_check_move (model, debit, credit, e->amount, TRUE);
  if (status != JN_OK)
    return status;
  row = model_append_own (model, e,
                          MODEL_TRANSFER (model, active)->state == 0 ? JN_POST : JN_TRANSFER, debit,
                          credit, e->amount, active);
  MODEL_TRANSFER (model, root)->posted = row;
  model_take_lots (model, debit, e->amount, -1);
  answer (model, row, result);
  return JN_OK;
}

static jn_status
apply_resolution (Model *model, const jn_event *e, gboolean bank, jn_result *result)
{
  int hold = model_find_transfer (model, &e->pending);
  const ModelTransfer *h;
  gint64 amount, beyond = 0;
  int debit, credit, row;

  if (hold < 0 || MODEL_TRANSFER (model, hold)->kind != JN_PENDING)
    return JN_PENDING_UNKNOWN;
  h = MODEL_TRANSFER (model, hold);
  if (!bank && e->kind == JN_POST
      && (MODEL_ACCOUNT (model, h->debit)->closed || MODEL_ACCOUNT (model, h->credit)->closed))
    return JN_ACCOUNT_CLOSED;
  if (h->state != 0)
    return (jn_status) h->state;
  amount = e->amount == 0 ? h->amount : e->amount;
  if (!bank && e->kind == JN_POST && e->amount > h->amount)
    {
      jn_status status = JN_POST_TOO_MUCH;

      beyond = e->amount - h->amount;
      amount = h->amount;
      if ((e->flags & JN_TOP_UP) != 0)
        status = model_check_move (model, h->debit, h->credit, beyond, FALSE);
      if (status != JN_OK)
        return status;
    }
  debit = h->debit;
  credit = h->credit;
  row = append (model, e, e->kind, debit, credit, amount, hold);
  if (e->kind == JN_POST)
    model_take_lots (model, debit, amount + beyond, -1);
  if (beyond > 0)
    model_append_own (model, e, JN_TRANSFER, debit, credit, beyond, hold);
  model_seen[1] += beyond > 0 ? 1 : 0;
  answer (model, row, result);
  return JN_OK;
}

/* What a balancing event moves of what it asks for. */
static gint64
at_most (Model *model, const jn_event *e, int debit, int credit)
{
  __int128 amount = e->amount;

  if ((e->flags & JN_BALANCE_DEBIT) != 0 && debit >= 0 && MODEL_ACCOUNT (model, debit)->info.flags)
    {
      const ModelAccount *a = MODEL_ACCOUNT (model, debit);
      __int128 there =
          (__int128) a->sums.c_posted - a->sums.d_posted - a->sums.d_pending - a->info.floor;

      amount = there > 0 ? MIN (amount, there) : amount;
    }
  if ((e->flags & JN_BALANCE_CREDIT) != 0 && credit >= 0
      && MODEL_ACCOUNT (model, credit)->info.flags)
    {
      const ModelAccount *a = MODEL_ACCOUNT (model, credit);
      __int128 room =
          (__int128) a->info.ceiling - a->sums.c_posted - a->sums.c_pending + a->sums.d_posted;

      amount = room > 0 ? MIN (amount, room) : amount;
    }
  return (gint64) amount;
}

static jn_status
apply (Model *model, const jn_event *e, gboolean bank, jn_result *result)
{
  jn_status status = model_check (model, e);
  int known = model_find_transfer (model, &e->id);
  ModelRefusal *refusal = find_refusal (model, &e->id);
  int debit = model_find_account (model, &e->debit);
  int credit = model_find_account (model, &e->credit);
  gint64 amount;
  int row;

  *result = (jn_result){ .amount = e->amount, .recorded_us = model->recorded_us };
  if (status != JN_OK)
    return status;
  if (bank && known >= 0 && MODEL_TRANSFER (model, known)->kind == JN_PENDING
      && e->kind == JN_TRANSFER)
    return book_hold (model, e, known, result);
  if (known >= 0)
    {
      answer (model, known, result);
      status = model_compare (e, &MODEL_TRANSFER (model, known)->request);
      return bank && (status == JN_CONFLICT_TEXT || status == JN_CONFLICT_FLAGS) ? JN_EXISTS
                                                                                 : status;
    }
  if (refusal != NULL && bank)
    g_array_remove_index (model->refusals,
                          (guint) (refusal - (ModelRefusal *) (void *) model->refusals->data));
  else if (refusal != NULL)
    {
      status = model_compare (e, &refusal->request);
      result->recorded_us = refusal->recorded_us;
      return status == JN_EXISTS ? refusal->status : status;
    }
  if (e->kind == JN_POST || e->kind == JN_VOID)
    return apply_resolution (model, e, bank, result);
  amount = bank ? e->amount : at_most (model, e, debit, credit);
  status = model_check_move (model, debit, credit, amount, bank);
  if (status != JN_OK)
    return status;
  row = append (model, e, e->kind, debit, credit, amount, -1);
  MODEL_TRANSFER (model, row)->of_feed = bank;
  if (e->kind == JN_TRANSFER)
    model_take_lots (model, debit, amount, -1);
  model_seen[0] += amount < e->amount ? 1 : 0;
  model_seen[2] += !bank && (e->flags & (JN_CLOSE_DEBIT | JN_CLOSE_CREDIT)) != 0 ? 1 : 0;
  if (!bank && (e->flags & JN_CLOSE_DEBIT) != 0)
    MODEL_ACCOUNT (model, debit)->closed = row + 2;
  if (!bank && (e->flags & JN_CLOSE_CREDIT) != 0)
    MODEL_ACCOUNT (model, credit)->closed = row + 2;
  answer (model, row, result);
  return JN_OK;
}

jn_status
model_answer_event (Model *model, const jn_event *e, gboolean bank, jn_result *result)
{
  jn_status status = apply (model, e, bank, result);

  result->status = status;
  if (status >= 100 && status < 300)
    *result = (jn_result){ .status = status, .amount = e->amount };
  return status;
}

static void
remember (Model *model, const jn_event *e, const jn_result *result)
{
  ModelRefusal refusal = { *e, result->status, result->recorded_us };

  if (result->status >= 300 && result->status < 400 && find_refusal (model, &e->id) == NULL
      && model_find_transfer (model, &e->id) < 0)
    g_array_append_val (model->refusals, refusal);
}

static void
submit_group (Model *model, const jn_event *events, gsize n, jn_result *results)
{
  Model saved = model_copy (model);
  gsize culprit = n;

  if ((events[n - 1].flags & JN_LINKED) != 0)
    {
      culprit = n - 1;
      results[culprit] = (jn_result){ .status = JN_GROUP_OPEN, .amount = events[culprit].amount };
    }
  for (gsize i = 0; culprit == n && i < n; i++)
    if (model_answer_event (model, &events[i], FALSE, &results[i]) > JN_EXISTS)
      culprit = i;
  if (culprit < n)
    {
      model_drop_arrays (model);
      *model = saved;
      for (gsize i = 0; i < n; i++)
        if (i != culprit)
          results[i] = (jn_result){ .status = JN_GROUP_FAILED, .amount = events[i].amount };
      remember (model, &events[culprit], &results[culprit]);
    }
  else
    model_drop_arrays (&saved);
}

void
model_submit (Model *model, gint64 now, const jn_event *events, gsize n, jn_result *results)
{
  guint rows = model->transfers->len;

  model_begin (model, now);
  for (gsize i = 0; i < n;)
    {
      gsize last = i;

      while (last + 1 < n && (events[last].flags & JN_LINKED) != 0)
        last++;
      submit_group (model, events + i, last - i + 1, results + i);
      i = last + 1;
    }
  model_end (model, rows);
}

jn_status
model_feed (Model *model, gint64 now, const jn_feed_page *page, jn_result *results)
{
  Model saved = model_copy (model);
  guint rows = model->transfers->len;
  jn_status status = JN_OK;

  model_begin (model, now);
  if (page->from_seq > model->cursor + 1 || page->to_seq < model->cursor)
    status = JN_FEED_GAP;
  for (gsize i = 0; status == JN_OK && i < page->n_events; i++)
    {
      status = model_answer_event (model, &page->events[i], TRUE, &results[i]);
      status = status == JN_EXISTS ? JN_OK : status;
    }
  for (gsize i = 0; status == JN_OK && i < page->n_balances; i++)
    {
      const jn_stated_balance *b = &page->balances[i];
      const jn_balance *s = &MODEL_ACCOUNT (model, model_find_account (model, &b->account))->sums;

      if (s->c_posted - s->d_posted != b->posted)
        status = JN_BALANCE_MISMATCH;
    }
  if (status == JN_OK)
    {
      model_drop_arrays (&saved);
      model->cursor = page->to_seq;
      model_end (model, rows);
      return JN_OK;
    }
  model_drop_arrays (model);
  *model = saved;
  return status;
}

jn_status
model_open_account (Model *model, gint64 now, const jn_account *account)
{
  ModelAccount a = { .info = *account };
  int known = model_find_account (model, &account->id);
  guint rows = model->transfers->len;

  model_begin (model, now);
  model_end (model, rows);
  if (known >= 0)
    return memcmp (&MODEL_ACCOUNT (model, known)->info, account, sizeof *account) == 0 ? JN_EXISTS
           : MODEL_ACCOUNT (model, known)->info.currency != account->currency ? JN_CONFLICT_CURRENCY
                                                                              : JN_CONFLICT_FLAGS;
  g_array_append_val (model->accounts, a);
  return JN_OK;
}

jn_status
model_close_account (Model *model, gint64 now, const jn_id *id)
{
  int known = model_find_account (model, id);
  guint rows = model->transfers->len;
  int was_closed;

  model_begin (model, now);
  model_end (model, rows);
  if (known < 0)
    return JN_ACCOUNT_UNKNOWN;
  was_closed = MODEL_ACCOUNT (model, known)->closed;
  MODEL_ACCOUNT (model, known)->closed = 1;
  return was_closed == 1 ? JN_EXISTS : JN_OK;
}

jn_status
model_outcome (Model *model, const jn_id *id, jn_result *out)
{
  int known = model_find_transfer (model, id);
  const ModelRefusal *refusal = find_refusal (model, id);

  *out = (jn_result){ 0 };
  if (known >= 0)
    answer (model, known, out);
  else if (refusal != NULL)
    *out = (jn_result){ refusal->status, refusal->request.amount, refusal->recorded_us, 0 };
  return known >= 0 || refusal != NULL ? JN_OK : JN_NOT_FOUND;
}
