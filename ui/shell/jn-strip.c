#include "jn-strip.h"

#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnStrip
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *box;
  GtkWidget *text;
  GtkWidget *tools;
  GtkWidget *cut;
  GtkWidget *cut_label;
  GtkWidget *phone;
  GtkWidget *phone_label;
};

G_DEFINE_FINAL_TYPE (JnStrip, jn_strip, ADW_TYPE_BIN)

static GtkWidget *
tool_new (const char *icon_name, const char *text, GtkWidget **label)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  *label = gtk_label_new (text);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), *label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "strip-tool");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, text);
  jn_widget_set_name (button, text);
  return button;
}

static void
update (JnStrip *self)
{
  gboolean sandbox = jn_context_is_sandbox (self->context);
  gboolean cut = jn_context_get_cut (self->context);
  JnStage stage = jn_context_get_stage (self->context);
  const char *text = cut ? _ ("Reconnect") : _ ("Cut the network");

  gtk_label_set_text (GTK_LABEL (self->text), sandbox ? _ ("Sandbox: no real money")
                                                      : jn_context_get_bank_name (self->context));
  gtk_widget_set_visible (self->tools, sandbox);
  gtk_widget_set_visible (self->cut, stage == JN_STAGE_READY);
  gtk_widget_set_visible (self->phone, stage == JN_STAGE_READY || stage == JN_STAGE_ENROLLING);
  gtk_label_set_text (GTK_LABEL (self->cut_label), text);
  gtk_widget_set_tooltip_text (self->cut, text);
  jn_widget_set_name (self->cut, text);
  if (sandbox)
    gtk_widget_add_css_class (self->box, "sandbox-strip");
  else
    gtk_widget_add_css_class (self->box, "plain-strip");
}

static void
jn_strip_dispose (GObject *object)
{
  g_clear_object (&JN_STRIP (object)->context);
  G_OBJECT_CLASS (jn_strip_parent_class)->dispose (object);
}

static void
jn_strip_class_init (JnStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_strip_dispose;
}

static void
jn_strip_init (JnStrip *self)
{
  GtkWidget *handle = gtk_window_handle_new ();
  GtkWidget *end = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->box = gtk_center_box_new ();
  self->text = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->text), PANGO_ELLIPSIZE_END);
  self->tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_set_margin_start (self->tools, 8);
  self->cut = tool_new ("jn-cut-symbolic", _ ("Cut the network"), &self->cut_label);
  self->phone = tool_new ("jn-phone-symbolic", _ ("Test phone"), &self->phone_label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->phone), "win.test-phone");
  gtk_box_append (GTK_BOX (self->tools), self->cut);
  gtk_box_append (GTK_BOX (self->tools), self->phone);
  gtk_box_append (GTK_BOX (end), self->tools);
  gtk_box_append (GTK_BOX (end), gtk_window_controls_new (GTK_PACK_END));
  gtk_center_box_set_start_widget (GTK_CENTER_BOX (self->box),
                                   gtk_window_controls_new (GTK_PACK_START));
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (self->box), self->text);
  gtk_center_box_set_end_widget (GTK_CENTER_BOX (self->box), end);
  gtk_window_handle_set_child (GTK_WINDOW_HANDLE (handle), self->box);
  adw_bin_set_child (ADW_BIN (self), handle);
}

GtkWidget *
jn_strip_new (JnContext *context)
{
  JnStrip *self = g_object_new (JN_TYPE_STRIP, NULL);

  self->context = g_object_ref (context);
  g_object_bind_property (context, "cut", self->cut, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (context, "notify::cut", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::stage", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

void
jn_strip_set_compact (JnStrip *self, gboolean compact)
{
  g_return_if_fail (JN_IS_STRIP (self));
  gtk_widget_set_visible (self->cut_label, !compact);
  gtk_widget_set_visible (self->phone_label, !compact);
}
