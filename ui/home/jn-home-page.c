#include "jn-home-page.h"

#include "jn-card.h"
#include "jn-column.h"
#include "jn-entry-row.h"
#include "jn-format.h"
#include "jn-hero-card.h"
#include "jn-layout-watcher.h"
#include "jn-money-cards.h"
#include "jn-page.h"
#include "jn-spending-card.h"
#include "jn-state-stack.h"
#include "jn-tasks-card.h"

#include <glib/gi18n.h>

#define ONE_COLUMN_WIDTH 640
#define SIDE_COLUMN_WIDTH 282

struct _JnHomePage
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *watcher;
  GtkWidget *states;
  GtkWidget *columns;
  GtkWidget *left;
  GtkWidget *right;
  GtkWidget *hero;
  GtkWidget *recent_card;
  GtkWidget *recent;
  GtkWidget *tasks; /* the sandbox only; may be NULL */
};

static void jn_home_page_iface_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnHomePage, jn_home_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_home_page_iface_init))

static const char *
get_title (JnPage *page)
{
  int hour = 0, minute = 0;

  jn_time_of_day_at (jn_context_now (JN_HOME_PAGE (page)->context), &hour, &minute);
  if (hour < 5 || hour >= 18)
    return _ ("Good evening");
  return hour < 12 ? _ ("Good morning") : _ ("Good afternoon");
}

static void
jn_home_page_iface_init (JnPageInterface *iface)
{
  iface->get_title = get_title;
}

static GtkWidget *
recent_row (gpointer item, gpointer data)
{
  JnHomePage *self = data;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *entry = jn_entry_row_new (self->context);

  jn_entry_row_set_item (JN_ENTRY_ROW (entry), item);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), entry);
  jn_widget_set_name (row, jn_entry_row_get_spoken (JN_ENTRY_ROW (entry)));
  return row;
}

static void
on_row_activated (JnHomePage *self, GtkListBoxRow *row)
{
  JnEntryItem *item = jn_entry_row_get_item (JN_ENTRY_ROW (gtk_list_box_row_get_child (row)));
  g_autofree char *id = item ? jn_id_to_string (jn_entry_item_get_id (item)) : NULL;
  g_autofree char *target = g_strdup_printf ("bills#entry:%s", id ? id : "");

  if (id)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.go", "s", target);
}

static void
update (JnHomePage *self)
{
  JnHome *home = jn_context_get_home (self->context);

  jn_state_stack_set_state (JN_STATE_STACK (self->states), jn_home_get_state (home),
                            jn_home_get_error (home));
}

/* One below the other: first what I have, then the first steps, then what happened, then the rest. */
static void
on_narrow (JnHomePage *self)
{
  gboolean narrow = jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (self->watcher));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->columns),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request (self->right, narrow ? -1 : SIDE_COLUMN_WIDTH, -1);
  if (self->tasks == NULL)
    return;
  g_object_ref (self->tasks);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (self->tasks)), self->tasks);
  if (narrow)
    gtk_box_insert_child_after (GTK_BOX (self->left), self->tasks, self->hero);
  else
    gtk_box_prepend (GTK_BOX (self->right), self->tasks);
  g_object_unref (self->tasks);
}

static void
on_retry (JnHomePage *self)
{
  jn_context_sync (self->context);
}

static GtkWidget *
recent_card_new (JnHomePage *self)
{
  GtkWidget *card = jn_card_new (0);

  self->recent = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->recent), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->recent, "rows");
  jn_widget_set_name (self->recent, _ ("Recent"));
  gtk_list_box_bind_model (GTK_LIST_BOX (self->recent),
                           jn_home_get_recent (jn_context_get_home (self->context)), recent_row,
                           self, NULL);
  g_signal_connect_swapped (self->recent, "row-activated", G_CALLBACK (on_row_activated), self);
  gtk_box_append (GTK_BOX (card),
                  jn_section_header_new (_ ("Recent"), _ ("All bills"), "win.go", "bills"));
  gtk_box_append (GTK_BOX (card), self->recent);
  return card;
}

static void
jn_home_page_dispose (GObject *object)
{
  JnHomePage *self = JN_HOME_PAGE (object);

  if (self->recent)
    gtk_list_box_bind_model (GTK_LIST_BOX (self->recent), NULL, NULL, NULL, NULL);
  self->recent = NULL;
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_home_page_parent_class)->dispose (object);
}

static void
jn_home_page_class_init (JnHomePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_home_page_dispose;
}

static void
jn_home_page_init (JnHomePage *self)
{
}

static void
build (JnHomePage *self, GSettings *settings)
{
  GtkWidget *content = NULL;
  GtkWidget *frame = jn_column_new (1060, &content);

  self->columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  self->left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  self->right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  gtk_widget_set_hexpand (self->left, TRUE);
  self->hero = jn_hero_card_new (self->context);
  self->recent_card = recent_card_new (self);
  gtk_box_append (GTK_BOX (self->left), self->hero);
  gtk_box_append (GTK_BOX (self->left), self->recent_card);
  if (jn_context_is_sandbox (self->context))
    {
      self->tasks = jn_tasks_card_new (settings);
      gtk_box_append (GTK_BOX (self->right), self->tasks);
    }
  gtk_box_append (GTK_BOX (self->right), jn_spending_card_new (self->context));
  gtk_box_append (GTK_BOX (self->right), jn_money_cards_new (self->context));
  gtk_box_append (GTK_BOX (self->columns), self->left);
  gtk_box_append (GTK_BOX (self->columns), self->right);
  gtk_box_append (GTK_BOX (content), self->columns);
  self->states = jn_state_stack_new ();
  jn_state_stack_set_content (JN_STATE_STACK (self->states), frame);
  jn_state_stack_set_empty (JN_STATE_STACK (self->states), "jn-wallet-symbolic",
                            _ ("Nothing has happened in this wallet yet."), _ ("Pay with a code"),
                            "win.go", "pay");
  g_signal_connect_object (self->states, "retry", G_CALLBACK (on_retry), self, G_CONNECT_SWAPPED);
  self->watcher = jn_layout_watcher_new (ONE_COLUMN_WIDTH);
  jn_layout_watcher_set_child (JN_LAYOUT_WATCHER (self->watcher), self->states);
  adw_bin_set_child (ADW_BIN (self), self->watcher);
}

GtkWidget *
jn_home_page_new (JnContext *context, GSettings *settings)
{
  JnHomePage *self = g_object_new (JN_TYPE_HOME_PAGE, NULL);

  self->context = g_object_ref (context);
  build (self, settings);
  g_signal_connect_object (self->watcher, "notify::narrow", G_CALLBACK (on_narrow), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (jn_context_get_home (context), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  on_narrow (self);
  update (self);
  return GTK_WIDGET (self);
}
