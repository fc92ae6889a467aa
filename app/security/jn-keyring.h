/* Where secrets live: the operating system's keyring, or memory for this run when there is none. */
#pragma once

#include <gio/gio.h>
#include "jn-secret.h"

G_BEGIN_DECLS

typedef enum
{
  JN_KEYRING_KEPT,          /* the keyring works: secrets survive the program */
  JN_KEYRING_THIS_RUN_ONLY, /* no service, no bus or no keyring: kept in memory, gone at the end; nothing in plain text on disk */
  JN_KEYRING_LOCKED,        /* there, but locked and the customer did not unlock it */
} JnKeyringState;

#define JN_TYPE_KEYRING (jn_keyring_get_type ())
G_DECLARE_FINAL_TYPE (JnKeyring, jn_keyring, JN, KEYRING, GObject)

/* The system's keyring through libsecret; items carry the attribute bank=@bank_id. */
JnKeyring *jn_keyring_new_system (const char *bank_id);

/* Memory only. */
JnKeyring *jn_keyring_new_memory (void);

/* Another keyring in memory, with what @self has in memory now: what a program that dies leaves behind. */
JnKeyring *jn_keyring_copy_memory (JnKeyring *self);

/* Finds out, without a prompt, which state holds, by writing and reading back a probe item; after THIS_RUN_ONLY every
 * operation uses memory. Never fails: the answer is the state. At most 3 s. */
void jn_keyring_probe_async (JnKeyring *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
JnKeyringState jn_keyring_probe_finish (JnKeyring *self, GAsyncResult *result);
JnKeyringState jn_keyring_get_state (JnKeyring *self);

/* After LOCKED: lets the keyring's own prompt ask the customer, because they asked for it. Gives the state that then holds. */
void jn_keyring_unlock_async (JnKeyring *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
JnKeyringState jn_keyring_unlock_finish (JnKeyring *self, GAsyncResult *result);

/* Stores, looks up (NULL and no error when there is no such item) and removes a secret by name ("device-key",
 * "session-secret"). Errors: JN_ERROR class KEY; KEY_MISSING before a probe and while LOCKED. Never prompts. Callbacks in the caller's
 * main context. */
void jn_keyring_store_async (JnKeyring *self, const char *name, JnSecret *secret,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean jn_keyring_store_finish (JnKeyring *self, GAsyncResult *result, GError **error);
void jn_keyring_lookup_async (JnKeyring *self, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
JnSecret *jn_keyring_lookup_finish (JnKeyring *self, GAsyncResult *result, GError **error);
void jn_keyring_clear_async (JnKeyring *self, const char *name, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean jn_keyring_clear_finish (JnKeyring *self, GAsyncResult *result, GError **error);

G_END_DECLS
