/* One consistent picture of the wallet, read in one go on the storage's worker: what home, offers and the confirm sheet
 * are drawn from. Immutable once read. */
#pragma once

#include "jn-cashflow.h"
#include "jn-items-private.h"
#include "jn-storage.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean known; /* FALSE before the first sync: nothing but @unknown below holds */
  JnCurrency currency;
  JnDate today;
  JnMoney available, pending, held;
  JnCashflow flow; /* of this month */
  gint64 spent_by_category[JN_N_CATEGORIES];
  guint64 n_booked;
  JnMonth first_month;
  GPtrArray *unknown;     /* JnEntryItem: our intents that are sent and have no end, newest first */
  GPtrArray *open;        /* JnEntryItem: pending and held, newest first */
  GPtrArray *not_made;    /* JnEntryItem: approved, not made in the last 7 days, newest first */
  GPtrArray *booked;      /* JnEntryItem: the newest few */
  char *account;          /* number of the customer's account; NULL before the first sync */
  JnWireProfile *profile; /* NULL before the first sync */
  GPtrArray *offers;      /* JnWireOffer; NULL */
  JnWirePoints *points;   /* balance and what expires; NULL */
  GPtrArray *points_history; /* JnPointsItem, newest first */
  GPtrArray *notices;        /* JnNotice, newest first */
  guint64
      n_returns; /* entries that bring a payment's money back: grows when an old row becomes another */
  JnInstant as_of; /* when the bank last said so; 0 never */
} JnFacts;

/* An approved intent in the hands of a payment on the screen. */
typedef enum
{
  JN_AT_HAND_NOT,
  JN_AT_HAND_SENDING, /* waits for the bank's answer */
  JN_AT_HAND_WAITING, /* the bank has made nothing, and waits for the customer: no row, in no sum */
} JnAtHand;
typedef struct
{
  JnId intent;
  JnAtHand how;
} JnIntentAtHand;
/* @list: JnIntentAtHand; NULL for none. */
JnAtHand jn_at_hand_find (GArray *list, const JnId *intent);

JnFacts *jn_facts_ref (JnFacts *self);
void jn_facts_unref (JnFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnFacts, jn_facts_unref)

/* @at_hand: JnIntentAtHand, or NULL. NULL with a JN_ERROR. */
JnFacts *jn_facts_read (JnStorage *storage, JnCurrency currency, JnInstant now, GArray *at_hand,
                        GError **error);

/* The monthly budget of a category, 0 when there is none; minor units. Spent without @more. */
gint64 jn_facts_get_budget (JnFacts *self, JnCategory category);

/* The budget of a category once @more (minor units) is spent too; NULL when there is none. New reference. */
JnBudgetItem *jn_facts_dup_budget (JnFacts *self, JnCategory category, gint64 more);

G_END_DECLS
