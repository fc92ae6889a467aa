/* What every page can be in: skeleton rows, content, empty (one sentence, one button), error (what happened, what it
 * means for the money, what to do now, one button). */
#pragma once

#include <gtk/gtk.h>

#include "jn-view.h"

G_BEGIN_DECLS

#define JN_TYPE_STATE_STACK (jn_state_stack_get_type ())
G_DECLARE_FINAL_TYPE (JnStateStack, jn_state_stack, JN, STATE_STACK, GtkWidget)

/* Signal "retry": the error page's button was pressed. */

GtkWidget *jn_state_stack_new (void);

void jn_state_stack_set_content (JnStateStack *self, GtkWidget *content);

/* @action and its string @target may be NULL: then there is no button. */
void jn_state_stack_set_empty (JnStateStack *self, const char *icon_name, const char *sentence,
                               const char *button, const char *action, const char *target);

/* @error matters for JN_VIEW_ERROR only. */
void jn_state_stack_set_state (JnStateStack *self, JnViewState state, const GError *error);
JnViewState jn_state_stack_get_state (JnStateStack *self);

/* A column of @rows grey rows, as the skeleton draws them. */
GtkWidget *jn_skeleton_new (int rows);

G_END_DECLS
