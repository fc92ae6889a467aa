/* The bank's own signing keys: the current one signs every answer and the head of every feed, the next one is announced
 * before it is used, retired ones are named. Each has signed the one that came after it, so that a wallet which has slept
 * through some finds its way from one that it knows to the current one; then a retired one is of no use any more, and its
 * secret is forgotten. Made with the database, kept when the sandbox starts over. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

/* Makes the current and the next key. Inside the caller's transaction. */
void jn_bankd_keys_make (JnBankdCore *core);
/* Keys that do not say yet what comes after them say it: those of a file of before. Inside the caller's transaction. */
void jn_bankd_keys_link (JnBankdCore *core);
/* Reads the current key. Errors: JN_ERROR_PAGE_DAMAGED when there is none. */
gboolean jn_bankd_keys_load (JnBankdCore *core, GError **error);
/* The next key becomes the current one. Inside the caller's transaction. */
void jn_bankd_keys_rotate (JnBankdCore *core);

/* Base64 of the current public key: the keyid of signatures. Caller frees. */
char *jn_bankd_keys_make_id (JnBankdCore *core);
/* Base64 of the Ed25519 signature. Caller frees. */
char *jn_bankd_keys_sign (JnBankdCore *core, gconstpointer data, gsize length);

G_END_DECLS
