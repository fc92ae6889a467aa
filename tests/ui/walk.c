#include "walk.h"

void
walk (GtkWidget *widget, WalkFunc visit, gpointer data)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  visit (widget, data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    walk (child, visit, data);
}

static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  if (gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
      || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    return TRUE;
  return GTK_IS_LABEL (widget) || GTK_IS_WINDOW (widget);
}

/* Parts of one control: the inside of an entry speaks with the entry's name, a menu button's inner button with its. */
static gboolean
is_part (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (parent == NULL)
    return FALSE;
  return (GTK_IS_TEXT (widget) && GTK_IS_EDITABLE (parent)) || GTK_IS_MENU_BUTTON (parent)
         || gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL;
}

static void
check_name (GtkWidget *widget, gpointer data)
{
  GString *nameless = data;

  if (!gtk_widget_get_focusable (widget) || is_part (widget) || has_name (widget))
    return;
  if (GTK_IS_SCROLLED_WINDOW (widget) || GTK_IS_VIEWPORT (widget))
    return;
  g_string_append_printf (nameless, "\n  %s (%s)", G_OBJECT_TYPE_NAME (widget),
                          gtk_widget_get_name (widget));
  for (GtkWidget *up = gtk_widget_get_parent (widget); up; up = gtk_widget_get_parent (up))
    g_string_append_printf (nameless, " < %s", G_OBJECT_TYPE_NAME (up));
}

void
assert_named (GtkWidget *widget)
{
  g_autoptr (GString) nameless = g_string_new (NULL);

  walk (widget, check_name, nameless);
  if (nameless->len > 0)
    g_error ("Controls without a name:%s", nameless->str);
}

/* A parent that hangs out of its own parent takes its texts with it. */
static gboolean
is_inside_all (GtkWidget *widget)
{
  graphene_rect_t place;

  for (GtkWidget *up = gtk_widget_get_parent (widget); up; up = gtk_widget_get_parent (up))
    if (gtk_widget_compute_bounds (widget, up, &place)
        && place.origin.x + place.size.width > (float) gtk_widget_get_width (up) + 1)
      return FALSE;
  return TRUE;
}

static void
check_text (GtkWidget *widget, gpointer data)
{
  int width;

  if (GTK_IS_BUTTON (widget) && !is_inside_all (widget))
    g_string_append_printf (data, "\n  a button: %s", gtk_widget_get_tooltip_text (widget));
  if (!GTK_IS_LABEL (widget))
    return;
  pango_layout_get_pixel_size (gtk_label_get_layout (GTK_LABEL (widget)), &width, NULL);
  if (width > gtk_widget_get_width (widget) || !is_inside_all (widget))
    g_string_append_printf (data, "\n  %d in %d: %s", width, gtk_widget_get_width (widget),
                            gtk_label_get_text (GTK_LABEL (widget)));
}

void
assert_texts_fit (GtkWidget *widget)
{
  g_autoptr (GString) wide = g_string_new (NULL);

  walk (widget, check_text, wide);
  if (wide->len > 0)
    g_error ("Texts outside their place:%s", wide->str);
}

typedef struct
{
  GType type;
  const char *text;
  GtkWidget *found;
} Wanted;

static void
look_for_type (GtkWidget *widget, gpointer data)
{
  Wanted *wanted = data;

  if (wanted->found == NULL && G_TYPE_CHECK_INSTANCE_TYPE (widget, wanted->type))
    wanted->found = widget;
}

static void
look_for_text (GtkWidget *widget, gpointer data)
{
  Wanted *wanted = data;

  if (GTK_IS_LABEL (widget)
      && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), wanted->text) == 0)
    wanted->found = widget;
}

GtkWidget *
walk_find (GtkWidget *widget, GType type)
{
  Wanted wanted = { .type = type };

  walk (widget, look_for_type, &wanted);
  return wanted.found;
}

gboolean
walk_shows (GtkWidget *widget, const char *text)
{
  Wanted wanted = { .text = text };

  walk (widget, look_for_text, &wanted);
  return wanted.found != NULL;
}

static gboolean
on_over (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
run_for (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, on_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

void
assert_closed (GtkWidget *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  for (guint i = 0; i < 100 && window != NULL; i++)
    run_for (10);
  g_assert_null (window);
}
