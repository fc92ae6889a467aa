/* Finds account numbers and amounts in a line of text; private to codes. */
#pragma once

#include "jn-money.h"

G_BEGIN_DECLS

/* A part of a text, in bytes. */
typedef struct
{
  gsize start;
  gsize end;
} JnSpan;

/* The first account in @text within @where: an IBAN or a run of digits, whole or in groups. @labelled says that the
 * text calls it an account, so that shorter numbers count too. Returns NULL when there is none; otherwise the account
 * without blanks, its place in @found. Caller frees. */
char *jn_payment_find_account (const char *text, JnSpan where, gboolean labelled, JnSpan *found);

typedef enum
{
  JN_PAYMENT_AMOUNT_MARKED, /* carries a currency: "¥300", "300元" */
  JN_PAYMENT_AMOUNT_BARE,   /* any number */
} JnPaymentAmountKind;

/* The first CNY amount above zero in @text within @where. */
gboolean jn_payment_find_amount (const char *text, JnSpan where, JnPaymentAmountKind kind,
                                 JnMoney *out, JnSpan *found);

G_END_DECLS
