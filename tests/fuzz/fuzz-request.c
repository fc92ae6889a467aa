/* libFuzzer: what the bank's door makes of any request. The input is a first byte of choices, then "METHOD TARGET", header
 * lines, an empty line and a body. By the choices the request gets the session of an enrolled device and its signature, so
 * that the bytes reach what lies behind them. Whatever comes, the answer is signed, is no fault of the bank's, and the book
 * stays whole. */
#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "jn-bankd-book.h"
#include "jn-bankd-door.h"
#include "jn-http-signature.h"

#define SESSION "fuzz"
#define CONSENT "01M81190PXBS08MX5YWZ67SCVA"
#define MAX_HEADERS 24
#define OWN_HEADERS 10 /* those that run() adds at most */
#define WHOLE_EVERY 512

enum
{
  WITH_SESSION = 1,
  WITH_SIGNATURE = 2,
  WITH_ID = 4,
  WITH_KEY = 8,
};

static JnBankdCore *core;
static guint8 public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
static guint64 counter;

static void
enrol (void)
{
  static const guint8 seed[crypto_sign_SEEDBYTES];
  guint8 hash[crypto_hash_sha256_BYTES];

  crypto_sign_seed_keypair (public_key, secret_key, seed);
  crypto_hash_sha256 (hash, (const guint8 *) SESSION, strlen (SESSION));
  jn_bankd_db_run (core->db,
                   "INSERT INTO device (id, customer, consent, session, public_key, name,"
                   " created_at, expires_at) VALUES ('01M81190PXBS08MX5YWZ670000', 1, ?, ?, ?,"
                   " 'fuzz', 0, 9000000000000000000) ON CONFLICT DO UPDATE SET"
                   " expires_at = excluded.expires_at",
                   "sbb", CONSENT, hash, sizeof hash, public_key, sizeof public_key);
}

static void
begin (void)
{
  JnManualClock *clock = jn_manual_clock_new (1795320000 * JN_SECOND);
  JnEntropy *entropy = jn_seeded_entropy_new (1);
  const JnBankdCoreOptions options = {
    .clock = JN_CLOCK (clock), .entropy = entropy, .pin_operations = 1, .pin_memory = 8192
  };

  core = jn_bankd_core_open (&options, NULL);
  MUST (core != NULL);
  enrol ();
}

static const char *
get_field (gconstpointer data, const char *name)
{
  const JnBankdMessage *message = data;
  const char *found = NULL;

  for (gsize i = 0; i < message->n_headers; i++)
    if (g_ascii_strcasecmp (message->headers[i].name, name) == 0)
      found = message->headers[i].value;
  return found;
}

static char *
sign (gpointer data, gconstpointer base, gsize length)
{
  guint8 signature[crypto_sign_BYTES];

  crypto_sign_detached (signature, NULL, base, length, secret_key);
  return g_base64_encode (signature, sizeof signature);
}

typedef struct
{
  JnBankdMessage message;
  JnBankdHeader headers[MAX_HEADERS + OWN_HEADERS];
  GStringChunk *texts;
} Request;

static void
add (Request *self, const char *name, const char *value)
{
  g_assert (self->message.n_headers < G_N_ELEMENTS (self->headers));
  self->headers[self->message.n_headers++] =
      (JnBankdHeader){ g_string_chunk_insert (self->texts, name),
                       g_string_chunk_insert (self->texts, value) };
}

/* A server in front of the door takes no bytes for a line that HTTP does not allow there. */
static void
read_lines (Request *self, char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", MAX_HEADERS + 1);
  char *blank = lines[0] != NULL ? strchr (lines[0], ' ') : NULL;

  if (blank != NULL)
    *blank = '\0';
  self->message.method = g_string_chunk_insert (self->texts, lines[0] != NULL ? lines[0] : "GET");
  self->message.target = g_string_chunk_insert (self->texts, blank != NULL ? blank + 1 : "/");
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL && i <= MAX_HEADERS; i++)
    {
      char *colon = strstr (lines[i], ": ");

      if (colon == NULL || colon == lines[i])
        continue;
      *colon = '\0';
      add (self, lines[i], colon + 2);
    }
}

static void
sign_request (Request *self)
{
  const JnHttpMessage http = { .method = self->message.method,
                               .target = self->message.target,
                               .get_field = get_field,
                               .data = &self->message };
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, ++counter);
  g_autofree char *key = g_base64_encode (public_key, sizeof public_key);
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;

  add (self, "jinnang-counter", number);
  if (self->message.body_length > 0)
    {
      g_autofree char *digest =
          jn_content_digest_make (self->message.body, self->message.body_length);

      add (self, "content-digest", digest);
    }
  if (!jn_http_sign (&http, NULL, 0, key, sign, NULL, &input, &signature))
    return;
  add (self, "signature-input", input);
  add (self, "signature", signature);
}

static void
check (const JnBankdReply *reply)
{
  static guint runs;

  MUST (reply->status >= 200 && reply->status < 500);
  MUST (jn_bankd_reply_get_header (reply, "Signature") != NULL);
  MUST (reply->body == NULL
        || jn_content_digest_check (jn_bankd_reply_get_header (reply, "Content-Digest"),
                                    reply->body, reply->body_length));
  if (++runs % WHOLE_EVERY == 0)
    MUST (jn_bankd_book_verify (core, NULL));
}

static void
run (guint8 choices, char *head, const char *body)
{
  Request request = { .texts = g_string_chunk_new (1024) };
  g_auto (JnBankdReply) reply = { 0 };

  request.message.headers = request.headers;
  request.message.body = body;
  request.message.body_length = body != NULL ? strlen (body) : 0;
  read_lines (&request, head);
  if (choices & WITH_ID)
    add (&request, "x-request-id", "0b5e4f0a-3b1c-4c55-9d5e-2f0d6a7b8c9d");
  if (choices & WITH_KEY)
    {
      g_autofree char *id = jn_bankd_core_make_id (core);
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", id);

      add (&request, "idempotency-key", quoted);
      add (&request, "content-type", "application/json");
      add (&request, "psu-ip-address", "127.0.0.1");
    }
  if (choices & WITH_SESSION)
    {
      add (&request, "authorization", "Bearer " SESSION);
      add (&request, "consent-id", CONSENT);
    }
  if (choices & WITH_SIGNATURE)
    sign_request (&request);
  jn_bankd_door_handle (core, &request.message, &reply);
  check (&reply);
  g_string_chunk_free (request.texts);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = NULL;
  char *body;

  if (core == NULL)
    begin ();
  if (size < 2)
    return 0;
  text = g_strndup ((const char *) data + 1, size - 1);
  body = strstr (text, "\n\n");
  if (body != NULL)
    {
      *body = '\0';
      body += 2;
    }
  run (data[0], text, body);
  enrol ();
  return 0;
}
