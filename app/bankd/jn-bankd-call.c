#include "jn-bankd-call.h"

#include <string.h>

#include "jn-currency.h"

void
jn_bankd_answer_clear (JnBankdAnswer *answer)
{
  g_clear_pointer (&answer->body, g_free);
  g_clear_pointer (&answer->etag, g_free);
  g_clear_pointer (&answer->stream_device, g_free);
  g_clear_pointer (&answer->job, jn_bankd_job_unref);
  memset (answer, 0, sizeof *answer);
  answer->commit_time = -1;
}

void
jn_bankd_call_hash (JnBankdCall *call, const char *pin, const char *stored)
{
  g_clear_pointer (&call->answer->job, jn_bankd_job_unref);
  call->answer->job = jn_bankd_job_new (call->customer, pin, stored);
}

void
jn_bankd_call_answer (JnBankdCall *call, guint status, JnJsonWriter *writer)
{
  g_free (call->answer->body);
  call->answer->status = status;
  call->answer->problem = FALSE;
  call->answer->body = jn_json_writer_finish (writer, &call->answer->body_length);
}

void
jn_bankd_call_answer_empty (JnBankdCall *call, guint status)
{
  g_clear_pointer (&call->answer->body, g_free);
  call->answer->status = status;
  call->answer->problem = FALSE;
  call->answer->body_length = 0;
}

static const char *
title_of (guint status)
{
  switch (status)
    {
    case 400:
      return "The request cannot be carried out";
    case 401:
      return "Not authorised";
    case 403:
      return "Refused";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 409:
      return "Conflict with the present state";
    case 413:
      return "Body too large";
    case 415:
      return "Media type not supported";
    case 422:
      return "Idempotency key used for another request";
    default:
      return "The bank cannot answer now";
    }
}

void
jn_bankd_call_fail_with (JnBankdCall *call, const JnBankdProblem *problem)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "type", "about:blank");
  jn_json_writer_string (writer, "title", title_of (problem->status));
  jn_json_writer_integer (writer, "status", problem->status);
  jn_json_writer_string (writer, "code", problem->code);
  jn_json_writer_string (writer, "reason", jn_error_code_get_name (problem->reason));
  if (problem->attempts_left >= 0)
    jn_json_writer_integer (writer, "attemptsLeft", problem->attempts_left);
  jn_json_writer_string (writer, "counter", problem->counter);
  if (problem->has_funds)
    {
      jn_bankd_write_amount (writer, "available", problem->available);
      jn_bankd_write_amount (writer, "held", problem->held);
      if (problem->missing > 0)
        jn_bankd_write_amount (writer, "missing", problem->missing);
    }
  if (problem->paid_at != 0)
    jn_bankd_write_instant (writer, "paidAt", problem->paid_at);
  jn_json_writer_string (writer, "paidOn", problem->paid_on);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, problem->status, writer);
  call->answer->problem = TRUE;
}

void
jn_bankd_call_fail_tries (JnBankdCall *call, guint status, const char *code, JnErrorCode reason,
                          int attempts_left)
{
  JnBankdProblem problem = {
    .status = status, .code = code, .reason = reason, .attempts_left = attempts_left
  };

  jn_bankd_call_fail_with (call, &problem);
}

void
jn_bankd_call_fail (JnBankdCall *call, guint status, const char *code, JnErrorCode reason)
{
  jn_bankd_call_fail_tries (call, status, code, reason, -1);
}

void
jn_bankd_call_malformed (JnBankdCall *call)
{
  jn_bankd_call_fail (call, 400, "FORMAT_ERROR", JN_ERROR_INVALID);
}

/* Members of the outermost object of a canonical text: a colon outside strings at depth one stands for each. */
static guint
count_members (const char *text)
{
  guint members = 0;
  int depth = 0;
  gboolean quoted = FALSE;

  for (; *text != '\0'; text++)
    {
      if (quoted && *text == '\\')
        text++;
      else if (*text == '"')
        quoted = !quoted;
      else if (!quoted && (*text == '{' || *text == '['))
        depth++;
      else if (!quoted && (*text == '}' || *text == ']'))
        depth--;
      else if (!quoted && *text == ':' && depth == 1)
        members++;
    }
  return members;
}

gboolean
jn_bankd_json_only (JnJson *json, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);
  g_autofree char *text = NULL;
  guint known = 0;

  if (!jn_json_is_object (json))
    return FALSE;
  for (guint i = 0; list[i] != NULL; i++)
    if (jn_json_get (json, list[i]) != NULL)
      known++;
  text = jn_json_canonical (json, NULL);
  return count_members (text) == known;
}

const char *
jn_bankd_call_param (JnBankdCall *call, const char *name)
{
  return call->query != NULL ? g_hash_table_lookup (call->query, name) : NULL;
}

gboolean
jn_bankd_call_number (JnBankdCall *call, const char *name, gint64 fallback, gint64 maximum,
                      gint64 *out)
{
  const char *text = jn_bankd_call_param (call, name);
  guint64 value = 0;

  *out = fallback;
  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, (guint64) maximum, &value, NULL))
    {
      jn_bankd_call_malformed (call);
      return FALSE;
    }
  *out = (gint64) value;
  return TRUE;
}

void
jn_bankd_write_amount (JnJsonWriter *writer, const char *name, gint64 minor)
{
  g_autofree char *text = jn_money_to_wire (jn_money (minor, JN_CURRENCY_CNY));

  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "currency", jn_currency_get_code (JN_CURRENCY_CNY));
  jn_json_writer_string (writer, "amount", text);
  jn_json_writer_end_object (writer);
}

gboolean
jn_bankd_read_amount (JnJson *json, gint64 *minor)
{
  JnMoney money;
  const char *currency = jn_json_string (jn_json_get (json, "currency"));
  const char *amount = jn_json_string (jn_json_get (json, "amount"));

  if (!jn_bankd_json_only (json, "currency amount") || currency == NULL || amount == NULL
      || !jn_money_from_wire (amount, currency, &money, NULL) || money.currency != JN_CURRENCY_CNY)
    return FALSE;
  *minor = money.minor;
  return TRUE;
}

void
jn_bankd_write_instant (JnJsonWriter *writer, const char *name, JnInstant instant)
{
  /* Whole seconds: nobody needs more of a bank's time. */
  g_autofree char *text = jn_instant_to_string (instant - instant % JN_SECOND);

  jn_json_writer_string (writer, name, text);
}

void
jn_bankd_write_date (JnJsonWriter *writer, const char *name, JnDate date)
{
  g_autofree char *text = jn_date_to_string (date);

  jn_json_writer_string (writer, name, text);
}

void
jn_bankd_write_bilingual (JnJsonWriter *writer, const char *name, const char *zh, const char *en)
{
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "zh", zh);
  jn_json_writer_string (writer, "en", en);
  jn_json_writer_end_object (writer);
}

void
jn_bankd_write_link (JnJsonWriter *writer, const char *name, const char *format, ...)
{
  g_autofree char *href = NULL;
  va_list args;

  va_start (args, format);
  href = g_strdup_vprintf (format, args);
  va_end (args);
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "href", href);
  jn_json_writer_end_object (writer);
}
