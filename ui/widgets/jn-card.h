/* The card that everything lies on, and the heading inside it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A vertical GtkBox with the style class "card-surface" (14 px radius, 20 px padding). */
GtkWidget *jn_card_new (int spacing);

/* A heading with an optional link at its right that activates @action with the string @target (NULL: no target). */
GtkWidget *jn_section_header_new (const char *title, const char *link, const char *action,
                                  const char *target);

/* Children side by side, each as high as the row unless it is aligned otherwise; for rows that scroll and in which a text
 * can break. A horizontal GtkBox asks a text how wide it must be for the height of the row, and a text whose lines differ
 * in height (Chinese in one of them) answers with more than there is. Measured without a width, it says how high it would be
 * at its narrowest: nothing for what stands above or below a page. */
GtkWidget *jn_across_new (int spacing);
void jn_across_append (GtkWidget *across, GtkWidget *child);

/* A pair of a dim label and a value in one line, for sheets and details. The value label is returned in @value (may be NULL). */
GtkWidget *jn_pair_new (const char *label, const char *value, GtkWidget **value_label);

/* A thin line. */
GtkWidget *jn_line_new (void);

/* A label in one style class ("body-text", "caption-text", "title-text", "dim", …), wrapping, left aligned. */
GtkWidget *jn_text_new (const char *text, const char *style_class);

G_END_DECLS
