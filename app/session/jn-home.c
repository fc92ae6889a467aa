/* Home: what do I have. */
#include "jn-home.h"

#include "jn-views-private.h"

#define N_RECENT 8

struct _JnHome
{
  GObject parent_instance;
  JnViewState state;
  GError *error;
  JnFacts *facts;
  GListStore *recent;
  GListStore *upcoming;
  GListStore *budgets;
  GListStore *goals;
  gint64 days[JN_CASHFLOW_DAYS];
};

G_DEFINE_FINAL_TYPE (JnHome, jn_home, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
jn_home_finalize (GObject *object)
{
  JnHome *self = JN_HOME (object);
  g_clear_error (&self->error);
  g_clear_pointer (&self->facts, jn_facts_unref);
  g_clear_object (&self->recent);
  g_clear_object (&self->upcoming);
  g_clear_object (&self->budgets);
  g_clear_object (&self->goals);
  G_OBJECT_CLASS (jn_home_parent_class)->finalize (object);
}

static void
jn_home_class_init (JnHomeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_home_finalize;
  signals[CHANGED] = g_signal_new ("changed", JN_TYPE_HOME, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
jn_home_init (JnHome *self)
{
  self->recent = g_list_store_new (JN_TYPE_ENTRY_ITEM);
  self->upcoming = g_list_store_new (JN_TYPE_UPCOMING_ITEM);
  self->budgets = g_list_store_new (JN_TYPE_BUDGET_ITEM);
  self->goals = g_list_store_new (JN_TYPE_GOAL_ITEM);
}

JnHome *
jn_home_new (void)
{
  return g_object_new (JN_TYPE_HOME, NULL);
}

static gboolean
entry_equal (gpointer a, gpointer b)
{
  return jn_entry_item_get_state (a) == jn_entry_item_get_state (b)
         && jn_entry_item_get_status (a) == jn_entry_item_get_status (b)
         && jn_id_equal (jn_entry_item_get_id (a), jn_entry_item_get_id (b))
         && jn_money_equal (jn_entry_item_get_amount (a), jn_entry_item_get_amount (b));
}

static void
update_recent (JnHome *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  GPtrArray *unknown = self->facts->unknown;
  GPtrArray *lists[] = { self->facts->open, self->facts->not_made, self->facts->booked };
  guint at[G_N_ELEMENTS (lists)] = { 0 };

  for (guint i = 0; i < unknown->len && items->len < N_RECENT; i++)
    g_ptr_array_add (items, unknown->pdata[i]);
  while (items->len < N_RECENT)
    {
      JnEntryItem *newest = NULL;
      guint from = 0;
      for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
        {
          JnEntryItem *item = at[l] < lists[l]->len ? lists[l]->pdata[at[l]] : NULL;
          if (item == NULL
              || (newest != NULL
                  && jn_entry_item_get_occurred_at (item)
                         <= jn_entry_item_get_occurred_at (newest)))
            continue;
          newest = item;
          from = l;
        }
      if (newest == NULL)
        break;
      g_ptr_array_add (items, newest);
      at[from]++;
    }
  jn_list_update (self->recent, items, entry_equal);
}

static void
update_profile (JnHome *self)
{
  g_autoptr (GPtrArray) upcoming = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) budgets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) goals = g_ptr_array_new_with_free_func (g_object_unref);
  const JnWireProfile *profile = self->facts->profile;

  for (guint i = 0; profile != NULL && i < profile->upcoming->len; i++)
    g_ptr_array_add (upcoming, jn_upcoming_item_new (profile->upcoming->pdata[i]));
  for (guint i = 0; profile != NULL && i < profile->budgets->len; i++)
    {
      const JnWireBudget *budget = profile->budgets->pdata[i];
      JnBudgetItem *item = jn_facts_dup_budget (self->facts, budget->category, 0);
      if (item != NULL)
        g_ptr_array_add (budgets, item);
    }
  for (guint i = 0; profile != NULL && i < profile->goals->len; i++)
    g_ptr_array_add (goals, jn_goal_item_new (profile->goals->pdata[i]));
  jn_list_update (self->upcoming, upcoming, NULL);
  jn_list_update (self->budgets, budgets, NULL);
  jn_list_update (self->goals, goals, NULL);
}

void
jn_home_apply (JnHome *self, JnFacts *facts, const GError *error)
{
  g_clear_pointer (&self->facts, jn_facts_unref);
  self->facts = facts != NULL ? jn_facts_ref (facts) : NULL;
  g_clear_error (&self->error);
  if (facts != NULL && (facts->known || facts->unknown->len > 0))
    {
      for (guint i = 0; i < JN_CASHFLOW_DAYS; i++)
        self->days[i] = MAX (facts->flow.days[i], 0);
      update_recent (self);
      update_profile (self);
      self->state = g_list_model_get_n_items (G_LIST_MODEL (self->recent)) > 0 ? JN_VIEW_CONTENT
                                                                               : JN_VIEW_EMPTY;
    }
  else
    {
      g_list_store_remove_all (self->recent);
      g_list_store_remove_all (self->upcoming);
      g_list_store_remove_all (self->budgets);
      g_list_store_remove_all (self->goals);
      self->state = error != NULL ? JN_VIEW_ERROR : JN_VIEW_LOADING;
      self->error = error != NULL ? g_error_copy (error) : NULL;
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

JnViewState
jn_home_get_state (JnHome *self)
{
  return self->state;
}

const GError *
jn_home_get_error (JnHome *self)
{
  return self->error;
}

JnMoney
jn_home_get_available (JnHome *self)
{
  return self->facts != NULL ? self->facts->available : jn_money (0, JN_CURRENCY_NONE);
}

JnMoney
jn_home_get_pending (JnHome *self)
{
  return self->facts != NULL ? self->facts->pending : jn_money (0, JN_CURRENCY_NONE);
}

JnMoney
jn_home_get_held (JnHome *self)
{
  return self->facts != NULL ? self->facts->held : jn_money (0, JN_CURRENCY_NONE);
}

JnInstant
jn_home_get_as_of (JnHome *self)
{
  return self->facts != NULL ? self->facts->as_of : 0;
}

GListModel *
jn_home_get_recent (JnHome *self)
{
  return G_LIST_MODEL (self->recent);
}

GListModel *
jn_home_get_upcoming (JnHome *self)
{
  return G_LIST_MODEL (self->upcoming);
}

GListModel *
jn_home_get_budgets (JnHome *self)
{
  return G_LIST_MODEL (self->budgets);
}

GListModel *
jn_home_get_goals (JnHome *self)
{
  return G_LIST_MODEL (self->goals);
}

static JnMoney
flow_money (JnHome *self, gint64 minor)
{
  return jn_money (MAX (minor, 0), self->facts != NULL ? self->facts->currency : JN_CURRENCY_NONE);
}

JnMoney
jn_home_get_spent (JnHome *self)
{
  return flow_money (self, self->facts != NULL ? self->facts->flow.spent : 0);
}

JnMoney
jn_home_get_spent_before (JnHome *self)
{
  return flow_money (self, self->facts != NULL ? self->facts->flow.spent_before : 0);
}

const gint64 *
jn_home_get_day_spending (JnHome *self, guint *n)
{
  *n = self->facts != NULL ? self->facts->flow.n_days : 0;
  return self->days;
}
