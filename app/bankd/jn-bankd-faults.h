/* What a network and a bank can do to a request, drawn by chance. The text is described at jn_bankd_set_faults. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _JnBankdFaults JnBankdFaults;

/* What befalls one request. */
typedef struct
{
  guint delay; /* milliseconds */
  gboolean drop_before, drop_after, error, duplicate, cut;
} JnBankdFault;

JnBankdFaults *jn_bankd_faults_new (void);
void jn_bankd_faults_free (JnBankdFaults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankdFaults, jn_bankd_faults_free)

/* Replaces all switches; NULL or "" for none. JN_ERROR_INVALID leaves the old ones. Any thread. */
gboolean jn_bankd_faults_set (JnBankdFaults *self, const char *text, GError **error);

/* Draws for one request. Any thread. */
JnBankdFault jn_bankd_faults_draw (JnBankdFaults *self, const char *method, const char *path);

G_END_DECLS
