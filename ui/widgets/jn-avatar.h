/* A rounded square with a merchant's first character or an icon, on a wash of one colour. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  JN_TONE_JADE,
  JN_TONE_GOLD,  /* income, rewards */
  JN_TONE_AMBER, /* care */
  JN_TONE_DIM,   /* a skeleton, something past */
} JnTone;

#define JN_TYPE_AVATAR (jn_avatar_get_type ())
G_DECLARE_FINAL_TYPE (JnAvatar, jn_avatar, JN, AVATAR, GtkWidget)

/* @size in pixels: 36 in rows, 52 on sheets. */
GtkWidget *jn_avatar_new (int size);

/* Shows the first character of @name. */
void jn_avatar_set_name (JnAvatar *self, const char *name);

/* Shows an icon instead; NULL goes back to the character. */
void jn_avatar_set_icon (JnAvatar *self, const char *icon_name);

void jn_avatar_set_tone (JnAvatar *self, JnTone tone);

G_END_DECLS
