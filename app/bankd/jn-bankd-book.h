/* The double-entry book: transfers whose legs sum to zero, entries with the balance after, a gapless sequence per
 * account, holds. Inside the caller's transaction. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

/* The sample customer's accounts, and the bank's own. */
#define JN_BANKD_ACCOUNT_WALLET ((gint64) 1)
#define JN_BANKD_ACCOUNT_CLEARING ((gint64) 2)  /* other banks */
#define JN_BANKD_ACCOUNT_MARKETING ((gint64) 3) /* pays the coupons */
#define JN_BANKD_ACCOUNT_POINTS ((gint64) 4)
#define JN_BANKD_ACCOUNT_POINTS_ISSUED ((gint64) 5)

#define JN_BANKD_MAX_LEGS 4

typedef struct
{
  gint64 account;
  gint64 amount; /* minor units; + credits, − debits */
} JnBankdLeg;

/* Strings are borrowed. */
typedef struct
{
  const char *id; /* NULL: made by the book */
  const char *intent;
  const char *kind;
  JnCategory category;
  JnCurrency currency;
  JnInstant at;
  const char *debtor_name, *debtor_bban, *creditor_name, *creditor_bban;
  const char *memo, *code;
  gint64 original, discount; /* 0 when there was no coupon */
  const char *offer;
  gint64 points;
  const char *money_transfer; /* of points: the payment that earned them */
  const char *returns;        /* of a refund: the payment that came back */
  const char *card;           /* masked number of the card that the money came from; NULL: none */
  JnBankdLeg legs[JN_BANKD_MAX_LEGS];
  guint n_legs;
} JnBankdTransfer;

/* Creates an account; @id 0 for the next number. A bounded account never falls below its holds. */
gint64 jn_bankd_book_add_account (JnBankdCore *core, gint64 id, const char *bban, const char *kind,
                                  JnCurrency currency, const char *name, gboolean bounded);

/* Books all legs or none. Errors: JN_ERROR NO_FUNDS, INVALID (legs), CURRENCY_MISMATCH, ACCOUNT_UNKNOWN,
 * AMOUNT_OVERFLOW, IO. */
gboolean jn_bankd_book_post (JnBankdCore *core, const JnBankdTransfer *transfer, GError **error);

/* A customer's account of a kind, "wallet" or "points"; 0 when there is none. */
gint64 jn_bankd_book_account_of (JnBankdCore *core, gint64 customer, const char *kind);

/* Balance and balance less holds, minor units. */
gint64 jn_bankd_book_balance (JnBankdCore *core, gint64 account);
gint64 jn_bankd_book_available (JnBankdCore *core, gint64 account);

/* Holds @amount on a bounded account. Errors: JN_ERROR_NO_FUNDS. */
gboolean jn_bankd_book_hold (JnBankdCore *core, const char *id, gint64 account, gint64 amount,
                             JnCategory category, const char *creditor, const char *memo,
                             JnInstant at, JnInstant expires_at, GError **error);
/* Ends every hold that expired before @now and tells its customer; returns how many. */
guint jn_bankd_book_expire_holds (JnBankdCore *core, JnInstant now);

/* Proves the whole book: legs sum to zero, balances follow, sequences have no gap, totals agree, holds agree, feeds
 * chain.
 * Errors: JN_ERROR_INVARIANT. */
gboolean jn_bankd_book_verify (JnBankdCore *core, GError **error);

G_END_DECLS
