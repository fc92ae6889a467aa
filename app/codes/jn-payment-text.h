/* What a person pastes when somebody sent them where to pay: "张三 6222021234567890 300元". */
#pragma once

#include "jn-money.h"

G_BEGIN_DECLS

/* Everything but the account may be absent (NULL, has_amount FALSE). The bank checks name and account. */
typedef struct
{
  char *name;
  char *account; /* digits, or an IBAN; no blanks */
  gboolean has_amount;
  JnMoney amount; /* CNY, above zero */
  char *memo;
} JnPaymentText;

/* Reads @text: labels in Chinese or English ("收款人：", "Amount:") or a bare line; full-width digits; groups of digits.
 * Only the first 2,000 characters count. JN_ERROR_NO_ACCOUNT_IN_TEXT when there is no whole account number (a masked
 * one is none). Pure, any thread. */
JnPaymentText *jn_payment_text_parse (const char *text, GError **error);
void jn_payment_text_free (JnPaymentText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnPaymentText, jn_payment_text_free)

G_END_DECLS
