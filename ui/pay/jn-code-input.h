/* "Give me a code": a picture by drop, paste or file, or the code's own text. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define JN_TYPE_CODE_INPUT (jn_code_input_get_type ())
G_DECLARE_FINAL_TYPE (JnCodeInput, jn_code_input, JN, CODE_INPUT, AdwBin)

/* Signals: "picture" (GBytes *) with a whole picture file, undecoded; "code" (const char *) with text; "camera": the customer wants to scan. */

/* Says beside the field what was wrong with the last try; NULL takes it away. What was typed stays. Main thread. */
void jn_code_input_set_error (JnCodeInput *self, const GError *error);
/* The same in words of somebody else; NULL takes it away. */
void jn_code_input_set_error_text (JnCodeInput *self, const char *text);

/* @doing: "Reading the picture…"; NULL when nothing is under way. Nothing can be given meanwhile. */
void jn_code_input_set_busy (JnCodeInput *self, const char *doing);

/* Whether scanning is offered, before everything else. Not at first. */
void jn_code_input_offer_camera (JnCodeInput *self, gboolean offer);

void jn_code_input_choose_file (JnCodeInput *self);
void jn_code_input_paste (JnCodeInput *self);
/* The focus to the field for the code's text. */
void jn_code_input_type (JnCodeInput *self);
void jn_code_input_clear (JnCodeInput *self);

G_END_DECLS
