/* A TLS server in a process of its own, with TLS settings of its own, that counts what it is told. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint connections; /* TCP */
  guint handshakes;  /* that came to their end */
  guint bytes;       /* that the client wrote inside of TLS */
} TlsReport;

typedef struct
{
  GSubprocess *process;
  guint16 port;
} TlsServer;

/* For main(): when the program was started as a server, serves and exits. */
void tls_server_main (int argc, char **argv);

/* @pem: certificate and key. @priority: of GnuTLS, or NULL for its own. @location: where "/redirect" leads to, or NULL. */
TlsServer *tls_server_start (const char *program, const char *pem, const char *priority,
                             const char *location);

/* Waits until every connection made before is done with. */
TlsReport tls_server_stop (TlsServer *server);

G_END_DECLS
