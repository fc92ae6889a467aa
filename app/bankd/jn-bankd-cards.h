/* The customer's cards of other banks: what each is taken for, and the money that comes from one through the clearing
 * account. */
#pragma once

#include "jn-bankd-core.h"
#include "jn-json.h"

G_BEGIN_DECLS

typedef struct
{
  char *id, *pan, *kind, *masked;
} JnBankdCard;

void jn_bankd_card_clear (JnBankdCard *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (JnBankdCard, jn_bankd_card_clear)

/* FALSE when the customer has no such card. */
gboolean jn_bankd_card_load (JnBankdCore *core, gint64 customer, const char *id, JnBankdCard *out);

/* Whether a card of @kind is taken for a top-up: borrowed money is not money of the customer's. For paying every kind is. */
gboolean jn_bankd_card_can_top_up (const char *kind);

/* {"maskedPan": …}, as XS2A names an account that is a card. @masked NULL: nothing. */
void jn_bankd_card_write_account (JnJsonWriter *writer, const char *name, const char *masked);

/* Books @amount (minor units) from the card to the customer's wallet as the transfer @id (NULL: made here) of @intent
 * (NULL: of none). Inside the caller's transaction. */
gboolean jn_bankd_card_bring (JnBankdCore *core, gint64 customer, const JnBankdCard *self,
                              gint64 amount, const char *id, const char *intent, JnInstant now,
                              GError **error);

G_END_DECLS
