/* Six boxes for a PIN or a text message's code. The digits never enter a GtkEditable: they live in locked memory and
 * are wiped when cleared, when the widget is unmapped and when it goes away. Keyboard, paste and input of full-width
 * digits work; Backspace takes one back. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define JN_PIN_LENGTH 6

#define JN_TYPE_PIN_ENTRY (jn_pin_entry_get_type ())
G_DECLARE_FINAL_TYPE (JnPinEntry, jn_pin_entry, JN, PIN_ENTRY, GtkWidget)

/* Signals: "changed" after every digit; "complete" when the sixth was typed; "submit" when Enter is pressed on a
 * complete entry. Property "n-digits" notifies. */

/* @secret: dots only; FALSE shows the digits (a text message's code). @name: what a screen reader calls it. */
GtkWidget *jn_pin_entry_new (gboolean secret, const char *name);

/* Whether it shows dots only. */
gboolean jn_pin_entry_is_secret (JnPinEntry *self);

gboolean jn_pin_entry_is_complete (JnPinEntry *self);
guint jn_pin_entry_get_n_digits (JnPinEntry *self);

/* The digits typed so far, NUL-terminated; borrowed, gone at the next change: hand it straight to the session. */
const char *jn_pin_entry_peek (JnPinEntry *self);

/* Puts the digits of @text in, as a paste does; anything else is left out. */
void jn_pin_entry_insert (JnPinEntry *self, const char *text);

/* Wipes the digits. */
void jn_pin_entry_clear (JnPinEntry *self);

/* A short shake with amber boxes (none with reduced motion), after a wrong entry; wipes. */
void jn_pin_entry_refuse (JnPinEntry *self);

G_END_DECLS
