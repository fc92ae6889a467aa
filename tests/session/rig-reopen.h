/* The program ends in the middle of a payment, and the next start shows it again. */
#pragma once

#include "rig.h"

#define REOPEN_PIN "258036"

typedef struct
{
  Rig rig;
  JnPayment *shown; /* by the start; NULL */
  guint n_shown;
} Reopen;

/* An enrolled wallet that runs. */
void reopen_set_up (Reopen *self);

/* Ends as a program that is killed does: nothing is said to anybody. Takes @payment, which nobody else holds. */
void reopen_end_program (Reopen *self, JnPayment *payment);
void reopen_start_program (Reopen *self);

/* The same intent, drawn from the order of a coffee that was kept. */
void reopen_assert_same (Reopen *self, const JnId *intent);

/* The PIN on the sheet that is shown, up to MADE. */
void reopen_pay_on (Reopen *self);

/* Of this intent the bank and the wallet say the same, and nothing is open; of the coffee's price, whether it is paid. */
void reopen_tear_down (Reopen *self, const JnId *intent, gboolean made);
