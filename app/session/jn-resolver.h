/* Finds out what became of intents that were left without an answer: asks the bank for the final verdict by id, never pays
 * again. Main thread; the outbox is read and written on the storage's worker. */
#pragma once

#include "jn-bank.h"
#include "jn-storage.h"

G_BEGIN_DECLS

typedef struct
{
  JnId intent;
  gboolean made;
  /* Not NULL: no verdict, and nothing was made. The order of an intent that is shown again is open, under this authorisation, and the intent
   * is held. Borrowed. */
  const char *authorisation;
  gboolean was_approved; /* FALSE: it was never approved, and is closed now: no news for anybody */
  int reason;            /* JnErrorCode, 0 for none */
  JnId transaction;      /* when made */
  JnIntent *row;         /* as it stood in the outbox; borrowed during the call */
} JnVerdict;

typedef void (*JnVerdictFunc) (gpointer data, const JnVerdict *verdict);

#define JN_TYPE_RESOLVER (jn_resolver_get_type ())
G_DECLARE_FINAL_TYPE (JnResolver, jn_resolver, JN, RESOLVER, GObject)

/* @func is called for every verdict, after it is in the outbox. */
JnResolver *jn_resolver_new (JnBank *bank, JnStorage *storage, JnClock *clock, JnVerdictFunc func,
                             gpointer data);

/* Settles what is unsettled and not held, now; then again after 1, 2, 4 .. 15 s while something stays open. */
void jn_resolver_kick (JnResolver *self);

/* Intents in a payment's hands are left alone. */
void jn_resolver_hold (JnResolver *self, const JnId *intent);
void jn_resolver_release (JnResolver *self, const JnId *intent);

/* Its sheet is shown again: before it is settled the bank is asked for a new authorisation of its order, which takes the place of the one that the
 * approval was sent under. Gives the order back to whoever shows it (see JnVerdict), or has it settled as ever when the bank says no. Until
 * jn_resolver_release(). */
void jn_resolver_reopen (JnResolver *self, const JnId *intent);

/* No callback is made any more. */
void jn_resolver_stop (JnResolver *self);

G_END_DECLS
