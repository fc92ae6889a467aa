/* The wallet of an enrolled device: sync, resolver, the reading that everything is drawn from. */
#include "jn-context-state.h"

#include "jn-error.h"
#include "jn-log.h"

#define REREAD_LEAST_S 1
#define REREAD_MOST_S 60

/* ---- reading ---- */

typedef struct
{
  JnStorage *storage;
  JnCurrency currency;
  JnInstant now;
  GArray *at_hand; /* JnIntentAtHand */
} FactsJob;

static void
facts_job_free (gpointer data)
{
  FactsJob *job = data;
  g_object_unref (job->storage);
  g_array_unref (job->at_hand);
  g_free (job);
}

static gpointer
read_facts (gpointer data, GCancellable *cancellable, GError **error)
{
  FactsJob *job = data;
  return jn_facts_read (job->storage, job->currency, job->now, job->at_hand, error);
}

static gboolean
payee_equal (gpointer a, gpointer b)
{
  return g_strcmp0 (jn_payee_item_get_account (a), jn_payee_item_get_account (b)) == 0
         && g_strcmp0 (jn_payee_item_get_name (a), jn_payee_item_get_name (b)) == 0;
}

static void
update_payees (JnContext *self)
{
  g_autoptr (GPtrArray) payees = g_ptr_array_new_with_free_func (g_object_unref);
  const JnWireProfile *profile = self->facts != NULL ? self->facts->profile : NULL;

  for (guint i = 0; profile != NULL && i < profile->payees->len; i++)
    g_ptr_array_add (payees, jn_payee_item_new (profile->payees->pdata[i]));
  jn_list_update (self->payees, payees, payee_equal);
}

static void
apply_facts (JnContext *self, const GError *error)
{
  const GError *why = error == NULL && self->sync != NULL ? jn_sync_get_error (self->sync) : error;

  update_payees (self);
  jn_home_apply (self->home, self->facts, why);
  jn_bills_apply (self->bills, self->facts, why);
  jn_offers_apply (self->offers, self->facts, why);
  jn_inbox_apply (self->inbox, self->facts);
  jn_context_update_connection (self);
}

/* An enrolled device is ready at once, a new one when its history is here or cannot be had. */
static void
maybe_ready (JnContext *self)
{
  if (self->stage == JN_STAGE_ENROLLING && self->enrolment != NULL)
    {
      gboolean running =
          jn_sync_get_state (self->sync) == JN_SYNC_RUNNING
          || (jn_sync_get_as_of (self->sync) == 0 && jn_sync_get_error (self->sync) == NULL);
      if (running && (self->facts == NULL || !self->facts->known))
        return;
      jn_enrolment_complete (self->enrolment, NULL);
    }
  else if (self->stage != JN_STAGE_STARTING)
    return;
  jn_context_set_stage (self, JN_STAGE_READY);
  g_clear_object (&self->enrolment);
  jn_context_show_cut_off (self);
}

static void
stop_reread (JnContext *self)
{
  if (self->reread != NULL)
    g_source_destroy (self->reread);
  g_clear_pointer (&self->reread, g_source_unref);
}

static gboolean
on_reread (gpointer user_data)
{
  jn_context_refresh (user_data);
  return G_SOURCE_REMOVE;
}

/* Later and later while it fails: sync tells of what is new only, and everything may be in the store already. */
static void
plan_reread (JnContext *self)
{
  self->reread_s = self->reread_s == 0 ? REREAD_LEAST_S : MIN (self->reread_s * 2, REREAD_MOST_S);
  self->reread = jn_clock_timer_new (self->clock, self->reread_s * 1000);
  g_source_set_callback (self->reread, on_reread, self, NULL);
  g_source_attach (self->reread, g_main_context_get_thread_default ());
}

static void
on_facts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;
  JnFacts *facts = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->shut || self->sync == NULL)
    {
      g_clear_pointer (&facts, jn_facts_unref);
      return;
    }
  self->refreshing = FALSE;
  /* After an error the last good state stays. */
  if (facts != NULL)
    {
      g_clear_pointer (&self->facts, jn_facts_unref);
      self->facts = facts;
      self->reread_s = 0;
    }
  else
    {
      jn_log (JN_LOG_WARNING, "session", "the wallet could not be read: %s", error->message);
      plan_reread (self);
    }
  apply_facts (self, error);
  maybe_ready (self);
  if (self->refresh_again)
    {
      self->refresh_again = FALSE;
      jn_context_refresh (self);
    }
}

void
jn_context_refresh (JnContext *self)
{
  if (self->shut || self->sync == NULL)
    return;
  if (self->refreshing)
    {
      self->refresh_again = TRUE;
      return;
    }
  FactsJob *job = g_new0 (FactsJob, 1);
  job->storage = g_object_ref (self->storage);
  job->currency = jn_context_get_currency (self);
  job->now = jn_context_now (self);
  job->at_hand = jn_context_dup_at_hand (self);
  self->refreshing = TRUE;
  stop_reread (self);
  jn_worker_run_async (jn_storage_get_worker (self->storage), read_facts, job, facts_job_free,
                       (GDestroyNotify) jn_facts_unref, self->wallet, on_facts,
                       g_object_ref (self));
}

/* ---- sync ---- */

static void
on_sync_changed (JnSync *sync, JnContext *self)
{
  jn_context_refresh (self);
}

/* The end of what a notice said was going on. */
static void
notice_healed (JnContext *self)
{
  if (self->notice == JN_CONTEXT_NOTICE_OLDER_COPY)
    jn_context_set_notice (self, JN_CONTEXT_NOTICE_OLDER_COPY_HEALED);
  else if (self->notice == JN_CONTEXT_NOTICE_REBUILDING)
    jn_context_set_notice (self, JN_CONTEXT_NOTICE_REBUILT);
}

static void
on_sync_state (JnSync *sync, GParamSpec *spec, JnContext *self)
{
  if (self->sync != sync)
    return;
  jn_context_update_connection (self);
  if (jn_sync_get_state (sync) == JN_SYNC_IDLE)
    {
      notice_healed (self);
      jn_context_take_care (self);
      jn_resolver_kick (self->resolver);
    }
  /* Without facts the pages say why there are none. */
  else if (jn_sync_get_state (sync) != JN_SYNC_RUNNING
           && (self->facts == NULL || !self->facts->known))
    {
      apply_facts (self, NULL);
      if (self->stage == JN_STAGE_ENROLLING)
        maybe_ready (self);
    }
}

static void
on_sync_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!jn_sync_run_finish (JN_SYNC (source), result, &error))
    jn_log (JN_LOG_DEBUG, "session", "sync: %s", error->message);
}

void
jn_context_sync (JnContext *self)
{
  if (self->sync != NULL)
    jn_sync_run_async (self->sync, self->wallet, on_sync_run, g_object_ref (self));
}

static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, JnContext *self)
{
  if (!available || self->sync == NULL)
    return;
  jn_resolver_kick (self->resolver);
  jn_sync_nudge (self->sync);
}

/* ---- verdicts ---- */

static gpointer
copy_ref (gconstpointer object, gpointer data)
{
  return g_object_ref ((gpointer) object);
}

static void
on_verdict (gpointer data, const JnVerdict *verdict)
{
  JnContext *self = data;
  g_autoptr (GPtrArray) payments = g_ptr_array_copy (self->payments, copy_ref, NULL);

  g_ptr_array_set_free_func (payments, g_object_unref);
  for (guint i = 0; i < payments->len; i++)
    jn_payment_settled (payments->pdata[i], verdict);
  if (verdict->authorisation != NULL)
    return;
  if (verdict->was_approved || verdict->made)
    jn_context_announce (self, &verdict->intent, verdict->made,
                         verdict->made ? &verdict->transaction : NULL);
}

void
jn_context_hold_intent (JnContext *self, const JnId *intent)
{
  if (self->resolver != NULL)
    jn_resolver_hold (self->resolver, intent);
}

void
jn_context_release_intent (JnContext *self, const JnId *intent, gboolean settle)
{
  if (self->resolver == NULL)
    return;
  jn_resolver_release (self->resolver, intent);
  if (settle)
    jn_resolver_kick (self->resolver);
}

GArray *
jn_context_dup_at_hand (JnContext *self)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (JnIntentAtHand));

  for (guint i = 0; i < self->payments->len; i++)
    {
      JnPayment *payment = self->payments->pdata[i];
      JnPaymentState state = jn_payment_get_state (payment);
      const char *reference = jn_payment_get_reference (payment);
      JnIntentAtHand one = { .how = state == JN_PAYMENT_APPROVING ? JN_AT_HAND_SENDING
                                    : state == JN_PAYMENT_CONFIRM || state == JN_PAYMENT_SMS
                                        ? JN_AT_HAND_WAITING
                                        : JN_AT_HAND_NOT };
      if (reference != NULL && jn_id_from_string (reference, &one.intent))
        g_array_append_val (list, one);
    }
  return list;
}

void
jn_context_keep_payment (JnContext *self, JnPayment *payment)
{
  if (!g_ptr_array_find (self->payments, payment, NULL))
    g_ptr_array_add (self->payments, g_object_ref (payment));
}

void
jn_context_drop_payment (JnContext *self, JnPayment *payment)
{
  g_ptr_array_remove (self->payments, payment);
}

void
jn_context_payment_ended (JnContext *self, const JnId *intent, gboolean made,
                          const JnId *transaction)
{
  jn_context_announce (self, intent, made, transaction);
}

/* ---- in and out ---- */

void
jn_context_enter_wallet (JnContext *self, JnDevice *device, const char *consent_id,
                         JnSecret *session_secret)
{
  g_return_if_fail (self->sync == NULL && self->storage != NULL);

  g_clear_object (&self->wallet);
  self->wallet = g_cancellable_new ();
  self->device = device;
  jn_bank_set_device (self->bank, device);
  jn_bank_set_session (self->bank, consent_id, session_secret);
  g_autoptr (JnWorker) reader = jn_context_make_worker (self, "reader");
  self->sync = jn_sync_new (self->bank, self->storage, reader, self->clock);
  self->resolver = jn_resolver_new (self->bank, self->storage, self->clock, on_verdict, self);
  g_signal_connect_object (self->sync, "changed", G_CALLBACK (on_sync_changed), self, 0);
  g_signal_connect_object (self->sync, "notify::state", G_CALLBACK (on_sync_state), self, 0);
  if (!self->follows_network && self->profile->address != NULL)
    {
      g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                               G_CALLBACK (on_network_changed), self, 0);
      self->follows_network = TRUE;
    }
  jn_context_trust_keep (self);
  /* Before the reading, so that READY knows of it. */
  jn_context_find_cut_off (self);
  jn_context_refresh (self);
  jn_context_open_door (self);
  jn_context_sync (self);
  jn_sync_follow (self->sync, TRUE);
}

void
jn_context_leave_wallet (JnContext *self)
{
  g_autoptr (GPtrArray) payments = self->payments;

  self->payments = g_ptr_array_new_with_free_func (g_object_unref);
  g_cancellable_cancel (self->wallet);
  for (guint i = 0; i < payments->len; i++)
    jn_payment_stop (payments->pdata[i]);
  if (self->resolver != NULL)
    jn_resolver_stop (self->resolver);
  g_clear_object (&self->resolver);
  g_clear_pointer (&self->cut_off, jn_cut_off_free);
  if (self->sync != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->sync, self);
      jn_sync_stop (self->sync);
    }
  g_clear_object (&self->sync);
  g_clear_pointer (&self->device, jn_device_free);
  g_clear_pointer (&self->facts, jn_facts_unref);
  jn_bank_set_session (self->bank, NULL, NULL);
  jn_bank_set_device (self->bank, NULL);
  self->refreshing = self->refresh_again = FALSE;
  stop_reread (self);
  self->reread_s = 0;
  if (!self->shut)
    apply_facts (self, NULL);
}
