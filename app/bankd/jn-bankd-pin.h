/* The customer's payment PIN: refused when it can be guessed, stored as a slow hash, blocked after five tries.
 *
 * The rule of tries: nothing that anybody can see (an answer, an effect, how long either takes) depends on whether a PIN
 * was right before the disk holds that it was tried; and however many try at once, not more than five are made. The way
 * of a try, which needs one commit:
 *
 *              admit                 hash                    the transaction of the answer
 *   waiting -----------> in flight --------> right or wrong ---------------------------------> settled
 *                                                  |             wrong: tries + 1; right: the effect, and tries = 0
 *                                                  +--- not looked at (order closed, session gone): no try
 *                                                  +--- the commit failed: owed
 *
 * - tries on disk + owed + in flight <= 5, always: admit adds one only below five, and each step after it takes away what
 *   it adds. What does not fit waits for those in flight; only tries that the disk holds block.
 * - From the look at the outcome to the end of the transaction the thread that owns the bank does nothing else: nobody is
 *   answered meanwhile, and no other request is late or early because of what the PIN was.
 * - A bank that dies with a try in flight forgets it. Nobody was told of it and it has done nothing.
 * - A request that does not get as far as its PIN answers the same whatever the PIN was; its try costs nothing.
 * - When the commit fails, the answer is the same 503 for both, but the time it took may tell. So the try is owed: before
 *   another PIN of this customer is hashed the disk has to take what is owed, in a transaction of its own. While it does
 *   not, nothing is hashed: a full disk does not give more than five guesses to whoever can read a clock. What is owed lies
 *   in memory: so a bank that starts hashes no PIN before its disk has taken something, and a disk that is full gives none
 *   by starting anew. What is left to whoever can do that again and again, and keep a disk so full that it takes one row and
 *   not an answer, are the guesses in flight at each end. */
#pragma once

#include "jn-bankd-hasher.h"

G_BEGIN_DECLS

#define JN_BANKD_PIN_TRIES 5

/* Six digits. */
gboolean jn_bankd_pin_is_valid (const char *pin);

/* All equal, running up or down, repeated pairs or triples, or the sample person's birth date in any order. */
gboolean jn_bankd_pin_is_weak (const char *pin);

typedef enum
{
  JN_BANKD_TRY_ADMITTED, /* the PIN may be hashed */
  JN_BANKD_TRY_LATER,    /* all the tries that are left are being made */
  JN_BANKD_TRY_BLOCKED,
  JN_BANKD_TRY_FAILED, /* the disk cannot be read, or does not take what is owed */
} JnBankdTry;

/* Whether one more PIN may be hashed beside @flying others of its customer. Writes @owed tries down first and sets it to
 * 0; when it is the @first since the start, something in any case. Outside of a transaction. @failure: of FAILED. */
JnBankdTry jn_bankd_pin_admit (JnBankdCore *core, gint64 customer, gboolean first, guint flying,
                               guint *owed, JnErrorCode *failure);

/* What a checked PIN means for its customer as they are now, inside the transaction of the answer. From here on the try is
 * owed until that transaction is committed (jn_bankd_job_set_owed). Returns 0, PIN_WRONG or PIN_BLOCKED; else why it was
 * not checked. */
int jn_bankd_pin_settle (JnBankdCore *core, gint64 customer, JnBankdJob *job, int *tries_left);

G_END_DECLS
