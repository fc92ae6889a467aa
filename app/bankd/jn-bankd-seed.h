/* The bank's first day: a sample customer with ninety days behind them. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

/* Fills an empty book inside the current transaction; the same @seed and @now give the same bytes. */
void jn_bankd_seed (JnBankdCore *core, guint64 seed, JnInstant now);

G_END_DECLS
