/* How the session makes the rows; the pages never do. */
#pragma once

#include "jn-items.h"
#include "jn-outbox.h"
#include "jn-wire.h"

G_BEGIN_DECLS

/* Everything that an entry row shows. Texts are owned by the struct. */
typedef struct
{
  JnEntryState state;
  JnEntryKind kind;
  JnId id;
  JnId intent; /* zero: not ours */
  JnId returns;
  JnId returned_by;
  char *note;
  char *payee;
  char *memo;
  char *account;
  char *card;
  JnCategory category;
  JnMoney amount;
  JnMoney discount;
  JnMoney original;
  JnMoney balance_after;
  gint64 points;
  JnInstant occurred_at;
  JnInstant expires_at;
  JnDate date;
  gboolean starts_day;
  JnMoney day_sum;
} JnEntryFacts;

void jn_entry_facts_clear (JnEntryFacts *facts);
void jn_entry_facts_free (JnEntryFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnEntryFacts, jn_entry_facts_free)

/* Takes the texts of @facts and leaves it empty. Any thread, as long as one thread has the item. */
JnEntryItem *jn_entry_item_new (JnEntryFacts *facts);
JnEntryItem *jn_entry_item_new_loading (void);
/* Fills a LOADING item and emits "loaded"; takes the texts. Main thread. */
void jn_entry_item_load (JnEntryItem *self, JnEntryFacts *facts);
/* The row of an intent of our own until the bank's row takes its place. @live: a payment on the screen waits for its answer. */
JnEntryItem *jn_entry_item_new_from_intent (const JnIntent *intent, gboolean live);
JnSliceItem *jn_slice_item_new (JnCategory category, JnMoney spent, JnMoney before, guint count);
JnUpcomingItem *jn_upcoming_item_new (const JnWireUpcoming *wire);
JnBudgetItem *jn_budget_item_new (JnCategory category, JnMoney spent, JnMoney limit, int percent);
JnGoalItem *jn_goal_item_new (const JnWireGoal *wire);
JnPayeeItem *jn_payee_item_new (const JnWirePayee *wire);
JnOfferItem *jn_offer_item_new (const JnWireOffer *wire);
JnPointsItem *jn_points_item_new (const JnWirePointsEntry *wire);
JnSmsItem *jn_sms_item_new (const JnWireSms *wire);
JnCouponItem *jn_coupon_item_new (const JnWireCoupon *wire);
/* @modules is taken: size × size bytes. */
JnShopItem *jn_shop_item_new (const JnWireShop *wire, guint8 *modules, guint size);

G_END_DECLS
