/* Inside the room: what an answer tells beside what was asked for. */
#pragma once

#include "jn-transport.h"
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

/* Forgets what the last answer told and takes the Date of the next. @answer: NULL when none came. */
void jn_bank_told_begin (JnBankTold *self, const JnAnswer *answer, JnInstant now);

/* Reads a problem's members. What is missing or unfit to be shown is left out. */
void jn_bank_told_read (JnBankTold *self, JnJson *problem);

/* Date in the form of RFC 9110 5.6.7 (IMF-fixdate alone). Pure. */
gboolean jn_bank_parse_date (const char *text, JnInstant *out);

G_END_DECLS
