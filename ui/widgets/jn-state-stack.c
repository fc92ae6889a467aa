#include "jn-state-stack.h"

#include "jn-avatar.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-open-page.h"

#include <glib/gi18n.h>

struct _JnStateStack
{
  GtkWidget parent_instance;
  GtkWidget *stack;
  GtkWidget *empty_icon;
  GtkWidget *empty_text;
  GtkWidget *empty_button;
  GtkWidget *error_what;
  GtkWidget *error_money;
  GtkWidget *error_now;
  GtkWidget *content;
  JnViewState state;
};

static guint signal_retry;

G_DEFINE_FINAL_TYPE (JnStateStack, jn_state_stack, GTK_TYPE_WIDGET)

static GtkWidget *
skeleton_block (int width, int height)
{
  GtkWidget *block = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_size_request (block, width, height);
  gtk_widget_set_halign (block, GTK_ALIGN_START);
  gtk_widget_set_valign (block, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (block, "skeleton-block");
  return block;
}

GtkWidget *
jn_skeleton_new (int rows)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20);

  gtk_widget_add_css_class (column, "skeleton-column");
  jn_widget_set_name (column, _ ("Loading"));
  for (int i = 0; i < rows; i++)
    {
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
      GtkWidget *avatar = jn_avatar_new (36);
      GtkWidget *amount = skeleton_block (64, 14);

      jn_avatar_set_tone (JN_AVATAR (avatar), JN_TONE_DIM);
      gtk_box_append (GTK_BOX (texts), skeleton_block (96 + 24 * (i % 3), 14));
      gtk_box_append (GTK_BOX (texts), skeleton_block (140 - 20 * (i % 2), 10));
      gtk_widget_set_hexpand (texts, TRUE);
      gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
      gtk_widget_set_halign (amount, GTK_ALIGN_END);
      gtk_box_append (GTK_BOX (row), avatar);
      gtk_box_append (GTK_BOX (row), texts);
      gtk_box_append (GTK_BOX (row), amount);
      gtk_box_append (GTK_BOX (column), row);
    }
  return column;
}

static GtkWidget *
centred_label (GtkWidget *box, const char *style_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  gtk_widget_add_css_class (label, style_class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static GtkWidget *
page_box (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (box, TRUE);
  gtk_widget_add_css_class (box, "state-page");
  return box;
}

static GtkWidget *
empty_page (JnStateStack *self)
{
  GtkWidget *box = page_box ();

  self->empty_icon = jn_avatar_new (52);
  gtk_widget_set_margin_bottom (self->empty_icon, 8);
  gtk_box_append (GTK_BOX (box), self->empty_icon);
  self->empty_text = centred_label (box, "body-text");
  self->empty_button = gtk_button_new ();
  gtk_widget_add_css_class (self->empty_button, "primary-button");
  gtk_widget_set_halign (self->empty_button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (self->empty_button, 12);
  gtk_box_append (GTK_BOX (box), self->empty_button);
  return box;
}

static void
on_retry (JnStateStack *self)
{
  g_signal_emit (self, signal_retry, 0);
}

static GtkWidget *
error_page (JnStateStack *self)
{
  GtkWidget *box = page_box ();
  GtkWidget *icon = jn_avatar_new (52);
  GtkWidget *button = gtk_button_new_with_label (_ ("Try again"));
  GtkWidget *why = gtk_button_new_with_label (_ ("Why does it not work?"));

  jn_avatar_set_icon (JN_AVATAR (icon), "jn-care-symbolic");
  jn_avatar_set_tone (JN_AVATAR (icon), JN_TONE_AMBER);
  gtk_widget_set_margin_bottom (icon, 8);
  gtk_box_append (GTK_BOX (box), icon);
  self->error_what = centred_label (box, "title-text");
  self->error_money = centred_label (box, "body-text");
  self->error_now = centred_label (box, "caption-text");
  gtk_widget_add_css_class (self->error_now, "dim");
  gtk_widget_add_css_class (button, "primary-button");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 12);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (on_retry), self);
  gtk_box_append (GTK_BOX (box), button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (why), "win.doctor");
  gtk_widget_add_css_class (why, "link-button");
  gtk_widget_set_halign (why, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), why);
  return box;
}

static void
jn_state_stack_dispose (GObject *object)
{
  g_clear_pointer (&JN_STATE_STACK (object)->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_state_stack_parent_class)->dispose (object);
}

static void
jn_state_stack_class_init (JnStateStackClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_state_stack_dispose;
  signal_retry = g_signal_new ("retry", JN_TYPE_STATE_STACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
jn_state_stack_init (JnStateStack *self)
{
  GtkWidget *skeleton = jn_skeleton_new (5);

  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_transition_type (GTK_STACK (self->stack), GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  gtk_stack_set_transition_duration (GTK_STACK (self->stack), 120);
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  gtk_widget_set_valign (skeleton, GTK_ALIGN_START);
  gtk_stack_add_named (GTK_STACK (self->stack), skeleton, "loading");
  gtk_stack_add_named (GTK_STACK (self->stack), empty_page (self), "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), error_page (self), "error");
  jn_stack_present_open_page (GTK_STACK (self->stack));
}

GtkWidget *
jn_state_stack_new (void)
{
  return g_object_new (JN_TYPE_STATE_STACK, NULL);
}

void
jn_state_stack_set_content (JnStateStack *self, GtkWidget *content)
{
  g_return_if_fail (JN_IS_STATE_STACK (self));
  if (self->content)
    gtk_stack_remove (GTK_STACK (self->stack), self->content);
  self->content = content;
  gtk_stack_add_named (GTK_STACK (self->stack), content, "content");
  if (self->state == JN_VIEW_CONTENT)
    gtk_stack_set_visible_child (GTK_STACK (self->stack), content);
}

void
jn_state_stack_set_empty (JnStateStack *self, const char *icon_name, const char *sentence,
                          const char *button, const char *action, const char *target)
{
  g_return_if_fail (JN_IS_STATE_STACK (self));
  jn_avatar_set_icon (JN_AVATAR (self->empty_icon), icon_name);
  gtk_label_set_text (GTK_LABEL (self->empty_text), sentence);
  gtk_widget_set_visible (self->empty_button, button != NULL);
  if (button == NULL)
    return;
  gtk_button_set_label (GTK_BUTTON (self->empty_button), button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button), NULL);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->empty_button),
                                          target ? g_variant_new_string (target) : NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->empty_button), action);
}

void
jn_state_stack_set_state (JnStateStack *self, JnViewState state, const GError *error)
{
  static const char *const names[] = { "loading", "content", "empty", "error" };

  g_return_if_fail (JN_IS_STATE_STACK (self));
  self->state = state;
  if (state == JN_VIEW_ERROR)
    {
      JnErrorText text = jn_error_text_for (error);

      gtk_label_set_text (GTK_LABEL (self->error_what), text.what);
      gtk_label_set_text (GTK_LABEL (self->error_money), text.money);
      gtk_widget_set_visible (self->error_money, *text.money != '\0');
      gtk_label_set_text (GTK_LABEL (self->error_now), text.now);
    }
  if (state != JN_VIEW_CONTENT || self->content)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), names[state]);
}

JnViewState
jn_state_stack_get_state (JnStateStack *self)
{
  g_return_val_if_fail (JN_IS_STATE_STACK (self), JN_VIEW_LOADING);
  return self->state;
}
