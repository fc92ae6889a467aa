/* The outbox: every intent to move money, written before a byte of it is sent, and what became of it. */
#pragma once

#include "jn-date.h"
#include "jn-id.h"
#include "jn-money.h"

G_BEGIN_DECLS

/*
 *   OPEN ──approve──▶ APPROVED ──answer──▶ MADE
 *    │                   │  ╲──answer──▶ NOT_MADE
 *    │                   ╰─no answer─▶ UNKNOWN ──verdict──▶ MADE | NOT_MADE
 *    ╰──closed, verdict──▶ NOT_MADE
 */
typedef enum
{
  JN_INTENT_OPEN = 1,     /* the sheet is open; nothing approved */
  JN_INTENT_APPROVED = 2, /* the approval is being sent: may be made */
  JN_INTENT_UNKNOWN = 3,  /* sent, no answer: not known yet */
  JN_INTENT_MADE = 4,
  JN_INTENT_NOT_MADE = 5,
} JnIntentState;

typedef enum
{
  JN_INTENT_PAYMENT = 1,
  JN_INTENT_TRANSFER = 2,
} JnIntentKind;

typedef struct
{
  JnId id;
  JnIntentKind kind;
  JnIntentState state;
  char *payee_name;
  char *payee_account;
  char *memo;
  int category;   /* JnCategory */
  JnMoney amount; /* total that the customer approves */
  JnInstant created_at;
  JnInstant changed_at;
  int reason;            /* JnErrorCode when NOT_MADE or UNKNOWN; 0 otherwise */
  JnId transaction;      /* when MADE */
  GBytes *request;       /* exact bytes of the initiation */
  gboolean was_approved; /* was APPROVED at some time; kept by the outbox */
} JnIntent;

JnIntent *jn_intent_copy (const JnIntent *intent);
void jn_intent_free (JnIntent *intent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnIntent, jn_intent_free)

typedef struct _JnOutbox JnOutbox; /* lives in JnStorage; its thread */

/* Writes a new intent durably. JN_ERROR_CONFLICT when the id is there. */
gboolean jn_outbox_add (JnOutbox *self, const JnIntent *intent, GError **error);

/* Moves an intent along an edge of the diagram, durably. An edge that is not in the diagram fails with JN_ERROR_INVARIANT and changes nothing;
 * moving to the state it has already is fine. */
gboolean jn_outbox_move (JnOutbox *self, const JnId *id, JnIntentState to, int reason,
                         const JnId *transaction, JnInstant now, GError **error);

/* Corrects amount and payee from the bank's order while OPEN. */
gboolean jn_outbox_describe (JnOutbox *self, const JnId *id, const char *payee_name, JnMoney amount,
                             GError **error);

JnIntent *jn_outbox_get (JnOutbox *self, const JnId *id,
                         GError **error); /* NULL without error when not there */

/* Intents without a final state, oldest first. JnIntent *; caller unrefs the array. */
GPtrArray *jn_outbox_list_unsettled (JnOutbox *self, GError **error);

/* Intents that were approved and then NOT_MADE at @since or later, newest first. JnIntent *; caller unrefs the array. */
GPtrArray *jn_outbox_list_not_made (JnOutbox *self, JnInstant since, GError **error);

/* One line a step for the payment journal: what was sent or answered (never secrets). */
gboolean jn_outbox_note (JnOutbox *self, const JnId *id, const char *step, int code, JnInstant now,
                         GError **error);

G_END_DECLS
