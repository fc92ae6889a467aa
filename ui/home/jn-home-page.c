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
#define GAP 18

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
  gboolean narrow;
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

/* ---- two columns, or one ---- */

static int
least (GtkWidget *widget, GtkOrientation orientation, int for_size)
{
  int minimum = 0;

  gtk_widget_measure (widget, orientation, for_size, &minimum, NULL, NULL, NULL);
  return minimum;
}

static int
side_width (GtkWidget *left, GtkWidget *right)
{
  return MAX (SIDE_COLUMN_WIDTH, least (right, GTK_ORIENTATION_HORIZONTAL, -1));
}

/* A GtkBox asks its children how wide they are at the height it has: with texts that wrap, that is a search through
 * hundreds of layouts. Here width always comes first. */
static void
columns_measure (GtkWidget *columns, GtkOrientation orientation, int for_size, int *minimum,
                 int *natural, int *minimum_baseline, int *natural_baseline)
{
  JnHomePage *self = JN_HOME_PAGE (gtk_widget_get_ancestor (columns, JN_TYPE_HOME_PAGE));
  GtkWidget *left = gtk_widget_get_first_child (columns);
  GtkWidget *right = gtk_widget_get_last_child (columns);
  int side = side_width (left, right);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      int first = 0, first_natural = 0;
      gtk_widget_measure (left, orientation, -1, &first, &first_natural, NULL, NULL);
      *minimum = self->narrow ? MAX (first, least (right, orientation, -1)) : first + GAP + side;
      *natural = MAX (*minimum, first_natural + GAP + side);
      return;
    }
  if (self->narrow)
    *minimum = least (left, orientation, for_size) + GAP + least (right, orientation, for_size);
  else
    *minimum = MAX (least (left, orientation, for_size < 0 ? -1 : for_size - GAP - side),
                    least (right, orientation, for_size < 0 ? -1 : side));
  *natural = *minimum;
}

static void
columns_allocate (GtkWidget *columns, int width, int height, int baseline)
{
  JnHomePage *self = JN_HOME_PAGE (gtk_widget_get_ancestor (columns, JN_TYPE_HOME_PAGE));
  GtkWidget *left = gtk_widget_get_first_child (columns);
  GtkWidget *right = gtk_widget_get_last_child (columns);
  int side = side_width (left, right);

  if (self->narrow)
    {
      int top = least (left, GTK_ORIENTATION_VERTICAL, width);
      gtk_widget_size_allocate (left, &(GtkAllocation){ 0, 0, width, top }, -1);
      gtk_widget_size_allocate (right, &(GtkAllocation){ 0, top + GAP, width, height - top - GAP },
                                -1);
      return;
    }
  gtk_widget_size_allocate (left, &(GtkAllocation){ 0, 0, width - GAP - side, height }, -1);
  gtk_widget_size_allocate (right, &(GtkAllocation){ width - side, 0, side, height }, -1);
}

static GtkSizeRequestMode
columns_request_mode (GtkWidget *columns)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static GtkWidget *
columns_new (JnHomePage *self)
{
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (
      columns, gtk_custom_layout_new (columns_request_mode, columns_measure, columns_allocate));
  return columns;
}

/* One below the other: first what I have, then the first steps, then what happened, then the rest. */
static void
on_narrow (JnHomePage *self)
{
  gboolean narrow = jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (self->watcher));

  self->narrow = narrow;
  gtk_widget_queue_resize (self->columns);
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

  self->columns = columns_new (self);
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
