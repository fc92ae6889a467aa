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
  JN_INTENT_TOP_UP =
      3, /* from a card to the wallet: the payee is the card's bank, the account the wallet's own */
} JnIntentKind;

typedef struct
{
  JnId id;
  JnIntentKind kind;
  JnIntentState state;
  char *payee_name;
  char *payee_account;
  char *memo;
  char *card;     /* masked number of the card that the money comes from; NULL: the wallet */
  int category;   /* JnCategory */
  JnMoney amount; /* total that the customer approves */
  JnInstant created_at;
  JnInstant changed_at;
  int reason;             /* JnErrorCode when NOT_MADE or UNKNOWN; 0 otherwise */
  JnId transaction;       /* when MADE */
  GBytes *request;        /* exact bytes of the initiation */
  char *order;            /* the bank's order, RFC 8785: what is signed; NULL before it was shown */
  gboolean was_approved;  /* was APPROVED at some time; kept by the outbox */
  gboolean was_cancelled; /* the customer walked away from it; kept by the outbox */
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

/* Approved payments to an account: those that are made, changed at @since or later, and all that are not known yet, newest first. JnIntent *. */
GPtrArray *jn_outbox_list_paid (JnOutbox *self, const char *payee_account, JnInstant since,
                                GError **error);

/* ---- the journal ---- */

/* Names of steps as they are stored; ui has the words. A file may hold others, of another version. */
#define JN_NOTE_CREATED "created"
#define JN_NOTE_QUOTED "quoted"
#define JN_NOTE_APPROVED "approved"
#define JN_NOTE_SENT "sent"               /* handed to the network */
#define JN_NOTE_ANSWERED "answered"       /* code: the bank's reason, 0 for yes */
#define JN_NOTE_NO_ANSWER "not known yet" /* code: what came instead of an answer */
#define JN_NOTE_CHECKED "checked" /* the bank was asked by id; code: why it gave no verdict */
#define JN_NOTE_SETTLED "settled" /* the bank's verdict; code: its reason */
#define JN_NOTE_OPEN                                                                               \
  "open" /* the bank says that nothing was made, and the order can still be approved */
#define JN_NOTE_MADE "made"
#define JN_NOTE_REFUSED "refused"
#define JN_NOTE_CANCELLED "cancelled"

typedef struct
{
  char *step;
  int code; /* JnErrorCode, 0 for none */
  JnInstant at;
  JnInstant last_at; /* of the last time, when it was repeated */
  guint times;
} JnIntentStep;
void jn_intent_step_free (JnIntentStep *step);

/* One line a step for the payment journal: what was sent or answered (never secrets). The same as the line before is counted there. */
gboolean jn_outbox_note (JnOutbox *self, const JnId *id, const char *step, int code, JnInstant now,
                         GError **error);

/* Steps of an intent, oldest first. JnIntentStep *; caller unrefs the array. */
GPtrArray *jn_outbox_list_steps (JnOutbox *self, const JnId *id, GError **error);

/* Intents, newest first, at most @limit; after @before when it is not NULL. JnIntent *; caller unrefs the array. */
GPtrArray *jn_outbox_list (JnOutbox *self, const JnIntent *before, guint limit, GError **error);

/* ---- several changes, one commit ---- */

typedef struct
{
  JnId id;
  JnInstant now;
  const char *step; /* a line of the journal; NULL for none */
  int code;
  char *payee; /* jn_outbox_describe(), when not NULL */
  JnMoney amount;
  char *order;      /* keeps the order's canonical text, when not NULL */
  JnIntentState to; /* jn_outbox_move(), when not 0 */
  int reason;
  JnId transaction;
  gboolean cancelled; /* remembers that the customer walked away */
} JnIntentChange;

/* All of the change or, with an error, nothing. */
gboolean jn_outbox_apply (JnOutbox *self, const JnIntentChange *change, GError **error);

/* ---- the inbox: what the customer is told, kept until it was seen and after ---- */

typedef enum
{
  JN_NOTICE_MADE = 1,          /* about: the intent */
  JN_NOTICE_NOT_MADE = 2,      /* about: the intent; its money has not moved */
  JN_NOTICE_RETURNED = 3,      /* about: the transaction that brought the money back */
  JN_NOTICE_TOPPED_UP = 4,     /* about: the intent */
  JN_NOTICE_NOT_TOPPED_UP = 5, /* about: the intent; the card was not charged */
} JnNoticeKind;

typedef struct
{
  gint64 no; /* rising */
  JnNoticeKind kind;
  JnId about;
  JnInstant at;
  char *payee;
  JnMoney amount; /* > 0 */
  gboolean seen;
} JnNotice;
void jn_notice_free (JnNotice *notice);

/* The outbox itself tells of each approved intent that ends, in the commit of its end; what the customer cancelled is no news.
 * A second notice of the same kind about the same id is ignored. */
gboolean jn_outbox_tell (JnOutbox *self, const JnNotice *notice, GError **error);

/* Newest first. JnNotice *; caller unrefs the array. */
GPtrArray *jn_outbox_list_notices (JnOutbox *self, guint limit, GError **error);

/* Marks as seen what is told about @about; everything up to @no when @about is NULL. */
gboolean jn_outbox_see (JnOutbox *self, const JnId *about, gint64 no, GError **error);

G_END_DECLS
