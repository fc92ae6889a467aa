/* Pins: which public keys the bank's certificate may have, whoever vouches for it. Written "sha256/BASE64;sha256/BASE64": SHA-256 over the
 * SubjectPublicKeyInfo (RFC 7469, 2.4), at least two so that one key can be replaced, at most four. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether the text is such a list. Pure. */
gboolean jn_tls_pins_are_valid (const char *text);

/* Whether the certificate is one for servers (extended key usage; one without that says nothing against it): GIO does not look. FALSE for NULL. */
gboolean jn_tls_certificate_is_for_servers (GTlsCertificate *certificate);

/* Whether the certificate's own key is one of them; FALSE for NULL. Any thread. */
gboolean jn_tls_pins_match (const char *text, GTlsCertificate *certificate);

G_END_DECLS
