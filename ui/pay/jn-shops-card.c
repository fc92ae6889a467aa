/* The code is drawn from the modules that the bank's text makes, encoded as a PNG file and given away as that file:
 * what the decoder reads is a picture, not a shortcut. */
#include "jn-shops-card.h"

#include <glib/gi18n.h>

#include "jn-amount-label.h"
#include "jn-code-picture.h"
#include "jn-format.h"
#include "jn-state-stack.h"

#define MODULE_PX 8
/* The bank's dynamic codes live for ten minutes. */
#define CODE_AGE (8 * JN_MINUTE)

struct _JnShopsCard
{
  AdwBin parent_instance;

  AdwBin *state_slot;
  AdwBin *amount_slot;
  GtkWidget *content;
  GtkWidget *picture_frame;
  GtkPicture *picture;
  GtkLabel *shop_name;
  GtkLabel *shop_branch;
  GtkWidget *amount_hint;
  GtkWidget *use_button;
  GtkFlowBox *shop_list;
  JnStateStack *states;
  JnAmountLabel *amount;

  JnContext *context;
  GListModel *shops;
  JnShopItem *shop; /* the one shown */
  GdkTexture *texture;
  GtkFileChooserNative *chooser;
  GCancellable *cancellable;
  JnInstant fetched_at;
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_picture;

G_DEFINE_FINAL_TYPE (JnShopsCard, jn_shops_card, ADW_TYPE_BIN)

GBytes *
jn_shops_card_dup_picture (JnShopsCard *self)
{
  g_return_val_if_fail (JN_IS_SHOPS_CARD (self), NULL);
  return self->texture ? gdk_texture_save_to_png_bytes (self->texture) : NULL;
}

/* ---- one shop ---- */

static void
show_shop (JnShopsCard *self, JnShopItem *shop)
{
  guint size = 0;
  const guint8 *modules = jn_shop_item_get_modules (shop, &size);
  JnMoney amount = jn_shop_item_get_amount (shop);
  gboolean fixed = amount.currency != JN_CURRENCY_NONE;
  const char *branch = jn_shop_item_get_branch (shop);
  g_autofree char *name = NULL;

  g_set_object (&self->shop, shop);
  g_clear_object (&self->texture);
  if (modules && size)
    self->texture = jn_code_picture_new (modules, size, MODULE_PX);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (self->texture));
  name = g_strdup_printf (_ ("Payment code of %s"), jn_shop_item_get_name (shop));
  gtk_picture_set_alternative_text (self->picture, name);
  gtk_label_set_text (self->shop_name, jn_shop_item_get_name (shop));
  gtk_label_set_text (self->shop_branch, branch ? branch : "");
  gtk_widget_set_visible (GTK_WIDGET (self->shop_branch), branch != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->amount_slot), fixed);
  gtk_widget_set_visible (self->amount_hint, !fixed);
  if (fixed)
    jn_amount_label_set_money (self->amount, amount);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shop.use", self->texture != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "shop.save", self->texture != NULL);
}

static void
chip_toggled_cb (GtkToggleButton *chip, JnShopsCard *self)
{
  if (gtk_toggle_button_get_active (chip))
    show_shop (self, g_object_get_data (G_OBJECT (chip), "shop"));
}

static GtkToggleButton *
append_chip (JnShopsCard *self, JnShopItem *shop, GtkToggleButton *group)
{
  GtkWidget *chip = gtk_toggle_button_new_with_label (jn_shop_item_get_name (shop));

  gtk_widget_add_css_class (chip, "pill");
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), group);
  g_object_set_data_full (G_OBJECT (chip), "shop", g_object_ref (shop), g_object_unref);
  g_signal_connect (chip, "toggled", G_CALLBACK (chip_toggled_cb), self);
  gtk_flow_box_append (self->shop_list, chip);
  gtk_widget_set_focusable (gtk_widget_get_parent (chip), FALSE);
  return GTK_TOGGLE_BUTTON (chip);
}

/* ---- fetching ---- */

static void
show_shops (JnShopsCard *self, GListModel *shops)
{
  g_autofree char *before = self->shop ? g_strdup (jn_shop_item_get_name (self->shop)) : NULL;
  GtkToggleButton *first = NULL, *chosen = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->shop_list))))
    gtk_flow_box_remove (self->shop_list, child);
  g_set_object (&self->shops, shops);
  for (guint i = 0; i < g_list_model_get_n_items (shops); i++)
    {
      g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, i);
      GtkToggleButton *chip = append_chip (self, shop, first);

      if (!first)
        first = chip;
      if (g_strcmp0 (jn_shop_item_get_name (shop), before) == 0)
        chosen = chip;
    }
  gtk_toggle_button_set_active (chosen ? chosen : first, TRUE);
}

static void
shops_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) shops = jn_context_list_shops_finish (JN_CONTEXT (source), result, &error);
  JnShopsCard *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = JN_SHOPS_CARD (user_data);
  if (!shops)
    {
      jn_state_stack_set_state (self->states, JN_VIEW_ERROR, error);
      return;
    }
  self->fetched_at = jn_context_now (self->context);
  if (g_list_model_get_n_items (shops) == 0)
    {
      jn_state_stack_set_state (self->states, JN_VIEW_EMPTY, NULL);
      return;
    }
  show_shops (self, shops);
  jn_state_stack_set_state (self->states, JN_VIEW_CONTENT, NULL);
}

void
jn_shops_card_refresh (JnShopsCard *self)
{
  g_return_if_fail (JN_IS_SHOPS_CARD (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (!self->shops)
    jn_state_stack_set_state (self->states, JN_VIEW_LOADING, NULL);
  jn_context_list_shops_async (self->context, self->cancellable, shops_listed_cb, self);
}

static void
map_cb (JnShopsCard *self)
{
  if (jn_context_now (self->context) - self->fetched_at > CODE_AGE)
    jn_shops_card_refresh (self);
}

/* ---- giving the picture away ---- */

static void
use_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  JnShopsCard *self = JN_SHOPS_CARD (widget);
  g_autoptr (GBytes) picture = jn_shops_card_dup_picture (self);

  if (picture)
    g_signal_emit (self, signal_picture, 0, picture);
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, JnShopsCard *self)
{
  g_autoptr (GBytes) picture = jn_shops_card_dup_picture (self);

  if (!picture)
    return NULL;
  gtk_drag_source_set_icon (source, GDK_PAINTABLE (self->texture), 24, 24);
  return gdk_content_provider_new_for_bytes ("image/png", picture);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean saved = g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_activate_action (
      GTK_WIDGET (user_data), "win.notice", "s",
      saved ? _ ("Picture saved")
            : _ ("The picture could not be saved there. Choose another folder."));
}

static void
chooser_response_cb (GtkNativeDialog *dialog, int response, JnShopsCard *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr (GBytes) picture = jn_shops_card_dup_picture (self);

  if (response == GTK_RESPONSE_ACCEPT && file && picture)
    g_file_replace_contents_bytes_async (file, picture, NULL, FALSE, G_FILE_CREATE_NONE,
                                         self->cancellable, saved_cb, self);
  g_clear_object (&self->chooser);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  JnShopsCard *self = JN_SHOPS_CARD (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (self->chooser || !self->texture)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("Save picture"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), _ ("Payment code.png"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- the object ---- */

static void
jn_shops_card_constructed (GObject *object)
{
  JnShopsCard *self = JN_SHOPS_CARD (object);
  GtkDragSource *drag = gtk_drag_source_new ();

  G_OBJECT_CLASS (jn_shops_card_parent_class)->constructed (object);
  self->amount = JN_AMOUNT_LABEL (jn_amount_label_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->amount), "total");
  jn_widget_follow_mask (self->amount, self->context);
  adw_bin_set_child (self->amount_slot, GTK_WIDGET (self->amount));

  self->states = JN_STATE_STACK (jn_state_stack_new ());
  jn_state_stack_set_content (self->states, self->content);
  jn_state_stack_set_empty (self->states, "jn-scan-symbolic",
                            _ ("The sandbox bank has no shop at the moment."), NULL, NULL, NULL);
  g_signal_connect_swapped (self->states, "retry", G_CALLBACK (jn_shops_card_refresh), self);
  adw_bin_set_child (self->state_slot, GTK_WIDGET (self->states));

  gtk_drag_source_set_actions (drag, GDK_ACTION_COPY);
  g_signal_connect (drag, "prepare", G_CALLBACK (drag_prepare_cb), self);
  gtk_widget_add_controller (self->picture_frame, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_cursor_from_name (self->picture_frame, "grab");
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}

static void
jn_shops_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  JnShopsCard *self = JN_SHOPS_CARD (object);

  if (id == PROP_CONTEXT)
    self->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_shops_card_dispose (GObject *object)
{
  JnShopsCard *self = JN_SHOPS_CARD (object);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->texture);
  g_clear_object (&self->shop);
  g_clear_object (&self->shops);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_SHOPS_CARD);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_shops_card_parent_class)->dispose (object);
}

static void
jn_shops_card_class_init (JnShopsCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_shops_card_constructed;
  object_class->set_property = jn_shops_card_set_property;
  object_class->dispose = jn_shops_card_dispose;

  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_picture = g_signal_new ("picture", JN_TYPE_SHOPS_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);

  gtk_widget_class_install_action (widget_class, "shop.use", NULL, use_cb);
  gtk_widget_class_install_action (widget_class, "shop.save", NULL, save_cb);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-shops-card.ui");
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, state_slot);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, amount_slot);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, content);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, picture_frame);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, picture);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, shop_name);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, shop_branch);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, amount_hint);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, use_button);
  gtk_widget_class_bind_template_child (widget_class, JnShopsCard, shop_list);
}

static void
jn_shops_card_init (JnShopsCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_shops_card_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_SHOPS_CARD, "context", context, NULL);
}
