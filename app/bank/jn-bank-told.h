/* Inside the room: what an answer tells beside what was asked for. */
#pragma once

#include "jn-wire.h"

G_BEGIN_DECLS

typedef struct
{
  JnInstant date;    /* the bank's clock; 0 while none was told */
  JnInstant came;    /* ours, at the same moment */
  char *paid_on;     /* ORDER_PAID: the device; NULL */
  JnInstant paid_at; /* likewise; 0 */
  /* NO_FUNDS: free, held, and what is missing (> 0); currency NONE when not told. All three or none. */
  JnMoney available, held, missing;
} JnBankTold;

/* Forgets what the last answer told and takes the time at which the next was signed (the Date of an answer is not under its signature). @signed_at:
 * 0 when none came. */
void jn_bank_told_begin (JnBankTold *self, JnInstant signed_at, JnInstant now);

/* Reads a problem's members. What is missing or unfit to be shown is left out. */
void jn_bank_told_read (JnBankTold *self, JnJson *problem);

G_END_DECLS
