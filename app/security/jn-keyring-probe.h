/* Inside the room: finds out what the system's keyring can do, without a prompt. */
#pragma once

#include "jn-keyring.h"

#include <libsecret/secret.h>
/* SecretBackend tells the service from the file; libsecret 0.20 installs its header, but secret.h forgets it. */
#define __SECRET_INSIDE_HEADER__
#include <libsecret/secret-backend.h>
#undef __SECRET_INSIDE_HEADER__

G_BEGIN_DECLS

/* What every item of ours is found by; made for one bank. Caller unrefs. */
const SecretSchema *jn_keyring_schema (void);
GHashTable *jn_keyring_attributes (const char *bank_id, const char *name);

/* A value as base64 in guarded memory. Caller unrefs with secret_value_unref. */
SecretValue *jn_keyring_value (JnSecret *secret);
JnSecret *jn_keyring_value_read (SecretValue *value); /* NULL when it is not base64 */

/* The first item's secret with these attributes; never unlocks. NULL without error when there is none. */
void jn_keyring_find_async (GHashTable *attributes, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
JnSecret *jn_keyring_find_finish (GAsyncResult *result, GError **error);

/* @unlock lets the keyring prompt. */
void jn_keyring_inspect_async (const char *bank_id, gboolean unlock, guint deadline_ms,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
JnKeyringState jn_keyring_inspect_finish (GAsyncResult *result);

G_END_DECLS
