/* The feed of a customer's account: each booked entry as the wallet reads it, chained by hashes as it is booked, and the
 * signed head of the chain.
 * chain 0 = SHA-256 ("jinnang-feed:" bban); chain n = SHA-256 (chain n-1, RFC 8785 form of entry n without wallet.chain). */
#pragma once

#include "jn-bankd-core.h"
#include "jn-json.h"

G_BEGIN_DECLS

/* Rows for jn_bankd_feed_write_entry; the first parameter is the account's id. Add conditions with " AND". */
#define JN_BANKD_FEED_SELECT                                                                       \
  "SELECT sequence, amount, balance_after, id, intent, kind, category, occurred_at, booked_on,"    \
  " debtor_name, debtor_bban, creditor_name, creditor_bban, memo, code, original, discount,"       \
  " offer, points, returns, chain, card FROM entry JOIN transfer ON transfer.number = "            \
  "entry.transfer"                                                                                 \
  " WHERE account = ?1"

/* An entry of the row in @stmt, with its chain value or without. */
void jn_bankd_feed_write_entry (JnJsonWriter *writer, const char *name, sqlite3_stmt *stmt,
                                gboolean with_chain);

/* Chains the entry that was just added to a customer's account. Inside the caller's transaction. */
void jn_bankd_feed_chain (JnBankdCore *core, gint64 account, gint64 sequence);
/* Chains every entry of every customer's account anew. Inside the caller's transaction. */
void jn_bankd_feed_rebuild (JnBankdCore *core);
/* Computes all chains again and compares. Errors: JN_ERROR_INVARIANT. */
gboolean jn_bankd_feed_verify (JnBankdCore *core, GError **error);

/* "head":{…} of the account's newest entry, signed by the bank over "jinnang-head:BBAN:N:CHAIN". */
void jn_bankd_feed_write_head (JnBankdCore *core, JnJsonWriter *writer, gint64 account);

/* {"bban":…} unless @bban is NULL; a balance, without its time when @changed is 0. */
void jn_bankd_write_account (JnJsonWriter *writer, const char *name, const char *bban);
void jn_bankd_write_balance (JnJsonWriter *writer, const char *name, const char *type, gint64 minor,
                             JnInstant changed, const char *last);

G_END_DECLS
