/* Six checks, one after the other. */
#include "jn-doctor.h"

#include "jn-context-private.h"
#include "jn-error.h"
#include "jn-views-private.h"

/* A signature made further away from the bank's time is refused. */
#define CLOCK_TOLERANCE (120 * JN_SECOND)

struct _JnDoctor
{
  GObject parent_instance;
  JnContext *context; /* weak; NULL when it is gone */
  JnMoney amount;     /* currency NONE: no payment */
  char *payload;      /* of a code; NULL */
  int code;           /* why the payment failed; 0 */

  JnCheckMark marks[JN_N_CHECKS];
  int codes[JN_N_CHECKS];
  gint64 ahead_s;
  JnMoney short_of;
  GCancellable *running;
};

G_DEFINE_FINAL_TYPE (JnDoctor, jn_doctor, G_TYPE_OBJECT)

static guint signal_changed;

static void
jn_doctor_dispose (GObject *object)
{
  JnDoctor *self = JN_DOCTOR (object);

  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_weak_pointer (&self->context);
  g_clear_pointer (&self->payload, g_free);
  G_OBJECT_CLASS (jn_doctor_parent_class)->dispose (object);
}

static void
jn_doctor_class_init (JnDoctorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_doctor_dispose;
  signal_changed = g_signal_new ("changed", JN_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
jn_doctor_init (JnDoctor *self)
{
}

static void
set (JnDoctor *self, JnCheck check, JnCheckMark mark, int code)
{
  self->marks[check] = mark;
  self->codes[check] = code;
}

static void
tell (JnDoctor *self)
{
  g_signal_emit (self, signal_changed, 0);
}

/* ---- network ---- */

static gboolean
is_bank_here (JnContext *context)
{
  return jn_context_is_bank_embedded (context) || jn_context_is_bank_on_loopback (context);
}

/* FALSE when it makes no sense to go on. */
static gboolean
check_network (JnDoctor *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  if (jn_context_get_cut (self->context))
    set (self, JN_CHECK_NETWORK, JN_MARK_BAD, JN_ERROR_OFFLINE);
  else if (is_bank_here (self->context))
    set (self, JN_CHECK_NETWORK, JN_MARK_NOT_NEEDED, 0);
  else if (g_network_monitor_get_connectivity (monitor) == G_NETWORK_CONNECTIVITY_PORTAL)
    set (self, JN_CHECK_NETWORK, JN_MARK_BAD, JN_ERROR_SIGN_IN_PAGE);
  else if (!g_network_monitor_get_network_available (monitor))
    set (self, JN_CHECK_NETWORK, JN_MARK_BAD, JN_ERROR_OFFLINE);
  else
    set (self, JN_CHECK_NETWORK, JN_MARK_GOOD, 0);
  return self->marks[JN_CHECK_NETWORK] != JN_MARK_BAD;
}

/* ---- clock ---- */

static void
check_clock (JnDoctor *self)
{
  JnInstant bank = 0, ours = 0;

  if (!jn_bank_get_date (jn_context_get_bank (self->context), &bank, &ours))
    {
      set (self, JN_CHECK_CLOCK, JN_MARK_CANNOT, 0);
      return;
    }
  self->ahead_s = (ours - bank) / JN_SECOND;
  if (ours - bank > CLOCK_TOLERANCE || bank - ours > CLOCK_TOLERANCE)
    set (self, JN_CHECK_CLOCK, JN_MARK_BAD, JN_ERROR_INVALID);
  else
    set (self, JN_CHECK_CLOCK, JN_MARK_GOOD, 0);
}

/* ---- funds, limits ---- */

static void
check_funds (JnDoctor *self, const JnWireAccount *account)
{
  JnMoney missing;

  if (self->amount.currency == JN_CURRENCY_NONE)
    set (self, JN_CHECK_FUNDS, JN_MARK_NOT_NEEDED, 0);
  else if (account == NULL || account->available.currency != self->amount.currency
           || !jn_money_subtract (self->amount, account->available, &missing))
    set (self, JN_CHECK_FUNDS, JN_MARK_CANNOT, 0);
  else if (missing.minor > 0)
    {
      self->short_of = missing;
      set (self, JN_CHECK_FUNDS, JN_MARK_BAD, JN_ERROR_NO_FUNDS);
    }
  else
    set (self, JN_CHECK_FUNDS, JN_MARK_GOOD, 0);
}

static gboolean
is_a_stop (int code)
{
  return code == JN_ERROR_OVER_LIMIT || code == JN_ERROR_ACCOUNT_FROZEN
         || code == JN_ERROR_ACCOUNT_CLOSED || code == JN_ERROR_PIN_BLOCKED
         || jn_error_code_get_class (code) == JN_ERROR_CLASS_SESSION;
}

/* @code: what the bank said just now, 0 for nothing. */
static void
check_limits (JnDoctor *self, int code)
{
  JnFacts *facts = jn_context_get_facts (self->context);
  const JnWireProfile *profile = facts != NULL ? facts->profile : NULL;

  if (is_a_stop (code))
    set (self, JN_CHECK_LIMITS, JN_MARK_BAD, code);
  else if (is_a_stop (self->code))
    set (self, JN_CHECK_LIMITS, JN_MARK_BAD, self->code);
  else if (profile != NULL && self->amount.currency != JN_CURRENCY_NONE
           && profile->limits.payment.currency == self->amount.currency
           && self->amount.minor > profile->limits.payment.minor)
    set (self, JN_CHECK_LIMITS, JN_MARK_BAD, JN_ERROR_OVER_LIMIT);
  else if (profile == NULL)
    set (self, JN_CHECK_LIMITS, JN_MARK_CANNOT, 0);
  else
    set (self, JN_CHECK_LIMITS, JN_MARK_GOOD, 0);
}

/* ---- the code ---- */

static void
finish_code (JnDoctor *self, const GError *error)
{
  int code = error != NULL && error->domain == JN_ERROR ? error->code : 0;

  if (error == NULL)
    set (self, JN_CHECK_CODE, JN_MARK_GOOD, 0);
  else if (jn_error_get_class (error) == JN_ERROR_CLASS_INVALID
           || jn_error_get_class (error) == JN_ERROR_CLASS_REFUSED)
    set (self, JN_CHECK_CODE, JN_MARK_BAD, code);
  else
    set (self, JN_CHECK_CODE, JN_MARK_CANNOT, 0);
  g_clear_object (&self->running);
  tell (self);
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnDoctor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnWireQr) qr = jn_bank_resolve_qr_finish (JN_BANK (source), result, &error);

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    finish_code (self, error);
}

static void
check_code (JnDoctor *self)
{
  gboolean of_code = jn_error_code_get_class (self->code) == JN_ERROR_CLASS_INVALID
                     && self->code >= JN_ERROR_CODE_CHECKSUM
                     && self->code <= JN_ERROR_PICTURE_UNREADABLE;

  if (self->payload != NULL)
    {
      jn_bank_resolve_qr_async (jn_context_get_bank (self->context), self->payload, self->running,
                                on_resolved, g_object_ref (self));
      return;
    }
  if (of_code || self->code == JN_ERROR_CODE_EXPIRED || self->code == JN_ERROR_PAYEE_UNKNOWN)
    set (self, JN_CHECK_CODE, JN_MARK_BAD, self->code);
  else
    set (self, JN_CHECK_CODE, JN_MARK_NOT_NEEDED, 0);
  g_clear_object (&self->running);
  tell (self);
}

/* ---- bank ---- */

/* What needs the bank's answer cannot be looked at. */
static void
give_up (JnDoctor *self)
{
  for (guint i = 0; i < JN_N_CHECKS; i++)
    if (self->marks[i] == JN_MARK_WAITING)
      {
        gboolean needed = i == JN_CHECK_BANK || i == JN_CHECK_CLOCK || i == JN_CHECK_LIMITS
                          || (i == JN_CHECK_FUNDS && self->amount.currency != JN_CURRENCY_NONE)
                          || (i == JN_CHECK_CODE && self->payload != NULL);
        set (self, i, needed ? JN_MARK_CANNOT : JN_MARK_NOT_NEEDED, 0);
      }
  if (is_a_stop (self->code))
    set (self, JN_CHECK_LIMITS, JN_MARK_BAD, self->code);
  g_clear_object (&self->running);
  tell (self);
}

static void
on_accounts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnDoctor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (JN_BANK (source), result, &error);
  g_autoptr (GPtrArray) accounts = NULL;
  int code;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)))
      || self->context == NULL)
    return;
  if (document != NULL)
    accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  code = error != NULL && error->domain == JN_ERROR ? error->code : 0;
  if (code == JN_ERROR_SIGN_IN_PAGE)
    set (self, JN_CHECK_NETWORK, JN_MARK_BAD, code);
  /* A bank that says no is there. */
  if (error != NULL && !is_a_stop (code))
    {
      set (self, JN_CHECK_BANK, code == JN_ERROR_SIGN_IN_PAGE ? JN_MARK_CANNOT : JN_MARK_BAD,
           code != 0 ? code : (int) JN_ERROR_OFFLINE);
      give_up (self);
      return;
    }
  set (self, JN_CHECK_BANK, JN_MARK_GOOD, 0);
  check_clock (self);
  check_funds (self, accounts != NULL && accounts->len > 0 ? accounts->pdata[0] : NULL);
  check_limits (self, code);
  tell (self);
  check_code (self);
}

void
jn_doctor_run (JnDoctor *self)
{
  if (self->context == NULL)
    return;
  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  for (guint i = 0; i < JN_N_CHECKS; i++)
    set (self, i, JN_MARK_WAITING, 0);
  self->short_of = jn_money (0, JN_CURRENCY_NONE);
  self->ahead_s = 0;
  self->running = g_cancellable_new ();
  if (!check_network (self))
    {
      give_up (self);
      return;
    }
  tell (self);
  jn_bank_get_async (jn_context_get_bank (self->context), "/psd2/v1/accounts?withBalance=true",
                     self->running, on_accounts, g_object_ref (self));
}

JnDoctor *
jn_doctor_new (JnContext *context, JnPayment *payment, int code)
{
  JnDoctor *self = g_object_new (JN_TYPE_DOCTOR, NULL);
  const GError *error = payment != NULL ? jn_payment_get_error (payment) : NULL;

  g_set_weak_pointer (&self->context, context);
  self->code = code;
  if (payment != NULL)
    {
      self->amount = jn_payment_get_total (payment);
      self->payload = g_strdup (jn_payment_get_code (payment));
    }
  if (code == 0 && error != NULL && error->domain == JN_ERROR)
    self->code = error->code;
  jn_doctor_run (self);
  return self;
}

/* ---- what was found ---- */

JnCheckMark
jn_doctor_get_mark (JnDoctor *self, JnCheck check)
{
  return self->marks[check];
}

int
jn_doctor_get_code (JnDoctor *self, JnCheck check)
{
  return self->codes[check];
}

gboolean
jn_doctor_is_done (JnDoctor *self)
{
  return self->running == NULL;
}

static JnFix
fix_for_network (JnDoctor *self)
{
  if (self->codes[JN_CHECK_NETWORK] == JN_ERROR_SIGN_IN_PAGE)
    return JN_FIX_SIGN_IN;
  return self->context != NULL && jn_context_get_cut (self->context) ? JN_FIX_RECONNECT
                                                                     : JN_FIX_NETWORK_SETTINGS;
}

static JnFix
fix_for (JnDoctor *self, JnCheck check)
{
  switch (check)
    {
    case JN_CHECK_NETWORK:
      return fix_for_network (self);
    case JN_CHECK_BANK:
      return JN_FIX_TRY_AGAIN;
    case JN_CHECK_CLOCK:
      return JN_FIX_CLOCK_SETTINGS;
    case JN_CHECK_FUNDS:
      return JN_FIX_MORE_MONEY;
    case JN_CHECK_LIMITS:
      return jn_error_code_get_class (self->codes[check]) == JN_ERROR_CLASS_SESSION
                 ? JN_FIX_SET_UP_AGAIN
                 : JN_FIX_CALL_BANK;
    case JN_CHECK_CODE:
      return JN_FIX_NEW_CODE;
    case JN_N_CHECKS:
    default:
      return JN_FIX_NONE;
    }
}

JnFix
jn_doctor_get_fix (JnDoctor *self)
{
  for (guint i = 0; jn_doctor_is_done (self) && i < JN_N_CHECKS; i++)
    if (self->marks[i] == JN_MARK_BAD)
      return fix_for (self, i);
  return JN_FIX_NONE;
}

gint64
jn_doctor_get_clock_ahead (JnDoctor *self)
{
  return self->ahead_s;
}

const char *
jn_doctor_get_sign_in_address (void)
{
  return "http://nmcheck.gnome.org/";
}

JnMoney
jn_doctor_get_short (JnDoctor *self)
{
  return self->short_of;
}
