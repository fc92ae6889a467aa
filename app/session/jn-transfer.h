/* A transfer being written: one field that takes pasted text, the payee check, then a JnPayment. */
#pragma once

#include "jn-items.h"
#include "jn-payment.h"

G_BEGIN_DECLS

typedef enum
{
  JN_PAYEE_UNCHECKED,
  JN_PAYEE_CHECKING,
  JN_PAYEE_MATCH,
  JN_PAYEE_CLOSE, /* registered name differs a little: jn_transfer_get_registered_name() */
  JN_PAYEE_NO_MATCH,
  JN_PAYEE_CANNOT_CHECK,
} JnPayeeCheck;

/* The cast is JN_TRANSFER_DRAFT(): the ledger has the constant JN_TRANSFER. */
#define JN_TYPE_TRANSFER (jn_transfer_get_type ())
G_DECLARE_FINAL_TYPE (JnTransfer, jn_transfer, JN, TRANSFER_DRAFT, GObject)

/* Signal "changed" after any field, the check or an error changed. */

/* One field: "张三 6222 0212 3456 7890 300元". Fills name, account, amount and memo with what it finds. What it does not find stays; but with
 * the account of another payee, amount and memo that are not found are cleared: they were meant for the payee before. Nothing found:
 * JN_ERROR_NO_ACCOUNT_IN_TEXT, and every field stays. */
void jn_transfer_set_text (JnTransfer *self, const char *text);
const GError *jn_transfer_get_text_error (JnTransfer *self);

void jn_transfer_set_payee (JnTransfer *self, JnPayeeItem *payee);
void jn_transfer_set_name (JnTransfer *self, const char *name);
void jn_transfer_set_account (JnTransfer *self, const char *account);
void jn_transfer_set_amount (JnTransfer *self, const char *text);
void jn_transfer_set_memo (JnTransfer *self, const char *memo);
const char *jn_transfer_get_name (JnTransfer *self);
const char *jn_transfer_get_account (JnTransfer *self);
const char *jn_transfer_get_amount_text (JnTransfer *self);
const char *jn_transfer_get_memo (JnTransfer *self);

/* Field errors, NULL when the field is fine or still untouched. Amount: JN_MONEY_ERROR, JN_ERROR_AMOUNT_ZERO (zero or negative), JN_ERROR_NO_FUNDS. */
const GError *jn_transfer_get_name_error (JnTransfer *self);
const GError *jn_transfer_get_account_error (JnTransfer *self);
const GError *jn_transfer_get_amount_error (JnTransfer *self);

/* Account and name are checked at the bank by themselves when both are there. */
JnPayeeCheck jn_transfer_get_check (JnTransfer *self);
const char *jn_transfer_get_registered_name (JnTransfer *self);        /* masked; NULL */
const char *jn_transfer_get_bank (JnTransfer *self, gboolean chinese); /* payee's bank; NULL */
gboolean jn_transfer_is_known (JnTransfer *self);                      /* paid before */

/* Everything there, no errors, payee checked. A NO_MATCH needs jn_transfer_accept_mismatch() first. */
gboolean jn_transfer_is_ready (JnTransfer *self);
void jn_transfer_accept_mismatch (JnTransfer *self);

/* Opens the payment (in QUOTING); the draft stays as it is, so that nothing typed is lost. New reference. */
JnPayment *jn_transfer_open (JnTransfer *self);

G_END_DECLS
