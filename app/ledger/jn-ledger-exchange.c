#include "jn-ledger-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static jn_event
leg (const jn_exchange *x, jn_exchange_legs *out, int i)
{
  jn_event e = { .id = x->id,
                 .kind = JN_TRANSFER,
                 .code = x->code,
                 .value_date = x->value_date,
                 .occurred_us = x->occurred_us,
                 .payee = x->payee,
                 .memo = x->memo,
                 .reference = out->reference };

  if (i > 0)
    jn_chain_derive (&x->id, 'x', (uint64_t) i, &e.id);
  return e;
}

jn_status
jn_exchange_make (const jn_exchange *x, jn_exchange_legs *out)
{
  unsigned __int128 gross, spread;

  memset (out, 0, sizeof *out);
  if (x->sell <= 0 || x->rate_num <= 0 || x->rate_den <= 0 || x->spread_ppm < 0
      || x->spread_ppm >= 1000000)
    return JN_INVALID;
  if (x->from_currency == x->to_currency)
    return JN_CURRENCY_MISMATCH;
  gross = (unsigned __int128) x->sell * (uint64_t) x->rate_num / (uint64_t) x->rate_den;
  if (gross > INT64_MAX)
    return JN_AMOUNT_OVERFLOW;
  if (gross == 0)
    return JN_AMOUNT_ZERO;
  /* The residue of both divisions stays with the liquidity account, at most one minor unit each. */
  spread = (gross * (uint64_t) x->spread_ppm + 999999) / 1000000;
  out->gross = (int64_t) gross;
  out->residue = (int64_t) ((unsigned __int128) x->sell * (uint64_t) x->rate_num
                            - gross * (uint64_t) x->rate_den);
  out->spread = (int64_t) spread;
  snprintf (out->reference, sizeof out->reference, "fx %" PRId64 "/%" PRId64 " %" PRId32,
            x->rate_num, x->rate_den, x->spread_ppm);

  out->events[0] = leg (x, out, 0);
  out->events[0].debit = x->from;
  out->events[0].credit = x->from_liquidity;
  out->events[0].currency = x->from_currency;
  out->events[0].amount = x->sell;
  out->events[0].flags = JN_LINKED;
  out->events[1] = leg (x, out, 1);
  out->events[1].debit = x->to_liquidity;
  out->events[1].credit = x->to;
  out->events[1].currency = x->to_currency;
  out->events[1].amount = out->gross;
  out->n = 2;
  if (out->spread == 0)
    return JN_OK;
  out->events[1].flags = JN_LINKED;
  out->events[2] = leg (x, out, 2);
  out->events[2].debit = x->to;
  out->events[2].credit = x->spread_account;
  out->events[2].currency = x->to_currency;
  out->events[2].amount = out->spread;
  out->n = 3;
  return JN_OK;
}

bool
jn_exchange_read (const char *reference, int64_t *rate_num, int64_t *rate_den, int32_t *spread_ppm)
{
  char again[64];

  if (sscanf (reference, "fx %" SCNd64 "/%" SCNd64 " %" SCNd32, rate_num, rate_den, spread_ppm)
      != 3)
    return false;
  snprintf (again, sizeof again, "fx %" PRId64 "/%" PRId64 " %" PRId32, *rate_num, *rate_den,
            *spread_ppm);
  return *rate_num > 0 && *rate_den > 0 && *spread_ppm >= 0 && strcmp (again, reference) == 0;
}
