/* Intents and their states. */
#include "jn-outbox-private.h"

#include "jn-error.h"
#include "jn-wallet-db.h"

#include <string.h>

#define COLUMNS                                                                                    \
  "id, kind, state, payee_name, payee_account, memo, category, amount, currency, created_at,"      \
  " changed_at, reason, transaction_id, request"
#define READ_COLUMNS COLUMNS ", was_approved, was_cancelled, card, order_text"

JnOutbox *
jn_outbox_new (JnDb *db)
{
  JnOutbox *self = g_new0 (JnOutbox, 1);
  self->db = db;
  return self;
}

void
jn_outbox_free (JnOutbox *self)
{
  g_free (self);
}

JnIntent *
jn_intent_copy (const JnIntent *intent)
{
  g_return_val_if_fail (intent != NULL, NULL);
  JnIntent *copy = g_memdup2 (intent, sizeof *intent);
  copy->payee_name = g_strdup (intent->payee_name);
  copy->payee_account = g_strdup (intent->payee_account);
  copy->memo = g_strdup (intent->memo);
  copy->card = g_strdup (intent->card);
  copy->order = g_strdup (intent->order);
  copy->request = intent->request != NULL ? g_bytes_ref (intent->request) : NULL;
  return copy;
}

void
jn_intent_free (JnIntent *intent)
{
  if (intent == NULL)
    return;
  g_free (intent->payee_name);
  g_free (intent->payee_account);
  g_free (intent->memo);
  g_free (intent->card);
  g_free (intent->order);
  g_clear_pointer (&intent->request, g_bytes_unref);
  g_free (intent);
}

void
jn_outbox_bind_id (JnStatement *statement, int index, const JnId *id)
{
  jn_statement_bind_blob (statement, index, id->bytes, sizeof id->bytes);
}

void
jn_outbox_column_id (JnStatement *row, int column, JnId *out)
{
  gsize length = 0;
  const void *blob = jn_statement_column_blob (row, column, &length);

  memset (out, 0, sizeof *out);
  if (blob != NULL && length == sizeof out->bytes)
    memcpy (out->bytes, blob, length);
}

static gboolean
insert_intent (JnOutbox *self, const JnIntent *intent, GError **error)
{
  JnStatement *insert = jn_db_prepare (self->db,
                                       "INSERT INTO intent (" COLUMNS ", card) VALUES"
                                       " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, NULL,"
                                       " ?13, ?14) ON CONFLICT (id) DO NOTHING",
                                       error);
  gsize length = 0;
  if (insert == NULL)
    return FALSE;
  jn_outbox_bind_id (insert, 1, &intent->id);
  jn_statement_bind_int (insert, 2, intent->kind);
  jn_statement_bind_int (insert, 3, JN_INTENT_OPEN);
  jn_statement_bind_text (insert, 4, intent->payee_name != NULL ? intent->payee_name : "");
  jn_statement_bind_text (insert, 5, intent->payee_account != NULL ? intent->payee_account : "");
  jn_statement_bind_text (insert, 6, intent->memo);
  jn_statement_bind_int (insert, 7, intent->category);
  jn_statement_bind_int (insert, 8, intent->amount.minor);
  jn_statement_bind_int (insert, 9, intent->amount.currency);
  jn_statement_bind_int (insert, 10, intent->created_at);
  jn_statement_bind_int (insert, 11, intent->created_at);
  jn_statement_bind_int (insert, 12, 0);
  const void *data = intent->request != NULL ? g_bytes_get_data (intent->request, &length) : NULL;
  jn_statement_bind_blob (insert, 13, data != NULL ? data : "", length);
  jn_statement_bind_text (insert, 14, intent->card);
  if (!jn_statement_run (insert, error))
    return FALSE;
  if (jn_db_get_changes (self->db) == 1)
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_CONFLICT, "the intent is there already");
  return FALSE;
}

/* Ends what jn_outbox_begin() began, when it was not begun further out. */
gboolean
jn_outbox_end (JnOutbox *self, gboolean begun, gboolean ok, GError **error)
{
  if (begun && !ok)
    jn_db_rollback (self->db);
  return ok && (!begun || jn_db_commit (self->db, error));
}

gboolean
jn_outbox_begin (JnOutbox *self, gboolean *begun, GError **error)
{
  *begun = !jn_db_in_transaction (self->db);
  return !*begun || jn_db_begin (self->db, error);
}

gboolean
jn_outbox_add (JnOutbox *self, const JnIntent *intent, GError **error)
{
  g_return_val_if_fail (self != NULL && intent != NULL, FALSE);
  gboolean begun;

  if (!jn_outbox_begin (self, &begun, error))
    return FALSE;
  gboolean ok =
      insert_intent (self, intent, error)
      && jn_outbox_note (self, &intent->id, JN_NOTE_CREATED, 0, intent->created_at, error);
  return jn_outbox_end (self, begun, ok, error);
}

static gboolean
is_edge (JnIntentState from, JnIntentState to)
{
  switch (from)
    {
    case JN_INTENT_OPEN:
      return to == JN_INTENT_APPROVED || to == JN_INTENT_NOT_MADE;
    case JN_INTENT_APPROVED:
      return to == JN_INTENT_MADE || to == JN_INTENT_NOT_MADE || to == JN_INTENT_UNKNOWN;
    case JN_INTENT_UNKNOWN:
      return to == JN_INTENT_MADE || to == JN_INTENT_NOT_MADE;
    case JN_INTENT_MADE:
    case JN_INTENT_NOT_MADE:
    default:
      return FALSE;
    }
}

static gboolean
update_state (JnOutbox *self, const JnIntent *intent, JnIntentState to, int reason,
              const JnId *transaction, JnInstant now, GError **error)
{
  JnStatement *update = jn_db_prepare (self->db,
                                       "UPDATE intent SET state = ?3, reason = ?4,"
                                       " transaction_id = ?5, changed_at = ?6,"
                                       " was_approved = was_approved OR ?3 = 2"
                                       " WHERE id = ?1 AND state = ?2",
                                       error);
  if (update == NULL)
    return FALSE;
  jn_outbox_bind_id (update, 1, &intent->id);
  jn_statement_bind_int (update, 2, intent->state);
  jn_statement_bind_int (update, 3, to);
  jn_statement_bind_int (update, 4, to == JN_INTENT_MADE ? 0 : reason);
  if (transaction != NULL && to == JN_INTENT_MADE)
    jn_outbox_bind_id (update, 5, transaction);
  else
    jn_statement_bind_null (update, 5);
  jn_statement_bind_int (update, 6, now);
  if (!jn_statement_run (update, error))
    return FALSE;
  if (jn_db_get_changes (self->db) == 1)
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_INVARIANT, "the intent changed under us");
  return FALSE;
}

/* The end of what was approved is news, written with the end itself: a crash loses neither or both. */
static gboolean
tell_end (JnOutbox *self, const JnIntent *intent, JnIntentState to, JnInstant now, GError **error)
{
  gboolean made = to == JN_INTENT_MADE;
  gboolean top_up = intent->kind == JN_INTENT_TOP_UP;
  JnNotice notice = {
    .kind = top_up ? (made ? JN_NOTICE_TOPPED_UP : JN_NOTICE_NOT_TOPPED_UP)
                   : (made ? JN_NOTICE_MADE : JN_NOTICE_NOT_MADE),
    .about = intent->id,
    .at = now,
    .payee = intent->payee_name,
    .amount = intent->amount,
  };

  if ((!made && to != JN_INTENT_NOT_MADE) || !intent->was_approved
      || (to == JN_INTENT_NOT_MADE && intent->was_cancelled))
    return TRUE;
  return jn_outbox_tell (self, &notice, error);
}

gboolean
jn_outbox_move (JnOutbox *self, const JnId *id, JnIntentState to, int reason,
                const JnId *transaction, JnInstant now, GError **error)
{
  g_return_val_if_fail (self != NULL && id != NULL, FALSE);
  GError *inner = NULL;
  g_autoptr (JnIntent) intent = jn_outbox_get (self, id, &inner);

  if (inner != NULL)
    {
      g_propagate_error (error, inner);
      return FALSE;
    }
  if (intent == NULL)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_INVARIANT, "no such intent");
      return FALSE;
    }
  if (intent->state == to
      && !(to == JN_INTENT_MADE && transaction != NULL && !jn_id_is_zero (&intent->transaction)
           && !jn_id_equal (transaction, &intent->transaction)))
    return TRUE;
  if (!is_edge (intent->state, to))
    {
      g_set_error (error, JN_ERROR, JN_ERROR_INVARIANT, "an intent cannot go from %d to %d",
                   (int) intent->state, (int) to);
      return FALSE;
    }
  gboolean begun;
  if (!jn_outbox_begin (self, &begun, error))
    return FALSE;
  gboolean ok = update_state (self, intent, to, reason, transaction, now, error)
                && tell_end (self, intent, to, now, error);
  return jn_outbox_end (self, begun, ok, error);
}

static gboolean
remember_cancelled (JnOutbox *self, const JnId *id, GError **error)
{
  JnStatement *update =
      jn_db_prepare (self->db, "UPDATE intent SET was_cancelled = 1 WHERE id = ?1", error);

  if (update == NULL)
    return FALSE;
  jn_outbox_bind_id (update, 1, id);
  return jn_statement_run (update, error);
}

static gboolean
keep_order (JnOutbox *self, const JnId *id, const char *order, GError **error)
{
  JnStatement *update =
      jn_db_prepare (self->db, "UPDATE intent SET order_text = ?2 WHERE id = ?1", error);

  if (update == NULL)
    return FALSE;
  jn_outbox_bind_id (update, 1, id);
  jn_statement_bind_text (update, 2, order);
  return jn_statement_run (update, error);
}

gboolean
jn_outbox_apply (JnOutbox *self, const JnIntentChange *change, GError **error)
{
  g_return_val_if_fail (self != NULL && change != NULL, FALSE);
  gboolean begun;

  if (!jn_outbox_begin (self, &begun, error))
    return FALSE;
  gboolean ok =
      (change->step == NULL
       || jn_outbox_note (self, &change->id, change->step, change->code, change->now, error))
      && (change->payee == NULL
          || jn_outbox_describe (self, &change->id, change->payee, change->amount, error))
      && (change->order == NULL || keep_order (self, &change->id, change->order, error))
      && (!change->cancelled || remember_cancelled (self, &change->id, error))
      && (change->to == 0
          || jn_outbox_move (self, &change->id, change->to, change->reason,
                             change->to == JN_INTENT_MADE ? &change->transaction : NULL,
                             change->now, error));
  return jn_outbox_end (self, begun, ok, error);
}

gboolean
jn_outbox_describe (JnOutbox *self, const JnId *id, const char *payee_name, JnMoney amount,
                    GError **error)
{
  g_return_val_if_fail (self != NULL && id != NULL, FALSE);
  JnStatement *update =
      jn_db_prepare (self->db,
                     "UPDATE intent SET payee_name = ?2, amount = ?3, currency = ?4"
                     " WHERE id = ?1 AND state = 1",
                     error);
  if (update == NULL)
    return FALSE;
  jn_outbox_bind_id (update, 1, id);
  jn_statement_bind_text (update, 2, payee_name != NULL ? payee_name : "");
  jn_statement_bind_int (update, 3, amount.minor);
  jn_statement_bind_int (update, 4, amount.currency);
  if (!jn_statement_run (update, error))
    return FALSE;
  if (jn_db_get_changes (self->db) == 1)
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_INVARIANT, "no open intent");
  return FALSE;
}

static JnIntent *
read_row (JnStatement *row)
{
  JnIntent *intent = g_new0 (JnIntent, 1);
  gsize length = 0;
  const void *blob = jn_statement_column_blob (row, 0, &length);

  if (length == sizeof intent->id.bytes)
    memcpy (intent->id.bytes, blob, length);
  intent->kind = (JnIntentKind) jn_statement_column_int (row, 1);
  intent->state = (JnIntentState) jn_statement_column_int (row, 2);
  intent->payee_name = g_strdup (jn_statement_column_text (row, 3));
  intent->payee_account = g_strdup (jn_statement_column_text (row, 4));
  intent->memo = g_strdup (jn_statement_column_text (row, 5));
  intent->category = (int) jn_statement_column_int (row, 6);
  intent->amount =
      jn_money (jn_statement_column_int (row, 7), (JnCurrency) jn_statement_column_int (row, 8));
  intent->created_at = jn_statement_column_int (row, 9);
  intent->changed_at = jn_statement_column_int (row, 10);
  intent->reason = (int) jn_statement_column_int (row, 11);
  blob = jn_statement_column_blob (row, 12, &length);
  if (length == sizeof intent->transaction.bytes)
    memcpy (intent->transaction.bytes, blob, length);
  blob = jn_statement_column_blob (row, 13, &length);
  intent->request = g_bytes_new (blob, length);
  intent->was_approved = jn_statement_column_int (row, 14) != 0;
  intent->was_cancelled = jn_statement_column_int (row, 15) != 0;
  intent->card = g_strdup (jn_statement_column_text (row, 16));
  intent->order = g_strdup (jn_statement_column_text (row, 17));
  return intent;
}

JnIntent *
jn_outbox_get (JnOutbox *self, const JnId *id, GError **error)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);
  JnStatement *query =
      jn_db_prepare (self->db, "SELECT " READ_COLUMNS " FROM intent WHERE id = ?1", error);
  JnIntent *intent = NULL;

  if (query == NULL)
    return NULL;
  jn_outbox_bind_id (query, 1, id);
  if (jn_statement_step (query, error) == JN_STEP_ROW)
    {
      intent = read_row (query);
      jn_statement_reset (query);
    }
  return intent;
}

static GPtrArray *
read_rows (JnStatement *query, GError **error)
{
  g_autoptr (GPtrArray) intents = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_intent_free);
  JnStep step;

  while ((step = jn_statement_step (query, error)) == JN_STEP_ROW)
    g_ptr_array_add (intents, read_row (query));
  return step == JN_STEP_DONE ? g_steal_pointer (&intents) : NULL;
}

GPtrArray *
jn_outbox_list_unsettled (JnOutbox *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  JnStatement *query = jn_db_prepare (self->db,
                                      "SELECT " READ_COLUMNS " FROM intent WHERE state < 4"
                                      " ORDER BY created_at, id",
                                      error);
  return query != NULL ? read_rows (query, error) : NULL;
}

GPtrArray *
jn_outbox_list_not_made (JnOutbox *self, JnInstant since, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  JnStatement *query = jn_db_prepare (self->db,
                                      "SELECT " READ_COLUMNS " FROM intent"
                                      " WHERE state = 5 AND was_approved = 1 AND changed_at >= ?1"
                                      " ORDER BY changed_at DESC, id",
                                      error);
  if (query == NULL)
    return NULL;
  jn_statement_bind_int (query, 1, since);
  return read_rows (query, error);
}

GPtrArray *
jn_outbox_list_paid (JnOutbox *self, const char *payee_account, JnInstant since, GError **error)
{
  g_return_val_if_fail (self != NULL && payee_account != NULL, NULL);
  JnStatement *query = jn_db_prepare (self->db,
                                      "SELECT " READ_COLUMNS " FROM intent"
                                      " WHERE payee_account = ?3 AND (state IN (2, 3)"
                                      " OR state = 4 AND created_at >= ?1 AND changed_at >= ?2)"
                                      " ORDER BY changed_at DESC, id",
                                      error);
  if (query == NULL)
    return NULL;
  /* An order lives five minutes: what changed since then was created not long before. */
  jn_statement_bind_int (query, 1, since - JN_DAY);
  jn_statement_bind_int (query, 2, since);
  jn_statement_bind_text (query, 3, payee_account);
  return read_rows (query, error);
}

GPtrArray *
jn_outbox_list (JnOutbox *self, const JnIntent *before, guint limit, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  JnStatement *query = jn_db_prepare (self->db,
                                      "SELECT " READ_COLUMNS " FROM intent"
                                      " WHERE (created_at, id) < (?1, ?2)"
                                      " ORDER BY created_at DESC, id DESC LIMIT ?3",
                                      error);
  JnId none = { { 0 } };

  if (query == NULL)
    return NULL;
  jn_statement_bind_int (query, 1, before != NULL ? before->created_at : G_MAXINT64);
  jn_outbox_bind_id (query, 2, before != NULL ? &before->id : &none);
  jn_statement_bind_int (query, 3, limit);
  return read_rows (query, error);
}
