/* What data/deploy ships, started as it is but for paths and ports: nginx before the bank's program, and a customer who comes through TLS. */
#include "bank-process.h"
#include "flow.h"

#include "jn-bank-call.h"
#include "jn-error.h"
#include "jn-follow.h"
#include "wait.h"
#include "remove-tree.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

typedef struct
{
  char *folder;
  BankProcess bank;
  GSubprocess *front;
  guint16 port;
  char *address, *authority;
} Deployment;

static char *nginx;

/* ---- starting ---- */

static guint16
free_port (void)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_assert_true (g_socket_bind (socket, any, TRUE, NULL));
  g_autoptr (GSocketAddress) bound = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
replace (GString *text, const char *what, const char *with)
{
  /* A place that is not there any more would leave the machine's own path in. */
  g_assert_cmpuint (g_string_replace (text, what, with, 0), >, 0);
}

static void
write_configuration (Deployment *self)
{
  g_autofree char *source =
      g_test_build_filename (G_TEST_DIST, "..", "data", "deploy", "nginx.conf", NULL);
  g_autofree char *target = g_build_filename (self->folder, "nginx.conf", NULL);
  g_autofree char *listen = g_strdup_printf ("listen 127.0.0.1:%u ssl", self->port);
  g_autofree char *bank = g_strdup_printf ("server 127.0.0.1:%u", self->bank.port);
  g_autofree char *slash = g_strconcat (self->folder, "/", NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (source, &contents, NULL, NULL));
  g_autoptr (GString) text = g_string_new (contents);
  replace (text, "listen 443 ssl", listen);
  replace (text, "server 127.0.0.1:8710", bank);
  replace (text, "/etc/jinnang-bankd/tls/", slash);
  replace (text, "/run/", slash);
  replace (text, "/var/log/nginx/", slash);
  replace (text, "/var/lib/nginx/", slash);
  g_assert_true (g_file_set_contents (target, text->str, -1, NULL));
}

static void
make_certificate (Deployment *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "bank", "make-certificates.sh", NULL);
  g_autoptr (GSubprocess) made =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "/bin/sh", script, self->folder, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (made, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *good = g_build_filename (self->folder, "good.pem", NULL);
  g_autofree char *chain = g_build_filename (self->folder, "chain.pem", NULL);
  g_autofree char *key = g_build_filename (self->folder, "key.pem", NULL);
  g_autofree char *leaf_key = g_build_filename (self->folder, "leaf.key", NULL);
  g_assert_cmpint (g_rename (good, chain), ==, 0);
  g_assert_cmpint (g_rename (leaf_key, key), ==, 0);
  self->authority = g_build_filename (self->folder, "ca.pem", NULL);
}

static gboolean
answers (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) line =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  return line != NULL;
}

static void
start_front (Deployment *self)
{
  g_autofree char *file = g_build_filename (self->folder, "nginx.conf", NULL);
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  const char *command[] = { nginx, "-p", self->folder, "-c", file, "-g", "daemon off;", NULL };
  self->front = bank_process_spawn (command, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  while (!answers (self->port))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
    }
}

static void
set_up (Deployment *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  if (nginx == NULL)
    return;
  self->folder = g_dir_make_tmp ("jn-deploy-XXXXXX", &error);
  g_assert_no_error (error);
  /* Its workers give up root. */
  g_assert_cmpint (g_chmod (self->folder, 0755), ==, 0);
  self->bank.program = g_strdup (BANK_PROGRAM);
  self->bank.folder = g_build_filename (self->folder, "bank", NULL);
  bank_process_start (&self->bank);
  self->port = free_port ();
  self->address = g_strdup_printf ("https://127.0.0.1:%u", self->port);
  make_certificate (self);
  write_configuration (self);
  start_front (self);
}

static void
tear_down (Deployment *self, gconstpointer data)
{
  if (nginx == NULL)
    return;
  g_subprocess_send_signal (self->front, SIGTERM);
  g_subprocess_wait (self->front, NULL, NULL);
  g_clear_object (&self->front);
  bank_process_stop (&self->bank);
  bank_process_clear (&self->bank);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->address);
  g_free (self->authority);
}

static gboolean
is_there (void)
{
  if (nginx == NULL)
    g_test_skip ("nginx is not installed");
  return nginx != NULL;
}

/* ---- tests ---- */

/* A customer who comes through TLS; only what the sandbox shows is read at the bank itself. */
static void
enrol (Deployment *self, Flow *flow)
{
  g_autofree char *inside = g_strdup_printf ("http://127.0.0.1:%u", self->bank.port);
  flow_init (flow, jn_soup_transport_new (self->address, self->authority));
  flow_reach_sandbox_through (flow, jn_soup_transport_new (inside, NULL));
  flow_enrol (flow);
}

static void
pay_coffee (Flow *flow)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer = { 0 };
  g_autoptr (GPtrArray) shops = flow_shops (flow);
  const JnWireShop *shop = shops->pdata[0];
  g_autoptr (JnWireQr) qr = flow_resolve (flow, shop->payload, &error);
  g_assert_no_error (error);
  g_autoptr (JnBankDocument) document =
      flow_get (flow, "/psd2/v1/accounts?withBalance=true", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  const JnWireAccount *account = accounts->pdata[0];
  JnPaymentRequest request = { .intent = jn_id_make (flow->clock, flow->entropy),
                               .product = "qr-payments",
                               .debtor_account = account->bban,
                               .creditor_account = qr->account,
                               .creditor_name = qr->payee_name,
                               .amount = qr->amount,
                               .qr_payload = shop->payload,
                               .coupon = "best" };
  g_autoptr (JnWireOrder) order = flow_initiate (flow, &request, &error);
  g_assert_no_error (error);
  g_autofree char *authorisation = flow_authorise (flow, order, &error);
  g_assert_no_error (error);
  flow_approve (flow, order, authorisation, FLOW_PIN, &answer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (answer.state, ==, JN_WIRE_APPROVAL_MADE);
}

/* Enrols, pays and waits for news, all of it signed and checked, through TLS with the bank's own authority alone. */
static void
test_journey (Deployment *self, gconstpointer data)
{
  Flow flow;
  g_autoptr (GError) error = NULL;
  guint64 last = 0;
  guint kinds = 0;
  Wait wait = { 0 };

  if (!is_there ())
    return;
  enrol (self, &flow);
  pay_coffee (&flow);
  jn_bank_events_async (flow.bank, 0, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  jn_bank_events_finish (flow.bank, result, &last, &kinds, &error);
  g_assert_no_error (error);
  g_assert_true (kinds & JN_BANK_EVENT_FEED);
  flow_clear (&flow);
}

static void
on_look (gpointer looks)
{
  ++*(guint *) looks;
}

static void
on_failed (gpointer looks, const GError *error)
{
  g_test_message ("%s", error->message);
}

/* An event comes through the front end when it happens: one that was kept back to be sent with others would not come here. */
static void
test_events (Deployment *self, gconstpointer data)
{
  Flow flow;
  guint looks = 0;
  const JnFollowFuncs funcs = { on_look, on_failed, &looks };

  if (!is_there ())
    return;
  enrol (self, &flow);
  g_autoptr (JnFollow) follow = jn_follow_new (flow.bank, flow.clock, &funcs);
  while (!jn_follow_is_streaming (follow) || looks == 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 3; i++)
    {
      guint before = looks;
      pay_coffee (&flow);
      while (looks == before)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (jn_follow_is_streaming (follow));
    }
  /* The line ends with the bank, and is there again when the bank is. */
  bank_process_kill (&self->bank);
  while (jn_follow_is_streaming (follow))
    g_main_context_iteration (NULL, TRUE);
  bank_process_start (&self->bank);
  jn_follow_nudge (follow);
  while (!jn_follow_is_streaming (follow))
    g_main_context_iteration (NULL, TRUE);
  jn_follow_stop (follow);
  flow_clear (&flow);
}

/* The customer's program knows the front end's key, as a profile's pins= tell it: a journey goes through; knows another: not a byte is sent,
 * though the authority vouches for it. */
static void
test_pins (Deployment *self, gconstpointer data)
{
  static const char *const reserve = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  Flow flow;
  g_autoptr (GError) error = NULL;

  if (!is_there ())
    return;
  g_autofree char *path = g_build_filename (self->folder, "leaf.pin", NULL);
  g_autofree char *inside = g_strdup_printf ("http://127.0.0.1:%u", self->bank.port);
  g_autofree char *key = NULL;
  g_assert_true (g_file_get_contents (path, &key, NULL, NULL));
  g_autofree char *pins = g_strdup_printf ("sha256/%s;%s", g_strchomp (key), reserve);
  flow_init (&flow, jn_soup_transport_new_pinned (self->address, self->authority, pins));
  flow_reach_sandbox_through (&flow, jn_soup_transport_new (inside, NULL));
  flow_enrol (&flow);
  pay_coffee (&flow);
  flow_clear (&flow);
  flow_init (&flow, jn_soup_transport_new_pinned (self->address, self->authority, reserve));
  g_autoptr (JnBankDocument) none = flow_get (&flow, "/wallet/v1/keys", &error);
  g_assert_null (none);
  g_assert_true (jn_error_is (error, JN_ERROR_NOT_SENT));
  flow_clear (&flow);
}

/* nginx has nothing to say about it, not even a warning. */
static void
test_configuration (Deployment *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  if (!is_there ())
    return;
  g_autofree char *file = g_build_filename (self->folder, "nginx.conf", NULL);
  g_autoptr (GSubprocess) check =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                        nginx, "-t", "-q", "-p", self->folder, "-c", file, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (check, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said, ==, "");
  g_assert_true (g_subprocess_get_successful (check));
}

/* What the bank's own refusal of a stranger looks like through the front end: its status and one header. */
static char *
ask_as_stranger (Deployment *self, const char *authority, guint *status, GError **error)
{
  g_autoptr (JnTransport) transport = jn_soup_transport_new (self->address, authority);
  JnRequest *request = jn_request_new ("GET", "/psd2/v1/accounts");
  g_autofree char *id = g_uuid_string_random ();
  Wait wait = { 0 };

  jn_request_add_header (request, "X-Request-ID", id);
  jn_transport_send_async (transport, request, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (transport, result, error);
  if (answer == NULL)
    return NULL;
  *status = answer->status;
  return g_strdup (g_hash_table_lookup (answer->headers, "strict-transport-security"));
}

static gpointer
read_nothing (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

static void
assert_not_believed (Flow *flow, const char *path, gsize body_length)
{
  g_autoptr (GError) error = NULL;
  JnRequest *request =
      jn_bank_request (body_length > 0 ? "POST" : "GET", NULL, JN_BANK_WRITE_MS, "%s", path);
  Wait wait = { 0 };

  if (body_length > 0)
    request->body = g_bytes_new_take (g_strnfill (body_length, ' '), body_length);
  jn_bank_call (flow->bank, request, JN_BANK_NO_KEY, read_nothing, NULL, NULL, NULL,
                assert_not_believed, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_assert_null (jn_bank_call_finish (flow->bank, result, assert_not_believed, &error));
  g_assert_nonnull (error);
  g_test_message ("%s: %s", path, error->message);
  /* Never a refusal: nobody who may refuse has said so. */
  JnErrorClass class = jn_error_get_class (error);
  g_assert_true (class == JN_ERROR_CLASS_UNKNOWN || class == JN_ERROR_CLASS_AGAIN);
}

/* Another authority's word is nothing, and the front end's own refusals are not taken for the bank's. */
static void
test_refusals (Deployment *self, gconstpointer data)
{
  Flow flow;
  guint status = 0;

  if (!is_there ())
    return;
  g_autoptr (GError) error = NULL;
  g_autofree char *other = g_build_filename (self->folder, "other.pem", NULL);
  g_assert_null (ask_as_stranger (self, other, &status, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_NOT_SENT));
  g_clear_error (&error);
  enrol (self, &flow);
  assert_not_believed (&flow, "/", 0);
  assert_not_believed (&flow, "/wallet/v1/test-phone/messages?after=0", 0);
  assert_not_believed (&flow, "/wallet/v1/sandbox/shops", 0);
  assert_not_believed (&flow, "/wallet/v1/sandbox/reset", 1);
  assert_not_believed (&flow, "/etc/passwd", 0);
  assert_not_believed (&flow, "/wallet/v1/qr/resolve", 65537);
  flow_clear (&flow);
  g_autofree char *strict = ask_as_stranger (self, self->authority, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpstr (strict, ==, "max-age=63072000");
}

/* What openssl says to a handshake of one version. */
static gboolean
shakes_hands (Deployment *self, const char *version)
{
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", self->port);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GSubprocess) client =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                            | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                        NULL, "openssl", "s_client", "-connect", address, version, "-cipher",
                        "ALL:@SECLEVEL=0", NULL);
  g_assert_nonnull (client);
  g_subprocess_communicate (client, nothing, NULL, NULL, NULL, NULL);
  return g_subprocess_get_successful (client);
}

static void
test_versions (Deployment *self, gconstpointer data)
{
  if (!is_there ())
    return;
  g_assert_true (shakes_hands (self, "-tls1_3"));
  g_assert_true (shakes_hands (self, "-tls1_2"));
  g_assert_false (shakes_hands (self, "-tls1_1"));
  g_assert_false (shakes_hands (self, "-tls1"));
}

/* The bank is gone: the front end says so at once and nothing is taken for an answer; it is back: all is well. */
static void
test_bank_gone (Deployment *self, gconstpointer data)
{
  Flow flow;
  g_autoptr (GError) error = NULL;

  if (!is_there ())
    return;
  enrol (self, &flow);
  bank_process_kill (&self->bank);
  g_autoptr (JnBankDocument) none = flow_get (&flow, "/wallet/v1/profile", &error);
  g_assert_true (jn_error_is (error, JN_ERROR_BANK_5XX));
  g_clear_error (&error);
  bank_process_start (&self->bank);
  pay_coffee (&flow);
  flow_clear (&flow);
}

static void
test_unit (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_find_program_in_path ("systemd-analyze");
  g_autofree char *unit =
      g_test_build_filename (G_TEST_DIST, "..", "data", "deploy", "jinnang-bankd.service", NULL);
  g_autofree char *said = NULL;

  if (program == NULL)
    {
      g_test_skip ("systemd-analyze is not installed");
      return;
    }
  g_autoptr (GSubprocess) analysis = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error, program, "security",
      "--offline=true", "--no-pager", "--threshold=15", unit, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (analysis, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  const char *overall = strstr (said, "Overall exposure");
  g_test_message ("%s", overall != NULL ? overall : said);
  g_assert_nonnull (overall);
  g_assert_true (g_subprocess_get_successful (analysis));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM",
            TRUE);
  nginx = g_find_program_in_path ("nginx");
  if (nginx == NULL && g_file_test ("/usr/sbin/nginx", G_FILE_TEST_IS_EXECUTABLE))
    nginx = g_strdup ("/usr/sbin/nginx");
#define ADD(path, function) g_test_add (path, Deployment, NULL, set_up, function, tear_down)
  ADD ("/deploy/configuration", test_configuration);
  ADD ("/deploy/journey", test_journey);
  ADD ("/deploy/events", test_events);
  ADD ("/deploy/pins", test_pins);
  ADD ("/deploy/refusals", test_refusals);
  ADD ("/deploy/versions", test_versions);
  ADD ("/deploy/bank-gone", test_bank_gone);
  g_test_add_func ("/deploy/unit", test_unit);
  int status = g_test_run ();
  g_free (nginx);
  return status;
}
