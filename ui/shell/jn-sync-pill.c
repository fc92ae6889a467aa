#include "jn-sync-pill.h"

#include "jn-error.h"
#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnSyncPill
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *button;
  GtkWidget *dot;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (JnSyncPill, jn_sync_pill, ADW_TYPE_BIN)

static char *
text_for (JnContext *context)
{
  JnInstant as_of = jn_context_get_as_of (context);
  JnInstant now = jn_context_now (context);
  gboolean today = jn_date_at (as_of) == jn_date_at (now);
  g_autofree char *when = today ? jn_format_time (as_of) : jn_format_when_inside (as_of, now);

  switch (jn_context_get_connection (context))
    {
    case JN_CONNECTION_SYNCING:
      return g_strdup (jn_context_is_checking (context) ? _ ("Checking a payment") : _ ("Syncing"));
    case JN_CONNECTION_CURRENT:
      if (jn_context_is_checking (context))
        return g_strdup (_ ("Checking a payment"));
      return g_strdup_printf (_ ("Synced %s"), when);
    case JN_CONNECTION_OFFLINE:
      if (jn_error_get_class (jn_context_get_error (context)) == JN_ERROR_CLASS_SESSION)
        return g_strdup_printf (_ ("Signed out, as of %s"), when);
      return as_of ? g_strdup_printf (_ ("Offline, as of %s"), when) : g_strdup (_ ("Offline"));
    case JN_CONNECTION_DISTRUST:
      return g_strdup_printf (_ ("Being checked, as of %s"), when);
    case JN_CONNECTION_NEVER:
    default:
      return g_strdup (_ ("Not synced yet"));
    }
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update (JnSyncPill *self)
{
  JnConnection connection = jn_context_get_connection (self->context);
  /* Green is for a state in which nothing is open. */
  gboolean care = connection == JN_CONNECTION_OFFLINE || connection == JN_CONNECTION_DISTRUST
                  || jn_context_is_checking (self->context);
  gboolean waiting = connection == JN_CONNECTION_NEVER || connection == JN_CONNECTION_SYNCING;
  g_autofree char *text = text_for (self->context);

  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_set_tooltip_text (self->button, text);
  jn_widget_set_name (self->button, text);
  set_class (self->dot, "care", care);
  set_class (self->dot, "waiting", waiting);
  set_class (self->button, "care", care);
}

static void
on_clicked (JnSyncPill *self)
{
  JnConnection connection = jn_context_get_connection (self->context);

  jn_context_sync (self->context);
  if (connection == JN_CONNECTION_OFFLINE || connection == JN_CONNECTION_DISTRUST)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.doctor", NULL);
}

static void
jn_sync_pill_dispose (GObject *object)
{
  g_clear_object (&JN_SYNC_PILL (object)->context);
  G_OBJECT_CLASS (jn_sync_pill_parent_class)->dispose (object);
}

static void
jn_sync_pill_class_init (JnSyncPillClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_sync_pill_dispose;
}

static void
jn_sync_pill_init (JnSyncPill *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 7);

  self->dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->dot, "sync-dot");
  gtk_widget_set_valign (self->dot, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  self->label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->label, "figures");
  gtk_box_append (GTK_BOX (box), self->dot);
  gtk_box_append (GTK_BOX (box), self->label);
  self->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->button), box);
  gtk_widget_add_css_class (self->button, "pill");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
  adw_bin_set_child (ADW_BIN (self), self->button);
}

GtkWidget *
jn_sync_pill_new (JnContext *context)
{
  JnSyncPill *self = g_object_new (JN_TYPE_SYNC_PILL, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (context, "notify::connection", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::as-of", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (jn_context_get_home (context), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

void
jn_sync_pill_set_compact (JnSyncPill *self, gboolean compact)
{
  g_return_if_fail (JN_IS_SYNC_PILL (self));
  gtk_widget_set_visible (self->label, !compact);
  set_class (self->button, "pill", !compact);
  set_class (self->button, "icon-button", compact);
}
