/* A payment that the end of the program cut off, shown again at the next start. What the customer had in hand is shown again: a sheet that was
 * open, or an approval without an answer; of several the newest. What was handed to the resolver before, or left, stays with it. */
#include "jn-context-state.h"

#include "jn-log.h"

void
jn_cut_off_free (JnCutOff *self)
{
  jn_intent_free (self->intent);
  g_clear_pointer (&self->order, jn_wire_order_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnCutOff, jn_cut_off_free)

/* NULL when it cannot be shown: no order came, or the customer has left it. Whether it is too late the bank says. */
static JnWireOrder *
read_order (const JnIntent *intent)
{
  if (intent->order == NULL || intent->was_cancelled || intent->state == JN_INTENT_UNKNOWN)
    return NULL;
  g_autoptr (JnWireOrder) order = jn_wire_read_kept_order (intent->order, NULL);
  if (order == NULL || !jn_id_equal (&order->intent, &intent->id)
      || !jn_money_equal (order->total, intent->amount))
    return NULL;
  return g_steal_pointer (&order);
}

static gpointer
find_cut_off (gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) intents = jn_outbox_list_unsettled (jn_storage_get_outbox (data), error);

  for (guint i = intents != NULL ? intents->len : 0; i > 0; i--)
    {
      JnWireOrder *order = read_order (intents->pdata[i - 1]);
      if (order == NULL)
        continue;
      JnCutOff *found = g_new0 (JnCutOff, 1);
      found->intent = jn_intent_copy (intents->pdata[i - 1]);
      found->order = order;
      return found;
    }
  return NULL;
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;
  JnCutOff *found = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    {
      g_clear_pointer (&found, jn_cut_off_free);
      return;
    }
  if (error != NULL)
    jn_log (JN_LOG_WARNING, "session", "the outbox could not be read: %s", error->message);
  self->cut_off = found;
  if (found != NULL)
    jn_resolver_hold (self->resolver, &found->intent->id);
  jn_resolver_kick (self->resolver);
  /* A new enrolment is READY without a reading when the bank is gone again. */
  if (self->stage == JN_STAGE_READY)
    jn_context_show_cut_off (self);
}

void
jn_context_find_cut_off (JnContext *self)
{
  jn_worker_run_async (jn_storage_get_worker (self->storage), find_cut_off,
                       g_object_ref (self->storage), g_object_unref,
                       (GDestroyNotify) jn_cut_off_free, self->wallet, on_found,
                       g_object_ref (self));
}

void
jn_context_show_cut_off (JnContext *self)
{
  g_autoptr (JnCutOff) found = g_steal_pointer (&self->cut_off);

  if (found == NULL)
    return;
  if (!jn_context_is_reopened_heard (self))
    {
      jn_context_release_intent (self, &found->intent->id, TRUE);
      return;
    }
  g_autoptr (JnPayment) payment =
      jn_payment_new_reopened (self, found->intent, g_steal_pointer (&found->order));
  jn_context_emit_reopened (self, payment);
}

void
jn_context_reopen_intent (JnContext *self, const JnId *intent)
{
  jn_resolver_reopen (self->resolver, intent);
  jn_resolver_kick (self->resolver);
}
