/* The product's own main(), watched from outside: bench-start-wallet START [ARGUMENT...]. Built together with app/main.c, whose
 * main() is renamed; nothing in the product knows of being measured. */
#include "bench-start-child.h"

#include "jn-entry-row.h"

#include <stdlib.h>

#undef main
int jinnang_main (int argc, char **argv);

/* A bill of the bank stands in the window. */
static gboolean
shows_data (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (JN_IS_ENTRY_ROW (widget))
    {
      JnEntryItem *item = jn_entry_row_get_item (JN_ENTRY_ROW (widget));
      return item != NULL && jn_entry_item_get_state (item) == JN_ENTRY_BOOKED;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows_data (child))
      return TRUE;
  return FALSE;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    return EXIT_FAILURE;
  bench_child_watch (g_ascii_strtoll (argv[1], NULL, 10), shows_data);
  argv[1] = argv[0];
  return jinnang_main (argc - 1, argv + 1);
}
