/* The pending set of a feed, and imports. */
#include "ledger-model-private.h"

/* *kept: index of the open hold that stands for @e, −1 when it is booked. */
static jn_status
put_hold (Model *model, const jn_event *e, int *kept)
{
  int root = model_find_transfer (model, &e->id);
  int debit = model_find_account (model, &e->debit);
  int credit = model_find_account (model, &e->credit);
  int active;
  jn_result result;
  jn_status status = e->kind == JN_PENDING ? model_check (model, e) : JN_INVALID;

  *kept = -1;
  if (status != JN_OK)
    return status;
  if (root < 0)
    {
      status = model_answer_event (model, e, TRUE, &result);
      *kept = (int) result.no - 1;
      return status;
    }
  if (MODEL_TRANSFER (model, root)->kind != JN_PENDING || MODEL_TRANSFER (model, root)->posted >= 0)
    return JN_OK;
  active = MODEL_TRANSFER (model, root)->again >= 0 ? MODEL_TRANSFER (model, root)->again : root;
  if (MODEL_TRANSFER (model, active)->state == 0
      && MODEL_TRANSFER (model, active)->amount == e->amount
      && MODEL_TRANSFER (model, active)->debit == debit
      && MODEL_TRANSFER (model, active)->credit == credit)
    *kept = active;
  else
    {
      if (MODEL_TRANSFER (model, active)->state == 0)
        model_drop_hold (model, active, JN_VOID);
      status = model_check_move (model, debit, credit, e->amount, TRUE);
      if (status != JN_OK)
        return status;
      *kept = model_append_own (model, e, JN_PENDING, debit, credit, e->amount, -1);
      MODEL_TRANSFER (model, root)->again = *kept;
    }
  MODEL_TRANSFER (model, *kept)->of_feed = TRUE;
  return JN_OK;
}

static void
drop_unnamed (Model *model, const int *kept, gsize n)
{
  for (guint i = 0; i < model->transfers->len; i++)
    {
      gboolean named = FALSE;
      const ModelTransfer *t = MODEL_TRANSFER (model, i);

      for (gsize k = 0; k < n; k++)
        named = named || kept[k] == (int) i;
      if (t->kind == JN_PENDING && t->state == 0 && t->of_feed && !named)
        model_drop_hold (model, (int) i, JN_VOID);
    }
}

jn_status
model_feed_pending (Model *model, gint64 now, const jn_event *pending, gsize n)
{
  Model saved = model_copy (model);
  guint rows = model->transfers->len;
  g_autofree int *kept = g_new (int, n + 1);
  jn_status status = JN_OK;

  model_begin (model, now);
  for (gsize i = 0; status == JN_OK && i < n; i++)
    status = put_hold (model, &pending[i], &kept[i]);
  if (status == JN_OK)
    {
      drop_unnamed (model, kept, n);
      model_end (model, rows);
    }
  model_drop_arrays (status == JN_OK ? &saved : model);
  if (status != JN_OK)
    *model = saved;
  return status;
}

static ModelImport *
find_import (Model *model, const jn_id *id)
{
  for (guint i = 0; i < model->imports->len; i++)
    if (model_same_id (&g_array_index (model->imports, ModelImport, i).id, id))
      return &g_array_index (model->imports, ModelImport, i);
  return NULL;
}

/* Keeps @saved or the model, whichever is to stay. */
static jn_status
settle (Model *model, Model *saved, guint rows, jn_status status)
{
  model_drop_arrays (status == JN_OK ? saved : model);
  if (status != JN_OK)
    *model = *saved;
  else
    model_end (model, rows);
  return status;
}

jn_status
model_import (Model *model, gint64 now, const jn_id *id, const jn_event *events, gsize n,
              jn_result *results)
{
  Model saved = model_copy (model);
  guint rows = model->transfers->len;
  gboolean known = find_import (model, id) != NULL;
  ModelImport import = { .id = *id };
  jn_status status = JN_OK;

  model_begin (model, now);
  import.first = model->transfers->len;
  for (gsize i = 0; status == JN_OK && i < n; i++)
    {
      jn_status answer = model_answer_event (model, &events[i], FALSE, &results[i]);

      if (answer == JN_EXISTS || (answer == JN_OK && !known))
        continue;
      status = answer == JN_OK ? JN_CONFLICT_TEXT : answer;
      for (gsize k = 0; k < n; k++)
        results[k] =
            (jn_result){ .status = k == i ? status : JN_GROUP_FAILED, .amount = events[k].amount };
    }
  import.end = model->transfers->len;
  if (status == JN_OK && !known)
    g_array_append_val (model->imports, import);
  return settle (model, &saved, rows, status);
}

static jn_status
undo_row (Model *model, guint i)
{
  ModelTransfer t = *MODEL_TRANSFER (model, i);
  jn_status status;
  int row;

  if (t.kind == JN_PENDING && t.state == 0)
    model_drop_hold (model, (int) i, JN_VOID);
  if (t.kind != JN_TRANSFER && t.kind != JN_POST)
    return JN_OK;
  status = model_check_move (model, t.credit, t.debit, t.amount, FALSE);
  if (status != JN_OK)
    return status;
  row = model_append_own (model, &t.shown, JN_TRANSFER, t.credit, t.debit, t.amount, -1);
  MODEL_TRANSFER (model, row)->outside = t.outside;
  model_take_lots (model, t.credit, t.amount, (int) i);
  return JN_OK;
}

jn_status
model_import_undo (Model *model, gint64 now, const jn_id *id)
{
  Model saved = model_copy (model);
  guint rows = model->transfers->len;
  ModelImport *import = find_import (model, id);
  jn_status status = JN_OK;

  model_begin (model, now);
  if (import == NULL || import->undone)
    {
      settle (model, &saved, rows, JN_OK);
      return import == NULL ? JN_NOT_FOUND : JN_EXISTS;
    }
  for (guint i = import->end; status == JN_OK && i > import->first; i--)
    status = undo_row (model, i - 1);
  if (status == JN_OK)
    import->undone = TRUE;
  return settle (model, &saved, rows, status);
}
