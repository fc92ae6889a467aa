/* What the customer can look into: inbox, journal, and what stands in the way. */
#include "jn-context-state.h"

JnInbox *
jn_context_get_inbox (JnContext *self)
{
  return self->inbox;
}

gboolean
jn_context_is_bank_on_loopback (JnContext *self)
{
  g_autoptr (GUri) uri = self->profile->address != NULL
                             ? g_uri_parse (self->profile->address, G_URI_FLAGS_NONE, NULL)
                             : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_strcmp0 (host, "localhost") == 0;
}

JnJournal *
jn_context_create_journal (JnContext *self, const JnId *only)
{
  return jn_journal_new (self, only);
}

JnDoctor *
jn_context_create_doctor (JnContext *self, JnPayment *payment, int code)
{
  return jn_doctor_new (self, payment, code);
}
