/* Which bank: a profile file (data/banks/NAME.ini). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *id;           /* "sandbox" */
  char *name;         /* in the customer's language */
  char *address;      /* "https://…", or NULL: the embedded bank */
  char *certificates; /* absolute path of a PEM file, or NULL: the system's authorities */
  char *hotline;
  char *currency;                   /* ISO 4217 */
  char **features;                  /* NULL-terminated: "sandbox", "qr-payments", … */
  char *accent_light, *accent_dark; /* "#19725f" or NULL */
} JnBankProfile;

/* Reads a profile. Refuses with JN_ERROR_INVALID: unreadable, no id, an address that is neither https nor loopback http. */
JnBankProfile *jn_bank_profile_load (const char *path, GError **error);
void jn_bank_profile_free (JnBankProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankProfile, jn_bank_profile_free)

gboolean jn_bank_profile_has (const JnBankProfile *self, const char *feature);
gboolean jn_bank_profile_is_sandbox (const JnBankProfile *self);

G_END_DECLS
