#include "jn-ledger-private.h"

#include <string.h>

/* Whether @amount more fits beside what is posted and pending on its side. */
static bool
side_fits (int64_t posted, int64_t pending, int64_t amount)
{
  int64_t sum;

  return !__builtin_add_overflow (posted, pending, &sum)
         && !__builtin_add_overflow (sum, amount, &sum);
}

static bool
debit_fits (const jn_account_state *a, int64_t amount)
{
  return side_fits (a->d_posted, a->d_pending, amount);
}

static bool
credit_fits (const jn_account_state *a, int64_t amount)
{
  return side_fits (a->c_posted, a->c_pending, amount);
}

static bool
has_funds (const jn_account_state *a, int64_t amount)
{
  return (a->info.flags & JN_ACCOUNT_BOUNDED) == 0
         || a->c_posted - (a->d_posted + a->d_pending + amount) >= a->info.floor;
}

static bool
has_room (const jn_account_state *a, int64_t amount)
{
  return (a->info.flags & JN_ACCOUNT_BOUNDED) == 0
         || a->c_posted + a->c_pending + amount - a->d_posted <= a->info.ceiling;
}

jn_status
jn_move_check (const jn_account_state *debit, const jn_account_state *credit, int64_t amount,
               bool bank)
{
  if ((debit != NULL && !debit_fits (debit, amount))
      || (credit != NULL && !credit_fits (credit, amount)))
    return JN_AMOUNT_OVERFLOW;
  if (!bank && debit != NULL && !has_funds (debit, amount))
    return JN_NO_FUNDS;
  if (!bank && credit != NULL && !has_room (credit, amount))
    return JN_OVER_CEILING;
  if (!bank && ((debit != NULL && debit->closed) || (credit != NULL && credit->closed)))
    return JN_ACCOUNT_CLOSED;
  return debit == NULL || credit == NULL ? JN_ACCOUNT_UNKNOWN : JN_OK;
}

static int64_t
least (int64_t asked, __int128 there)
{
  return there > 0 && there < asked ? (int64_t) there : asked;
}

/* Where nothing is there the whole amount is left to be refused. */
static int64_t
balanced_amount (const jn_event *e, const jn_account_state *debit, const jn_account_state *credit)
{
  int64_t amount = e->amount;

  if ((e->flags & JN_BALANCE_DEBIT) != 0 && debit != NULL
      && (debit->info.flags & JN_ACCOUNT_BOUNDED) != 0)
    amount = least (amount, (__int128) debit->c_posted - debit->d_posted - debit->d_pending
                                - debit->info.floor);
  if ((e->flags & JN_BALANCE_CREDIT) != 0 && credit != NULL
      && (credit->info.flags & JN_ACCOUNT_BOUNDED) != 0)
    amount = least (amount, (__int128) credit->info.ceiling - credit->c_posted - credit->c_pending
                                + credit->d_posted);
  return amount;
}

/* The hold is there and has touched both accounts. */
static void
close_accounts (const jn_record *r, uint64_t no)
{
  if ((r->flags & JN_CLOSE_DEBIT) != 0)
    r->debit->closed = no + 1;
  if ((r->flags & JN_CLOSE_CREDIT) != 0)
    r->credit->closed = no + 1;
}

static jn_status
apply_move (jn_ledger *ledger, const jn_event *e, bool bank, uint64_t feed, jn_result *result)
{
  jn_account_state *debit = NULL, *credit = NULL;
  int64_t amount = e->amount;
  jn_record r;
  jn_status status = jn_account_find (ledger, &e->debit, &debit);

  if (status == JN_OK)
    status = jn_account_find (ledger, &e->credit, &credit);
  if (status == JN_OK && !bank)
    amount = balanced_amount (e, debit, credit);
  if (status == JN_OK)
    status = jn_move_check (debit, credit, amount, bank);
  if (status != JN_OK)
    return status;
  r = jn_record_from_event (e, debit, credit);
  r.amount = result->amount = amount;
  status = jn_record_write (ledger, &r, &result->no);
  if (status != JN_OK)
    return status;
  if (e->kind != JN_PENDING)
    {
      status = jn_record_book (ledger, &r);
      return status == JN_OK && (e->flags & JN_LOT) != 0 ? jn_lot_add (ledger, &r, result->no, feed)
                                                         : status;
    }
  status = jn_hold_add (ledger, &r, result->no, feed);
  if (!bank)
    close_accounts (&r, result->no);
  return status;
}

jn_status
jn_hold_record_again (jn_ledger *ledger, const jn_event *e, const jn_hold *root, uint64_t feed,
                      jn_result *result)
{
  jn_account_state *debit = NULL, *credit = NULL;
  jn_record r;
  jn_status status = jn_account_find (ledger, &e->debit, &debit);

  *result = (jn_result){ 0 };
  if (status == JN_OK)
    status = jn_account_find (ledger, &e->credit, &credit);
  if (status == JN_OK)
    status = jn_move_check (debit, credit, e->amount, true);
  if (status != JN_OK)
    return status;
  r = jn_record_from_event (e, debit, credit);
  r.flags = JN_DERIVED;
  r.pend_no = root->no;
  r.pending = root->id;
  jn_chain_digest (e, r.digest);
  r.digested = true;
  status = jn_record_write (ledger, &r, &result->no);
  return status == JN_OK ? jn_hold_add (ledger, &r, result->no, feed) : status;
}

static jn_status
check_hold (const jn_hold *hold, const jn_event *e, bool bank)
{
  static const jn_status done[] = { JN_OK, JN_PENDING_POSTED, JN_PENDING_VOIDED,
                                    JN_PENDING_EXPIRED };

  if (!bank && e->kind == JN_POST && (hold->debit->closed || hold->credit->closed))
    return JN_ACCOUNT_CLOSED;
  if (hold->state != JN_HOLD_OPEN)
    return done[hold->state & 3];
  if (bank || e->kind != JN_POST || e->amount <= hold->amount)
    return JN_OK;
  return (e->flags & JN_TOP_UP) == 0
             ? JN_POST_TOO_MUCH
             : jn_move_check (hold->debit, hold->credit, e->amount - hold->amount, false);
}

/* What a POST leaves open is told by the pending transfer. */
static void
inherit (jn_record *r, const jn_hold *hold)
{
  if (r->amount == 0)
    r->amount = hold->amount;
  if (r->value_date == 0)
    r->value_date = hold->value_date;
  if (r->occurred_us == 0)
    r->occurred_us = hold->occurred_us;
  if (r->code == 0)
    r->code = hold->code;
  if (r->payee == NULL || *r->payee == '\0')
    r->payee = hold->payee;
  if (r->memo == NULL || *r->memo == '\0')
    r->memo = hold->memo;
  if (r->reference == NULL || *r->reference == '\0')
    r->reference = hold->reference;
}

/* Releases the hold and, for a POST, books. */
static jn_status
resolve (jn_ledger *ledger, jn_record *r, jn_hold *hold, jn_result *result)
{
  jn_status status;

  inherit (r, hold);
  if (r->amount > hold->amount
      && (!debit_fits (r->debit, r->amount) || !credit_fits (r->credit, r->amount)))
    return JN_AMOUNT_OVERFLOW;
  result->amount = r->amount;
  status = jn_record_write (ledger, r, &result->no);
  if (status == JN_OK)
    status = jn_hold_release (ledger, hold);
  if (status == JN_OK && r->kind == JN_POST)
    status = jn_record_book (ledger, r);
  else if (status == JN_OK)
    jn_hold_open_accounts (hold);
  hold->state = r->kind == JN_POST ? JN_HOLD_POSTED : JN_HOLD_VOIDED;
  hold->posted_no = r->kind == JN_POST ? result->no : 0;
  return status == JN_OK ? jn_hold_save (ledger, hold) : status;
}

/* What a POST books beyond its hold. */
static jn_status
top_up (jn_ledger *ledger, const jn_record *post, int64_t amount)
{
  jn_record r = *post;
  uint64_t no;
  jn_status status;

  jn_chain_derive (&post->id, 't', post->pend_no, &r.id);
  r.kind = JN_TRANSFER;
  r.flags = JN_DERIVED;
  r.amount = r.asked = amount;
  status = jn_record_write (ledger, &r, &no);
  return status == JN_OK ? jn_record_book (ledger, &r) : status;
}

static jn_status
apply_resolution (jn_ledger *ledger, const jn_event *e, bool bank, jn_result *result)
{
  jn_hold hold;
  jn_record r;
  jn_status status = jn_hold_load (ledger, &e->pending, 0, &hold);

  if (status == JN_OK)
    status = check_hold (&hold, e, bank);
  if (status != JN_OK)
    return status;
  r = jn_record_from_event (e, hold.debit, hold.credit);
  r.pend_no = hold.no;
  jn_chain_digest (e, r.digest);
  r.digested = true;
  if (!bank && e->kind == JN_POST && e->amount > hold.amount)
    r.amount = hold.amount;
  status = resolve (ledger, &r, &hold, result);
  if (status != JN_OK || e->amount <= r.amount)
    return status;
  result->amount = e->amount;
  return top_up (ledger, &r, e->amount - r.amount);
}

static jn_status
replay_booking (jn_ledger *ledger, const jn_event *e, uint64_t posted_no, jn_result *result)
{
  jn_known posted;
  jn_status status = jn_known_by_no (ledger, posted_no, &posted);

  if (status != JN_OK)
    return status;
  result->no = posted.no;
  result->amount = posted.amount;
  result->recorded_us = posted.recorded_us;
  if (posted.amount != e->amount)
    return JN_CONFLICT_AMOUNT;
  if (!jn_id_equal (&posted.debit, &e->debit))
    return JN_CONFLICT_DEBIT;
  return jn_id_equal (&posted.credit, &e->credit) ? JN_EXISTS : JN_CONFLICT_CREDIT;
}

/* The bank books an id that is known here as a pending transfer. The record needs an id of its own; the outside still
 * finds it under the old one. */
jn_status
jn_bank_book_hold (jn_ledger *ledger, const jn_event *e, const jn_known *known, jn_result *result)
{
  jn_account_state *debit = NULL, *credit = NULL;
  jn_hold root, hold;
  jn_record r;
  jn_status status = jn_hold_load (ledger, NULL, known->no, &root);

  hold = root;
  if (status == JN_OK && root.posted_no != 0)
    return replay_booking (ledger, e, root.posted_no, result);
  if (status == JN_OK && root.again_no != 0)
    status = jn_hold_load (ledger, NULL, root.again_no, &hold);
  if (status == JN_OK)
    status = jn_account_find (ledger, &e->debit, &debit);
  if (status == JN_OK)
    status = jn_account_find (ledger, &e->credit, &credit);
  if (status == JN_OK)
    status = jn_move_check (debit, credit, e->amount, true);
  if (status != JN_OK)
    return status;
  r = jn_record_from_event (e, debit, credit);
  jn_chain_derive (&e->id, 'p', known->no, &r.id);
  r.flags = JN_DERIVED;
  r.pend_no = hold.no;
  r.pending = hold.id;
  jn_chain_digest (e, r.digest);
  r.digested = true;
  if (hold.state == JN_HOLD_OPEN)
    {
      r.kind = JN_POST;
      status = resolve (ledger, &r, &hold, result);
    }
  else
    {
      inherit (&r, &hold);
      status = jn_record_write (ledger, &r, &result->no);
      if (status == JN_OK)
        status = jn_record_book (ledger, &r);
    }
  if (status == JN_OK && hold.no == root.no)
    root = hold;
  root.posted_no = result->no;
  return status == JN_OK ? jn_hold_save (ledger, &root) : status;
}

static jn_status
remember (jn_ledger *ledger, const jn_event *e, jn_status refusal)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_REFUSED_INSERT);
  uint8_t digest[16];

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  jn_chain_digest (e, digest);
  sqlite3_bind_blob (s, 1, e->id.b, 16, SQLITE_STATIC);
  sqlite3_bind_int (s, 2, (int) refusal);
  sqlite3_bind_int (s, 3, e->kind);
  sqlite3_bind_int (s, 4, e->flags);
  sqlite3_bind_int64 (s, 5, e->currency);
  sqlite3_bind_blob (s, 6, e->debit.b, 16, SQLITE_STATIC);
  sqlite3_bind_blob (s, 7, e->credit.b, 16, SQLITE_STATIC);
  sqlite3_bind_blob (s, 8, e->pending.b, 16, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 9, e->amount);
  sqlite3_bind_int64 (s, 10, ledger->recorded_us);
  sqlite3_bind_blob (s, 11, digest, 16, SQLITE_STATIC);
  if (memcmp (e->id.b, ledger->max_id.b, 16) > 0)
    ledger->max_id = e->id;
  if (memcmp (e->id.b, ledger->max_refused.b, 16) > 0)
    ledger->max_refused = e->id;
  ledger->changed = true;
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
forget_refusal (jn_ledger *ledger, const jn_id *id)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_REFUSED_DELETE);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  return jn_connection_run (&ledger->writer, s);
}

/* The answer for an id that has one already. */
static jn_status
replay (const jn_event *e, const jn_known *known, bool bank, jn_result *result)
{
  jn_status status = jn_event_compare (e, known);

  /* Identity of a bank's entry is its id; a text that the bank worded anew is no other entry. */
  if (bank && (status == JN_CONFLICT_TEXT || status == JN_CONFLICT_FLAGS))
    status = JN_EXISTS;
  if (status != JN_EXISTS)
    return status;
  result->amount = known->amount;
  result->recorded_us = known->recorded_us;
  result->no = known->no;
  return known->refused ? known->status : JN_EXISTS;
}

static jn_status
apply (jn_ledger *ledger, const jn_event *e, bool bank, uint64_t feed, jn_result *result)
{
  jn_known known = { 0 };
  jn_status status = jn_event_check (ledger, e);

  if (status == JN_OK)
    status = jn_known_find (ledger, &e->id, &known);
  if (status != JN_OK)
    return status;
  if (known.refused && bank)
    {
      status = forget_refusal (ledger, &e->id);
      known.found = false;
    }
  if (status != JN_OK)
    return status;
  if (known.found && bank && known.kind == JN_PENDING && e->kind == JN_TRANSFER)
    return jn_bank_book_hold (ledger, e, &known, result);
  if (known.found)
    return replay (e, &known, bank, result);
  status = e->kind == JN_TRANSFER || e->kind == JN_PENDING
               ? apply_move (ledger, e, bank, feed, result)
               : apply_resolution (ledger, e, bank, result);
  if (!bank && status >= 300 && status < 400 && !ledger->in_group)
    {
      jn_status kept = remember (ledger, e, status);

      status = kept == JN_OK ? status : kept;
    }
  return status;
}

jn_status
jn_event_apply (jn_ledger *ledger, const jn_event *e, bool bank, uint64_t feed, jn_result *result)
{
  *result = (jn_result){ .amount = e->amount, .recorded_us = ledger->recorded_us };
  result->status = apply (ledger, e, bank, feed, result);
  /* INVALID and CONFLICT leave no trace. */
  if (result->status >= 100 && result->status < 300)
    *result = (jn_result){ .status = result->status, .amount = e->amount };
  return result->status;
}

static void
fail_others (const jn_event *events, jn_result *results, size_t first, size_t end, size_t culprit)
{
  for (size_t i = first; i < end; i++)
    if (i != culprit)
      results[i] = (jn_result){ .status = JN_GROUP_FAILED, .amount = events[i].amount };
}

/* Applies [first, end) all or none; returns a fatal status only. */
static jn_status
apply_group (jn_ledger *ledger, const jn_event *events, size_t first, size_t end,
             jn_result *results)
{
  jn_group_mark mark;
  jn_status status = jn_group_begin (ledger, &mark);
  jn_status answer = JN_OK;
  size_t i = first;

  for (; status == JN_OK && i < end; i++)
    {
      answer = jn_event_apply (ledger, &events[i], false, 0, &results[i]);
      if (answer != JN_OK && answer != JN_EXISTS)
        break;
    }
  if (status != JN_OK || jn_fatal (answer))
    return status != JN_OK ? status : answer;
  status = jn_group_end (ledger, &mark, i == end);
  if (status != JN_OK || i == end)
    return status;
  fail_others (events, results, first, end, i);
  /* The group is undone; what its member was refused for is kept. */
  if (answer >= 300 && answer < 400)
    {
      jn_known known;

      status = jn_known_find (ledger, &events[i].id, &known);
      if (status == JN_OK && !known.found)
        status = remember (ledger, &events[i], answer);
    }
  return status;
}

static size_t
group_end (const jn_event *events, size_t n, size_t first)
{
  size_t i = first;

  while (i < n && (events[i].flags & JN_LINKED) != 0)
    i++;
  return i < n ? i + 1 : n;
}

static jn_status
submit_from (jn_ledger *ledger, const jn_event *events, size_t n, size_t first, size_t *end,
             jn_result *results)
{
  jn_status status;

  *end = group_end (events, n, first);
  if ((events[*end - 1].flags & JN_LINKED) != 0)
    {
      results[*end - 1] = (jn_result){ .status = JN_GROUP_OPEN, .amount = events[*end - 1].amount };
      fail_others (events, results, first, *end, *end - 1);
      return JN_OK;
    }
  if (*end - first > 1)
    return apply_group (ledger, events, first, *end, results);
  status = jn_event_apply (ledger, &events[first], false, 0, &results[first]);
  return jn_fatal (status) ? status : JN_OK;
}

jn_status
jn_submit (jn_ledger *ledger, const jn_event *events, size_t n, jn_result *results, jn_head *head)
{
  jn_status status;

  if (n > JN_BATCH_MAX)
    return JN_TOO_MANY;
  status = jn_write_begin (ledger);
  if (status != JN_OK)
    return status;
  for (size_t i = 0; status == JN_OK && i < n;)
    status = submit_from (ledger, events, n, i, &i, results);
  return jn_write_end (ledger, status, head);
}

jn_status
jn_outcome (jn_ledger *ledger, const jn_id *id, jn_result *out)
{
  jn_known known;
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    status = jn_known_find (ledger, id, &known);
  if (status != JN_OK)
    return status;
  if (!known.found)
    return JN_NOT_FOUND;
  *out = (jn_result){
    .status = known.status, .amount = known.amount, .recorded_us = known.recorded_us, .no = known.no
  };
  return JN_OK;
}
