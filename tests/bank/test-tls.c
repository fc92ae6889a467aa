/* The channel to a bank: whom the wallet believes, and that to all others it says nothing. */
#include "own-mounts.h"
#include "tls-server.h"
#include "wait.h"

#include "jn-bank-profile.h"
#include "jn-error.h"
#include "jn-harden.h"
#include "jn-transport.h"

#include <glib/gstdio.h>

#define ONLY(version) "NORMAL:-VERS-ALL:+VERS-" version
#define SYSTEM_AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"

#ifdef __SANITIZE_ADDRESS__
int __lsan_is_turned_off (void);

/* The TLS library is a module with thread-local memory of its own, on which the leak checker itself crashes now and then. Leaks of
 * the same code are looked for in the tests over plain HTTP. Said in this way it holds whatever the environment says. */
int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif

static const char *program;
static char *folder; /* of the certificates; a child has its parent's */
static char *pins;   /* of the profile; NULL for none */

static char *
in_folder (const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  return g_build_filename (folder, file, NULL);
}

static TlsServer *
start (const char *certificate, const char *priority)
{
  g_autofree char *pem = in_folder (certificate, ".pem");
  return tls_server_start (program, pem, priority, NULL);
}

/* What a profile of this server leads to. */
static JnTransport *
open_profile (TlsServer *server, const char *host, const char *authority)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_folder ("profile", ".ini");
  g_autofree char *text = g_strdup_printf (
      "[Bank]\nid=test\nname=Test\ncurrency=CNY\naddress=https://%s:%u\n%s%s\n%s%s\n", host,
      server->port, authority != NULL ? "certificates=" : "", authority != NULL ? authority : "",
      pins != NULL ? "pins=" : "", pins != NULL ? pins : "");
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_autoptr (JnBankProfile) profile = jn_bank_profile_load (path, &error);
  g_assert_no_error (error);
  return jn_soup_transport_new_pinned (profile->address, profile->certificates, profile->pins);
}

static JnAnswer *
send_request (JnTransport *transport, const char *method, const char *path, GError **error)
{
  Wait wait = { 0 };
  JnRequest *request = jn_request_new (method, path);
  if (!g_str_equal (method, "GET"))
    request->body = g_bytes_new_static ("{\"secret\":1}", 12);
  jn_request_add_header (request, "Idempotency-Key", "\"key\"");
  request->timeout_ms = 20000;
  jn_transport_send_async (transport, request, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_transport_send_finish (transport, result, error);
}

static TlsReport
finish (TlsServer *server, JnTransport *transport)
{
  g_object_unref (transport);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return tls_server_stop (server);
}

static void
check_served (TlsServer *server, const char *host, const char *authority)
{
  static const char *const methods[] = { "GET", "PUT" };
  JnTransport *transport = open_profile (server, host, authority);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JnAnswer) answer = send_request (transport, methods[i], "/ok", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (answer->status, ==, 200);
    }
  TlsReport report = finish (server, transport);
  g_assert_cmpuint (report.handshakes, ==, 2);
  g_assert_cmpuint (report.bytes, >, 0);
}

/* Refused as something that never went out, and the other side says so too. */
static void
check_refused (TlsServer *server, const char *host, const char *authority)
{
  static const char *const methods[] = { "GET", "PUT" };
  JnTransport *transport = open_profile (server, host, authority);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (send_request (transport, methods[i], "/ok", &error));
      g_test_message ("%s: %s", methods[i], error->message);
      g_assert_error (error, JN_ERROR, (int) JN_ERROR_NOT_SENT);
    }
  TlsReport report = finish (server, transport);
  g_assert_cmpuint (report.connections, >=, 2);
  g_assert_cmpuint (report.bytes, ==, 0);
}

static void
test_good (void)
{
  check_served (start ("good", NULL), "127.0.0.1", "ca.pem");
  check_served (start ("good", NULL), "localhost", "ca.pem");
  check_served (start ("good", ONLY ("TLS1.2")), "127.0.0.1", "ca.pem");
  check_served (start ("good", ONLY ("TLS1.3")), "127.0.0.1", "ca.pem");
}

static void
test_bad_certificate (gconstpointer certificate)
{
  check_refused (start (certificate, NULL), "127.0.0.1", "ca.pem");
  check_refused (start (certificate, ONLY ("TLS1.2")), "127.0.0.1", "ca.pem");
}

/* The second belt: without the priority that the program sets, the library itself would go on. */
static void
test_old_version (gconstpointer priority)
{
  TlsServer *server = start ("good", priority);
  JnTransport *transport = open_profile (server, "127.0.0.1", "ca.pem");
  g_autoptr (GError) error = NULL;
  g_assert_null (send_request (transport, "PUT", "/ok", &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_NOT_SENT);
  TlsReport report = finish (server, transport);
  g_assert_cmpuint (report.handshakes, ==, 1);
  g_assert_cmpuint (report.bytes, ==, 0);
}

/* An authority file that is not there, or holds nothing, is not replaced by anybody else's. */
static void
test_no_authority (void)
{
  check_refused (start ("good", NULL), "127.0.0.1", "missing.pem");
  check_refused (start ("good", NULL), "127.0.0.1", "empty.pem");
  check_refused (start ("good", NULL), "127.0.0.1", "profile.ini");
}

static void
test_redirect (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_socket_bind (socket, any, FALSE, &error));
  g_assert_true (g_socket_listen (socket, &error));
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, &error);
  g_autofree char *plain = g_strdup_printf (
      "http://127.0.0.1:%u/ok", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  g_autofree char *pem = in_folder ("good", ".pem");
  TlsServer *server = tls_server_start (program, pem, NULL, plain);
  JnTransport *transport = open_profile (server, "127.0.0.1", "ca.pem");
  g_autoptr (JnAnswer) answer = send_request (transport, "PUT", "/redirect", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 302);
  g_assert_cmpstr (g_hash_table_lookup (answer->headers, "location"), ==, plain);
  g_assert_cmpuint (finish (server, transport).connections, ==, 1);
  g_socket_set_blocking (socket, FALSE);
  g_assert_null (g_socket_accept (socket, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

/* A profile without authorities of its own believes the system's, which do not know ours. */
static void
test_system_authorities (void)
{
  check_refused (start ("good", NULL), "127.0.0.1", NULL);
}

/* With our authority among the system's the same profile works. */
static void
test_system_authorities_child (void)
{
  g_autofree char *authority = in_folder ("ca", ".pem");
  g_assert_true (own_mounts_enter ());
  g_assert_cmpint (mount (authority, SYSTEM_AUTHORITIES, NULL, MS_BIND, NULL), ==, 0);
  check_served (start ("good", NULL), "127.0.0.1", NULL);
  check_refused (start ("foreign", NULL), "127.0.0.1", NULL);
}

static void
test_system_authorities_known (void)
{
  if (!g_file_test (SYSTEM_AUTHORITIES, G_FILE_TEST_IS_REGULAR))
    g_test_skip ("no " SYSTEM_AUTHORITIES);
  else if (!own_mounts_allowed ())
    g_test_skip ("no mounts of its own here");
  else
    {
      g_test_trap_subprocess ("/bank/tls/subprocess/system-authorities", 0,
                              G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
    }
}

/* What is wrong with a server; each is refused by the program as it is after its first lines, and nothing is told to it. That a certificate was
 * revoked cannot be seen: nobody asks the authority (GIO has no OCSP, and there is no list), which is why pins and short lives matter. */
static const struct
{
  const char *certificate, *priority, *host;
} wrong[] = {
  { "self", NULL, "127.0.0.1" },    /* vouches for itself */
  { "foreign", NULL, "127.0.0.1" }, /* an authority that is not the bank's */
  { "name", NULL, "127.0.0.1" },    /* for another host */
  { "name", NULL, "localhost" },
  { "expired", NULL, "127.0.0.1" },
  { "early", NULL, "127.0.0.1" },
  { "short", NULL, "127.0.0.1" },          /* RSA of 1,024 bits */
  { "sha1", NULL, "127.0.0.1" },           /* signed over SHA-1 */
  { "md5", NULL, "127.0.0.1" },            /* signed over MD5 */
  { "client", NULL, "127.0.0.1" },         /* for clients */
  { "fake-leaf", NULL, "127.0.0.1" },      /* signed by one that is no authority */
  { "missing-middle", NULL, "127.0.0.1" }, /* the authority between is not there */
  { "deep-leaf", NULL, "127.0.0.1" },      /* more authorities between than allowed */
  { "narrow-leaf", NULL, "localhost" },    /* an authority for other names */
  { "common", NULL, "127.0.0.1" },         /* no name but the common one */
  { "address", NULL, "127.0.0.1" },        /* an address written as a name */
  { "wild", NULL, "localhost" },           /* stars where none may stand */
  { "wild", NULL, "127.0.0.1" },
  { "good", ONLY ("TLS1.0"), "127.0.0.1" },
  { "good", ONLY ("TLS1.1"), "127.0.0.1" },
  { "good", ONLY ("TLS1.2") ":-CIPHER-ALL:+3DES-CBC:-MAC-ALL:+SHA1", "127.0.0.1" },
  { "good", ONLY ("TLS1.2") ":-CIPHER-ALL:+NULL:-MAC-ALL:+SHA1", "127.0.0.1" },
  { "good", ONLY ("TLS1.2") ":-CIPHER-ALL:+ARCFOUR-128:-MAC-ALL:+SHA1", "127.0.0.1" },
  { "good", ONLY ("TLS1.2") ":-KX-ALL:+ANON-ECDH", "127.0.0.1" },
};

static void
test_hardened_child (void)
{
  jn_harden_process ();
  check_served (start ("good", NULL), "127.0.0.1", "ca.pem");
  check_served (start ("good", ONLY ("TLS1.2")), "127.0.0.1", "ca.pem");
  check_served (start ("middle-leaf", NULL), "127.0.0.1", "trust.pem");
  check_served (start ("good-rsa", NULL), "127.0.0.1", "trust.pem");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s, %s, %s", wrong[i].certificate, wrong[i].host,
                      wrong[i].priority != NULL ? wrong[i].priority : "");
      check_refused (start (wrong[i].certificate, wrong[i].priority), wrong[i].host, "trust.pem");
    }
}

static void
test_hardened (void)
{
  g_test_trap_subprocess ("/bank/tls/subprocess/hardened", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_test_message ("%zu servers with something wrong, all refused", G_N_ELEMENTS (wrong));
}

static char *
read_pin (const char *name)
{
  g_autofree char *path = in_folder (name, ".pin");
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_strchomp (text);
}

/* The authority vouches for it, and it is not the key that we know: given up before a byte is written. */
static void
test_pins (void)
{
  g_autofree char *ours = read_pin ("leaf");
  g_autofree char *other = read_pin ("short");

  pins = g_strdup_printf ("sha256/%s;sha256/%s", other, ours);
  check_served (start ("good", NULL), "127.0.0.1", "ca.pem");
  check_served (start ("good", ONLY ("TLS1.2")), "127.0.0.1", "ca.pem");
  /* A pin is no authority. */
  check_refused (start ("self", NULL), "127.0.0.1", "ca.pem");
  g_free (pins);
  pins = g_strdup_printf ("sha256/%s;sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", other);
  check_refused (start ("good", NULL), "127.0.0.1", "ca.pem");
  check_refused (start ("good", ONLY ("TLS1.2")), "127.0.0.1", "ca.pem");
  g_clear_pointer (&pins, g_free);
}

static void
test_key_log_child (gconstpointer hardened)
{
  if (GPOINTER_TO_INT (hardened))
    jn_harden_process ();
  check_served (start ("good", NULL), "127.0.0.1", "ca.pem");
}

/* A name in the environment makes the TLS library write the keys of every connection to a file. */
static void
test_key_log (void)
{
  g_autofree char *open_log = in_folder ("open", ".keys");
  g_autofree char *hard_log = in_folder ("hard", ".keys");
  g_setenv ("SSLKEYLOGFILE", open_log, TRUE);
  g_test_trap_subprocess ("/bank/tls/subprocess/key-log/open", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_setenv ("SSLKEYLOGFILE", hard_log, TRUE);
  g_test_trap_subprocess ("/bank/tls/subprocess/key-log/hard", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_unsetenv ("SSLKEYLOGFILE");
  g_assert_true (g_file_test (open_log, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (hard_log, G_FILE_TEST_EXISTS));
}

static void
make_certificates (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "bank", "make-certificates.sh", NULL);
  folder = g_dir_make_tmp ("jinnang-tls-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("JN_TEST_TLS_FOLDER", folder, TRUE);
  g_autoptr (GSubprocess) made =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "/bin/sh", script, folder, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (made, NULL, &error);
  g_assert_no_error (error);
}

static void
remove_certificates (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
add_tests (void)
{
  static const char *const bad[] = { "self", "foreign", "name", "expired", "early" };
  g_test_add_func ("/bank/tls/good", test_good);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/bank/tls/bad-certificate/", bad[i], NULL);
      g_test_add_data_func (path, bad[i], test_bad_certificate);
    }
  g_test_add_data_func ("/bank/tls/old-version/1.0", ONLY ("TLS1.0"), test_old_version);
  g_test_add_data_func ("/bank/tls/old-version/1.1", ONLY ("TLS1.1"), test_old_version);
  g_test_add_func ("/bank/tls/no-authority", test_no_authority);
  g_test_add_func ("/bank/tls/redirect", test_redirect);
  g_test_add_func ("/bank/tls/system-authorities", test_system_authorities);
  g_test_add_func ("/bank/tls/system-authorities-known", test_system_authorities_known);
  g_test_add_func ("/bank/tls/hardened", test_hardened);
  g_test_add_func ("/bank/tls/pins", test_pins);
  g_test_add_func ("/bank/tls/key-log", test_key_log);
  g_test_add_func ("/bank/tls/subprocess/system-authorities", test_system_authorities_child);
  g_test_add_func ("/bank/tls/subprocess/hardened", test_hardened_child);
  g_test_add_data_func ("/bank/tls/subprocess/key-log/open", GINT_TO_POINTER (FALSE),
                        test_key_log_child);
  g_test_add_data_func ("/bank/tls/subprocess/key-log/hard", GINT_TO_POINTER (TRUE),
                        test_key_log_child);
}

int
main (int argc, char **argv)
{
  tls_server_main (argc, argv);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  add_tests ();
  if (g_test_subprocess ())
    {
      folder = g_strdup (g_getenv ("JN_TEST_TLS_FOLDER"));
      int failed = g_test_run ();
      g_free (folder);
      return failed;
    }
  make_certificates ();
  int result = g_test_run ();
  remove_certificates ();
  g_free (folder);
  return result;
}
