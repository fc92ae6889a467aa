/* Points that were granted for a time, by looking through all rows. */
#include "ledger-model-private.h"

/* @first: the row whose lot pays first, −1 for none. */
void
model_take_lots (Model *model, int account, gint64 amount, int first)
{
  for (int i = -1; i < (int) model->transfers->len && amount > 0; i++)
    {
      ModelTransfer *t = i < 0 ? NULL : MODEL_TRANSFER (model, (guint) i);
      gint64 part;

      if (i < 0 && first >= 0)
        t = MODEL_TRANSFER (model, (guint) first);
      if (t == NULL || t->credit != account || t->lot_left == 0)
        continue;
      part = MIN (amount, t->lot_left);
      t->lot_left -= part;
      amount -= part;
    }
}

static gint32
utc_day (gint64 us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);

  return g_date_time_get_year (time) * 10000 + g_date_time_get_month (time) * 100
         + g_date_time_get_day_of_month (time);
}

static void
lapse (Model *model, int i)
{
  ModelTransfer t = *MODEL_TRANSFER (model, (guint) i);
  const jn_balance *s = &MODEL_ACCOUNT (model, t.credit)->sums;
  gint64 there = s->c_posted - s->d_posted - s->d_pending;
  gint64 reserved = s->d_pending, part;
  jn_event shown = t.shown;
  int row;

  for (int k = 0; k < i; k++)
    if (MODEL_TRANSFER (model, (guint) k)->credit == t.credit)
      reserved -= MIN (reserved, MODEL_TRANSFER (model, (guint) k)->lot_left);
  part = MIN (there, t.lot_left - MIN (reserved, t.lot_left));
  if (part <= 0)
    return;
  shown.value_date = utc_day (t.lot_expires);
  shown.occurred_us = t.lot_expires;
  row = model_append_own (model, &shown, JN_TRANSFER, t.credit, t.debit, part, -1);
  MODEL_TRANSFER (model, (guint) row)->engines = TRUE;
  MODEL_TRANSFER (model, (guint) row)->outside = (jn_id){ { 0 } };
  model_take_lots (model, t.credit, part, i);
  model_seen[4]++;
}

void
model_lapse_lots (Model *model)
{
  gint64 after = G_MININT64;
  int last = -1;

  for (;;)
    {
      int next = -1;

      for (guint i = 0; i < model->transfers->len; i++)
        {
          const ModelTransfer *t = MODEL_TRANSFER (model, i);

          if (t->lot_left == 0 || t->of_feed || t->lot_expires > model->recorded_us
              || t->lot_expires < after || (t->lot_expires == after && (int) i <= last))
            continue;
          if (next < 0 || t->lot_expires < MODEL_TRANSFER (model, (guint) next)->lot_expires)
            next = (int) i;
        }
      if (next < 0)
        return;
      after = MODEL_TRANSFER (model, (guint) next)->lot_expires;
      last = next;
      lapse (model, next);
    }
}
