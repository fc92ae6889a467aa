/* A ledger with a few rows of every table in it, and what tests of its file do to it. */
#pragma once

#include "ledger-world.h"

typedef struct
{
  World world;
  jn_ledger *ledger;
} Booked;

void booked_set_up (Booked *f, gconstpointer data);
void booked_tear_down (Booked *f, gconstpointer data);
void booked_close (Booked *f);
void booked_sql (Booked *f, const char *text); /* behind the ledger's back */
/* All of them are new and made. */
void booked_submit (jn_ledger *ledger, const jn_event *events, gsize n);
jn_event booked_pay_in (guint64 n, gint64 amount); /* to account 1 */
