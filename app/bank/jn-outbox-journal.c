/* What is written beside the intents: the steps of each, and what the customer is told. */
#include "jn-outbox-private.h"

/* ---- steps ---- */

void
jn_intent_step_free (JnIntentStep *step)
{
  g_free (step->step);
  g_free (step);
}

/* Asking again and again while the bank cannot be reached is one line that counts. */
static gboolean
count_again (JnOutbox *self, const JnId *id, const char *step, int code, JnInstant now,
             gboolean *counted, GError **error)
{
  JnStatement *update =
      jn_db_prepare (self->db,
                     "UPDATE intent_step SET times = times + 1, last_at = ?4"
                     " WHERE no = (SELECT max (no) FROM intent_step WHERE intent = ?1)"
                     " AND step = ?2 AND code = ?3",
                     error);

  if (update == NULL)
    return FALSE;
  jn_outbox_bind_id (update, 1, id);
  jn_statement_bind_text (update, 2, step);
  jn_statement_bind_int (update, 3, code);
  jn_statement_bind_int (update, 4, now);
  if (!jn_statement_run (update, error))
    return FALSE;
  *counted = jn_db_get_changes (self->db) == 1;
  return TRUE;
}

gboolean
jn_outbox_note (JnOutbox *self, const JnId *id, const char *step, int code, JnInstant now,
                GError **error)
{
  g_return_val_if_fail (self != NULL && id != NULL && step != NULL, FALSE);
  gboolean counted = FALSE;

  if (!count_again (self, id, step, code, now, &counted, error))
    return FALSE;
  if (counted)
    return TRUE;
  JnStatement *insert = jn_db_prepare (self->db,
                                       "INSERT INTO intent_step (intent, at, step, code, last_at)"
                                       " VALUES (?1, ?2, ?3, ?4, ?2)",
                                       error);
  if (insert == NULL)
    return FALSE;
  jn_outbox_bind_id (insert, 1, id);
  jn_statement_bind_int (insert, 2, now);
  jn_statement_bind_text (insert, 3, step);
  jn_statement_bind_int (insert, 4, code);
  return jn_statement_run (insert, error);
}

GPtrArray *
jn_outbox_list_steps (JnOutbox *self, const JnId *id, GError **error)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);
  g_autoptr (GPtrArray) steps =
      g_ptr_array_new_with_free_func ((GDestroyNotify) jn_intent_step_free);
  JnStatement *query = jn_db_prepare (self->db,
                                      "SELECT step, code, at, last_at, times FROM intent_step"
                                      " WHERE intent = ?1 ORDER BY no",
                                      error);
  JnStep answer;

  if (query == NULL)
    return NULL;
  jn_outbox_bind_id (query, 1, id);
  while ((answer = jn_statement_step (query, error)) == JN_STEP_ROW)
    {
      JnIntentStep *step = g_new0 (JnIntentStep, 1);
      step->step = g_strdup (jn_statement_column_text (query, 0));
      step->code = (int) jn_statement_column_int (query, 1);
      step->at = jn_statement_column_int (query, 2);
      step->last_at = jn_statement_column_int (query, 3);
      step->times = (guint) jn_statement_column_int (query, 4);
      g_ptr_array_add (steps, step);
    }
  return answer == JN_STEP_DONE ? g_steal_pointer (&steps) : NULL;
}

/* ---- notices ---- */

void
jn_notice_free (JnNotice *notice)
{
  g_free (notice->payee);
  g_free (notice);
}

gboolean
jn_outbox_tell (JnOutbox *self, const JnNotice *notice, GError **error)
{
  g_return_val_if_fail (self != NULL && notice != NULL, FALSE);
  JnStatement *insert =
      jn_db_prepare (self->db,
                     "INSERT INTO notice (kind, about, at, payee, amount, currency)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, about) DO NOTHING",
                     error);
  if (insert == NULL)
    return FALSE;
  jn_statement_bind_int (insert, 1, notice->kind);
  jn_outbox_bind_id (insert, 2, &notice->about);
  jn_statement_bind_int (insert, 3, notice->at);
  jn_statement_bind_text (insert, 4, notice->payee != NULL ? notice->payee : "");
  jn_statement_bind_int (insert, 5, notice->amount.minor);
  jn_statement_bind_int (insert, 6, notice->amount.currency);
  return jn_statement_run (insert, error);
}

GPtrArray *
jn_outbox_list_notices (JnOutbox *self, guint limit, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_notice_free);
  JnStatement *query =
      jn_db_prepare (self->db,
                     "SELECT no, kind, about, at, payee, amount, currency, seen FROM notice"
                     " ORDER BY no DESC LIMIT ?1",
                     error);
  JnStep answer;

  if (query == NULL)
    return NULL;
  jn_statement_bind_int (query, 1, limit);
  while ((answer = jn_statement_step (query, error)) == JN_STEP_ROW)
    {
      JnNotice *notice = g_new0 (JnNotice, 1);
      notice->no = jn_statement_column_int (query, 0);
      notice->kind = (JnNoticeKind) jn_statement_column_int (query, 1);
      jn_outbox_column_id (query, 2, &notice->about);
      notice->at = jn_statement_column_int (query, 3);
      notice->payee = g_strdup (jn_statement_column_text (query, 4));
      notice->amount = jn_money (jn_statement_column_int (query, 5),
                                 (JnCurrency) jn_statement_column_int (query, 6));
      notice->seen = jn_statement_column_int (query, 7) != 0;
      g_ptr_array_add (notices, notice);
    }
  return answer == JN_STEP_DONE ? g_steal_pointer (&notices) : NULL;
}

gboolean
jn_outbox_see (JnOutbox *self, const JnId *about, gint64 no, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  JnStatement *update =
      jn_db_prepare (self->db,
                     about != NULL ? "UPDATE notice SET seen = 1 WHERE about = ?1 AND seen = 0"
                                   : "UPDATE notice SET seen = 1 WHERE no <= ?1 AND seen = 0",
                     error);
  if (update == NULL)
    return FALSE;
  if (about != NULL)
    jn_outbox_bind_id (update, 1, about);
  else
    jn_statement_bind_int (update, 1, no);
  return jn_statement_run (update, error);
}
