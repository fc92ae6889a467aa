/* What the files of the model share. */
#pragma once

#include "ledger-model.h"

Model model_copy (const Model *model);
void model_drop_arrays (Model *model);
void model_begin (Model *model, gint64 now);
void model_end (Model *model, guint rows_before);
jn_status model_answer_event (Model *model, const jn_event *e, gboolean bank, jn_result *result);
jn_status model_check_move (Model *model, int debit, int credit, gint64 amount, gboolean bank);
int model_append_own (Model *model, const jn_event *request, int kind, int debit, int credit,
                      gint64 amount, int hold);
void model_take_lots (Model *model, int account, gint64 amount, int first);
void model_lapse_lots (Model *model);
void model_drop_hold (Model *model, int hold, int kind);
