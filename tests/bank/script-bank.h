/* A transport whose answers a test makes, one by one, and can hold back. */
#pragma once

#include "bank-key.h"

#define SCRIPT_TYPE_BANK (script_bank_get_type ())
G_DECLARE_FINAL_TYPE (ScriptBank, script_bank, SCRIPT, BANK, GObject)

/* Makes the answer, signed or not, or sets @error as a transport would. */
typedef JnAnswer *(*ScriptAnswer) (gpointer data, const JnRequest *request, GError **error);

/* Signs lists of keys by itself with @key, which a test may change; every other request goes to @answer. */
ScriptBank *script_bank_new (BankKey *key, ScriptAnswer answer, gpointer data);

/* The list of keys that it gives: @next may be NULL. */
void script_bank_set_next (ScriptBank *self, const BankKey *next);

/* Another list, as text; NULL: none. Borrowed. */
void script_bank_set_list (ScriptBank *self, const char *list);

/* Asking for keys fails with this code of JN_ERROR; 0: it does not. */
void script_bank_fail_keys (ScriptBank *self, int code);

/* While held, answers wait; letting go gives them in the order of the requests. */
void script_bank_hold (ScriptBank *self, gboolean hold);

/* Streams: refused as by a transport that has none, unless allowed; their heads come from the answers, never held. What is pushed is read, and
 * an ended one ends. */
void script_bank_allow_streams (ScriptBank *self, gboolean allow);
void script_bank_push (ScriptBank *self, const char *text);
void script_bank_end_stream (ScriptBank *self);

/* The requests so far, JnRequest *. Borrowed. */
GPtrArray *script_bank_get_requests (ScriptBank *self);
guint script_bank_count (ScriptBank *self, const char *path);

/* A 200 (or another status) with a JSON body, not signed. */
JnAnswer *script_answer (guint status, const char *body);
