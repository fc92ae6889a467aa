/* Shared by the files of the audit. */
#ifndef JN_LEDGER_AUDIT_H
#define JN_LEDGER_AUDIT_H

#include "jn-ledger-private.h"

typedef struct
{
  uint64_t no;
  jn_account_state stored; /* no, id and currency; its counters as stored */
  int64_t d_posted, c_posted, d_pending, c_pending;
  jn_array lots;       /* numbers of its lots */
  size_t first_lot;    /* those before are used up */
  uint64_t entries[2]; /* sums over its booked entries: by replay, as stored in blocks */
} jn_counted;

typedef struct
{
  uint64_t no;
  jn_hold_state state;
  int64_t amount;
  jn_id id;
  jn_counted *debit, *credit;
  uint16_t flags;
} jn_counted_hold;

typedef struct
{
  jn_connection *db;
  jn_finding_func report;
  jn_progress progress;
  void *ctx;
  jn_status worst;
  jn_map accounts, months, holds; /* by number; holds: jn_counted_hold */
  uint64_t n_months, n_holds;
  uint64_t keys[2]; /* sums over the ids: by replay, as stored */
  const jn_tail *tail;
  int64_t recorded_us; /* of the row before */
  uint64_t last_no;
  jn_array leaves;
  jn_head head;
  /* What follows from annotations: by id, by account, month and category; sums over rows: by replay, as stored. */
  jn_map annotations, shifts;
  uint64_t locals[2], n_shifts;
  jn_map payees, lots;
  uint64_t n_payees;
} jn_audit;

void jn_audit_find (jn_audit *audit, jn_status what, const char *where, uint64_t no);
/* Far from all others, for a sum over rows that does not know their order. */
uint64_t jn_audit_mix (const uint64_t *words, size_t n);

void jn_audit_number_key (uint8_t key[16], uint64_t no);

/* ---- months ---- */

jn_status jn_audit_count_month (jn_audit *audit, const jn_counted *account, const jn_record *record,
                                uint64_t no, bool debit);
/* All customers' accounts of a currency as one. */
jn_status jn_audit_count_all (jn_audit *audit, const jn_record *record, uint64_t no);
jn_status jn_audit_check_months (jn_audit *audit);

/* ---- what follows from annotations ---- */

/* Before the transfers. */
jn_status jn_audit_load_annotations (jn_audit *audit);
/* Each row as it is replayed. */
void jn_audit_arrive (jn_audit *audit, const jn_id *id);
jn_status jn_audit_book_local (jn_audit *audit, const jn_record *record, uint64_t no);
/* After them. */
jn_status jn_audit_check_locals (jn_audit *audit);
jn_status jn_audit_check_shifts (jn_audit *audit);
jn_status jn_audit_check_early (jn_audit *audit);

/* ---- lots ---- */

jn_status jn_audit_count_lots (jn_audit *audit, jn_counted *debit, jn_counted *credit,
                               const jn_record *record, uint64_t no);
jn_status jn_audit_check_lots (jn_audit *audit);

/* ---- payees and search ---- */

jn_status jn_audit_count_payee (jn_audit *audit, const jn_record *record, uint64_t no);
jn_status jn_audit_check_payees (jn_audit *audit);
/* That what the head picks out is found. */
jn_status jn_audit_check_search (jn_audit *audit);
jn_status jn_audit_check_notes (jn_audit *audit);

#endif
