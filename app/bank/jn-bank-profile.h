/* Which bank: a profile file (data/banks/NAME.ini). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *id;           /* "sandbox" */
  GHashTable *names;  /* language tag → name; "" → the one for every other language */
  char *address;      /* "https://…", or NULL: the embedded bank */
  char *certificates; /* absolute path of a PEM file, or NULL: the system's authorities */
  char *
      pins; /* "sha256/BASE64;sha256/BASE64" over the public keys (SPKI) of the bank's certificate, or NULL */
  char *
      keys; /* "BASE64;BASE64": the keys that sign the bank's answers, or NULL: learnt when the device is enrolled */
  char *hotline;
  char *currency;                   /* ISO 4217 */
  char **features;                  /* NULL-terminated: "sandbox", "qr-payments", … */
  char *accent_light, *accent_dark; /* "#19725f" or NULL */
} JnBankProfile;

/* Reads a profile. Refuses with JN_ERROR_INVALID: unreadable, no id, an address that is neither https nor loopback http, one that is not loopback
 * without certificates and pins. */
JnBankProfile *jn_bank_profile_load (const char *path, GError **error);
void jn_bank_profile_free (JnBankProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankProfile, jn_bank_profile_free)

/* The bank's name in the language that is in use when this is called. Borrowed. */
const char *jn_bank_profile_get_name (const JnBankProfile *self);

gboolean jn_bank_profile_has (const JnBankProfile *self, const char *feature);
gboolean jn_bank_profile_is_sandbox (const JnBankProfile *self);

G_END_DECLS
