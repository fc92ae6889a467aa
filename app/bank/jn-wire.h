/* What the bank says, as typed values: one struct a noun of the API, each read from JSON by one strict function. */
#pragma once

#include "jn-category.h"
#include "jn-date.h"
#include "jn-feed-chain.h"
#include "jn-id.h"
#include "jn-json.h"
#include "jn-money.h"

G_BEGIN_DECLS

/* A name in both languages. */
typedef struct
{
  char *zh;
  char *en;
} JnWireName;

typedef struct
{
  char *resource_id; /* in paths */
  char *bban;
  char *name;
  char *owner;
  JnMoney booked;
  JnMoney available;
} JnWireAccount;

typedef enum
{
  JN_WIRE_KIND_PAYMENT,
  JN_WIRE_KIND_TRANSFER,
  JN_WIRE_KIND_INCOME,
  JN_WIRE_KIND_OPENING,
  JN_WIRE_KIND_REFUND,
  JN_WIRE_KIND_BILL,
  JN_WIRE_KIND_PENDING, /* being processed */
  JN_WIRE_KIND_HOLD,    /* held */
  JN_WIRE_KIND_TOPUP,   /* from a card of the customer's */
} JnWireKind;

typedef struct
{
  JnId id;          /* transactionId */
  guint64 sequence; /* entryReference; 0 for pending */
  JnId intent;      /* endToEndId; zero when none */
  JnId returns;     /* transactionId of the payment whose money comes back; zero when none */
  JnDate value_date;
  JnInstant occurred_at;
  JnInstant expires_at; /* pending only; 0 for none */
  JnMoney amount;       /* + credits the customer */
  JnMoney balance_after;
  JnMoney original; /* currency NONE when there is none */
  JnMoney discount; /* likewise */
  gint64 points_earned;
  JnWireKind kind;
  JnCategory category;
  char *counterparty;
  char *counterparty_account;
  char *card; /* masked number of the card that the money came from; NULL: none */
  char *memo;
  guint8 chain[JN_FEED_CHAIN_BYTES]; /* of booked ones */
} JnWireEntry;

typedef struct
{
  GPtrArray *booked;  /* JnWireEntry *, oldest first */
  GPtrArray *pending; /* JnWireEntry *: the full snapshot */
  JnMoney booked_balance;
  JnMoney available_balance;
  gboolean more;
  JnFeedHead head; /* of the account's newest booked entry, as the bank signed it */
  guint8 head_signature[JN_FEED_SIGNATURE_BYTES];
} JnWireFeedPage;

typedef struct
{
  char *offer_id; /* couponId candidates of a quote */
  JnWireName title;
  JnMoney discount;
} JnWireCoupon;

/* The order that the customer approves, and the exact bytes (RFC 8785) it was read from. */
typedef struct
{
  JnId intent;
  char *payment_id;
  char *product;
  char *payee_name, *payee_account, *payee_branch; /* branch may be NULL */
  gboolean payee_verified;
  char *card_id, *card; /* the card that pays and its masked number; NULL: the wallet does */
  JnMoney original, discount, fee, total;
  char *coupon_id; /* NULL: none used */
  JnCategory category;
  gint64 points_earned;
  char *memo;
  JnInstant expires_at;
  GPtrArray *coupons; /* JnWireCoupon * that could be used */
  gboolean requires_sms;
  char *digest; /* hex SHA-256 of @canonical, computed here and equal to the bank's */
  char *canonical;
} JnWireOrder;

typedef enum
{
  JN_WIRE_APPROVAL_MADE,      /* finalised, ACSC */
  JN_WIRE_APPROVAL_NEEDS_SMS, /* PIN accepted; choose the method */
  JN_WIRE_APPROVAL_SMS_SENT,
} JnWireApproval;

typedef struct
{
  JnWireApproval state;
  JnId transaction;      /* MADE only */
  double bank_commit_ms; /* Server-Timing, −1 when not told */
} JnWireApprovalAnswer;

typedef enum
{
  JN_WIRE_VERDICT_MADE,
  JN_WIRE_VERDICT_NOT_MADE,
  JN_WIRE_VERDICT_OPEN, /* reads only; a settlement is always final */
} JnWireVerdict;

typedef struct
{
  JnWireVerdict verdict;
  JnId transaction;
  int reason; /* JnErrorCode, 0 when none */
} JnWireIntent;

typedef struct
{
  char *payee_name, *account, *branch, *city;
  gboolean verified;
  gboolean has_amount, amount_editable;
  JnMoney amount;
  JnCategory category;
} JnWireQr;

typedef enum
{
  JN_WIRE_PAYEE_MATCH,
  JN_WIRE_PAYEE_CLOSE,
  JN_WIRE_PAYEE_NO_MATCH,
  JN_WIRE_PAYEE_CANNOT_CHECK
} JnWirePayeeResult;

typedef struct
{
  JnWirePayeeResult result;
  char *registered_name; /* masked; may be NULL */
  JnWireName bank_name;
  char *product;
  gboolean known;
} JnWirePayeeCheck;

typedef struct
{
  char *card_id, *masked_pan, *kind;
  JnWireName bank_name;
  gboolean top_up; /* the bank takes it for bringing money to the wallet */
  gboolean pays;   /* and for paying a shop */
} JnWireCard;
typedef struct
{
  char *payee_id, *name, *account;
  JnWireName bank_name;
  JnInstant last_paid_at;
} JnWirePayee;
typedef struct
{
  char *id, *payee_name;
  JnMoney amount;
  JnDate due;
  JnCategory category;
  gboolean automatic;
} JnWireUpcoming;
typedef struct
{
  JnCategory category;
  JnMoney monthly;
} JnWireBudget;
typedef struct
{
  char *id;
  JnWireName name;
  JnMoney target, saved;
  JnDate due;
} JnWireGoal;
typedef struct
{
  JnMoney payment, day, year;
} JnWireLimits;

typedef struct
{
  char *name, *masked_phone, *tier;
  JnWireLimits limits;
  GPtrArray *cards, *payees, *upcoming, *budgets, *goals;
} JnWireProfile;

typedef enum
{
  JN_WIRE_OFFER_AMOUNT_OFF,
  JN_WIRE_OFFER_PERCENT_OFF,
  JN_WIRE_OFFER_POINTS_MULTIPLE
} JnWireOfferKind;
typedef enum
{
  JN_WIRE_OFFER_AVAILABLE,
  JN_WIRE_OFFER_USED,
  JN_WIRE_OFFER_EXPIRED
} JnWireOfferState;

typedef struct
{
  char *offer_id;
  JnWireName title;
  JnWireOfferKind kind;
  JnWireOfferState state;
  JnMoney amount, minimum, saved; /* currency NONE when absent */
  int percent, multiple;
  JnCategory category;            /* NONE: any */
  char *merchant;                 /* NULL: any */
  JnDate valid_from, valid_until; /* first and last day */
  JnInstant used_at;
  JnId used_transaction;
} JnWireOffer;

typedef enum
{
  JN_WIRE_POINTS_OPENING,
  JN_WIRE_POINTS_PAYMENT,
  JN_WIRE_POINTS_GIFT,
  JN_WIRE_POINTS_REDEEMED,
  JN_WIRE_POINTS_EXPIRED
} JnWirePointsKind;

typedef struct
{
  guint64 sequence;
  JnId id;
  gint64 points, balance_after;
  JnInstant occurred_at;
  JnWirePointsKind kind;
  char *payee_name;
  JnId transaction;
} JnWirePointsEntry;

typedef struct
{
  gint64 balance;
  gint64 expiring; /* points that expire next; 0 for none */
  JnDate expiring_on;
  GPtrArray *entries; /* JnWirePointsEntry * */
} JnWirePoints;

typedef struct
{
  guint64 sequence;
  JnInstant sent_at;
  gboolean is_payment;
  char *code;
  JnMoney amount; /* currency NONE when absent */
  char *payee_name;
} JnWireSms;

typedef struct
{
  char *shop_id, *name, *branch, *payload;
  JnCategory category;
  JnMoney amount; /* currency NONE: static code */
} JnWireShop;

/* Each reads the value from a document; NULL with JN_ERROR_ANSWER_INVALID when a member is missing, of another type, out of range or, in
 * a name, unfit to be shown. Pure, any thread. */
GPtrArray *jn_wire_read_accounts (JnJson *json, GError **error); /* JnWireAccount */
JnWireFeedPage *jn_wire_read_feed_page (JnJson *json, GError **error);
/* More booked entries of a page that is read in parts: @list is an array that goes on where the page's ends. */
gboolean jn_wire_read_booked (JnWireFeedPage *page, JnJson *list, GError **error);
JnWireOrder *jn_wire_read_order (JnJson *json, GError **error);
/* The order of its canonical text alone, as it was kept: without coupons to choose from, and whether a code by SMS is needed. */
JnWireOrder *jn_wire_read_kept_order (const char *canonical, GError **error);
JnWireQr *jn_wire_read_qr (JnJson *json, GError **error);
JnWirePayeeCheck *jn_wire_read_payee_check (JnJson *json, GError **error);
JnWireProfile *jn_wire_read_profile (JnJson *json, GError **error);
GPtrArray *jn_wire_read_offers (JnJson *json, GError **error); /* JnWireOffer */
JnWirePoints *jn_wire_read_points (JnJson *json, GError **error);
GPtrArray *jn_wire_read_messages (JnJson *json, GError **error); /* JnWireSms */
GPtrArray *jn_wire_read_shops (JnJson *json, GError **error);    /* JnWireShop */

void jn_wire_account_free (JnWireAccount *self);
void jn_wire_entry_free (JnWireEntry *self);
void jn_wire_feed_page_free (JnWireFeedPage *self);
void jn_wire_order_free (JnWireOrder *self);
void jn_wire_qr_free (JnWireQr *self);
void jn_wire_payee_check_free (JnWirePayeeCheck *self);
void jn_wire_profile_free (JnWireProfile *self);
void jn_wire_points_free (JnWirePoints *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnWireFeedPage, jn_wire_feed_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnWireOrder, jn_wire_order_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnWireQr, jn_wire_qr_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnWirePayeeCheck, jn_wire_payee_check_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnWireProfile, jn_wire_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnWirePoints, jn_wire_points_free)

G_END_DECLS
