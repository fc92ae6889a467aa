/* A wallet to measure with: the real context, the embedded bank, an enrolled device, a history as long as wanted. */
#pragma once

#include "jn-context.h"

G_BEGIN_DECLS

/* Starts a keyring on the bus of run-display.sh, unlocked, so that a wallet survives its program. FALSE: there is none, and
 * data lives for one run. */
gboolean bench_keyring_start (void);

/* As app/main.c makes it. @folder: the wallet's; the bank lives in it. */
JnContext *bench_context_new (const char *folder);
/* Closes everything, the bank too. */
void bench_context_free (JnContext *context);

/* Runs the main loop until @done; ends the program after a minute. @what: for the message. */
typedef gboolean (*BenchDone) (gpointer data);
void bench_wait (const char *what, BenchDone done, gpointer data);
void bench_rest (guint milliseconds);

/* Removes it with everything in it. */

/* Waits for WELCOME or READY. */
void bench_wait_for_start (JnContext *context);

/* From WELCOME to READY with the bank's 90 days, as a newcomer in the sandbox does it. */
void bench_enrol (JnContext *context);

/* Has the bank book that the payment came back; nobody waits for the answer. */
void bench_send_back (JnContext *context, const JnId *transaction);

/* Puts @n bills of three years in front of the bank's own 90 days. The sum of them is nothing, so that the bank's balances
 * still hold. READY; comes back when the bank's history is here again. */
void bench_fill (JnContext *context, guint n);

G_END_DECLS
