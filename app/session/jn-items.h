/* The rows that lists hold: plain facts, no text for people. Every item is immutable but JnEntryItem, which a lazy list may fill later. */
#pragma once

#include <gio/gio.h>
#include "jn-category.h"
#include "jn-date.h"
#include "jn-id.h"
#include "jn-money.h"
#include "jn-status.h"

G_BEGIN_DECLS

typedef enum
{
  JN_ENTRY_LOADING, /* a lazy list has not read it yet: draw a skeleton; "loaded" follows */
  JN_ENTRY_BOOKED,
  JN_ENTRY_PENDING,   /* being processed by the bank */
  JN_ENTRY_HELD,      /* held, e.g. a deposit */
  JN_ENTRY_UNKNOWN,   /* our own intent, not known yet: do not pay again */
  JN_ENTRY_NOT_MADE,  /* our own intent, approved and not made: its amount is in no sum */
  JN_ENTRY_SENDING,   /* our own intent, approved: waits for the answer */
  JN_ENTRY_CANCELLED, /* our own intent, approved in part and then cancelled: in no sum */
} JnEntryState;

typedef enum
{
  JN_ENTRY_KIND_PAYMENT,
  JN_ENTRY_KIND_TRANSFER,
  JN_ENTRY_KIND_INCOME,
  JN_ENTRY_KIND_OPENING,
  JN_ENTRY_KIND_REFUND,
  JN_ENTRY_KIND_BILL,
  JN_ENTRY_KIND_TOP_UP, /* from a card to the wallet */
} JnEntryKind;

#define JN_TYPE_ENTRY_ITEM (jn_entry_item_get_type ())
G_DECLARE_FINAL_TYPE (JnEntryItem, jn_entry_item, JN, ENTRY_ITEM, GObject)

/* Signal "loaded": emitted once when a LOADING item has been filled. */
JnEntryState jn_entry_item_get_state (JnEntryItem *self);
/* What the row says of the payment; NONE for what is no payment of the customer's. */
JnStatus jn_entry_item_get_status (JnEntryItem *self);
/* Whether money stands for itself in the row's amount: FALSE for what did not move or is not known to have. */
gboolean jn_entry_item_is_settled (JnEntryItem *self);
JnEntryKind jn_entry_item_get_kind (JnEntryItem *self);
const JnId *jn_entry_item_get_id (JnEntryItem *self);
const char *jn_entry_item_get_payee (JnEntryItem *self); /* never NULL */
const char *jn_entry_item_get_memo (JnEntryItem *self);  /* NULL for none */
const char *
jn_entry_item_get_account (JnEntryItem *self); /* the other side's number, NULL for none */
/* RETURNED: the entry that brought the money back. A refund: the payment whose money it is. Zero otherwise. */
const JnId *jn_entry_item_get_returned_by (JnEntryItem *self);
const JnId *jn_entry_item_get_returns (JnEntryItem *self);
/* The intent that made it, its key in the journal; zero when it was not ours. */
const JnId *jn_entry_item_get_intent (JnEntryItem *self);
/* What the customer wrote to it; NULL for nothing. Changes with "loaded". */
const char *jn_entry_item_get_note (JnEntryItem *self);
/* After jn_context_set_note_finish(): what was kept stands in this row too. Emits "loaded". */
void jn_entry_item_set_own_note (JnEntryItem *self, const char *note);
/* Masked number of the card that the money came from; NULL: none. */
const char *jn_entry_item_get_card (JnEntryItem *self);
JnCategory jn_entry_item_get_category (JnEntryItem *self);
JnMoney jn_entry_item_get_amount (JnEntryItem *self);   /* + into the wallet */
JnMoney jn_entry_item_get_discount (JnEntryItem *self); /* currency NONE when there was none */
JnMoney jn_entry_item_get_original (JnEntryItem *self); /* before the discount; currency NONE */
JnMoney jn_entry_item_get_balance_after (JnEntryItem *self); /* currency NONE when not booked */
gint64 jn_entry_item_get_points (JnEntryItem *self);
JnInstant jn_entry_item_get_occurred_at (JnEntryItem *self);
JnInstant jn_entry_item_get_expires_at (JnEntryItem *self); /* holds; 0 */
JnDate jn_entry_item_get_date (JnEntryItem *self); /* value date: the day heading it stands under */
/* In a list by day: whether a heading stands above this row, and the day's sum (in minus out). */
gboolean jn_entry_item_starts_day (JnEntryItem *self);
JnMoney jn_entry_item_get_day_sum (JnEntryItem *self);

/* A category of a month: what the analysis chart draws. */
#define JN_TYPE_SLICE_ITEM (jn_slice_item_get_type ())
G_DECLARE_FINAL_TYPE (JnSliceItem, jn_slice_item, JN, SLICE_ITEM, GObject)
JnCategory jn_slice_item_get_category (JnSliceItem *self);
JnMoney jn_slice_item_get_spent (JnSliceItem *self);
JnMoney jn_slice_item_get_spent_before (JnSliceItem *self); /* last month up to the same day */
guint jn_slice_item_get_count (JnSliceItem *self);

#define JN_TYPE_UPCOMING_ITEM (jn_upcoming_item_get_type ())
G_DECLARE_FINAL_TYPE (JnUpcomingItem, jn_upcoming_item, JN, UPCOMING_ITEM, GObject)
const char *jn_upcoming_item_get_payee (JnUpcomingItem *self);
JnMoney jn_upcoming_item_get_amount (JnUpcomingItem *self); /* > 0 */
JnDate jn_upcoming_item_get_due (JnUpcomingItem *self);
JnCategory jn_upcoming_item_get_category (JnUpcomingItem *self);
gboolean jn_upcoming_item_is_automatic (JnUpcomingItem *self);

#define JN_TYPE_BUDGET_ITEM (jn_budget_item_get_type ())
G_DECLARE_FINAL_TYPE (JnBudgetItem, jn_budget_item, JN, BUDGET_ITEM, GObject)
JnCategory jn_budget_item_get_category (JnBudgetItem *self);
JnMoney jn_budget_item_get_spent (JnBudgetItem *self);
JnMoney jn_budget_item_get_limit (JnBudgetItem *self);
int jn_budget_item_get_percent (JnBudgetItem *self); /* may pass 100 */

#define JN_TYPE_GOAL_ITEM (jn_goal_item_get_type ())
G_DECLARE_FINAL_TYPE (JnGoalItem, jn_goal_item, JN, GOAL_ITEM, GObject)
const char *jn_goal_item_get_name (JnGoalItem *self, gboolean chinese);
JnMoney jn_goal_item_get_saved (JnGoalItem *self);
JnMoney jn_goal_item_get_target (JnGoalItem *self);
JnDate jn_goal_item_get_due (JnGoalItem *self);

#define JN_TYPE_PAYEE_ITEM (jn_payee_item_get_type ())
G_DECLARE_FINAL_TYPE (JnPayeeItem, jn_payee_item, JN, PAYEE_ITEM, GObject)
const char *jn_payee_item_get_name (JnPayeeItem *self);
const char *jn_payee_item_get_account (JnPayeeItem *self);
const char *jn_payee_item_get_bank (JnPayeeItem *self, gboolean chinese);

typedef enum
{
  JN_OFFER_AVAILABLE,
  JN_OFFER_USED,
  JN_OFFER_EXPIRED
} JnOfferState;
typedef enum
{
  JN_OFFER_AMOUNT_OFF,
  JN_OFFER_PERCENT_OFF,
  JN_OFFER_POINTS_MULTIPLE
} JnOfferKind;

#define JN_TYPE_OFFER_ITEM (jn_offer_item_get_type ())
G_DECLARE_FINAL_TYPE (JnOfferItem, jn_offer_item, JN, OFFER_ITEM, GObject)
const char *jn_offer_item_get_id (JnOfferItem *self);
const char *jn_offer_item_get_title (JnOfferItem *self, gboolean chinese);
JnOfferKind jn_offer_item_get_kind (JnOfferItem *self);
JnOfferState jn_offer_item_get_state (JnOfferItem *self);
JnMoney jn_offer_item_get_amount (JnOfferItem *self);       /* AMOUNT_OFF */
int jn_offer_item_get_percent (JnOfferItem *self);          /* PERCENT_OFF */
int jn_offer_item_get_multiple (JnOfferItem *self);         /* POINTS_MULTIPLE */
JnMoney jn_offer_item_get_minimum (JnOfferItem *self);      /* currency NONE: none */
JnCategory jn_offer_item_get_category (JnOfferItem *self);  /* NONE: any */
const char *jn_offer_item_get_merchant (JnOfferItem *self); /* NULL: any */
JnDate jn_offer_item_get_valid_from (JnOfferItem *self);
JnDate jn_offer_item_get_valid_until (JnOfferItem *self);
JnInstant jn_offer_item_get_used_at (JnOfferItem *self);
JnMoney jn_offer_item_get_saved (JnOfferItem *self);          /* USED; currency NONE */
const JnId *jn_offer_item_get_used_entry (JnOfferItem *self); /* the bill it was used in; zero */

typedef enum
{
  JN_POINTS_OPENING,
  JN_POINTS_PAYMENT,
  JN_POINTS_GIFT,
  JN_POINTS_REDEEMED,
  JN_POINTS_EXPIRED
} JnPointsKind;

#define JN_TYPE_POINTS_ITEM (jn_points_item_get_type ())
G_DECLARE_FINAL_TYPE (JnPointsItem, jn_points_item, JN, POINTS_ITEM, GObject)
JnPointsKind jn_points_item_get_kind (JnPointsItem *self);
gint64 jn_points_item_get_points (JnPointsItem *self); /* signed */
gint64 jn_points_item_get_balance_after (JnPointsItem *self);
JnInstant jn_points_item_get_occurred_at (JnPointsItem *self);
const char *jn_points_item_get_payee (JnPointsItem *self); /* NULL */

#define JN_TYPE_SMS_ITEM (jn_sms_item_get_type ())
G_DECLARE_FINAL_TYPE (JnSmsItem, jn_sms_item, JN, SMS_ITEM, GObject)
const char *jn_sms_item_get_code (JnSmsItem *self);
gboolean jn_sms_item_is_payment (JnSmsItem *self);
JnMoney jn_sms_item_get_amount (JnSmsItem *self);    /* currency NONE */
const char *jn_sms_item_get_payee (JnSmsItem *self); /* NULL */
JnInstant jn_sms_item_get_sent_at (JnSmsItem *self);

#define JN_TYPE_COUPON_ITEM (jn_coupon_item_get_type ())
G_DECLARE_FINAL_TYPE (JnCouponItem, jn_coupon_item, JN, COUPON_ITEM, GObject)
const char *jn_coupon_item_get_id (JnCouponItem *self);
const char *jn_coupon_item_get_title (JnCouponItem *self,
                                      gboolean chinese);  /* NULL: not known any more */
JnMoney jn_coupon_item_get_discount (JnCouponItem *self); /* > 0 */

/* A shop of the sandbox with a code to pay at. */
#define JN_TYPE_SHOP_ITEM (jn_shop_item_get_type ())
G_DECLARE_FINAL_TYPE (JnShopItem, jn_shop_item, JN, SHOP_ITEM, GObject)
const char *jn_shop_item_get_name (JnShopItem *self);
const char *jn_shop_item_get_branch (JnShopItem *self);
JnCategory jn_shop_item_get_category (JnShopItem *self);
JnMoney jn_shop_item_get_amount (JnShopItem *self); /* currency NONE: the customer types it */
const char *jn_shop_item_get_payload (JnShopItem *self);
/* The code as modules: @size*@size bytes, 1 is dark. Borrowed. */
const guint8 *jn_shop_item_get_modules (JnShopItem *self, guint *size);

G_END_DECLS
