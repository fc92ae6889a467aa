/* The application: one window, the keys, the language, and what is told when nobody looks at the window. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_APPLICATION (jn_application_get_type ())
G_DECLARE_FINAL_TYPE (JnApplication, jn_application, JN, APPLICATION, AdwApplication)

/* @context is started with the first window and shut down at the end; a second start of the program with the same bank
 * only raises the window, one with another bank is a program of its own. Chooses the language: call it before any other
 * thread runs. */
JnApplication *jn_application_new (JnContext *context);

/* The same with settings of its own in the key file @path (measurements). */
JnApplication *jn_application_new_with_settings (JnContext *context, const char *path);

GSettings *jn_application_get_settings (JnApplication *self);

G_END_DECLS
