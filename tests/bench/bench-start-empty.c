/* The measure to compare with: an AdwApplication with one empty window. bench-start-empty START WIDTH HEIGHT */
#include "bench-start-child.h"

#include <adwaita.h>
#include <stdlib.h>

static int width, height;

static void
on_activate (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  if (argc != 4)
    return EXIT_FAILURE;
  bench_child_watch (g_ascii_strtoll (argv[1], NULL, 10), NULL);
  width = atoi (argv[2]);
  height = atoi (argv[3]);
  application = adw_application_new ("org.jinnang.Empty", G_APPLICATION_DEFAULT_FLAGS);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
