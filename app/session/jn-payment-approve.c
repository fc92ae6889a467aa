/* From the PIN to what became of the payment.
 *
 * APPROVED is in the outbox before the PIN leaves. After that only three things end it: the bank's answer, the bank's verdict, or a
 * refusal. An error that says that certainly nothing was sent (class AGAIN) goes back to the sheet: the same intent may be
 * approved again, and if the customer walks away the resolver closes it. */
#include "jn-payment-state.h"

#include "jn-error.h"

#include <string.h>

/* Whether the payment still waits for the answer that a callback brings. */
static gboolean
is_waiting (JnPayment *self, GError **error)
{
  if (self->context != NULL && self->state == JN_PAYMENT_APPROVING)
    return TRUE;
  g_clear_error (error);
  return FALSE;
}

/* ---- ends ---- */

static void
on_made_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  g_autoptr (GError) error = NULL;

  /* When this could not be written the money has moved all the same; the resolver finds out again. */
  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (!is_waiting (self, NULL))
    return;
  g_autoptr (JnContext) context = g_object_ref (self->context);
  JnId intent = self->intent;
  JnId transaction = self->transaction;
  jn_context_release_intent (context, &intent, error != NULL);
  jn_payment_advance (self, JN_PAYMENT_MADE, NULL);
  jn_context_payment_ended (context, &intent, TRUE, &transaction);
}

static void
made (JnPayment *self, const JnWireApprovalAnswer *answer)
{
  JnOutboxJob *job = jn_outbox_job_new (self, &self->intent, JN_NOTE_MADE);

  self->elapsed_us = jn_clock_get_monotonic (self->clock) - self->tapped_at;
  self->bank_commit_us =
      answer->bank_commit_ms >= 0 ? (gint64) (answer->bank_commit_ms * 1000) : -1;
  self->transaction = answer->transaction;
  job->change.to = JN_INTENT_MADE;
  job->change.transaction = answer->transaction;
  jn_payment_set_step (self, JN_PAYMENT_STEP_KEEPING);
  jn_outbox_job_run (self, job, on_made_noted, g_object_ref (self));
}

/* What could not be written the resolver finds out again: or its row would stay open. */
static void
on_refusal_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  g_autoptr (GError) error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (error != NULL && self->context != NULL)
    jn_context_release_intent (self->context, &self->intent, TRUE);
}

/* The bank said no. Takes @error. */
static void
not_made (JnPayment *self, GError *error)
{
  g_autoptr (JnContext) context = g_object_ref (self->context);
  JnOutboxJob *job = jn_outbox_job_new (self, &self->intent, JN_NOTE_REFUSED);
  JnId intent = self->intent;

  self->elapsed_us = jn_clock_get_monotonic (self->clock) - self->tapped_at;
  jn_payment_remember_paid (self, error);
  job->change.to = JN_INTENT_NOT_MADE;
  job->change.reason = job->change.code =
      error->domain == JN_ERROR ? error->code : (int) JN_ERROR_REFUSED;
  jn_outbox_job_run (self, job, on_refusal_noted, g_object_ref (self));
  jn_context_release_intent (context, &intent, FALSE);
  jn_payment_advance (self, JN_PAYMENT_NOT_MADE, error);
  jn_context_payment_ended (context, &intent, FALSE, NULL);
}

static void
on_unknown_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  g_autoptr (GError) error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (self->context == NULL)
    return;
  jn_context_release_intent (self->context, &self->intent, TRUE);
  jn_context_refresh (self->context);
}

/* Writes UNKNOWN and leaves the rest to the resolver. */
static void
hand_over (JnPayment *self, int reason)
{
  gboolean cancelled = reason == JN_ERROR_CANCELLED;
  JnOutboxJob *job =
      jn_outbox_job_new (self, &self->intent, cancelled ? JN_NOTE_CANCELLED : JN_NOTE_NO_ANSWER);
  job->change.cancelled = cancelled;
  job->change.to = JN_INTENT_UNKNOWN;
  job->change.reason = job->change.code = reason;
  jn_outbox_job_run (self, job, on_unknown_noted, g_object_ref (self));
}

/* Beside the way: nobody waits for it. */
static void
note (JnPayment *self, const char *step, int code)
{
  JnOutboxJob *job = jn_outbox_job_new (self, &self->intent, step);
  job->change.code = code;
  jn_outbox_job_run (self, job, NULL, NULL);
}

void
jn_payment_check (JnPayment *self, int reason)
{
  jn_payment_begin_step (self);
  hand_over (self, reason);
  jn_payment_advance (self, JN_PAYMENT_CHECKING, NULL);
}

/* Where the customer would go on, but has left: nobody could, and the intent would be held for ever. */
static gboolean
settle_when_left (JnPayment *self, int reason)
{
  if (!self->left)
    return FALSE;
  jn_payment_check (self, reason);
  return TRUE;
}

void
jn_payment_settled (JnPayment *self, const JnVerdict *verdict)
{
  if (self->state != JN_PAYMENT_CHECKING || !jn_id_equal (&verdict->intent, &self->intent))
    return;
  if (verdict->authorisation != NULL)
    {
      jn_payment_reopen (self, verdict->authorisation);
      return;
    }
  self->elapsed_us = jn_clock_get_monotonic (self->clock) - self->tapped_at;
  if (verdict->made)
    {
      self->transaction = verdict->transaction;
      jn_payment_advance (self, JN_PAYMENT_MADE, NULL);
      return;
    }
  int reason = verdict->reason != 0 ? verdict->reason : (int) JN_ERROR_CANCELLED;
  jn_payment_advance (self, JN_PAYMENT_NOT_MADE,
                      g_error_new (JN_ERROR, reason, "closed before it was made"));
}

/* ---- answers ---- */

static void
on_sms_requested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  JnWireApprovalAnswer answer;
  gboolean resending = self->resending;

  jn_bank_approve_finish (JN_BANK (source), result, &answer, &error);
  self->resending = FALSE;
  if (resending)
    {
      if (self->context != NULL && self->state == JN_PAYMENT_SMS)
        jn_payment_complain (self, error);
      else
        g_clear_error (&error);
      return;
    }
  if (!is_waiting (self, &error))
    return;
  if (settle_when_left (self, JN_ERROR_SMS_EXPIRED))
    {
      g_clear_error (&error);
      return;
    }
  /* Asking for a message moves no money, whatever came of it: another can be asked for. */
  jn_payment_advance (self, JN_PAYMENT_SMS, error);
}

static void
request_sms (JnPayment *self)
{
  jn_context_expect_sms (self->context);
  jn_bank_request_sms_async (jn_context_get_bank (self->context), self->order, self->authorisation,
                             jn_payment_begin_step (self), on_sms_requested, g_object_ref (self));
}

/* @back: where the customer can try again. Takes @error. */
static void
answer_error (JnPayment *self, JnPaymentState back, GError *error)
{
  int reason;

  if (jn_error_is (error, JN_ERROR_PIN_WRONG) || jn_error_is (error, JN_ERROR_SMS_WRONG)
      || jn_error_is (error, JN_ERROR_SMS_EXPIRED))
    {
      self->attempts_left = jn_bank_get_attempts_left (jn_context_get_bank (self->context));
      note (self, JN_NOTE_ANSWERED, error->code);
      if (settle_when_left (self, error->code))
        g_error_free (error);
      else
        jn_payment_advance (self, back, error);
      return;
    }
  switch (jn_error_get_class (error))
    {
    case JN_ERROR_CLASS_AGAIN:
      note (self, JN_NOTE_ANSWERED, error->code);
      if (settle_when_left (self, error->code))
        g_error_free (error);
      else
        jn_payment_advance (self, back, error);
      break;
    case JN_ERROR_CLASS_REFUSED:
    case JN_ERROR_CLASS_GROUP:
      not_made (self, error);
      break;
    /* A signature that does not fit, a session or device that the bank lets in no more, a message that is not one, a key that was used:
     * said of this copy of the request. Another copy may have been taken, or may still be on its way: only a verdict closes the intent. */
    case JN_ERROR_CLASS_SESSION:
    case JN_ERROR_CLASS_INVALID:
    case JN_ERROR_CLASS_CONFLICT:
    default:
      reason = error->domain == JN_ERROR ? error->code : (int) JN_ERROR_SENT_NO_ANSWER;
      g_error_free (error);
      jn_payment_check (self, reason);
      break;
    }
}

static void
take_answer (JnPayment *self, JnPaymentState back, GObject *bank, GAsyncResult *result)
{
  GError *error = NULL;
  JnWireApprovalAnswer answer = { 0 };
  gboolean ok = jn_bank_approve_finish (JN_BANK (bank), result, &answer, &error);

  if (!is_waiting (self, &error))
    return;
  if (!ok)
    answer_error (self, back, error);
  else if (answer.state == JN_WIRE_APPROVAL_MADE)
    made (self, &answer);
  else if (settle_when_left (self, JN_ERROR_SMS_EXPIRED))
    return;
  else if (answer.state == JN_WIRE_APPROVAL_NEEDS_SMS)
    request_sms (self);
  else
    jn_payment_advance (self, JN_PAYMENT_SMS, NULL);
}

static void
on_pin_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  take_answer (self, JN_PAYMENT_CONFIRM, source, result);
}

static void
on_sms_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  take_answer (self, JN_PAYMENT_SMS, source, result);
}

/* ---- the PIN ---- */

typedef struct
{
  JnPayment *payment;
  JnSecret *pin;
} Approval;

static void
on_approval_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Approval *approval = user_data;
  g_autoptr (JnPayment) self = approval->payment;
  g_autoptr (JnSecret) pin = approval->pin;
  GError *error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (!is_waiting (self, &error))
    return;
  if (error != NULL)
    {
      /* Not written, so not sent. */
      jn_payment_advance (self, JN_PAYMENT_CONFIRM, error);
      if (self->left)
        jn_payment_cancel (self);
      return;
    }
  self->approved = TRUE;
  jn_bank_approve_pin_async (jn_context_get_bank (self->context), self->order, self->authorisation,
                             pin, jn_context_get_device (self->context),
                             jn_payment_begin_step (self), on_pin_answered, g_object_ref (self));
  note (self, JN_NOTE_SENT, 0);
  jn_payment_set_step (self, JN_PAYMENT_STEP_WAITING);
}

void
jn_payment_approve (JnPayment *self, const char *pin)
{
  if (self->state != JN_PAYMENT_CONFIRM || self->context == NULL || pin == NULL
      || jn_context_get_device (self->context) == NULL)
    return;
  Approval *approval = g_new0 (Approval, 1);
  JnOutboxJob *job = jn_outbox_job_new (self, &self->intent, JN_NOTE_APPROVED);

  job->change.to = JN_INTENT_APPROVED;
  approval->payment = g_object_ref (self);
  approval->pin = jn_secret_new (pin, strlen (pin));
  self->tapped_at = jn_clock_get_monotonic (self->clock);
  self->attempts_left = -1;
  jn_payment_set_step (self, JN_PAYMENT_STEP_WRITING);
  jn_context_keep_payment (self->context, self);
  jn_payment_advance (self, JN_PAYMENT_APPROVING, NULL);
  jn_outbox_job_run (self, job, on_approval_noted, approval);
}

void
jn_payment_approve_sms (JnPayment *self, const char *code)
{
  if (self->state != JN_PAYMENT_SMS || self->context == NULL || code == NULL)
    return;
  self->tapped_at = jn_clock_get_monotonic (self->clock);
  self->attempts_left = -1;
  jn_payment_set_step (self, JN_PAYMENT_STEP_WAITING);
  jn_payment_advance (self, JN_PAYMENT_APPROVING, NULL);
  jn_bank_approve_sms_async (jn_context_get_bank (self->context), self->order, self->authorisation,
                             code, jn_payment_begin_step (self), on_sms_answered,
                             g_object_ref (self));
  note (self, JN_NOTE_SENT, 0);
}

void
jn_payment_resend_sms (JnPayment *self)
{
  if (self->state != JN_PAYMENT_SMS || self->context == NULL || self->resending)
    return;
  self->resending = TRUE;
  jn_payment_complain (self, NULL);
  request_sms (self);
}

/* ---- walking away ---- */

void
jn_payment_drop_intent (JnPayment *self, const JnId *intent)
{
  if (jn_context_get_storage (self->context) != NULL)
    {
      JnOutboxJob *job = jn_outbox_job_new (self, intent, JN_NOTE_CANCELLED);
      job->change.cancelled = TRUE;
      jn_outbox_job_run (self, job, NULL, NULL);
    }
  jn_context_release_intent (self->context, intent, TRUE);
}

void
jn_payment_abandon (JnPayment *self)
{
  if (self->order != NULL && self->context != NULL && !self->approved)
    jn_payment_drop_intent (self, &self->intent);
  g_clear_pointer (&self->order, jn_wire_order_free);
  g_clear_pointer (&self->authorisation, g_free);
  g_clear_pointer (&self->reference, g_free);
}

void
jn_payment_cancel (JnPayment *self)
{
  /* What is on its way goes on without the customer. */
  self->left |= self->state == JN_PAYMENT_APPROVING;
  /* Nobody would go on with the sheet. */
  if (self->reopened && self->state == JN_PAYMENT_CHECKING && self->context != NULL)
    jn_context_release_intent (self->context, &self->intent, TRUE);
  if (self->context == NULL || self->state == JN_PAYMENT_APPROVING
      || self->state >= JN_PAYMENT_CHECKING)
    return;
  jn_payment_drop_top_up (self);
  jn_payment_begin_step (self);
  if (self->state == JN_PAYMENT_QUOTING)
    jn_payment_drop_intent (self, &self->next_intent);
  if (self->order != NULL)
    {
      if (self->approved)
        hand_over (self, JN_ERROR_CANCELLED);
      else
        jn_payment_drop_intent (self, &self->intent);
    }
  jn_payment_advance (self, JN_PAYMENT_CANCELLED, NULL);
}
