/* Opening a wallet on this device: one request a step. */
#include "jn-enrolment.h"

#include "jn-check-digits.h"
#include "jn-context-private.h"
#include "jn-error.h"
#include "jn-text.h"
#include "jn-views-private.h"

#include <string.h>

#define SAMPLE_PHONE "13800138000"
#define SAMPLE_PIN "258036"
#define PIN_LENGTH 6

struct _JnEnrolment
{
  GObject parent_instance;
  JnContext *context; /* outlives the enrolment, or stops it */
  JnBank *bank;
  GCancellable *cancellable;
  JnEnrolmentState state;
  gboolean busy;
  GError *error;
  int attempts_left;

  JnDevice *device;
  JnEnrolled *enrolled; /* the bank's part is done: what is left is ours */
  char *id;
  char *phone;
  char *name;
  char *tier;
  JnMoney payment_limit, day_limit, year_limit;
  char *masked_card;
};

G_DEFINE_FINAL_TYPE (JnEnrolment, jn_enrolment, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_BUSY,
  PROP_ERROR,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

/* Where each state may go. A step that fails stays. */
static const guint edges[] = {
  [JN_ENROLMENT_PHONE] = 1u << JN_ENROLMENT_CODE,
  [JN_ENROLMENT_CODE] = 1u << JN_ENROLMENT_PIN | 1u << JN_ENROLMENT_PHONE,
  [JN_ENROLMENT_PIN] = 1u << JN_ENROLMENT_IDENTITY,
  [JN_ENROLMENT_IDENTITY] = 1u << JN_ENROLMENT_CARD,
  [JN_ENROLMENT_CARD] = 1u << JN_ENROLMENT_FINISHING,
  [JN_ENROLMENT_FINISHING] = 1u << JN_ENROLMENT_DONE | 1u << JN_ENROLMENT_CARD,
  [JN_ENROLMENT_DONE] = 0,
};

static void
jn_enrolment_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  JnEnrolment *self = JN_ENROLMENT (object);
  if (id == PROP_STATE)
    g_value_set_int (value, (int) self->state);
  else if (id == PROP_BUSY)
    g_value_set_boolean (value, self->busy);
  else if (id == PROP_ERROR)
    g_value_set_boxed (value, self->error);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
jn_enrolment_dispose (GObject *object)
{
  JnEnrolment *self = JN_ENROLMENT (object);
  jn_enrolment_stop (self);
  g_clear_object (&self->bank);
  G_OBJECT_CLASS (jn_enrolment_parent_class)->dispose (object);
}

static void
jn_enrolment_finalize (GObject *object)
{
  JnEnrolment *self = JN_ENROLMENT (object);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->device, jn_device_free);
  g_clear_pointer (&self->enrolled, jn_enrolled_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->phone, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->tier, g_free);
  g_clear_pointer (&self->masked_card, g_free);
  G_OBJECT_CLASS (jn_enrolment_parent_class)->finalize (object);
}

static void
jn_enrolment_class_init (JnEnrolmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = jn_enrolment_get_property;
  object_class->dispose = jn_enrolment_dispose;
  object_class->finalize = jn_enrolment_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, JN_ENROLMENT_DONE, 0, flags);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_enrolment_init (JnEnrolment *self)
{
  self->cancellable = g_cancellable_new ();
  self->attempts_left = -1;
}

JnEnrolment *
jn_enrolment_new (JnContext *context, JnBank *bank)
{
  JnEnrolment *self = g_object_new (JN_TYPE_ENROLMENT, NULL);
  self->context = context;
  self->bank = g_object_ref (bank);
  self->device = jn_device_new ();
  return self;
}

void
jn_enrolment_stop (JnEnrolment *self)
{
  g_cancellable_cancel (self->cancellable);
  self->context = NULL;
}

/* ---- the machine ---- */

static void
set_busy (JnEnrolment *self, gboolean busy)
{
  if (self->busy == busy)
    return;
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

/* Takes @error. */
static void
set_error (JnEnrolment *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

static void
advance (JnEnrolment *self, JnEnrolmentState to)
{
  g_assert ((edges[self->state] & 1u << to) != 0);
  self->state = to;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* Whether a step may begin now. */
static gboolean
begin (JnEnrolment *self, JnEnrolmentState in)
{
  if (self->state != in || self->busy || self->context == NULL)
    return FALSE;
  self->attempts_left = -1;
  set_error (self, NULL);
  return TRUE;
}

static void
refuse (JnEnrolment *self, JnErrorCode code, const char *why)
{
  set_error (self, g_error_new_literal (JN_ERROR, (int) code, why));
}

static void
fail (JnEnrolment *self, GError *error)
{
  self->attempts_left = jn_bank_get_attempts_left (self->bank);
  set_busy (self, FALSE);
  set_error (self, error);
}

/* Takes @error. Whether nothing follows from an answer. */
static gboolean
is_over (JnEnrolment *self, gboolean ok, GError *error)
{
  gboolean cancelled = g_cancellable_is_cancelled (self->cancellable);

  if (cancelled)
    g_clear_error (&error);
  else if (!ok)
    fail (self, error);
  return cancelled || !ok;
}

/* ---- what the bank answers ---- */

static void
read_identity (JnEnrolment *self, JnJson *root)
{
  struct
  {
    const char *name;
    JnMoney *out;
  } limits[] = { { "payment", &self->payment_limit },
                 { "day", &self->day_limit },
                 { "year", &self->year_limit } };

  g_free (self->name);
  self->name = g_strdup (jn_json_string (jn_json_get (root, "name")));
  if (self->name != NULL && !jn_text_is_name (self->name, 70))
    g_clear_pointer (&self->name, g_free);
  g_free (self->tier);
  self->tier = g_strdup (jn_json_string (jn_json_get (root, "tier")));
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      JnJson *limit = jn_json_get (jn_json_get (root, "limits"), limits[i].name);
      const char *amount = jn_json_string (jn_json_get (limit, "amount"));
      const char *currency = jn_json_string (jn_json_get (limit, "currency"));
      *limits[i].out = jn_money (0, JN_CURRENCY_NONE);
      if (amount != NULL && currency != NULL)
        jn_money_from_wire (amount, currency, limits[i].out, NULL);
    }
}

static void
read_card (JnEnrolment *self, JnJson *root)
{
  const char *masked = jn_json_string (jn_json_get (root, "maskedPan"));
  g_free (self->masked_card);
  self->masked_card = masked != NULL && jn_text_is_name (masked, 40) ? g_strdup (masked) : NULL;
}

static void
keep (JnEnrolment *self)
{
  jn_context_enrolled (self->context, self->device, self->enrolled->consent_id,
                       self->enrolled->session_secret);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnEnrolment) self = user_data;
  GError *error = NULL;
  JnEnrolled *enrolled = jn_bank_enrol_end_finish (JN_BANK (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&enrolled, jn_enrolled_free);
      g_clear_error (&error);
      return;
    }
  if (enrolled == NULL)
    {
      fail (self, error);
      advance (self, JN_ENROLMENT_CARD);
      return;
    }
  self->enrolled = enrolled;
  keep (self);
}

static void
finish (JnEnrolment *self)
{
  advance (self, JN_ENROLMENT_FINISHING);
  set_busy (self, TRUE);
  if (self->enrolled != NULL)
    {
      keep (self);
      return;
    }
  jn_bank_enrol_end_async (self->bank, self->id, self->cancellable, on_ended, g_object_ref (self));
}

void
jn_enrolment_complete (JnEnrolment *self, const GError *error)
{
  set_busy (self, FALSE);
  if (error != NULL)
    set_error (self, g_error_copy (error));
  advance (self, error == NULL ? JN_ENROLMENT_DONE : JN_ENROLMENT_CARD);
}

static void
on_step (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnEnrolment) self = user_data;
  GError *error = NULL;
  g_autoptr (JnJsonDoc) doc = jn_bank_enrol_step_finish (JN_BANK (source), result, &error);

  if (is_over (self, doc != NULL, error))
    return;
  set_busy (self, FALSE);
  switch (self->state)
    {
    case JN_ENROLMENT_CODE:
      advance (self, JN_ENROLMENT_PIN);
      break;
    case JN_ENROLMENT_PIN:
      advance (self, JN_ENROLMENT_IDENTITY);
      break;
    case JN_ENROLMENT_IDENTITY:
      read_identity (self, jn_json_doc_root (doc));
      advance (self, JN_ENROLMENT_CARD);
      break;
    case JN_ENROLMENT_CARD:
      read_card (self, jn_json_doc_root (doc));
      finish (self);
      break;
    default:
      break;
    }
}

static void
send_bytes (JnEnrolment *self, const char *step, GBytes *bytes)
{
  set_busy (self, TRUE);
  jn_bank_enrol_step_async (self->bank, self->id, step, bytes, self->cancellable, on_step,
                            g_object_ref (self));
}

static void
send_step (JnEnrolment *self, const char *step, JnJsonWriter *body)
{
  gsize length;
  char *text = jn_json_writer_finish (body, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, length);

  send_bytes (self, step, bytes);
}

static void
on_phone (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnEnrolment) self = user_data;
  GError *error = NULL;
  g_autofree char *id = jn_bank_enrol_finish (JN_BANK (source), result, &error);

  if (is_over (self, id != NULL, error))
    return;
  g_free (self->id);
  self->id = g_steal_pointer (&id);
  set_busy (self, FALSE);
  advance (self, JN_ENROLMENT_CODE);
}

static gboolean
is_digits (const char *text, gsize length)
{
  return text != NULL && strlen (text) == length && strspn (text, "0123456789") == length;
}

void
jn_enrolment_submit_phone (JnEnrolment *self, const char *phone)
{
  g_autofree char *folded = jn_text_fold_width (phone != NULL ? phone : "");

  if (!begin (self, JN_ENROLMENT_PHONE))
    return;
  if (!is_digits (folded, 11))
    {
      refuse (self, JN_ERROR_INVALID, "a phone number has 11 digits");
      return;
    }
  g_free (self->phone);
  self->phone = g_steal_pointer (&folded);
  set_busy (self, TRUE);
  jn_context_expect_sms (self->context);
  jn_bank_enrol_async (self->bank, self->phone, self->device, "Jinnang", self->cancellable,
                       on_phone, g_object_ref (self));
}

void
jn_enrolment_submit_code (JnEnrolment *self, const char *code)
{
  g_autoptr (JnJsonWriter) body = jn_json_writer_new ();
  g_autofree char *folded = jn_text_fold_width (code != NULL ? code : "");

  if (!begin (self, JN_ENROLMENT_CODE))
    return;
  g_strstrip (folded);
  if (!is_digits (folded, 6))
    {
      refuse (self, JN_ERROR_SMS_WRONG, "a code has 6 digits");
      return;
    }
  jn_json_writer_begin_object (body, NULL);
  jn_json_writer_string (body, "code", folded);
  jn_json_writer_end_object (body);
  send_step (self, "code", body);
}

void
jn_enrolment_back_to_phone (JnEnrolment *self)
{
  if (self->state == JN_ENROLMENT_PHONE || !begin (self, JN_ENROLMENT_CODE))
    return;
  advance (self, JN_ENROLMENT_PHONE);
}

/* All equal, running up or down, or a pair or triple again and again; the bank knows more. */
static gboolean
is_weak (const char *pin)
{
  gboolean equal = TRUE, up = TRUE, down = TRUE, pairs = TRUE, triples = TRUE;
  for (int i = 1; i < PIN_LENGTH; i++)
    {
      equal &= pin[i] == pin[i - 1];
      up &= pin[i] == pin[i - 1] + 1;
      down &= pin[i] == pin[i - 1] - 1;
      pairs &= i < 2 || pin[i] == pin[i - 2];
      triples &= i < 3 || pin[i] == pin[i - 3];
    }
  return equal || up || down || pairs || triples;
}

void
jn_enrolment_submit_pin (JnEnrolment *self, const char *pin, const char *again)
{
  if (!begin (self, JN_ENROLMENT_PIN))
    return;
  if (!is_digits (pin, PIN_LENGTH) || g_strcmp0 (pin, again) != 0)
    {
      refuse (self, JN_ERROR_INVALID, "six digits, twice the same");
      return;
    }
  if (is_weak (pin))
    {
      refuse (self, JN_ERROR_PIN_WEAK, "easy to guess");
      return;
    }
  g_autoptr (JnSecret) secret = jn_secret_new (pin, PIN_LENGTH);
  g_autoptr (GBytes) body = jn_bank_pin_body (secret);
  send_bytes (self, "pin", body);
}

void
jn_enrolment_submit_identity (JnEnrolment *self, const char *name, const char *resident_id)
{
  g_autoptr (JnJsonWriter) body = jn_json_writer_new ();
  g_autofree char *folded = jn_text_fold_width (resident_id != NULL ? resident_id : "");
  g_autofree char *upper = g_ascii_strup (g_strstrip (folded), -1);

  if (!begin (self, JN_ENROLMENT_IDENTITY))
    return;
  jn_json_writer_begin_object (body, NULL);
  if (name == NULL && resident_id == NULL)
    {
      jn_json_writer_boolean (body, "sample", TRUE);
    }
  else
    {
      g_autofree char *clean = g_strstrip (g_strdup (name != NULL ? name : ""));
      if (clean[0] == '\0' || !jn_text_is_name (clean, 70) || !jn_resident_id_is_valid (upper))
        {
          refuse (self, JN_ERROR_INVALID, "name or number cannot be right");
          return;
        }
      jn_json_writer_string (body, "name", clean);
      jn_json_writer_string (body, "residentId", upper);
    }
  jn_json_writer_end_object (body);
  send_step (self, "identity", body);
}

void
jn_enrolment_submit_card (JnEnrolment *self, const char *number)
{
  g_autoptr (JnJsonWriter) body = jn_json_writer_new ();
  g_autofree char *folded = jn_text_fold_width (number != NULL ? number : "");

  if (!begin (self, JN_ENROLMENT_CARD))
    return;
  if (self->enrolled != NULL)
    {
      finish (self);
      return;
    }
  jn_json_writer_begin_object (body, NULL);
  if (number == NULL)
    {
      jn_json_writer_boolean (body, "sample", TRUE);
    }
  else
    {
      g_autoptr (GString) digits = g_string_new (NULL);
      for (const char *p = folded; *p != '\0'; p++)
        if (*p != ' ' && *p != '-')
          g_string_append_c (digits, *p);
      if (digits->len < 16 || !jn_luhn_is_valid (digits->str))
        {
          refuse (self, JN_ERROR_INVALID, "this number cannot be right");
          return;
        }
      jn_json_writer_string (body, "cardNumber", digits->str);
    }
  jn_json_writer_end_object (body);
  send_step (self, "card", body);
}

void
jn_enrolment_skip_card (JnEnrolment *self)
{
  if (begin (self, JN_ENROLMENT_CARD))
    finish (self);
}

void
jn_enrolment_cancel (JnEnrolment *self)
{
  JnContext *context = self->context;

  if (context == NULL || self->state >= JN_ENROLMENT_FINISHING)
    return;
  jn_enrolment_stop (self);
  jn_context_enrolment_cancelled (context);
}

/* ---- what is known ---- */

JnEnrolmentState
jn_enrolment_get_state (JnEnrolment *self)
{
  return self->state;
}

gboolean
jn_enrolment_get_busy (JnEnrolment *self)
{
  return self->busy;
}

const GError *
jn_enrolment_get_error (JnEnrolment *self)
{
  return self->error;
}

int
jn_enrolment_get_attempts_left (JnEnrolment *self)
{
  return self->attempts_left;
}

const char *
jn_enrolment_get_suggested_phone (JnEnrolment *self)
{
  return self->context != NULL && jn_context_is_sandbox (self->context) ? SAMPLE_PHONE : NULL;
}

const char *
jn_enrolment_get_suggested_pin (JnEnrolment *self)
{
  return self->context != NULL && jn_context_is_sandbox (self->context) ? SAMPLE_PIN : NULL;
}

const char *
jn_enrolment_get_phone (JnEnrolment *self)
{
  return self->phone;
}

const char *
jn_enrolment_get_name (JnEnrolment *self)
{
  return self->name;
}

const char *
jn_enrolment_get_tier (JnEnrolment *self)
{
  return self->tier;
}

void
jn_enrolment_get_limits (JnEnrolment *self, JnMoney *payment, JnMoney *day, JnMoney *year)
{
  *payment = self->payment_limit;
  *day = self->day_limit;
  *year = self->year_limit;
}

const char *
jn_enrolment_get_masked_card (JnEnrolment *self)
{
  return self->masked_card;
}
