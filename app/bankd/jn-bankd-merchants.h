/* The bank's register: who has an account here, and which payment codes belong to whom. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

typedef struct
{
  char *id; /* NULL when the account belongs to a person */
  gint64 account;
  char *bban;
  char *name;
  char *branch; /* or NULL */
  char *city;
  char *latin_name;
  char *latin_city;
  char *mcc;
  JnCategory category;
} JnBankdMerchant;

void jn_bankd_merchant_free (JnBankdMerchant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankdMerchant, jn_bankd_merchant_free)

/* By merchant number or by account; NULL when unknown. */
JnBankdMerchant *jn_bankd_merchant_find (JnBankdCore *core, const char *id);
JnBankdMerchant *jn_bankd_merchant_find_account (JnBankdCore *core, const char *bban);

/* The EMVCo text of a merchant's code; @amount 0 for a static one, which has no @reference either. Caller frees. */
char *jn_bankd_merchant_code (const JnBankdMerchant *self, gint64 amount, const char *reference);

typedef struct
{
  JnBankdMerchant *merchant;
  gint64 amount;   /* 0: the payer types it */
  char *reference; /* of the bill, or NULL */
  JnInstant expires_at;
} JnBankdCode;

void jn_bankd_code_clear (JnBankdCode *code);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (JnBankdCode, jn_bankd_code_clear)

/* Reads a payment code and looks its merchant up. Returns 0 or CODE_CHECKSUM, CODE_FORMAT, CODE_CURRENCY,
 * CODE_AMOUNT, CODE_TEXT, PAYEE_UNKNOWN, CODE_EXPIRED, ORDER_PAID. */
int jn_bankd_code_resolve (JnBankdCore *core, const char *payload, JnInstant now, JnBankdCode *out);

/* Names of the bank that keeps an account; Chinese and English. Static strings. */
void jn_bankd_bank_names (const char *number, const char **zh, const char **en);

/* Whether an account of this bank, or one elsewhere, could carry this number: 12 to 30 digits. */
gboolean jn_bankd_account_is_plausible (const char *number);

G_END_DECLS
