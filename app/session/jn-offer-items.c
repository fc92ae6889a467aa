/* The rows of offers, points, the test phone and the sandbox shops. */
#include "jn-items-private.h"

struct _JnOfferItem
{
  GObject parent_instance;
  char *id;
  char *title_zh;
  char *title_en;
  JnOfferKind kind;
  JnOfferState state;
  JnMoney amount;
  int percent;
  int multiple;
  JnMoney minimum;
  JnCategory category;
  char *merchant;
  JnDate valid_from;
  JnDate valid_until;
  JnInstant used_at;
  JnMoney saved;
  JnId used_entry;
};

G_DEFINE_FINAL_TYPE (JnOfferItem, jn_offer_item, G_TYPE_OBJECT)

static void
jn_offer_item_finalize (GObject *object)
{
  JnOfferItem *self = JN_OFFER_ITEM (object);
  g_free (self->id);
  g_free (self->title_zh);
  g_free (self->title_en);
  g_free (self->merchant);
  G_OBJECT_CLASS (jn_offer_item_parent_class)->finalize (object);
}

static void
jn_offer_item_class_init (JnOfferItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_offer_item_finalize;
}

static void
jn_offer_item_init (JnOfferItem *self)
{
}

JnOfferItem *
jn_offer_item_new (const JnWireOffer *wire)
{
  JnOfferItem *self = g_object_new (JN_TYPE_OFFER_ITEM, NULL);
  self->id = g_strdup (wire->offer_id);
  self->title_zh = g_strdup (wire->title.zh);
  self->title_en = g_strdup (wire->title.en);
  self->kind = (JnOfferKind) wire->kind;
  self->state = (JnOfferState) wire->state;
  self->amount = wire->amount;
  self->percent = wire->percent;
  self->multiple = wire->multiple;
  self->minimum = wire->minimum;
  self->category = wire->category;
  self->merchant = g_strdup (wire->merchant);
  self->valid_from = wire->valid_from;
  self->valid_until = wire->valid_until;
  self->used_at = wire->used_at;
  self->saved = wire->saved;
  self->used_entry = wire->used_transaction;
  return self;
}

const char *
jn_offer_item_get_id (JnOfferItem *self)
{
  return self->id;
}

const char *
jn_offer_item_get_title (JnOfferItem *self, gboolean chinese)
{
  return chinese ? self->title_zh : self->title_en;
}

JnOfferKind
jn_offer_item_get_kind (JnOfferItem *self)
{
  return self->kind;
}

JnOfferState
jn_offer_item_get_state (JnOfferItem *self)
{
  return self->state;
}

JnMoney
jn_offer_item_get_amount (JnOfferItem *self)
{
  return self->amount;
}

int
jn_offer_item_get_percent (JnOfferItem *self)
{
  return self->percent;
}

int
jn_offer_item_get_multiple (JnOfferItem *self)
{
  return self->multiple;
}

JnMoney
jn_offer_item_get_minimum (JnOfferItem *self)
{
  return self->minimum;
}

JnCategory
jn_offer_item_get_category (JnOfferItem *self)
{
  return self->category;
}

const char *
jn_offer_item_get_merchant (JnOfferItem *self)
{
  return self->merchant;
}

JnDate
jn_offer_item_get_valid_from (JnOfferItem *self)
{
  return self->valid_from;
}

JnDate
jn_offer_item_get_valid_until (JnOfferItem *self)
{
  return self->valid_until;
}

JnInstant
jn_offer_item_get_used_at (JnOfferItem *self)
{
  return self->used_at;
}

JnMoney
jn_offer_item_get_saved (JnOfferItem *self)
{
  return self->saved;
}

const JnId *
jn_offer_item_get_used_entry (JnOfferItem *self)
{
  return &self->used_entry;
}

struct _JnPointsItem
{
  GObject parent_instance;
  JnPointsKind kind;
  gint64 points;
  gint64 balance_after;
  JnInstant occurred_at;
  char *payee;
};

G_DEFINE_FINAL_TYPE (JnPointsItem, jn_points_item, G_TYPE_OBJECT)

static void
jn_points_item_finalize (GObject *object)
{
  JnPointsItem *self = JN_POINTS_ITEM (object);
  g_free (self->payee);
  G_OBJECT_CLASS (jn_points_item_parent_class)->finalize (object);
}

static void
jn_points_item_class_init (JnPointsItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_points_item_finalize;
}

static void
jn_points_item_init (JnPointsItem *self)
{
}

JnPointsItem *
jn_points_item_new (const JnWirePointsEntry *wire)
{
  JnPointsItem *self = g_object_new (JN_TYPE_POINTS_ITEM, NULL);
  self->kind = (JnPointsKind) wire->kind;
  self->points = wire->points;
  self->balance_after = wire->balance_after;
  self->occurred_at = wire->occurred_at;
  self->payee = g_strdup (wire->payee_name);
  return self;
}

JnPointsKind
jn_points_item_get_kind (JnPointsItem *self)
{
  return self->kind;
}

gint64
jn_points_item_get_points (JnPointsItem *self)
{
  return self->points;
}

gint64
jn_points_item_get_balance_after (JnPointsItem *self)
{
  return self->balance_after;
}

JnInstant
jn_points_item_get_occurred_at (JnPointsItem *self)
{
  return self->occurred_at;
}

const char *
jn_points_item_get_payee (JnPointsItem *self)
{
  return self->payee;
}

struct _JnSmsItem
{
  GObject parent_instance;
  char *code;
  gboolean is_payment;
  JnMoney amount;
  char *payee;
  JnInstant sent_at;
};

G_DEFINE_FINAL_TYPE (JnSmsItem, jn_sms_item, G_TYPE_OBJECT)

static void
jn_sms_item_finalize (GObject *object)
{
  JnSmsItem *self = JN_SMS_ITEM (object);
  g_free (self->code);
  g_free (self->payee);
  G_OBJECT_CLASS (jn_sms_item_parent_class)->finalize (object);
}

static void
jn_sms_item_class_init (JnSmsItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_sms_item_finalize;
}

static void
jn_sms_item_init (JnSmsItem *self)
{
}

JnSmsItem *
jn_sms_item_new (const JnWireSms *wire)
{
  JnSmsItem *self = g_object_new (JN_TYPE_SMS_ITEM, NULL);
  self->code = g_strdup (wire->code);
  self->is_payment = wire->is_payment;
  self->amount = wire->amount;
  self->payee = g_strdup (wire->payee_name);
  self->sent_at = wire->sent_at;
  return self;
}

const char *
jn_sms_item_get_code (JnSmsItem *self)
{
  return self->code;
}

gboolean
jn_sms_item_is_payment (JnSmsItem *self)
{
  return self->is_payment;
}

JnMoney
jn_sms_item_get_amount (JnSmsItem *self)
{
  return self->amount;
}

const char *
jn_sms_item_get_payee (JnSmsItem *self)
{
  return self->payee;
}

JnInstant
jn_sms_item_get_sent_at (JnSmsItem *self)
{
  return self->sent_at;
}

struct _JnCouponItem
{
  GObject parent_instance;
  char *id;
  char *title_zh;
  char *title_en;
  JnMoney discount;
};

G_DEFINE_FINAL_TYPE (JnCouponItem, jn_coupon_item, G_TYPE_OBJECT)

static void
jn_coupon_item_finalize (GObject *object)
{
  JnCouponItem *self = JN_COUPON_ITEM (object);
  g_free (self->id);
  g_free (self->title_zh);
  g_free (self->title_en);
  G_OBJECT_CLASS (jn_coupon_item_parent_class)->finalize (object);
}

static void
jn_coupon_item_class_init (JnCouponItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_coupon_item_finalize;
}

static void
jn_coupon_item_init (JnCouponItem *self)
{
}

JnCouponItem *
jn_coupon_item_new (const JnWireCoupon *wire)
{
  JnCouponItem *self = g_object_new (JN_TYPE_COUPON_ITEM, NULL);
  self->id = g_strdup (wire->offer_id);
  self->title_zh = g_strdup (wire->title.zh);
  self->title_en = g_strdup (wire->title.en);
  self->discount = wire->discount;
  return self;
}

const char *
jn_coupon_item_get_id (JnCouponItem *self)
{
  return self->id;
}

const char *
jn_coupon_item_get_title (JnCouponItem *self, gboolean chinese)
{
  return chinese ? self->title_zh : self->title_en;
}

JnMoney
jn_coupon_item_get_discount (JnCouponItem *self)
{
  return self->discount;
}

struct _JnShopItem
{
  GObject parent_instance;
  char *name;
  char *branch;
  JnCategory category;
  JnMoney amount;
  char *payload;
  guint8 *modules;
  guint size;
};

G_DEFINE_FINAL_TYPE (JnShopItem, jn_shop_item, G_TYPE_OBJECT)

static void
jn_shop_item_finalize (GObject *object)
{
  JnShopItem *self = JN_SHOP_ITEM (object);
  g_free (self->name);
  g_free (self->branch);
  g_free (self->payload);
  g_free (self->modules);
  G_OBJECT_CLASS (jn_shop_item_parent_class)->finalize (object);
}

static void
jn_shop_item_class_init (JnShopItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_shop_item_finalize;
}

static void
jn_shop_item_init (JnShopItem *self)
{
}

JnShopItem *
jn_shop_item_new (const JnWireShop *wire, guint8 *modules, guint size)
{
  JnShopItem *self = g_object_new (JN_TYPE_SHOP_ITEM, NULL);
  self->name = g_strdup (wire->name);
  self->branch = g_strdup (wire->branch);
  self->category = wire->category;
  self->amount = wire->amount;
  self->payload = g_strdup (wire->payload);
  self->modules = modules;
  self->size = size;
  return self;
}

const char *
jn_shop_item_get_name (JnShopItem *self)
{
  return self->name;
}

const char *
jn_shop_item_get_branch (JnShopItem *self)
{
  return self->branch;
}

JnCategory
jn_shop_item_get_category (JnShopItem *self)
{
  return self->category;
}

JnMoney
jn_shop_item_get_amount (JnShopItem *self)
{
  return self->amount;
}

const char *
jn_shop_item_get_payload (JnShopItem *self)
{
  return self->payload;
}

const guint8 *
jn_shop_item_get_modules (JnShopItem *self, guint *size)
{
  *size = self->size;
  return self->modules;
}
