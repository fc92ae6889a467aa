/* Requests made of the bytes of an input: few accounts and few ids, so that they meet. */
#pragma once

#include "fuzz.h"
#include "jn-ledger.h"

#define FUZZ_ACCOUNTS 4
#define FUZZ_EVENTS 6

static inline jn_id
fuzz_id (unsigned kind, unsigned n)
{
  return (jn_id){ { (uint8_t) kind, [15] = (uint8_t) n } };
}

static inline jn_account
fuzz_account (unsigned n)
{
  return (jn_account){ .id = fuzz_id (1, n + 1),
                       .currency = 156,
                       .class_ = n == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER,
                       .flags = n == 0 ? 0 : JN_ACCOUNT_BOUNDED,
                       .ceiling = n == 3 ? 1000 : INT64_MAX };
}

/* Amounts from nothing over small ones to the largest there is. */
static inline int64_t
fuzz_amount (uint8_t b)
{
  return b < 250 ? b : b == 250 ? -1 : INT64_MAX - (b - 251);
}

static inline jn_event
fuzz_event (FuzzBytes *bytes)
{
  static const char *const texts[] = { NULL, "", "Coffee", "咖啡馆", "\xff", "memo % _ \"" };
  uint8_t kind = fuzz_take (bytes), sides = fuzz_take (bytes), more = fuzz_take (bytes);
  jn_event e = { .id = fuzz_id (2, fuzz_take (bytes) % 40), .kind = kind % 6 };

  e.amount = fuzz_amount (fuzz_take (bytes));
  e.flags = (uint16_t) (kind / 6 < 20 ? 0 : 1u << (kind / 6 % 8));
  e.code = more % 4;
  e.currency = more / 4 % 16 == 0 ? 840 : 156;
  e.value_date = 20260100 + (more / 64) * 100 + more % 28 + (more == 99 ? 99 : 1);
  e.payee = texts[more % 6];
  e.memo = texts[sides / 32 % 6];
  if (e.kind == JN_POST || e.kind == JN_VOID)
    {
      e.pending = fuzz_id (2, sides % 40);
      e.value_date = sides > 127 ? 0 : e.value_date;
      return e;
    }
  e.debit = fuzz_id (1, sides % 5 + 1);
  e.credit = fuzz_id (1, sides / 5 % 5 + 1);
  e.timeout_us = e.kind == JN_PENDING ? sides * 10 : 0;
  return e;
}
