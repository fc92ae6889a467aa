#include "jn-budget-bar.h"

#include "jn-bar.h"

/* From here on a budget asks for care. */
#define CARE_PERCENT 80

struct _JnBudgetBar
{
  GtkWidget parent_instance;
  GtkWidget *bar;
  int now;
  int after;
  gboolean masked;
};

enum
{
  PROP_MASKED = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnBudgetBar, jn_budget_bar, GTK_TYPE_WIDGET)

static void
update (JnBudgetBar *self)
{
  JnBar *bar = JN_BAR (self->bar);
  int now = CLAMP (self->now, 0, 100);
  int after = CLAMP (self->after, now, 100);

  if (self->masked)
    {
      jn_bar_set (bar, 0, 0, -1);
      return;
    }
  jn_bar_set_tone (bar,
                   MAX (self->now, self->after) >= CARE_PERCENT ? JN_TONE_AMBER : JN_TONE_JADE);
  jn_bar_set (bar, now * 10, (after - now) * 10, -1);
}

static void
jn_budget_bar_dispose (GObject *object)
{
  g_clear_pointer (&JN_BUDGET_BAR (object)->bar, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_budget_bar_parent_class)->dispose (object);
}

static void
jn_budget_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, JN_BUDGET_BAR (object)->masked);
}

static void
jn_budget_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  jn_budget_bar_set_masked (JN_BUDGET_BAR (object), g_value_get_boolean (value));
}

static void
jn_budget_bar_class_init (JnBudgetBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jn_budget_bar_dispose;
  object_class->get_property = jn_budget_bar_get_property;
  object_class->set_property = jn_budget_bar_set_property;
  props[PROP_MASKED] = g_param_spec_boolean ("masked", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
jn_budget_bar_init (JnBudgetBar *self)
{
  self->bar = jn_bar_new (7);
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
}

GtkWidget *
jn_budget_bar_new (void)
{
  return g_object_new (JN_TYPE_BUDGET_BAR, NULL);
}

void
jn_budget_bar_set_percent (JnBudgetBar *self, int now, int after)
{
  g_return_if_fail (JN_IS_BUDGET_BAR (self));
  self->now = now;
  self->after = after;
  update (self);
}

void
jn_budget_bar_set_masked (JnBudgetBar *self, gboolean masked)
{
  g_return_if_fail (JN_IS_BUDGET_BAR (self));
  self->masked = masked;
  update (self);
}
