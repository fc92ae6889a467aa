/* What a signed answer says: a value, or a reason why there is none. */
#include "jn-bank-private.h"
#include "jn-error.h"

/* A bank may refuse for many reasons, but not for one that only our own disk could have. */
static gboolean
reason_is_believable (int code)
{
  switch (jn_error_code_get_class (code))
    {
    case JN_ERROR_CLASS_INVALID:
    case JN_ERROR_CLASS_CONFLICT:
    case JN_ERROR_CLASS_REFUSED:
    case JN_ERROR_CLASS_SESSION:
      return TRUE;
    case JN_ERROR_CLASS_AGAIN:
      return code == JN_ERROR_RATE_LIMITED;
    case JN_ERROR_CLASS_UNKNOWN:
      return code == JN_ERROR_COUNTER_USED;
    default:
      return FALSE;
    }
}

static int
code_of_status (guint status)
{
  switch (status)
    {
    case 400:
    case 413:
    case 415:
      return JN_ERROR_INVALID;
    case 401:
      return JN_ERROR_SESSION_EXPIRED;
    case 409:
    case 422:
      return JN_ERROR_CONFLICT;
    case 429:
      return JN_ERROR_RATE_LIMITED;
    default:
      return status < 400 ? JN_ERROR_ANSWER_INVALID : JN_ERROR_REFUSED;
    }
}

static void
set_problem (JnBank *self, const JnAnswer *answer, GError **error)
{
  int code = answer->status >= 500 ? JN_ERROR_BANK_5XX : code_of_status (answer->status);

  if (answer->status >= 400 && answer->status < 500 && answer->body != NULL)
    {
      gsize length = 0;
      const char *text = g_bytes_get_data (answer->body, &length);
      g_autoptr (JnJsonDoc) doc = jn_json_parse (text, length, NULL);
      JnJson *root = doc != NULL ? jn_json_doc_root (doc) : NULL;
      int reason = jn_error_code_from_name (jn_json_string (jn_json_get (root, "reason")));
      gint64 attempts = 0;
      if (reason != 0 && reason_is_believable (reason))
        code = reason;
      if (jn_json_integer (jn_json_get (root, "attemptsLeft"), &attempts) && attempts >= 0
          && attempts <= 100)
        self->attempts_left = (int) attempts;
      jn_bank_told_read (&self->told, root);
    }
  g_set_error (error, JN_ERROR, code, "the bank answered %u", answer->status);
}

void
jn_bank_finish_answer (JnBank *self, GTask *task, JnAnswer *answer)
{
  JnBankPending *call = g_task_get_task_data (task);
  g_autoptr (JnJsonDoc) doc = NULL;
  GError *error = NULL;
  gsize length = 0;

  if (answer->status < 200 || answer->status >= 300)
    {
      set_problem (self, answer, &error);
      jn_bank_fail_call (task, error);
      return;
    }
  if (call->reader == NULL)
    {
      GBytes *body = answer->body != NULL ? g_bytes_ref (answer->body) : g_bytes_new (NULL, 0);
      g_task_return_pointer (task, body, call->value_free);
      return;
    }
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  if (length > 0 && (doc = jn_json_parse (text, length, &error)) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (doc == NULL && answer->status != 204)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_ANSWER_INVALID, "an empty answer");
      return;
    }
  JnBankExchange exchange = { answer->body, answer->headers, call->data };
  gpointer value = call->reader (&exchange, &doc, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, call->value_free);
}
