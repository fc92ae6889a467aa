/* The double-entry engine: plain C on SQLite. No main loop, no clock, no entropy of its own: the host passes them in.
 *
 * Terms are the field's own. A transfer moves an amount > 0 from the credited account to the debited account: the debit
 * account's d grows, the credit account's c grows. A customer's account is credit-normal (the bank owes the customer):
 * its balance is c − d, what can be spent is c_posted − d_posted − d_pending − floor. One writer: calls on one jn_ledger
 * are made from one thread at a time; jn_snapshot uses a read connection of its own and may live on another thread. */
#ifndef JN_LEDGER_H
#define JN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct jn_ledger jn_ledger;
typedef struct jn_snapshot jn_snapshot;

typedef struct
{
  uint8_t b[16];
} jn_id;
typedef struct
{
  uint64_t seq;
  uint8_t hash[32];
} jn_head;
typedef struct
{
  uint8_t b[32];
} jn_key;

/* What the host provides. */
typedef struct
{
  int64_t (*now_us) (void *ctx);
  void (*random) (void *ctx, void *buffer, size_t length);
  void *ctx;
  const char *vfs; /* SQLite VFS name; NULL for the default */
  /* The newest head, kept where a copy of the file does not take it along; NULL for nowhere. head_load answers false when none is
   * kept. head_store is called after every commit, on the thread that made it. */
  bool (*head_load) (void *ctx, jn_head *out);
  void (*head_store) (void *ctx, const jn_head *head);
  int32_t (*day_of) (void *ctx,
                     int64_t us); /* yyyymmdd of a time, for lots that lapse; NULL: in UTC */
  size_t tail_rows; /* transfers that may wait in memory for derived tables; 0: the default */
} jn_host;

/* The hundreds say what happened to the money: see the error taxonomy in base/jn-error.h, whose numbers these are. */
typedef enum
{
  JN_OK = 0,     /* created now */
  JN_EXISTS = 1, /* the same request was answered before: moved once */

  JN_INVALID = 100,
  JN_AMOUNT_ZERO = 101,
  JN_SAME_ACCOUNT = 102,
  JN_CURRENCY_MISMATCH = 103,
  JN_UNKNOWN_FLAG = 104,
  JN_ID_RESERVED = 105, /* all zeros or all ones */
  JN_GROUP_OPEN = 106,  /* last event of a call carries JN_LINKED */
  JN_AMOUNT_OVERFLOW = 107,
  JN_TOO_MANY = 108, /* more than JN_BATCH_MAX events */

  JN_CONFLICT_AMOUNT = 200,
  JN_CONFLICT_DEBIT = 201,
  JN_CONFLICT_CREDIT = 202,
  JN_CONFLICT_CURRENCY = 203,
  JN_CONFLICT_PENDING = 204,
  JN_CONFLICT_FLAGS = 205,
  JN_CONFLICT_TEXT = 206, /* payee, memo, reference, dates, code, timeout */
  JN_CONFLICT_KIND = 207, /* looked at first: fields of different kinds do not compare */

  JN_NO_FUNDS = 300,
  JN_OVER_CEILING = 301,
  JN_ACCOUNT_CLOSED = 303,
  JN_ACCOUNT_UNKNOWN = 305,
  JN_PENDING_UNKNOWN = 306,
  JN_PENDING_POSTED = 307,
  JN_PENDING_VOIDED = 308,
  JN_PENDING_EXPIRED = 309,
  JN_POST_TOO_MUCH = 310,

  JN_GROUP_FAILED = 400,

  JN_BUSY = 500,
  JN_NO_MEMORY = 501,
  JN_DISK_FULL = 502,
  JN_READ_ONLY = 506,

  JN_SYNC_FAILED = 600,

  JN_PAGE_DAMAGED = 700,
  JN_CHAIN_BROKEN = 701,
  JN_INVARIANT = 702,
  JN_FORMAT_NEWER = 703,
  JN_IO = 704,
  JN_BALANCE_MISMATCH =
      705,           /* feed: a stated balance does not match the entries; nothing applied */
  JN_FEED_GAP = 706, /* feed: the page does not begin right after the cursor; nothing applied */

  JN_FILE_OLDER_THAN_HEAD = 800,
  JN_KEY_WRONG = 900,
  JN_NOT_FOUND = 1100, /* a read found nothing */
} jn_status;

#define JN_BATCH_MAX 8190u
#define JN_OWN_UNITS                                                                               \
  10000u /* the first currency number that is no ISO 4217 number: points, limits */

/* ---- accounts ---- */

typedef enum
{
  JN_ACCOUNT_CUSTOMER = 1, /* the customer's money: credit-normal, bounded */
  JN_ACCOUNT_WORLD = 2,    /* everybody else, one per currency: unbounded */
  JN_ACCOUNT_ISSUER = 3,   /* issuer of points: unbounded */
} jn_account_class;

enum
{
  JN_ACCOUNT_BOUNDED = 1u << 0, /* floor and ceiling hold */
};

typedef struct
{
  jn_id id;
  uint32_t currency; /* ISO 4217 number; 10000 and above are units of our own */
  uint16_t class_;
  uint16_t flags;
  int64_t
      floor; /* lowest allowed c_posted − d_posted − d_pending; 0 is no overdraft, −n a credit line of n */
  int64_t ceiling; /* highest allowed c_posted + c_pending − d_posted; INT64_MAX for none */
} jn_account;

/* ---- events ---- */

typedef enum
{
  JN_TRANSFER = 1, /* direct */
  JN_PENDING = 2,  /* reserves on both sides */
  JN_POST = 3,     /* makes a pending transfer real; amount 0 means all, less releases the rest */
  JN_VOID = 4,     /* releases a pending transfer */
  JN_EXPIRE = 5,   /* made by the engine alone */
} jn_kind;

enum
{
  JN_LINKED = 1u << 0, /* with the next event: all or none */
  /* TRANSFER, PENDING: at most what the debited account can spend, or what the credited one has room for; the result tells how much
   * it was. A replay asks for the same amount as before. */
  JN_BALANCE_DEBIT = 1u << 1,
  JN_BALANCE_CREDIT = 1u << 2,
  /* POST: the amount may be more than was held; what is beyond is a transfer of its own in the same step and keeps the bounds. */
  JN_TOP_UP = 1u << 3,
  /* PENDING: the account takes nothing new until this is voided or expires, which opens it again. Not for what the bank says. */
  JN_CLOSE_DEBIT = 1u << 4,
  JN_CLOSE_CREDIT = 1u << 5,
  /* TRANSFER in a unit of our own, with a timeout: a lot, whose rest goes back to the debited account when it is over. */
  JN_LOT = 1u << 6,
};

typedef struct
{
  jn_id id;      /* made by the client; at most one effect, for ever */
  uint16_t kind; /* jn_kind */
  uint16_t flags;
  uint16_t code; /* category of the host's own list; rolled up by month */
  uint32_t currency;
  jn_id debit; /* zero in POST and VOID: taken from the pending transfer */
  jn_id credit;
  int64_t amount;     /* minor units, > 0 */
  jn_id pending;      /* POST, VOID: the pending transfer's id; zero otherwise */
  int64_t timeout_us; /* PENDING: 0 for none; JN_LOT: > 0; expires at recorded time + timeout */
  int32_t
      value_date; /* yyyymmdd, the date that months are counted by. A POST takes what it leaves 0 or NULL (date, code, occurred_us,
                         texts) from its pending transfer; a TRANSFER and a PENDING need a date */
  int64_t occurred_us; /* when it happened in the world, by the bank */
  const char *payee;   /* UTF-8 or NULL, at most 200 bytes each */
  const char *memo;
  const char *reference; /* the bank's reference */
} jn_event;

typedef struct
{
  jn_status status;
  int64_t amount; /* recorded amount */
  int64_t recorded_us;
  uint64_t no; /* dense row number, 0 when none */
} jn_result;

/* ---- opening ---- */

/* Opens or creates @path. @key is NULL for a plain file; with a key the host's VFS must be the sealing one (store/jn-seal-vfs.h)
 * and know the key already, else JN_INVALID or JN_KEY_WRONG. The host's vtable must outlive the ledger. Errors: JN_FORMAT_NEWER,
 * JN_FILE_OLDER_THAN_HEAD (an old copy was put back), JN_CHAIN_BROKEN (the file says something else than the head outside),
 * JN_READ_ONLY (the file stays readable through JN_OPEN_READ_ONLY; one of an older format has to be writable once), JN_DISK_FULL,
 * JN_BUSY, JN_PAGE_DAMAGED, JN_IO. */
enum
{
  JN_OPEN_READ_ONLY = 1u << 0,
  JN_OPEN_ACCEPT_OLDER = 1u << 1, /* the customer knows that the file is an older copy */
};
jn_status jn_open (const char *path, const jn_key *key, const jn_host *host, unsigned flags,
                   jn_ledger **out);
jn_status jn_close (jn_ledger *ledger); /* NULL is fine; snapshots must be ended before */

/* ---- writing: one call = one durable commit ---- */

/* Creates an account; EXISTS when it is there with the same properties, CONFLICT_* otherwise. */
jn_status jn_account_open (jn_ledger *ledger, const jn_account *account);
jn_status jn_account_close (jn_ledger *ledger,
                            const jn_id *id); /* refuses later transfers with ACCOUNT_CLOSED */
jn_status jn_account_get (jn_ledger *ledger, const jn_id *id, jn_account *out);

/* Applies @n events in order in one durable commit; @results[i] is always filled when OK is returned. The returned status is about
 * the commit (OK, or AGAIN/UNKNOWN/DAMAGED class: then nothing, or not known). Precedence in one event: INVALID, CONFLICT, remembered
 * refusal, REFUSED in the order of the enum, OK. A refused id stays refused. @head may be NULL. */
jn_status jn_submit (jn_ledger *ledger, const jn_event *events, size_t n, jn_result *results,
                     jn_head *head);

/* By id: JN_OK with the stored result (created or refused), JN_NOT_FOUND when the id was never answered here. */
jn_status jn_outcome (jn_ledger *ledger, const jn_id *id, jn_result *out);

/* All of @n events or none, under one id by which they can be taken back. The same import again answers JN_EXISTS for each event; anything new
 * under a known import id is a conflict. A refused import leaves no trace: the returned status is its first refusal. */
jn_status jn_import (jn_ledger *ledger, const jn_id *import, const jn_event *events, size_t n,
                     jn_result *results, jn_head *head);

/* Books everything of an import the other way round, newest first and on the same value dates, and releases its open holds. All or nothing:
 * NO_FUNDS, OVER_CEILING or ACCOUNT_CLOSED when money has moved on since. JN_EXISTS when it was undone before, JN_NOT_FOUND. */
jn_status jn_import_undo (jn_ledger *ledger, const jn_id *import, jn_head *head);

/* An exchange between two currencies through one liquidity account each, as a linked group for jn_submit: what is sold, what is bought for it
 * at the rate, and the spread as a transfer of its own. Rate and spread are recorded in the reference, which the chain protects. */
typedef struct
{
  jn_id id; /* of the first leg; the others' follow from it */
  jn_id from, from_liquidity, to, to_liquidity, spread_account;
  uint32_t from_currency, to_currency;
  int64_t sell;               /* minor units of from_currency, > 0 */
  int64_t rate_num, rate_den; /* minor units of to_currency for one of from_currency */
  int32_t spread_ppm;         /* of what is bought, rounded up */
  uint16_t code;
  int32_t value_date;
  int64_t occurred_us;
  const char *payee, *memo;
} jn_exchange;

typedef struct
{
  jn_event events[3]; /* texts point into the exchange and into this */
  size_t n;
  int64_t
      residue; /* what rounding left with to_liquidity: sell × rate_num − gross × rate_den, in 1/rate_den of a minor unit */
  int64_t gross, spread; /* what is bought, rounded down, before and for the spread */
  char reference[64];
} jn_exchange_legs;

/* Pure. JN_INVALID, JN_CURRENCY_MISMATCH (one currency), JN_AMOUNT_ZERO (too little to buy anything), JN_AMOUNT_OVERFLOW. */
jn_status jn_exchange_make (const jn_exchange *exchange, jn_exchange_legs *out);
/* Reads a leg's reference back; false when it is not one. */
bool jn_exchange_read (const char *reference, int64_t *rate_num, int64_t *rate_den,
                       int32_t *spread_ppm);

/* What a bank's feed says: entries @from_seq..@to_seq in order and, after them, the balance of each account. Applied all or nothing in one
 * commit together with the cursor; every event must be created or exist already, else the first status that says why not is returned and
 * nothing is applied. What the bank says is a fact: bounds, closed accounts, earlier refusals and reserved amounts do not hold it up. Ids decide
 * what exists: another amount or account under a known id is a conflict, another text is not. A TRANSFER whose id is a pending transfer here
 * resolves it; jn_entry_get and the rows know it by that id. Pages may be delivered again: from_seq ≤ cursor + 1 and to_seq ≥ cursor. */
typedef struct
{
  jn_id account;
  int64_t posted; /* c_posted − d_posted that the bank states after this page */
} jn_stated_balance;

typedef struct
{
  const char *feed;  /* name of the feed, at most 60 bytes */
  uint64_t from_seq; /* first sequence number in the page; cursor + 1 */
  uint64_t to_seq;   /* last one; from_seq − 1 for an empty page */
  const jn_event *events;
  size_t n_events;
  const jn_stated_balance *balances;
  size_t n_balances;
} jn_feed_page;

jn_status jn_feed_apply (jn_ledger *ledger, const jn_feed_page *page, jn_result *results,
                         jn_head *head);
jn_status jn_feed_cursor (jn_ledger *ledger, const char *feed, uint64_t *seq); /* 0 when unknown */

/* The feed's pending set is a snapshot: after this call exactly these transfers are pending in the feed. New ones reserve, those not named
 * any more are voided (their booked entry, if any, came through jn_feed_apply with the same id as POST of it, or as a transfer of its own).
 * Another amount under a known id replaces the hold; one that is booked here already is skipped. Holds of a feed do not expire by the host's
 * clock: the bank says when they end. */
jn_status jn_feed_pending (jn_ledger *ledger, const char *feed, const jn_event *pending, size_t n);

/* ---- the customer's own words, apart from what the bank says ---- */

/* Annotations hang on the id that rows show. They never change a transfer, a balance or the chain; a category moves what the months tell
 * by category in the same commit, a note is found by search in the same commit. Per field the last writer wins: the larger (hlc, device), and
 * of two that are equal the larger value, so that every order of delivery ends the same. A transfer need not be known (yet). */
typedef enum
{
  JN_FIELD_CATEGORY = 1, /* decimal number of the host's list, 1 to 65535 */
  JN_FIELD_NOTE = 2,
  JN_FIELD_TAG = 3,
} jn_field;

#define JN_ANNOTATION_MAX 600u

typedef struct
{
  jn_id transfer;
  uint16_t field;    /* jn_field */
  uint64_t hlc;      /* hybrid clock of the writing, see jn_hlc_next; 1 to INT64_MAX */
  uint64_t device;   /* who wrote it */
  const char *value; /* UTF-8, at most JN_ANNOTATION_MAX bytes; empty takes it away */
} jn_annotation;

typedef struct
{
  jn_id transfer;
  uint16_t field;
  uint64_t hlc, device;
  char value[JN_ANNOTATION_MAX + 1];
} jn_annotation_row;

/* All in one commit, or none. JN_EXISTS when nothing of it is newer than what is known; JN_INVALID, JN_ID_RESERVED, JN_TOO_MANY. */
jn_status jn_annotate (jn_ledger *ledger, const jn_annotation *annotations, size_t n);

/* Hybrid logical clock: milliseconds since 1970 shifted by 16 bits, then a counter. Above @newest and not before @now_us. Pure. */
uint64_t jn_hlc_next (uint64_t newest, int64_t now_us);

/* ---- reading ---- */

/* Pins one state; every read of a screen goes through one snapshot. */
jn_status jn_snapshot_begin (jn_ledger *ledger, jn_snapshot **out);
void jn_snapshot_end (jn_snapshot *snapshot); /* NULL is fine */

typedef struct
{
  int64_t d_posted, c_posted, d_pending, c_pending;
  int64_t posted; /* c_posted − d_posted */
  int64_t
      available; /* posted − d_pending − floor for bounded accounts, posted − d_pending otherwise */
} jn_balance;

typedef struct
{
  uint64_t no;
  jn_id id;
  jn_id account;     /* the account the page was read for */
  uint16_t kind;     /* JN_TRANSFER, JN_POST for booked rows; JN_PENDING for holds */
  uint16_t code;     /* the bank's category */
  uint16_t category; /* the customer's own, the bank's where there is none */
  uint16_t fields;   /* bit 1 << jn_field for each field that is annotated; booked rows only */
  int64_t amount;    /* signed: + when the account is credited */
  uint32_t currency;
  int64_t posted_after;
  int32_t value_date;
  int64_t occurred_us;
  int64_t recorded_us;
  int64_t expires_us; /* holds only; 0 for none */
  char payee[201], memo[201], reference[201];
} jn_entry_row;

jn_status jn_balance_get (jn_snapshot *snapshot, const jn_id *account, jn_balance *out);

/* Booked balance (c − d) by value date up to and including @date (yyyymmdd). */
jn_status jn_balance_as_of (jn_snapshot *snapshot, const jn_id *account, int32_t date,
                            int64_t *posted);

/* Booked balance as it was known at a record time (microseconds): whatever was recorded later does not count, whatever its value date. */
jn_status jn_balance_known_at (jn_snapshot *snapshot, const jn_id *account, int64_t recorded_us,
                               int64_t *posted);

/* The open holds of an account, oldest first; *n in: room, out: written. *total (may be NULL): how many there are. */
jn_status jn_holds (jn_snapshot *snapshot, const jn_id *account, jn_entry_row *rows, size_t *n,
                    size_t *total);

/* Lots: points that were granted for a time. What an account pays takes from its open lots, oldest first; the rest of one that is over goes back
 * to its issuer at the next write, in the order (expires, no), as a transfer with an id of its own on the day of its end; what is reserved then
 * (reservations count against the oldest lots first) goes once it is released. Lots of a feed lapse when the bank says so. */
typedef struct
{
  jn_id id; /* of the grant */
  int64_t granted, left;
  int64_t recorded_us, expires_us;
} jn_lot;
/* The open lots of an account, oldest first; *n in: room, out: written. */
jn_status jn_lots (jn_snapshot *snapshot, const jn_id *account, jn_lot *rows, size_t *n);

/* Keyset paging, newest first: rows with no < before (0: from the newest). Filters: 0 / NULL for none. A page costs the
 * same however long the history is. */
typedef struct
{
  uint64_t before;
  int32_t month; /* yyyymm of the value date */
  uint16_t code; /* the category that a row shows */
  const char *
      search; /* substring of payee, memo, reference or own note, of any length, folded in case and width of ASCII, or pinyin initials of a payee's characters that stand side by side: "cgkf" is 晨光咖啡; UTF-8 */
  int direction; /* +1 only money in, −1 only money out, 0 both */
  uint64_t skip; /* rows of the filter to pass over first */
} jn_page;
jn_status jn_entries (jn_snapshot *snapshot, const jn_id *account, const jn_page *page,
                      jn_entry_row *rows, size_t *n);

/* How many booked entries the filter holds (month and code counted from rollups; search is not counted here). */
jn_status jn_entry_count (jn_snapshot *snapshot, const jn_id *account, const jn_page *page,
                          uint64_t *count);

/* The booked entry with this transfer id, on this account. JN_NOT_FOUND. */
jn_status jn_entry_get (jn_snapshot *snapshot, const jn_id *account, const jn_id *transfer,
                        jn_entry_row *out);

/* Monthly rollups of an account by the category that rows show, for months from..to (yyyymm), ordered by month then category. */
typedef struct
{
  int32_t month;
  uint16_t code;
  int64_t d, c; /* out of and into the account */
  uint64_t n_d, n_c;
} jn_rollup_row;
jn_status jn_rollup (jn_snapshot *snapshot, const jn_id *account, int32_t from, int32_t to,
                     jn_rollup_row *rows, size_t *n);

/* The same over all customers' accounts of a currency: what they paid to others (d) and got from others (c). What moves between two of
 * them is neither. An income statement by month and category. */
jn_status jn_rollup_all (jn_snapshot *snapshot, uint32_t currency, int32_t from, int32_t to,
                         jn_rollup_row *rows, size_t *n);

/* And by payee: names that differ in ASCII case and width alone are one, spelled as they were last; an empty name stands for no name. By
 * month, in it the one who got most first. *total (may be NULL): how many there are. */
typedef struct
{
  int32_t month;
  int64_t d, c; /* paid to and got from */
  uint64_t n_d, n_c;
  char payee[201];
} jn_payee_row;
jn_status jn_rollup_payees (jn_snapshot *snapshot, uint32_t currency, int32_t from, int32_t to,
                            jn_payee_row *rows, size_t *n, size_t *total);

/* JN_NOT_FOUND also when it was taken away. */
jn_status jn_annotation_get (jn_snapshot *snapshot, const jn_id *transfer, uint16_t field,
                             jn_annotation_row *out);
/* In the order of transfer and field, those after @after (NULL: from the first), also those that were taken away, whose value is empty. */
jn_status jn_annotation_list (jn_snapshot *snapshot, const jn_annotation_row *after,
                              jn_annotation_row *rows, size_t *n);
/* The newest clock of any annotation, 0 for none: what jn_hlc_next goes on from. */
jn_status jn_annotation_clock (jn_snapshot *snapshot, uint64_t *hlc);

/* Sums by value date (yyyymmdd) of one month, ordered by date: what the day headings and day bars show. */
typedef struct
{
  int32_t date;
  int64_t d, c;
} jn_day_row;
jn_status jn_days (jn_snapshot *snapshot, const jn_id *account, int32_t month, jn_day_row *rows,
                   size_t *n);

/* ---- proof and care ---- */

jn_status jn_head_get (jn_ledger *ledger, jn_head *out);

/* That one transfer is in the chain, without the file. The record is the canonical one, big-endian: id 16, debit 16, credit 16, amount 8,
 * pending 16, value date 8, recorded 8, currency 4, code 2, kind and flags 2, texts' hash 16, reference's hash 16 bytes. */
#define JN_PROOF_PATH 32

typedef struct
{
  uint8_t record[128];
  uint64_t seq; /* of the commit that holds it */
  int64_t recorded_us;
  uint64_t n, index;    /* transfers in the commit, and which one it is */
  uint8_t previous[32]; /* hash of the commit before */
  unsigned n_path;
  uint8_t path[JN_PROOF_PATH][32]; /* neighbours from the leaf up: log2 n of them */
} jn_proof;

/* One commit after the proven one. */
typedef struct
{
  int64_t recorded_us;
  uint64_t n;
  uint8_t root[32];
} jn_link;

/* The record with exactly this id, whatever its kind. JN_NOT_FOUND. */
jn_status jn_prove (jn_snapshot *snapshot, const jn_id *transfer, jn_proof *proof);
/* The commits after the proven one, oldest first; *n in: room, out: written. With all of them a proof holds against the newest head. */
jn_status jn_prove_links (jn_snapshot *snapshot, const jn_proof *proof, const jn_id *transfer,
                          jn_link *links, size_t *n);
/* Pure: JN_OK when the proof and its @n links lead to @head, JN_CHAIN_BROKEN otherwise. */
jn_status jn_verify_proof (const jn_proof *proof, const jn_link *links, size_t n,
                           const jn_head *head);

/* Recomputes every balance, rollup and the hash chain. Calls @report once a finding; OK when there is none. */
typedef void (*jn_finding_func) (void *ctx, jn_status what, const char *where, uint64_t no);
jn_status jn_verify (jn_ledger *ledger, jn_finding_func report, void *ctx);

/* Told now and then, in units of the call; answers false to stop it, which then returns JN_BUSY and leaves nothing behind. */
typedef bool (*jn_progress) (void *ctx, uint64_t done, uint64_t total);

/* jn_verify with progress in transfers; both functions may be NULL and get the same @ctx. */
jn_status jn_verify_with_progress (jn_ledger *ledger, jn_finding_func report, jn_progress progress,
                                   void *ctx);

/* Copies one state of the ledger into a new file beside running reads and checks the copy after writing: read anew, all of it recomputed, the
 * same head. Progress in pages. A file at @path is JN_INVALID and left alone; after any error there is none. */
jn_status jn_backup (jn_ledger *ledger, const char *path, jn_progress progress, void *ctx);

/* Makes everything that is derived from the transfers anew, in one commit: blocks of entries, rollups, ids, search. Neither transfers nor
 * balances change. */
jn_status jn_rebuild (jn_ledger *ledger);

#endif
