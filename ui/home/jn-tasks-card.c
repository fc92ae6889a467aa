#include "jn-tasks-card.h"

#include "jn-card.h"
#include "jn-format.h"
#include "jn-settings.h"

#include <glib/gi18n.h>

/* The setting's word for "put away". */
#define AWAY "away"

static const struct
{
  const char *name;
  const char *title;
  const char *line;
  const char *target;
} tasks[] = {
  { "pay", N_ ("Buy a coffee"), N_ ("At the sample shop, with a coupon"), "pay#sample" },
  { "transfer", N_ ("Send someone money"), N_ ("Paste a text, or pick a payee"), "transfers" },
  { "look", N_ ("See where money goes"), N_ ("This month by category"), "bills" },
};

struct _JnTasksCard
{
  AdwBin parent_instance;
  GSettings *settings;
  GtkWidget *buttons[G_N_ELEMENTS (tasks)];
  GtkWidget *ticks[G_N_ELEMENTS (tasks)];
  GtkWidget *count;
  GtkWidget *away;
};

G_DEFINE_FINAL_TYPE (JnTasksCard, jn_tasks_card, ADW_TYPE_BIN)

static void
set_done (GtkWidget *widget, gboolean done)
{
  if (done)
    gtk_widget_add_css_class (widget, "done");
  else
    gtk_widget_remove_css_class (widget, "done");
}

static void
update (JnTasksCard *self)
{
  guint n_done = 0;
  g_autofree char *count = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    {
      gboolean done = jn_settings_task_is_done (self->settings, tasks[i].name);

      set_done (self->buttons[i], done);
      set_done (self->ticks[i], done);
      jn_widget_set_description (self->buttons[i], done ? _ ("Done") : _ (tasks[i].line));
      n_done += done ? 1 : 0;
    }
  /* Translators: how many of the first steps are done, as in "2 of 3". */
  count = g_strdup_printf (_ ("%1$u of %2$u"), n_done, (guint) G_N_ELEMENTS (tasks));
  gtk_label_set_text (GTK_LABEL (self->count), count);
  gtk_widget_set_visible (self->away, n_done == G_N_ELEMENTS (tasks));
  gtk_widget_set_visible (GTK_WIDGET (self), !jn_settings_task_is_done (self->settings, AWAY));
}

static GtkWidget *
task_new (JnTasksCard *self, guint i)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "jn-check-symbolic", "hexpand", TRUE,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->ticks[i] = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->ticks[i], "tick");
  gtk_widget_set_valign (self->ticks[i], GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->ticks[i], FALSE);
  gtk_box_append (GTK_BOX (self->ticks[i]), icon);
  gtk_box_append (GTK_BOX (texts), jn_text_new (_ (tasks[i].title), "row-name"));
  gtk_box_append (GTK_BOX (texts), jn_text_new (_ (tasks[i].line), "row-line"));
  jn_across_append (box, self->ticks[i]);
  jn_across_append (box, texts);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "task");
  jn_widget_set_name (button, _ (tasks[i].title));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", tasks[i].target);
  self->buttons[i] = button;
  return button;
}

static void
on_away (JnTasksCard *self)
{
  jn_settings_finish_task (self->settings, AWAY);
}

static void
jn_tasks_card_dispose (GObject *object)
{
  g_clear_object (&JN_TASKS_CARD (object)->settings);
  G_OBJECT_CLASS (jn_tasks_card_parent_class)->dispose (object);
}

static void
jn_tasks_card_class_init (JnTasksCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_tasks_card_dispose;
}

static void
jn_tasks_card_init (JnTasksCard *self)
{
  GtkWidget *card = jn_card_new (2);
  GtkWidget *header = jn_section_header_new (_ ("First steps"), NULL, NULL, NULL);

  self->count = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->count, "caption-text");
  gtk_widget_add_css_class (self->count, "dim");
  gtk_box_append (GTK_BOX (header), self->count);
  gtk_box_append (GTK_BOX (card), header);
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    gtk_box_append (GTK_BOX (card), task_new (self, i));
  self->away = gtk_button_new_with_label (_ ("All done. Put this away"));
  gtk_widget_add_css_class (self->away, "link-button");
  gtk_widget_set_halign (self->away, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->away, 8);
  g_signal_connect_swapped (self->away, "clicked", G_CALLBACK (on_away), self);
  gtk_box_append (GTK_BOX (card), self->away);
  adw_bin_set_child (ADW_BIN (self), card);
}

GtkWidget *
jn_tasks_card_new (GSettings *settings)
{
  JnTasksCard *self = g_object_new (JN_TYPE_TASKS_CARD, NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::tasks-done", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
