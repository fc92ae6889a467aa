#include "jn-open-page.h"

static void
update (GtkStack *stack)
{
  GtkWidget *open = gtk_stack_get_visible_child (stack);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, child != open,
                                 -1);
}

static void
on_pages_changed (GtkStack *stack, guint position, guint removed, guint added, GListModel *pages)
{
  update (stack);
}

void
jn_stack_present_open_page (GtkStack *stack)
{
  g_autoptr (GtkSelectionModel) pages = NULL;

  g_return_if_fail (GTK_IS_STACK (stack));
  pages = gtk_stack_get_pages (stack);
  g_signal_connect (stack, "notify::visible-child", G_CALLBACK (update), NULL);
  /* The stack owns its list of pages and lives as long. */
  g_object_set_data_full (G_OBJECT (stack), "pages", g_object_ref (pages), g_object_unref);
  g_signal_connect_object (pages, "items-changed", G_CALLBACK (on_pages_changed), stack,
                           G_CONNECT_SWAPPED);
  update (stack);
}
