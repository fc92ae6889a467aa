/* The device's identity: an Ed25519 key pair whose seed lives in the keyring. */
#pragma once

#include "jn-secret.h"

G_BEGIN_DECLS

typedef struct _JnDevice JnDevice;

JnDevice *jn_device_new (void);                     /* a fresh key pair */
JnDevice *jn_device_new_from_seed (JnSecret *seed); /* 32 bytes; NULL when of another length */
void jn_device_free (JnDevice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnDevice, jn_device_free)

JnSecret *jn_device_dup_seed (JnDevice *self);

/* Base64 of the 32 public bytes. Caller frees. */
char *jn_device_get_public_key (JnDevice *self);

/* Base64 of the Ed25519 signature (RFC 8032) over @data. Caller frees. */
char *jn_device_sign (JnDevice *self, gconstpointer data, gsize length);

G_END_DECLS
