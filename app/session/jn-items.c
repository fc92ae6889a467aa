/* The rows of home, analysis and transfers. */
#include "jn-items-private.h"

struct _JnSliceItem
{
  GObject parent_instance;
  JnCategory category;
  JnMoney spent;
  JnMoney spent_before;
  guint count;
};

G_DEFINE_FINAL_TYPE (JnSliceItem, jn_slice_item, G_TYPE_OBJECT)

static void
jn_slice_item_class_init (JnSliceItemClass *klass)
{
}

static void
jn_slice_item_init (JnSliceItem *self)
{
}

JnSliceItem *
jn_slice_item_new (JnCategory category, JnMoney spent, JnMoney before, guint count)
{
  JnSliceItem *self = g_object_new (JN_TYPE_SLICE_ITEM, NULL);
  self->category = category;
  self->spent = spent;
  self->spent_before = before;
  self->count = count;
  return self;
}

JnCategory
jn_slice_item_get_category (JnSliceItem *self)
{
  return self->category;
}

JnMoney
jn_slice_item_get_spent (JnSliceItem *self)
{
  return self->spent;
}

JnMoney
jn_slice_item_get_spent_before (JnSliceItem *self)
{
  return self->spent_before;
}

guint
jn_slice_item_get_count (JnSliceItem *self)
{
  return self->count;
}

struct _JnUpcomingItem
{
  GObject parent_instance;
  char *payee;
  JnMoney amount;
  JnDate due;
  JnCategory category;
  gboolean automatic;
};

G_DEFINE_FINAL_TYPE (JnUpcomingItem, jn_upcoming_item, G_TYPE_OBJECT)

static void
jn_upcoming_item_finalize (GObject *object)
{
  JnUpcomingItem *self = JN_UPCOMING_ITEM (object);
  g_free (self->payee);
  G_OBJECT_CLASS (jn_upcoming_item_parent_class)->finalize (object);
}

static void
jn_upcoming_item_class_init (JnUpcomingItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_upcoming_item_finalize;
}

static void
jn_upcoming_item_init (JnUpcomingItem *self)
{
}

JnUpcomingItem *
jn_upcoming_item_new (const JnWireUpcoming *wire)
{
  JnUpcomingItem *self = g_object_new (JN_TYPE_UPCOMING_ITEM, NULL);
  self->payee = g_strdup (wire->payee_name);
  self->amount = wire->amount;
  self->due = wire->due;
  self->category = wire->category;
  self->automatic = wire->automatic;
  return self;
}

const char *
jn_upcoming_item_get_payee (JnUpcomingItem *self)
{
  return self->payee;
}

JnMoney
jn_upcoming_item_get_amount (JnUpcomingItem *self)
{
  return self->amount;
}

JnDate
jn_upcoming_item_get_due (JnUpcomingItem *self)
{
  return self->due;
}

JnCategory
jn_upcoming_item_get_category (JnUpcomingItem *self)
{
  return self->category;
}

gboolean
jn_upcoming_item_is_automatic (JnUpcomingItem *self)
{
  return self->automatic;
}

struct _JnBudgetItem
{
  GObject parent_instance;
  JnCategory category;
  JnMoney spent;
  JnMoney limit;
  int percent;
};

G_DEFINE_FINAL_TYPE (JnBudgetItem, jn_budget_item, G_TYPE_OBJECT)

static void
jn_budget_item_class_init (JnBudgetItemClass *klass)
{
}

static void
jn_budget_item_init (JnBudgetItem *self)
{
}

JnBudgetItem *
jn_budget_item_new (JnCategory category, JnMoney spent, JnMoney limit, int percent)
{
  JnBudgetItem *self = g_object_new (JN_TYPE_BUDGET_ITEM, NULL);
  self->category = category;
  self->spent = spent;
  self->limit = limit;
  self->percent = percent;
  return self;
}

JnCategory
jn_budget_item_get_category (JnBudgetItem *self)
{
  return self->category;
}

JnMoney
jn_budget_item_get_spent (JnBudgetItem *self)
{
  return self->spent;
}

JnMoney
jn_budget_item_get_limit (JnBudgetItem *self)
{
  return self->limit;
}

int
jn_budget_item_get_percent (JnBudgetItem *self)
{
  return self->percent;
}

struct _JnGoalItem
{
  GObject parent_instance;
  char *name_zh;
  char *name_en;
  JnMoney saved;
  JnMoney target;
  JnDate due;
};

G_DEFINE_FINAL_TYPE (JnGoalItem, jn_goal_item, G_TYPE_OBJECT)

static void
jn_goal_item_finalize (GObject *object)
{
  JnGoalItem *self = JN_GOAL_ITEM (object);
  g_free (self->name_zh);
  g_free (self->name_en);
  G_OBJECT_CLASS (jn_goal_item_parent_class)->finalize (object);
}

static void
jn_goal_item_class_init (JnGoalItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_goal_item_finalize;
}

static void
jn_goal_item_init (JnGoalItem *self)
{
}

JnGoalItem *
jn_goal_item_new (const JnWireGoal *wire)
{
  JnGoalItem *self = g_object_new (JN_TYPE_GOAL_ITEM, NULL);
  self->name_zh = g_strdup (wire->name.zh);
  self->name_en = g_strdup (wire->name.en);
  self->saved = wire->saved;
  self->target = wire->target;
  self->due = wire->due;
  return self;
}

const char *
jn_goal_item_get_name (JnGoalItem *self, gboolean chinese)
{
  return chinese ? self->name_zh : self->name_en;
}

JnMoney
jn_goal_item_get_saved (JnGoalItem *self)
{
  return self->saved;
}

JnMoney
jn_goal_item_get_target (JnGoalItem *self)
{
  return self->target;
}

JnDate
jn_goal_item_get_due (JnGoalItem *self)
{
  return self->due;
}

struct _JnPayeeItem
{
  GObject parent_instance;
  char *name;
  char *account;
  char *bank_zh;
  char *bank_en;
};

G_DEFINE_FINAL_TYPE (JnPayeeItem, jn_payee_item, G_TYPE_OBJECT)

static void
jn_payee_item_finalize (GObject *object)
{
  JnPayeeItem *self = JN_PAYEE_ITEM (object);
  g_free (self->name);
  g_free (self->account);
  g_free (self->bank_zh);
  g_free (self->bank_en);
  G_OBJECT_CLASS (jn_payee_item_parent_class)->finalize (object);
}

static void
jn_payee_item_class_init (JnPayeeItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_payee_item_finalize;
}

static void
jn_payee_item_init (JnPayeeItem *self)
{
}

JnPayeeItem *
jn_payee_item_new (const JnWirePayee *wire)
{
  JnPayeeItem *self = g_object_new (JN_TYPE_PAYEE_ITEM, NULL);
  self->name = g_strdup (wire->name);
  self->account = g_strdup (wire->account);
  self->bank_zh = g_strdup (wire->bank_name.zh);
  self->bank_en = g_strdup (wire->bank_name.en);
  return self;
}

const char *
jn_payee_item_get_name (JnPayeeItem *self)
{
  return self->name;
}

const char *
jn_payee_item_get_account (JnPayeeItem *self)
{
  return self->account;
}

const char *
jn_payee_item_get_bank (JnPayeeItem *self, gboolean chinese)
{
  return chinese ? self->bank_zh : self->bank_en;
}
