/* Ninety days of a life in a city, as amounts and times. Pure: the same seed and instant give the same days. */
#pragma once

#include "jn-bankd-seed-data.h"

G_BEGIN_DECLS

/* One past movement of the wallet. */
typedef struct
{
  JnInstant at;
  gint64 amount; /* minor units, + into the wallet */
  int merchant;  /* place in the table, -1 for none */
  int person;    /* place in the table, -1 for none */
  const char *kind;
  JnCategory category;
  const char *memo;
  gint64 discount; /* paid by a coupon on top of -amount */
} JnBankdPast;

#define JN_BANKD_DINING_THIS_MONTH ((gint64) 29100)
#define JN_BANKD_BOOKED ((gint64) 120000)
#define JN_BANKD_EMPLOYER "云杉科技有限公司"
#define JN_BANKD_BILL_DAYS 5 /* from now to the upcoming bill */

/* Oldest first, the opening balance in front, ending at exactly JN_BANKD_BOOKED, never below zero between. */
GArray *jn_bankd_seed_history (JnEntropy *entropy, JnInstant now);

G_END_DECLS
