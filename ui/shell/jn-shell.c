#include "jn-shell.h"

#include "jn-analysis-card.h"
#include "jn-bills-page.h"
#include "jn-error-text.h"
#include "jn-error.h"
#include "jn-format.h"
#include "jn-home-page.h"
#include "jn-inbox-page.h"
#include "jn-journal-page.h"
#include "jn-banner.h"
#include "jn-notice-banner.h"
#include "jn-offers-page.h"
#include "jn-page.h"
#include "jn-pay-page.h"
#include "jn-places.h"
#include "jn-safety-page.h"
#include "jn-settings-page.h"
#include "jn-settings.h"
#include "jn-sync-pill.h"
#include "jn-transfers-page.h"
#include "jn-open-page.h"

#include <glib/gi18n.h>
#include <string.h>

struct _JnShell
{
  AdwBin parent_instance;
  JnContext *context;
  GSettings *settings;
  GtkWidget *side;
  GtkWidget *bottom;
  GtkWidget *stack;
  GtkWidget *top;
  GtkWidget *back;
  GtkWidget *pouch;
  GtkWidget *title;
  GtkWidget *search;
  GtkWidget *search_pill;
  GtkWidget *search_icon;
  GtkWidget *sync;
  GtkWidget *bell;
  GtkWidget *bell_dot;
  GtkWidget *eye;
  GtkWidget *more;
  GtkWidget *page_header_wide;
  GtkWidget *page_header_narrow;
  GtkWidget *banner;
  GtkWidget *header; /* the open page's own, or NULL */
  char *came_from;   /* the place that an aside one is left for */
  gboolean narrow;
  gboolean looking; /* at Bills as such, not at something in them */
  guint idle;       /* makes the pages that nobody has opened yet */
};

G_DEFINE_FINAL_TYPE (JnShell, jn_shell, ADW_TYPE_BIN)

static JnPage *
open_page (JnShell *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (GTK_STACK (self->stack));

  return page ? JN_PAGE (page) : NULL;
}

static void
move_header (JnShell *self, GtkWidget *header)
{
  AdwBin *wide = ADW_BIN (self->page_header_wide), *narrow = ADW_BIN (self->page_header_narrow);

  adw_bin_set_child (wide, NULL);
  adw_bin_set_child (narrow, NULL);
  self->header = header;
  if (header)
    adw_bin_set_child (self->narrow ? narrow : wide, header);
  gtk_widget_set_visible (self->page_header_wide, header && !self->narrow);
  gtk_widget_set_visible (self->page_header_narrow, header && self->narrow);
}

static gboolean
is_aside (JnShell *self)
{
  const JnPlace *place = jn_place_find (jn_shell_get_place (self));

  return place && place->aside;
}

static void
update_header (JnShell *self)
{
  JnPage *page = open_page (self);
  gboolean back, home;

  if (page == NULL)
    return;
  back = jn_page_can_go_back (page) || is_aside (self);
  home = g_strcmp0 (jn_shell_get_place (self), "home") == 0;
  gtk_label_set_text (GTK_LABEL (self->title),
                      self->narrow && home && !back ? _ ("Jinnang") : jn_page_get_title (page));
  /* A short title is never given up for the search beside it. */
  gtk_label_set_width_chars (
      GTK_LABEL (self->title),
      MIN (self->narrow ? 8 : 11,
           (int) g_utf8_strlen (gtk_label_get_text (GTK_LABEL (self->title)), -1)
               * (jn_format_is_chinese () ? 2 : 1)));
  gtk_widget_set_visible (self->back, back);
  gtk_widget_set_visible (self->pouch, self->narrow && home && !back);
  move_header (self, back ? NULL : jn_page_get_header (page));
  gtk_widget_set_visible (self->search_pill, !self->narrow && self->header == NULL);
  gtk_widget_set_visible (self->search, !self->narrow || !back);
  /* Back leads to where it is. */
  gtk_widget_set_visible (self->more, self->narrow && !back);
  gtk_widget_set_visible (self->side, !self->narrow);
  /* A sheet has the whole height of a narrow window: its button is not cut. */
  gtk_widget_set_visible (self->bottom, self->narrow && !back);
  gtk_box_set_spacing (GTK_BOX (self->top), self->narrow ? 2 : 10);
  jn_sync_pill_set_compact (JN_SYNC_PILL (self->sync), self->narrow || self->header != NULL);
}

static void
update_eye (JnShell *self)
{
  gboolean masked = jn_context_get_masked (self->context);
  const char *text = masked ? _ ("Show amounts") : _ ("Hide amounts");

  gtk_button_set_icon_name (GTK_BUTTON (self->eye),
                            masked ? "jn-eye-off-symbolic" : "jn-eye-symbolic");
  gtk_widget_set_tooltip_text (self->eye, text);
  jn_widget_set_name (self->eye, text);
}

static void
update_banner (JnShell *self)
{
  JnConnection connection = jn_context_get_connection (self->context);
  JnInstant as_of = jn_context_get_as_of (self->context);
  g_autofree char *when = jn_format_when_inside (as_of, jn_context_now (self->context));
  const GError *error = jn_context_get_error (self->context);
  gboolean ended = jn_context_can_sign_in_again (self->context);
  g_autofree char *text = NULL;

  if (ended
      || (connection == JN_CONNECTION_OFFLINE
          && jn_error_get_class (error) == JN_ERROR_CLASS_SESSION))
    text = jn_error_text_dup (error);
  else if (connection == JN_CONNECTION_OFFLINE && !jn_context_get_cut (self->context)
           && jn_error_is (error, JN_ERROR_SIGN_IN_PAGE))
    text = g_strdup (_ ("This network needs a sign-in page"));
  else if (connection == JN_CONNECTION_OFFLINE && as_of)
    text = g_strdup_printf (_ ("The bank cannot be reached. You see the state of %s."), when);
  else if (connection == JN_CONNECTION_OFFLINE)
    text = g_strdup (_ ("The bank cannot be reached."));
  else if (connection == JN_CONNECTION_DISTRUST)
    text = g_strdup_printf (_ ("The bank’s answer contradicts itself. You see the last right "
                               "state, of %s. Please call the bank."),
                            when);
  jn_banner_set_text (JN_BANNER (self->banner), text);
  jn_banner_set_button (JN_BANNER (self->banner), ended  ? _ ("Sign in again")
                                                  : text ? C_ ("button", "Why?")
                                                         : NULL);
}

static void
on_page_changed (JnShell *self)
{
  update_header (self);
}

static void
update_bell (JnShell *self)
{
  guint n = jn_inbox_get_n_unseen (jn_context_get_inbox (self->context));
  g_autofree char *text =
      n > 0 ? g_strdup_printf (ngettext ("Inbox, %d new", "Inbox, %d new", n), (int) n)
            : g_strdup (_ ("Inbox"));

  gtk_widget_set_visible (self->bell_dot, n > 0);
  gtk_widget_set_tooltip_text (self->bell, text);
  jn_widget_set_name (self->bell, text);
}

static void
on_banner_clicked (JnShell *self)
{
  gboolean ended = jn_context_can_sign_in_again (self->context);

  gtk_widget_activate_action (GTK_WIDGET (self), ended ? "win.sign-in" : "win.doctor", NULL);
}

static GtkWidget *
icon_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "icon-button");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  jn_widget_set_name (button, name);
  if (action)
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

/* A bell with a dot while something was not seen. */
static GtkWidget *
bell_new (JnShell *self)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->bell = icon_button ("jn-inbox-symbolic", _ ("Inbox"), NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->bell), "s", "inbox");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->bell), "win.go");
  self->bell_dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->bell_dot, "unread-dot");
  gtk_widget_set_halign (self->bell_dot, GTK_ALIGN_END);
  gtk_widget_set_valign (self->bell_dot, GTK_ALIGN_START);
  gtk_widget_set_can_target (self->bell_dot, FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->bell);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->bell_dot);
  gtk_widget_set_valign (overlay, GTK_ALIGN_CENTER);
  return overlay;
}

static GtkWidget *
search_pill_new (void)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_ ("Search functions, payees, bills"));
  GtkWidget *hint = gtk_label_new ("Ctrl K");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (hint, "key-hint");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), hint);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "search-pill");
  gtk_widget_set_hexpand (button, FALSE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  jn_widget_set_name (button, _ ("Search functions, payees, bills"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.search");
  return button;
}

/* Beside the test phone there is no room for the words: the icon stands for them. */
static GtkWidget *
search_new (JnShell *self)
{
  GtkWidget *squeezer = adw_squeezer_new ();

  self->search_pill = search_pill_new ();
  self->search_icon = icon_button ("jn-search-symbolic", _ ("Search"), "win.search");
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (squeezer), FALSE);
  gtk_widget_set_halign (self->search_icon, GTK_ALIGN_END);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), self->search_pill);
  adw_squeezer_add (ADW_SQUEEZER (squeezer), self->search_icon);
  self->search = squeezer;
  return squeezer;
}

static GtkWidget *
more_new (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; i < jn_n_places; i++)
    if (!jn_places[i].main)
      {
        g_autofree char *action = g_strdup_printf ("win.go::%s", jn_places[i].name);
        g_menu_append (menu, _ (jn_places[i].title), action);
      }
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "jn-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "more");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("More"));
  jn_widget_set_name (button, _ ("More"));
  return button;
}

static GtkWidget *
top_new (JnShell *self)
{
  GtkWidget *handle = gtk_window_handle_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  self->top = box;
  gtk_widget_add_css_class (box, "top-bar");
  self->back = icon_button ("jn-back-symbolic", _ ("Back"), "win.back");
  gtk_widget_add_css_class (self->back, "back");
  self->pouch = g_object_new (GTK_TYPE_IMAGE, "icon-name", "jn-pouch", "pixel-size", 26,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->title = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->title, "page-title");
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->title, TRUE);
  self->page_header_wide = adw_bin_new ();
  gtk_widget_set_valign (self->page_header_wide, GTK_ALIGN_CENTER);
  self->sync = jn_sync_pill_new (self->context);
  self->eye = icon_button ("jn-eye-symbolic", _ ("Hide amounts"), "win.mask");
  self->more = more_new ();
  gtk_box_append (GTK_BOX (box), self->back);
  gtk_box_append (GTK_BOX (box), self->pouch);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->page_header_wide);
  gtk_box_append (GTK_BOX (box), search_new (self));
  gtk_box_append (GTK_BOX (box), self->sync);
  gtk_box_append (GTK_BOX (box), bell_new (self));
  gtk_box_append (GTK_BOX (box), self->eye);
  gtk_box_append (GTK_BOX (box), self->more);
  gtk_window_handle_set_child (GTK_WINDOW_HANDLE (handle), box);
  return handle;
}

static void
add_page (JnShell *self, const char *name, GtkWidget *page)
{
  gtk_stack_add_named (GTK_STACK (self->stack), page, name);
  g_signal_connect_object (page, "page-changed", G_CALLBACK (on_page_changed), self,
                           G_CONNECT_SWAPPED);
}

static GtkWidget *
make_page (JnShell *self, const char *name)
{
  if (g_str_equal (name, "home"))
    return jn_home_page_new (self->context, self->settings);
  if (g_str_equal (name, "bills"))
    return jn_bills_page_new (self->context);
  if (g_str_equal (name, "pay"))
    return jn_pay_page_new (self->context);
  if (g_str_equal (name, "transfers"))
    return jn_transfers_page_new (self->context);
  if (g_str_equal (name, "offers"))
    return jn_offers_page_new (self->context);
  if (g_str_equal (name, "inbox"))
    return jn_inbox_page_new (self->context);
  if (g_str_equal (name, "journal"))
    return jn_journal_page_new (self->context);
  if (g_str_equal (name, "safety"))
    return jn_safety_page_new (self->context);
  return jn_settings_page_new (self->context, self->settings);
}

static GtkWidget *
find_analysis (GtkWidget *widget)
{
  GtkWidget *found = JN_IS_ANALYSIS_CARD (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_analysis (child);
  return found;
}

/* The list alone, or a bill that was opened from somewhere else, says nothing of where money goes. */
static void
on_analysis_shown (JnShell *self)
{
  if (self->looking)
    jn_settings_finish_task (self->settings, "look");
}

/* @name is one of jn_places. */
static GtkWidget *
ensure_page (JnShell *self, const char *name)
{
  GtkWidget *page = gtk_stack_get_child_by_name (GTK_STACK (self->stack), name);

  if (page == NULL)
    {
      page = make_page (self, name);
      if (JN_IS_BILLS_PAGE (page))
        g_signal_connect_object (find_analysis (page), "map", G_CALLBACK (on_analysis_shown), self,
                                 G_CONNECT_SWAPPED);
      add_page (self, name, page);
    }
  return page;
}

/* One page at a time, while nothing else is to do: the first frame does not wait for what it does not show. */
static gboolean
on_idle (gpointer data)
{
  JnShell *self = data;

  for (guint i = 0; i < jn_n_places; i++)
    if (gtk_stack_get_child_by_name (GTK_STACK (self->stack), jn_places[i].name) == NULL)
      {
        ensure_page (self, jn_places[i].name);
        return G_SOURCE_CONTINUE;
      }
  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
on_first_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  JnShell *self = JN_SHELL (widget);

  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_LOW, on_idle, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
jn_shell_dispose (GObject *object)
{
  JnShell *self = JN_SHELL (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->came_from, g_free);
  G_OBJECT_CLASS (jn_shell_parent_class)->dispose (object);
}

static void
jn_shell_class_init (JnShellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_shell_dispose;
}

static void
jn_shell_init (JnShell *self)
{
}

static void
build (JnShell *self)
{
  GtkWidget *across = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *down = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->side = jn_side_bar_new ();
  self->bottom = jn_bottom_bar_new ();
  self->banner = jn_banner_new (JN_TONE_AMBER);
  self->page_header_narrow = adw_bin_new ();
  gtk_widget_add_css_class (self->page_header_narrow, "page-header-narrow");
  self->stack = gtk_stack_new ();
  gtk_stack_set_transition_type (GTK_STACK (self->stack), GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  gtk_stack_set_transition_duration (GTK_STACK (self->stack), 120);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_widget_set_vexpand (self->stack, TRUE);
  jn_stack_present_open_page (GTK_STACK (self->stack));
  gtk_widget_set_hexpand (down, TRUE);
  gtk_box_append (GTK_BOX (down), top_new (self));
  gtk_box_append (GTK_BOX (down), self->page_header_narrow);
  gtk_box_append (GTK_BOX (down), self->banner);
  gtk_box_append (GTK_BOX (down), jn_notice_banner_new (self->context));
  gtk_box_append (GTK_BOX (down), self->stack);
  gtk_box_append (GTK_BOX (down), self->bottom);
  gtk_box_append (GTK_BOX (across), self->side);
  gtk_box_append (GTK_BOX (across), down);
  adw_bin_set_child (ADW_BIN (self), across);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), on_first_frame, NULL, NULL);
}

GtkWidget *
jn_shell_new (JnContext *context, GSettings *settings)
{
  JnShell *self = g_object_new (JN_TYPE_SHELL, NULL);

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  build (self);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (update_eye), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::connection", G_CALLBACK (update_banner), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::as-of", G_CALLBACK (update_banner), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (jn_context_get_inbox (context), "changed", G_CALLBACK (update_bell),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->banner, "clicked", G_CALLBACK (on_banner_clicked), self,
                           G_CONNECT_SWAPPED);
  update_eye (self);
  update_bell (self);
  update_banner (self);
  jn_shell_go (self, "home");
  return GTK_WIDGET (self);
}

/* As it was left: a bill that was open is open. */
static void
show_place (JnShell *self, const char *name)
{
  gtk_stack_set_visible_child (GTK_STACK (self->stack), ensure_page (self, name));
  jn_bar_mark_place (self->side, name);
  jn_bar_mark_place (self->bottom, name);
  update_header (self);
}

void
jn_shell_go (JnShell *self, const char *where)
{
  const char *hash = strchr (where, '#');
  g_autofree char *name = hash ? g_strndup (where, (gsize) (hash - where)) : g_strdup (where);
  const JnPlace *place = jn_place_find (name);
  GtkWidget *page;

  g_return_if_fail (JN_IS_SHELL (self));
  if (place == NULL)
    return;
  if (place->aside && jn_shell_get_place (self) && !is_aside (self))
    {
      g_free (self->came_from);
      self->came_from = g_strdup (jn_shell_get_place (self));
    }
  self->looking = g_str_equal (place->name, "bills") && hash == NULL;
  page = ensure_page (self, place->name);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), page);
  jn_bar_mark_place (self->side, place->name);
  jn_bar_mark_place (self->bottom, place->name);
  if (place->main)
    g_settings_set_string (self->settings, "place", place->name);
  jn_page_open (JN_PAGE (page), hash ? hash + 1 : "");
  if (self->looking && gtk_widget_get_mapped (find_analysis (page)))
    on_analysis_shown (self);
  update_header (self);
}

void
jn_shell_show_payment (JnShell *self, JnPayment *payment)
{
  g_return_if_fail (JN_IS_SHELL (self));

  jn_shell_go (self, jn_payment_is_transfer (payment) ? "transfers" : "pay");
  if (jn_payment_is_transfer (payment))
    jn_transfers_page_show (JN_TRANSFERS_PAGE (open_page (self)), payment);
  else
    jn_pay_page_show (JN_PAY_PAGE (open_page (self)), payment);
}

const char *
jn_shell_get_place (JnShell *self)
{
  g_return_val_if_fail (JN_IS_SHELL (self), NULL);
  return gtk_stack_get_visible_child_name (GTK_STACK (self->stack));
}

gboolean
jn_shell_back (JnShell *self)
{
  JnPage *page = open_page (self);

  if (page && jn_page_can_go_back (page))
    {
      jn_page_go_back (page);
      update_header (self);
      return TRUE;
    }
  if (!is_aside (self))
    return FALSE;
  show_place (self, self->came_from ? self->came_from : "home");
  return TRUE;
}

gboolean
jn_shell_find (JnShell *self)
{
  JnPage *page = open_page (self);

  return page && jn_page_find (page);
}

void
jn_shell_set_narrow (JnShell *self, gboolean narrow)
{
  g_return_if_fail (JN_IS_SHELL (self));
  self->narrow = narrow;
  update_header (self);
}
