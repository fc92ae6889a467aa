/* Amounts in Chinese capital characters, as bills and receipts show them. */
#pragma once

#include "jn-money.h"

G_BEGIN_DECLS

/* "人民币壹仟肆佰零玖元伍角" after the rules for bills and settlement vouchers (支付结算办法, annex 1): 整 after 元 when
 * nothing follows, one 零 for a gap. NULL for another currency than CNY and for amounts below zero. Caller frees. Pure. */
char *jn_capital_amount (JnMoney amount);

G_END_DECLS
