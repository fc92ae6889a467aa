#include "jn-money-cards.h"

#include "jn-avatar.h"
#include "jn-bar.h"
#include "jn-budget-bar.h"
#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

#define MOST_UPCOMING 3

struct _JnMoneyCards
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *budgets_card;
  GtkWidget *budgets;
  GtkWidget *goals_card;
  GtkWidget *goals;
  GtkWidget *upcoming_card;
  GtkWidget *upcoming;
};

G_DEFINE_FINAL_TYPE (JnMoneyCards, jn_money_cards, ADW_TYPE_BIN)

/* "¥310 / ¥500": whole yuan; what is left of the decimals does not matter here. */
static char *
of_text (JnMoney part, JnMoney whole, gboolean masked)
{
  int exponent = jn_currency_get_exponent (whole.currency);
  gint64 unit = 1;
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  char *dot;

  for (int i = 0; i < exponent; i++)
    unit *= 10;
  left = jn_format_money (jn_money (part.minor / unit * unit, part.currency), JN_MONEY_FORMAT_PLAIN,
                          masked);
  right = jn_format_money (jn_money (whole.minor / unit * unit, whole.currency),
                           JN_MONEY_FORMAT_PLAIN, masked);
  if ((dot = strrchr (left, '.')))
    *dot = '\0';
  if ((dot = strrchr (right, '.')))
    *dot = '\0';
  return masked ? g_strdup (JN_MASK) : g_strdup_printf ("%s / %s", left, right);
}

static GtkWidget *
labelled_bar (const char *name, const char *value, const char *line, GtkWidget *bar, gboolean care)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 5);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *left = gtk_label_new (name);
  GtkWidget *right = gtk_label_new (value);

  gtk_widget_add_css_class (left, "body-text");
  gtk_widget_add_css_class (right, "caption-text");
  gtk_widget_add_css_class (right, "figures");
  gtk_widget_add_css_class (right, care ? "amber" : "dim");
  gtk_label_set_xalign (GTK_LABEL (left), 0);
  gtk_label_set_ellipsize (GTK_LABEL (left), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (left, TRUE);
  gtk_widget_set_valign (left, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (right, GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (head), left);
  gtk_box_append (GTK_BOX (head), right);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), bar);
  if (line)
    gtk_box_append (GTK_BOX (box), jn_text_new (line, "caption-text dim"));
  return box;
}

static GtkWidget *
budget_row (JnMoneyCards *self, JnBudgetItem *budget)
{
  gboolean masked = jn_context_get_masked (self->context);
  JnCategory category = jn_budget_item_get_category (budget);
  int percent = jn_budget_item_get_percent (budget);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *bar = jn_budget_bar_new ();
  g_autofree char *value =
      of_text (jn_budget_item_get_spent (budget), jn_budget_item_get_limit (budget), masked);
  g_autofree char *target = g_strdup_printf ("bills#category:%d", (int) category);
  g_autofree char *spoken = NULL;

  jn_budget_bar_set_percent (JN_BUDGET_BAR (bar), percent, percent);
  jn_budget_bar_set_masked (JN_BUDGET_BAR (bar), masked);
  gtk_button_set_child (GTK_BUTTON (button), labelled_bar (jn_format_category (category), value,
                                                           NULL, bar, percent >= 80 && !masked));
  gtk_widget_add_css_class (button, "task");
  /* Translators: a category, and "¥310 / ¥500". */
  spoken = g_strdup_printf (_ ("Budget %1$s: %2$s"), jn_format_category (category),
                            masked ? _ ("hidden amount") : value);
  jn_widget_set_name (button, spoken);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  return button;
}

/* Per mille of the goal, without a product that could overflow. */
static int
progress (JnMoney saved, JnMoney target)
{
  if (target.minor <= 0 || saved.minor <= 0)
    return 0;
  if (saved.minor >= target.minor)
    return 1000;
  return (int) (saved.minor > G_MAXINT64 / 1000 ? saved.minor / (target.minor / 1000)
                                                : saved.minor * 1000 / target.minor);
}

static GtkWidget *
goal_row (JnMoneyCards *self, JnGoalItem *goal)
{
  gboolean masked = jn_context_get_masked (self->context);
  JnMoney saved = jn_goal_item_get_saved (goal), target = jn_goal_item_get_target (goal);
  GtkWidget *bar = jn_bar_new (7);
  g_autofree char *value = of_text (saved, target, masked);
  g_autofree char *due =
      jn_format_day (jn_goal_item_get_due (goal), jn_context_now (self->context));
  g_autofree char *line = g_strdup_printf (_ ("Until %s"), due);

  jn_bar_set_tone (JN_BAR (bar), JN_TONE_GOLD);
  jn_bar_set (JN_BAR (bar), masked ? 0 : progress (saved, target), 0, -1);
  return labelled_bar (jn_goal_item_get_name (goal, jn_format_is_chinese ()), value, line, bar,
                       FALSE);
}

static GtkWidget *
upcoming_row (JnMoneyCards *self, JnUpcomingItem *item)
{
  GtkWidget *row = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *avatar = jn_avatar_new (36);
  GtkWidget *name = gtk_label_new (jn_upcoming_item_get_payee (item));
  JnMoney amount = jn_upcoming_item_get_amount (item);
  g_autofree char *day =
      jn_format_day (jn_upcoming_item_get_due (item), jn_context_now (self->context));
  g_autofree char *line = jn_upcoming_item_is_automatic (item)
                              ? g_strdup_printf (_ ("%s · paid automatically"), day)
                              : g_strdup (day);
  g_autofree char *text = NULL;
  GtkWidget *value;

  amount.minor = -ABS (amount.minor);
  text = jn_format_money (amount, JN_MONEY_FORMAT_PLAIN, jn_context_get_masked (self->context));
  value = gtk_label_new (text);
  gtk_widget_add_css_class (value, "row-amount");
  jn_avatar_set_icon (JN_AVATAR (avatar),
                      jn_format_category_icon (jn_upcoming_item_get_category (item)));
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "row-name");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), jn_text_new (line, "row-line"));
  jn_across_append (row, avatar);
  jn_across_append (row, texts);
  jn_across_append (row, value);
  gtk_widget_add_css_class (row, "upcoming-row");
  return row;
}

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

static void
fill (JnMoneyCards *self, GtkWidget *card, GtkWidget *box, GListModel *model, guint most,
      GtkWidget *(*row_new) (JnMoneyCards *, gpointer))
{
  guint n = MIN (g_list_model_get_n_items (model), most);

  clear (box);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);
      gtk_box_append (GTK_BOX (box), row_new (self, item));
    }
  gtk_widget_set_visible (card, n > 0);
}

static GtkWidget *
any_budget_row (JnMoneyCards *self, gpointer item)
{
  return budget_row (self, item);
}

static GtkWidget *
any_goal_row (JnMoneyCards *self, gpointer item)
{
  return goal_row (self, item);
}

static GtkWidget *
any_upcoming_row (JnMoneyCards *self, gpointer item)
{
  return upcoming_row (self, item);
}

static void
update (JnMoneyCards *self)
{
  JnHome *home = jn_context_get_home (self->context);

  fill (self, self->budgets_card, self->budgets, jn_home_get_budgets (home), 4, any_budget_row);
  fill (self, self->goals_card, self->goals, jn_home_get_goals (home), 2, any_goal_row);
  fill (self, self->upcoming_card, self->upcoming, jn_home_get_upcoming (home), MOST_UPCOMING,
        any_upcoming_row);
}

static void
jn_money_cards_dispose (GObject *object)
{
  g_clear_object (&JN_MONEY_CARDS (object)->context);
  G_OBJECT_CLASS (jn_money_cards_parent_class)->dispose (object);
}

static void
jn_money_cards_class_init (JnMoneyCardsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_money_cards_dispose;
}

static GtkWidget *
card_with (GtkWidget *column, const char *title, int spacing, GtkWidget **rows)
{
  GtkWidget *card = jn_card_new (0);

  *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, spacing);
  gtk_box_append (GTK_BOX (card), jn_section_header_new (title, NULL, NULL, NULL));
  gtk_box_append (GTK_BOX (card), *rows);
  gtk_box_append (GTK_BOX (column), card);
  return card;
}

static void
jn_money_cards_init (JnMoneyCards *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->budgets_card = card_with (column, _ ("Budgets"), 4, &self->budgets);
  self->upcoming_card = card_with (column, _ ("Coming up"), 4, &self->upcoming);
  self->goals_card = card_with (column, _ ("Saving for"), 10, &self->goals);
  adw_bin_set_child (ADW_BIN (self), column);
}

GtkWidget *
jn_money_cards_new (JnContext *context)
{
  JnMoneyCards *self = g_object_new (JN_TYPE_MONEY_CARDS, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (jn_context_get_home (context), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
