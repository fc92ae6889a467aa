/* Shared by the files of the ledger; nobody else includes it. */
#ifndef JN_LEDGER_PRIVATE_H
#define JN_LEDGER_PRIVATE_H

#include "jn-ledger-sql.h"

#include <pthread.h>

#define JN_FORMAT 8
#define JN_TEXT_MAX 200
#define JN_LAST_DATE 99991231
#define JN_DERIVED                                                                                 \
  0x8000u /* stored flag: the engine made this id; the record continues the transfer in pend_no */
#define JN_LAPSED 0x4000u /* stored flag: the end of the lot in pend_no */

/* ---- a hash map from 16 bytes to a pointer ---- */

typedef struct
{
  uint8_t key[16];
  void *value;
} jn_map_slot;

typedef struct
{
  jn_map_slot *slots;
  size_t capacity;
  size_t count;
} jn_map;

void *jn_map_get (const jn_map *map, const uint8_t key[16]);
bool jn_map_put (jn_map *map, const uint8_t key[16], void *value); /* false: no memory */
void jn_map_empty (jn_map *map);                                   /* keeps its room */
void jn_map_clear (jn_map *map, void (*release) (void *));

/* Per-event answers are below 500; these end the whole call. */
static inline bool
jn_fatal (jn_status status)
{
  return status >= 500;
}

static inline bool
jn_id_equal (const jn_id *a, const jn_id *b)
{
  return __builtin_memcmp (a->b, b->b, 16) == 0;
}

static inline bool
jn_id_is_zero (const jn_id *id)
{
  static const jn_id zero;

  return __builtin_memcmp (id->b, zero.b, 16) == 0;
}

/* ---- arrays ---- */

typedef struct
{
  void *data;
  size_t count, capacity;
} jn_array;

/* Makes room for one more of @size bytes and returns it, NULL without memory. */
void *jn_array_add (jn_array *array, size_t size);
void *jn_array_add_many (jn_array *array, size_t size, size_t n);
void jn_array_free (jn_array *array);

/* ---- the tail: transfers that no derived table knows yet ---- */

#define JN_TAIL_ROWS 256u
static inline size_t
jn_tail_limit (const jn_host *host)
{
  return host->tail_rows == 0 ? JN_TAIL_ROWS : host->tail_rows;
}

typedef struct
{
  uint64_t no;
  jn_id id;
  uint64_t dr, cr;
  int64_t amount;
  int64_t payee; /* jn_payee_key */
  uint32_t currency;
  int32_t value_date;
  uint16_t kind, code;
  int flow;       /* jn_flow */
  size_t text_at; /* in the writer's tail: payee, memo and reference, each with its end */
} jn_tail_row;

typedef struct
{
  jn_array rows; /* jn_tail_row, numbers without a gap */
  jn_map ids;    /* to the number; a number that is not in the rows any more counts for nothing */
  bool writer;   /* keeps the texts */
  jn_array texts;
  uint64_t indexed;
  int64_t max_key; /* no indexed id has a larger one */
  uint8_t key[16];
} jn_tail;

/* Reads the state and at most @limit rows. */
jn_status jn_tail_load (jn_connection *connection, jn_tail *tail, size_t limit);
bool jn_tail_add (jn_tail *tail, const jn_tail_row *row);
/* *at is where the three stand; each may be NULL. */
bool jn_tail_add_texts (jn_tail *tail, const char *const texts[3], size_t *at);
/* Takes the rows from number @no on out again. */
void jn_tail_cut (jn_tail *tail, uint64_t no);
void jn_tail_empty (jn_tail *tail); /* keeps its room */
void jn_tail_clear (jn_tail *tail);
static inline const jn_tail_row *
jn_tail_get (const jn_tail *tail, size_t i)
{
  return (const jn_tail_row *) tail->rows.data + i;
}
static inline bool
jn_kind_books (uint16_t kind)
{
  return kind == JN_TRANSFER || kind == JN_POST;
}

/* Sorts like the ids do; the lowest 16 bits are mixed with a key of the file, so that nobody can aim at one place. */
int64_t jn_id_to_key (const jn_id *id, const uint8_t key[16]);
/* *no is 0 when there is no such id. */
jn_status jn_id_find (jn_connection *connection, const jn_tail *tail, const jn_id *id,
                      uint64_t *no);

/* ---- blocks of entries ---- */

#define JN_BLOCK_BYTES 960u
#define JN_BLOCK_ENTRIES 128u
#define JN_BLOCK_SHIFT 40 /* key: account number, then the number of the first entry */

typedef struct
{
  uint64_t no;
  int64_t amount; /* + when the account is credited */
  int64_t after;
  int32_t value_date;
  uint16_t code;
} jn_entry;

typedef struct
{
  uint64_t account;
  uint64_t first_no;
  jn_entry last;
  size_t n, size;
  bool dirty;
  uint8_t data[JN_BLOCK_BYTES];
} jn_block;

/* Whether it fitted. Sets @entry's balance. */
bool jn_block_append (jn_block *block, jn_entry *entry);
/* Room for JN_BLOCK_ENTRIES; false when the bytes are damaged. */
bool jn_block_read (const uint8_t *data, size_t size, uint64_t first_no, jn_entry *entries,
                    size_t *n);

/* ---- what is kept in memory ---- */

typedef struct
{
  uint64_t no;
  jn_account info;
  uint64_t closed; /* 0 open, 1 for good, else 1 + the number of the hold that closes it */
  bool dirty;
  int64_t d_posted, c_posted, d_pending, c_pending;
  jn_block *block; /* the last one, once it was needed */
} jn_account_state;

typedef struct
{
  uint64_t account;
  jn_rollup_row row;
  uint64_t first_no, last_no;
  bool dirty;
} jn_month;

/* An account's month is also summed by day, but for the rows near its first one: those are read from their blocks. So what is added up for a day
 * is bounded in a busy month, after a late entry too, and a quiet month costs nothing. */
#define JN_DAY_SPAN 256u

static inline bool
jn_counts_by_day (uint64_t no, uint64_t first_no)
{
  return no - first_no >= JN_DAY_SPAN;
}

typedef struct
{
  uint32_t currency;
  int64_t payee;
  jn_rollup_row row; /* its code counts for nothing */
  uint64_t last_no;
  bool dirty;
} jn_payee;

typedef struct
{
  jn_account_state *account;
  jn_account_state before;
} jn_undo;

struct jn_ledger
{
  jn_connection writer;
  char *path;
  char *vfs;
  jn_host host;
  unsigned flags;
  bool reopen; /* the connection cannot be trusted after a failed sync */
  int64_t data_version;

  jn_map accounts_by_id, accounts_by_no, months, payees;
  jn_array dirty_accounts, dirty_months, dirty_payees, leaves, undo;
  bool in_group;

  jn_tail tail;
  uint64_t next_no;
  uint64_t first_no; /* of the open commit */
  jn_array waiting;  /* its rows that are not in the file yet */
  jn_id max_id;      /* no id above it is known here */
  jn_id max_refused; /* none above it was refused */
  int64_t next_expiry;
  int64_t last_recorded_us;
  int64_t recorded_us; /* of the open commit */
  bool changed;
  bool annotated, early; /* there are annotations; some of transfers that did not come yet */
  uint64_t arrived_no;   /* a row whose id was annotated before it came */
  jn_head head;

  pthread_mutex_t lock; /* guards spare */
  jn_snapshot *spare;
};

/* ---- accounts ---- */

/* *out is NULL when there is none. */
jn_status jn_account_find (jn_ledger *ledger, const jn_id *id, jn_account_state **out);
jn_status jn_account_by_no (jn_ledger *ledger, uint64_t no, jn_account_state **out);
/* Call before the first change in a step: notes it for the flush and for the undo of a group. */
jn_status jn_account_touch (jn_ledger *ledger, jn_account_state *account);
jn_status jn_month_find (jn_ledger *ledger, uint64_t account, int32_t month, uint16_t code,
                         jn_month **out);
jn_status jn_month_touch (jn_ledger *ledger, jn_month *month);
jn_status jn_months_flush (jn_ledger *ledger);
void jn_month_read (sqlite3_stmt *stmt, jn_month *out);
void jn_caches_clear (jn_ledger *ledger);
jn_status jn_caches_flush (jn_ledger *ledger);

/* ---- payees and all accounts together ---- */

/* 0 for no name. */
int64_t jn_payee_key (const char *payee, const uint8_t key[16]);
/* −1 when customers pay, +1 when they get, 0 when it stays among them or among others. */
int jn_flow (uint16_t debit_class, uint16_t credit_class);
void jn_payee_map_key (uint8_t key[16], uint32_t currency, int32_t month, int64_t payee);
jn_status jn_payee_index (jn_ledger *ledger, const jn_tail_row *row);
jn_status jn_payees_flush (jn_ledger *ledger);
/* The account number in `month` and `shift` that stands for all customers' accounts of a currency. */
static inline uint64_t
jn_all_accounts (uint32_t currency)
{
  return (uint64_t) - (int64_t) currency;
}

/* False when it does not fit. A sum over several accounts may be more than any of them can hold: @capped, it stays at the most. */
static inline bool
jn_add_to_sum (int64_t *sum, int64_t amount, bool capped)
{
  if (!__builtin_add_overflow (*sum, amount, sum))
    return true;
  *sum = amount > 0 ? INT64_MAX : INT64_MIN;
  return capped;
}

/* Brings the derived tables up to the last row of the tail and empties it. */
jn_status jn_index_tail (jn_ledger *ledger);
/* The same when the tail is full. */
jn_status jn_index_when_full (jn_ledger *ledger);
/* Empties the derived tables and makes them anew from the transfers, inside the open transaction. */
jn_status jn_index_rebuild (jn_ledger *ledger);

/* ---- one write ---- */

jn_status jn_state_load (jn_ledger *ledger);
/* Inside an open transaction. */
jn_status jn_migrate (jn_ledger *ledger, int version);
/* Reopens the file after a failed sync. */
jn_status jn_ledger_trust (jn_ledger *ledger);
/* Opens the transaction, sets the recorded time and expires what is due. */
jn_status jn_write_begin (jn_ledger *ledger);
/* Commits when @status is OK, else rolls back; the caches follow. */
jn_status jn_write_end (jn_ledger *ledger, jn_status status, jn_head *head);

typedef struct
{
  uint64_t next_no;
  size_t leaves;
} jn_group_mark;
jn_status jn_group_begin (jn_ledger *ledger, jn_group_mark *mark);
jn_status jn_group_end (jn_ledger *ledger, const jn_group_mark *mark, bool keep);

/* ---- records ---- */

typedef struct
{
  jn_id id;
  uint16_t kind;
  uint16_t flags;
  jn_account_state *debit, *credit;
  int64_t amount;
  int64_t asked;
  uint64_t pend_no;
  jn_id pending;
  int32_t value_date;
  int64_t occurred_us, timeout_us, recorded_us;
  uint16_t code;
  const char *payee, *memo, *reference;
  uint8_t digest[16];
  bool digested; /* the row alone does not tell the request */
} jn_record;

/* All but accounts and the id of the pending transfer; texts live as long as the row. */
void jn_record_read (sqlite3_stmt *stmt, jn_record *record);
/* The row of that number with its accounts; its texts point into @texts. INVARIANT when there is none. */
jn_status jn_record_load (jn_ledger *ledger, uint64_t no, jn_record *out,
                          char texts[3][JN_TEXT_MAX + 1]);
/* Makes the row and its leaf and gives it the next number; moves nothing. The row waits to be written. */
jn_status jn_record_write (jn_ledger *ledger, const jn_record *record, uint64_t *no);
/* Writes the rows that wait, the last one with @seal unless that is NULL. */
jn_status jn_records_flush (jn_ledger *ledger, const uint8_t *seal);
/* The same when the row @no waits, so that it can be read. */
jn_status jn_records_reach (jn_ledger *ledger, uint64_t no);
/* Counters of a booked record, right after its row was made; the rest follows from the row. */
jn_status jn_record_book (jn_ledger *ledger, const jn_record *record);

typedef enum
{
  JN_HOLD_OPEN = 0,
  JN_HOLD_POSTED = 1,
  JN_HOLD_VOIDED = 2,
  JN_HOLD_EXPIRED = 3,
} jn_hold_state;

typedef struct
{
  uint64_t no;
  jn_id id;
  jn_account_state *debit, *credit;
  int64_t amount;
  int32_t value_date;
  int64_t occurred_us;
  uint16_t code;
  char payee[JN_TEXT_MAX + 1], memo[JN_TEXT_MAX + 1], reference[JN_TEXT_MAX + 1];
  jn_hold_state state;
  uint64_t feed;
  int64_t expires_us;
  uint64_t posted_no; /* row that booked it, whatever its state says */
  uint64_t again_no;  /* the bank named it again after it was released */
} jn_hold;

/* JN_PENDING_UNKNOWN when there is no pending transfer with this id or number. */
jn_status jn_hold_load (jn_ledger *ledger, const jn_id *id, uint64_t no, jn_hold *out);
jn_status jn_hold_save (jn_ledger *ledger, const jn_hold *hold);
jn_status jn_hold_add (jn_ledger *ledger, const jn_record *record, uint64_t no, uint64_t feed);
jn_status jn_hold_release (jn_ledger *ledger, const jn_hold *hold);
/* Opens again what this hold has closed; both accounts are touched. */
void jn_hold_open_accounts (const jn_hold *hold);
/* Engine-made VOID or EXPIRE. */
jn_status jn_hold_drop (jn_ledger *ledger, jn_hold *hold, uint16_t kind);
jn_status jn_holds_expire (jn_ledger *ledger);

/* A new pending record for a bank's hold whose id is spent here; @e carries the derived id. */
jn_status jn_hold_record_again (jn_ledger *ledger, const jn_event *e, const jn_hold *root,
                                uint64_t feed, jn_result *result);

/* ---- lots ---- */

jn_status jn_lot_add (jn_ledger *ledger, const jn_record *record, uint64_t no, uint64_t feed);
/* For a booked record that pays out of a unit of our own. */
jn_status jn_lot_take (jn_ledger *ledger, const jn_record *record);
jn_status jn_lots_expire (jn_ledger *ledger);
/* Of holds and lots. */
jn_status jn_expiry_load (jn_ledger *ledger);

/* What is known about an id. */
typedef struct
{
  bool found, refused;
  jn_status status;
  uint64_t no;
  uint16_t kind, flags, code;
  uint32_t currency;
  jn_id id, debit, credit, pending;
  uint64_t pending_no;
  int64_t amount, asked, recorded_us;
  uint8_t digest[16];
} jn_known;
/* INVARIANT when there is no such row. Leaves the pending's id empty. */
jn_status jn_known_by_no (jn_ledger *ledger, uint64_t no, jn_known *out);
jn_status jn_known_find (jn_ledger *ledger, const jn_id *id, jn_known *out);

/* @bank: a fact told by the bank, which bounds and refusals do not hold up. @feed: number of the feed, 0 for none. */
jn_status jn_event_apply (jn_ledger *ledger, const jn_event *event, bool bank, uint64_t feed,
                          jn_result *result);
jn_status jn_event_check (jn_ledger *ledger, const jn_event *event);
/* Pure. */
jn_status jn_event_check_form (const jn_event *event);
jn_status jn_event_compare (const jn_event *event, const jn_known *known);
jn_record jn_record_from_event (const jn_event *event, jn_account_state *debit,
                                jn_account_state *credit);

/* Overflow, then REFUSED by number. Bounds and closing do not hold up the bank's own facts. */
jn_status jn_move_check (const jn_account_state *debit, const jn_account_state *credit,
                         int64_t amount, bool bank);
jn_status jn_bank_book_hold (jn_ledger *ledger, const jn_event *event, const jn_known *known,
                             jn_result *result);

/* ---- chain ---- */

void jn_chain_record (const jn_record *record, uint8_t bytes[128]);
void jn_chain_leaf (const jn_record *record, uint8_t leaf[32]);
void jn_chain_digest (const jn_event *event, uint8_t digest[16]);
void jn_chain_root (uint8_t (*leaves)[32], size_t n, uint8_t root[32]); /* overwrites the leaves */
void jn_chain_commit (const uint8_t previous[32], uint64_t seq, int64_t recorded_us, uint64_t n,
                      const uint8_t root[32], uint8_t hash[32]);
/* An id of the engine's own, beside the one it follows from in time order. */
void jn_chain_derive (const jn_id *from, char domain, uint64_t no, jn_id *out);

/* ---- search ---- */

#define JN_SEARCH_ROWS 8u /* numbers that share a document of the index */

/* Makes the tokenizer known to a connection. */
jn_status jn_search_register (sqlite3 *db);
/* @out has room for @n bytes; returns how many were written. ASCII in one case and width. */
size_t jn_search_fold (const char *text, size_t n, char *out);
bool jn_search_contains (const char *text, const char *folded, size_t n);
/* What to ask the index for; @out has room for 2 n + 6 bytes. Returns how many tokens that are; a long text needs not be asked for whole. */
size_t jn_search_query (const char *folded, size_t n, char *out);
jn_status jn_search_index_tail (jn_ledger *ledger);

/* The audit of any open file; @head gets the head that the transfers lead to. */
jn_status jn_audit_connection (jn_connection *connection, jn_finding_func report,
                               jn_progress progress, void *ctx, jn_head *head);
jn_status jn_head_read (jn_connection *connection, jn_head *head);
/* What the file says beside the head that the host keeps. */
jn_status jn_head_check (jn_ledger *ledger);

/* ---- what follows from annotations ---- */

/* What a booked row shows of the customer's own. */
typedef struct
{
  uint16_t category; /* 0: the bank's */
  uint16_t fields;
  char note[JN_ANNOTATION_MAX + 1];
} jn_local;

/* The same for one transfer from its annotations, on any connection. */
jn_status jn_local_of_id (jn_connection *connection, const jn_id *id, jn_local *out);
/* As stored; all zeros when there is none. */
jn_status jn_local_get (jn_connection *connection, uint64_t no, jn_local *out);
/* The id that the outside knows a row by: an engine-made record continues the one it points to. */
jn_status jn_outside_id (jn_connection *connection, uint64_t no, jn_id *out);
/* A row was made under an id of the outside; one was booked. */
jn_status jn_local_arrive (jn_ledger *ledger, const jn_id *id, uint64_t no);
jn_status jn_local_book (jn_ledger *ledger, const jn_record *record, uint64_t no);
/* Brings every booked row of an id to what its annotations say. *known: there is a row with this id. */
jn_status jn_local_refresh (jn_ledger *ledger, const jn_id *id, bool *known);
jn_status jn_local_rebuild (jn_ledger *ledger);

/* One side of a booked row, in one category. */
typedef struct
{
  uint64_t account;
  int32_t month;
  uint16_t category;
  int64_t d, c, n_d, n_c;
} jn_shift;

void jn_shift_read (sqlite3_stmt *stmt, jn_shift *out);

/* ---- snapshots ---- */

struct jn_snapshot
{
  jn_ledger *ledger;
  jn_connection reader;
  bool has_tail, asked_annotated, annotated;
  jn_tail tail;
};

/* Whether there is any annotation. */
jn_status jn_snapshot_annotated (jn_snapshot *snapshot, bool *annotated);

jn_status jn_snapshot_tail (jn_snapshot *snapshot);

typedef struct
{
  uint64_t no;
  uint32_t currency;
  int64_t posted;
} jn_snapshot_account_row;
jn_status jn_snapshot_account_get (jn_snapshot *snapshot, const jn_id *id,
                                   jn_snapshot_account_row *out);

typedef struct
{
  jn_array rows; /* jn_month, by month and code */
} jn_month_list;
/* Well-formed UTF-8 of at most @most bytes; NULL is fine. */
bool jn_text_is_good (const char *text, size_t most);
bool jn_id_is_reserved (const jn_id *id);

/* The months of an account by the bank's category, the tail counted in. The caller frees the rows, also after an error. */
jn_status jn_snapshot_months (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to,
                              jn_month_list *list);

/* The same by the category that rows show. */
jn_status jn_snapshot_categories (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to,
                                  jn_month_list *list);

/* The booked entries of an account from @last down to @first. One walk at a time in a snapshot. */
typedef struct
{
  jn_snapshot *snapshot;
  uint64_t own, first, last;
  size_t tail_left;
  int64_t balance;
  sqlite3_stmt *blocks;
  size_t left;
  jn_entry entries[JN_BLOCK_ENTRIES];
} jn_walk;

jn_status jn_walk_begin (jn_walk *walk, jn_snapshot *snapshot, uint64_t own, int64_t posted,
                         uint64_t first, uint64_t last);
/* entry->no is 0 at the end. */
jn_status jn_walk_next (jn_walk *walk, jn_entry *entry);
void jn_walk_end (jn_walk *walk);

jn_status jn_snapshot_account (jn_snapshot *snapshot, const jn_id *id, uint64_t *no,
                               sqlite3_stmt **row);
void jn_snapshot_free (jn_snapshot *snapshot);
/* The transfer as the account @own sees it: signed amount, the id that the outside knows. *mine: it touches @own. Leaves account,
 * currency, posted_after and expires_us to the caller. */
jn_status jn_row_fill (jn_snapshot *snapshot, uint64_t own, uint64_t no, jn_entry_row *row,
                       bool *mine);

/* Column numbers of the transfer statements. */
enum
{
  JN_T_NO,
  JN_T_ID,
  JN_T_KIND,
  JN_T_FLAGS,
  JN_T_DR,
  JN_T_CR,
  JN_T_AMOUNT,
  JN_T_ASKED,
  JN_T_PEND,
  JN_T_DATE,
  JN_T_OCCURRED,
  JN_T_TIMEOUT,
  JN_T_RECORDED,
  JN_T_CODE,
  JN_T_PAYEE,
  JN_T_MEMO,
  JN_T_REFERENCE,
  JN_T_DIGEST,
  JN_T_SEAL,
};

#define JN_SEAL_BYTES 44

uint64_t jn_read_number (const uint8_t *bytes, int n); /* big-endian */
void jn_write_number (uint8_t *bytes, uint64_t value, int n);
/* Whether the texts of a transfer row have a length that the canonical record can take. */
bool jn_texts_are_short (sqlite3_stmt *stmt);
void jn_column_id (sqlite3_stmt *stmt, int column, jn_id *out);
void jn_column_text (sqlite3_stmt *stmt, int column, char out[JN_TEXT_MAX + 1]);

#endif
