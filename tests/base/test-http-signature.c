/* HTTP signatures by the vectors of RFC 9421 and RFC 9530, and what is refused. */
#include "jn-http-signature.h"

#include <sodium.h>
#include <string.h>

/* ---- messages of the tests ---- */

typedef struct
{
  JnHttpMessage message;
  GHashTable *fields;
} Fixture;

static const char *
get_field (gconstpointer data, const char *name)
{
  return g_hash_table_lookup ((GHashTable *) data, name);
}

static void
message_init (Fixture *f, const char *method, const char *target, guint status)
{
  f->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  f->message = (JnHttpMessage){ method, target, NULL, status, get_field, f->fields };
}

static void
message_clear (Fixture *f)
{
  g_clear_pointer (&f->fields, g_hash_table_unref);
}

static void
set (Fixture *f, const char *name, const char *value)
{
  if (value != NULL)
    g_hash_table_replace (f->fields, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (f->fields, name);
}

typedef struct
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];
  char id[64];
} Key;

static void
key_init (Key *key, guint8 fill)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  memset (seed, fill, sizeof seed);
  g_assert_cmpint (crypto_sign_seed_keypair (key->public_key, key->secret_key, seed), ==, 0);
  g_autofree char *text = g_base64_encode (key->public_key, sizeof key->public_key);
  g_strlcpy (key->id, text, sizeof key->id);
}

static char *
sign_with_key (gpointer data, gconstpointer base, gsize length)
{
  guint8 signature[crypto_sign_BYTES];
  crypto_sign_detached (signature, NULL, base, length, ((Key *) data)->secret_key);
  return g_base64_encode (signature, sizeof signature);
}

static void
sign (Fixture *f, const JnHttpMessage *request, Key *key)
{
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;
  g_assert_true (jn_http_sign (&f->message, request, 1700000000, key->id, sign_with_key, key,
                               &input, &signature));
  set (f, "signature-input", input);
  set (f, "signature", signature);
}

/* ---- RFC 9421, appendix B.2.6 ---- */

#define B26_INPUT                                                                                  \
  "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"    \
  ";created=1618884473;keyid=\"test-key-ed25519\""
#define B26_SIGNATURE                                                                              \
  "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRC" \
  "w==:"

static void
test_rfc9421_b26 (void)
{
  static const char expected[] =
      "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
      "\"@method\": POST\n"
      "\"@path\": /foo\n"
      "\"@authority\": example.com\n"
      "\"content-type\": application/json\n"
      "\"content-length\": 18\n"
      "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" "
      "\"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
  gsize length = 0;
  Fixture f;
  message_init (&f, "POST", "/foo?param=Value&Pet=dog", 0);
  f.message.authority = "example.com";
  set (&f, "date", "Tue, 20 Apr 2021 02:07:55 GMT");
  set (&f, "content-type", "application/json");
  set (&f, "content-length", "18");

  g_autoptr (GPtrArray) inputs = jn_field_parse_dictionary (B26_INPUT);
  g_autoptr (GPtrArray) signatures = jn_field_parse_dictionary (B26_SIGNATURE);
  g_assert_nonnull (inputs);
  g_assert_nonnull (signatures);
  GString *base = jn_http_signature_base (&f.message, NULL, jn_field_find (inputs, "sig-b26"));
  g_assert_cmpstr (base->str, ==, expected);

  /* Both directions: their signature is good for our base, and their key makes their signature of it. */
  g_autofree guint8 *public_key =
      jn_base64_decode_strict ("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=", -1, &length);
  g_assert_cmpuint (length, ==, 32);
  const JnFieldItem *item = jn_field_find (signatures, "sig-b26");
  const guint8 *signature = g_bytes_get_data (item->bytes, &length);
  g_assert_cmpuint (length, ==, 64);
  g_assert_cmpint (
      crypto_sign_verify_detached (signature, (guint8 *) base->str, base->len, public_key), ==, 0);
  g_autofree guint8 *seed =
      jn_base64_decode_strict ("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=", -1, &length);
  Key key;
  g_assert_cmpuint (length, ==, 32);
  crypto_sign_seed_keypair (key.public_key, key.secret_key, seed);
  g_autofree char *again = sign_with_key (&key, base->str, base->len);
  g_autofree char *field = g_strdup_printf ("sig-b26=:%s:", again);
  g_assert_cmpstr (field, ==, B26_SIGNATURE);
  base->str[3] ^= 1;
  g_assert_cmpint (
      crypto_sign_verify_detached (signature, (guint8 *) base->str, base->len, public_key), !=, 0);
  jn_http_base_free (base);
  message_clear (&f);
}

/* RFC 9421, 2.2.7 and 2.2.9: a query with and without text, a status. Blanks around a value do not count (2.1). */
static void
test_components (void)
{
  Fixture f, answer;
  message_init (&f, "GET", "/path?param=value&foo=bar&baz=bat%2Dman", 0);
  set (&f, "x-padded", "  a  b\t");
  set (&f, "x-empty", "");
  message_init (&answer, NULL, NULL, 200);
  g_autoptr (GPtrArray) inputs = jn_field_parse_dictionary (
      "a=(\"@query\" \"x-padded\" \"x-empty\"), b=(\"@status\" \"@query\";req \"x-padded\";req), "
      "c=(\"@nothing\"), d=(\"x-padded\" \"x-padded\"), e=(\"x-absent\"), f=(\"x-padded\";bs), "
      "g=(\"@query\";req), h=(x-padded), i=\"x\", j=(\"X-Padded\"), k=()");
  g_assert_nonnull (inputs);

  GString *base = jn_http_signature_base (&f.message, NULL, jn_field_find (inputs, "a"));
  g_assert_cmpstr (base->str, ==,
                   "\"@query\": ?param=value&foo=bar&baz=bat%2Dman\n\"x-padded\": a  b\n"
                   "\"x-empty\": \n\"@signature-params\": (\"@query\" \"x-padded\" \"x-empty\")");
  jn_http_base_free (base);
  base = jn_http_signature_base (&answer.message, &f.message, jn_field_find (inputs, "b"));
  g_assert_cmpstr (base->str, ==,
                   "\"@status\": 200\n\"@query\";req: ?param=value&foo=bar&baz=bat%2Dman\n"
                   "\"x-padded\";req: a  b\n"
                   "\"@signature-params\": (\"@status\" \"@query\";req \"x-padded\";req)");
  jn_http_base_free (base);
  f.message.target = "/path";
  base = jn_http_signature_base (&f.message, NULL, jn_field_find (inputs, "a"));
  g_assert_true (g_str_has_prefix (base->str, "\"@query\": ?\n"));
  jn_http_base_free (base);
  base = jn_http_signature_base (&f.message, NULL, jn_field_find (inputs, "k"));
  g_assert_cmpstr (base->str, ==, "\"@signature-params\": ()");
  jn_http_base_free (base);
  for (const char *bad = "cdefghij"; *bad != '\0'; bad++)
    {
      char key[2] = { *bad, '\0' };
      g_assert_null (jn_http_signature_base (&f.message, NULL, jn_field_find (inputs, key)));
    }
  set (&f, "x-padded", "two\nlines");
  g_assert_null (jn_http_signature_base (&f.message, NULL, jn_field_find (inputs, "a")));
  message_clear (&f);
  message_clear (&answer);
}

/* ---- RFC 9530 ---- */

#define HELLO "{\"hello\": \"world\"}\n"
#define HELLO_256 "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
#define HELLO_512                                                                                  \
  "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3q" \
  "g==:"
#define EMPTY_256 "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"

static void
test_rfc9530 (void)
{
  static const struct
  {
    const char *body, *digest;
  } vectors[] = {
    { HELLO, HELLO_256 },
    { "", EMPTY_256 },
    { "\"world\"}\n", "sha-256=:jjcgBDWNAtbYUXI37CVG3gRuGOAjaaDRGpIUFsdyepQ=:" },
    { "{\"hello\": \"world\"}", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gsize length = strlen (vectors[i].body);
      g_autofree char *made = jn_content_digest_make (vectors[i].body, length);
      g_assert_cmpstr (made, ==, vectors[i].digest);
      g_assert_true (jn_content_digest_check (made, vectors[i].body, length));
      g_assert_false (jn_content_digest_check (made, "x", 1));
    }
  g_assert_true (jn_content_digest_check (EMPTY_256, NULL, 0));
  g_assert_true (jn_content_digest_check (HELLO_256 ", " HELLO_512, HELLO, strlen (HELLO)));
  g_assert_true (jn_content_digest_check ("other=?1," HELLO_256, HELLO, strlen (HELLO)));
}

static void
test_digest_refused (void)
{
  static const char *const bad[] = {
    "",
    HELLO_512,                                                         /* we ask for sha-256 */
    HELLO_256 ", sha-512=:AAAA:",                                      /* one right, one wrong */
    HELLO_256 "," HELLO_256,                                           /* twice */
    HELLO_256 " x",                                                    /* something behind it */
    "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",            /* no colons */
    "sha-256=\"RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=\"",        /* a string */
    "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg:",           /* no padding */
    "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDh=:",          /* other spare bits */
    "sha-256=:RK_0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg=:",          /* the URL alphabet */
    "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/l F5HF9bvEF8FabDg=:",         /* a blank inside */
    "SHA-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",          /* keys are lower case */
    "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=: :AAAA:",   /* two values */
    "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:,",         /* a comma too many */
    "sha-256=(:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:)",        /* a list */
    "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",          /* of another body */
    "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:;\xc3\xa9", /* not ASCII */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (jn_content_digest_check (bad[i], HELLO, strlen (HELLO)));
  g_assert_false (jn_content_digest_check (NULL, HELLO, strlen (HELLO)));
}

/* ---- the wallet's profile ---- */

static void
make_request (Fixture *f)
{
  message_init (f, "POST", "/psd2/v1/payments/qr-payments?a=b", 0);
  set (f, "x-request-id", "1b91e649-3d06-4e16-ada7-bf5af2136b44");
  set (f, "jinnang-counter", "1700000000000001");
  set (f, "content-digest", HELLO_256);
  set (f, "idempotency-key", "\"01HF0000000000000000000000\"");
  set (f, "consent-id", "01HF0000000000000000000001");
  set (f, "authorization", "Bearer secret");
}

static void
test_request (void)
{
  Key key, other;
  JnHttpSigned facts;
  Fixture f;
  key_init (&key, 1);
  key_init (&other, 2);
  make_request (&f);
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, &facts), ==,
                   JN_HTTP_SIGNATURE_MISSING);
  sign (&f, NULL, &key);
  g_autofree char *expected =
      g_strdup_printf ("jn=(\"@method\" \"@path\" \"@query\" \"x-request-id\" \"jinnang-counter\" "
                       "\"content-digest\" \"idempotency-key\" \"consent-id\" \"authorization\")"
                       ";created=1700000000;keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\"",
                       key.id);
  g_assert_cmpstr (get_field (f.fields, "signature-input"), ==, expected);
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, &facts), ==,
                   JN_HTTP_SIGNATURE_GOOD);
  g_assert_cmpmem (facts.key, 32, key.public_key, 32);
  g_assert_cmpint (facts.created, ==, 1700000000);
  g_assert_cmpint (jn_http_signature_read (&f.message, NULL, &facts), ==, JN_HTTP_SIGNATURE_GOOD);
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, other.public_key, 1, NULL), ==,
                   JN_HTTP_SIGNATURE_WRONG);
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, NULL, 0, NULL), ==,
                   JN_HTTP_SIGNATURE_WRONG);
  guint8 both[64];
  memcpy (both, other.public_key, 32);
  memcpy (both + 32, key.public_key, 32);
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, both, 2, NULL), ==,
                   JN_HTTP_SIGNATURE_GOOD);
  message_clear (&f);
}

/* Whatever stands under the signature is changed, taken away or added: refused each time. */
static void
test_request_changed (void)
{
  static const struct
  {
    const char *name, *value;
  } changes[] = {
    { "x-request-id", "1b91e649-3d06-4e16-ada7-bf5af2136b45" },
    { "x-request-id", NULL },
    { "jinnang-counter", "1700000000000002" },
    { "jinnang-counter", NULL },
    { "content-digest", EMPTY_256 },
    { "content-digest", NULL },
    { "idempotency-key", "\"01HF0000000000000000000009\"" },
    { "idempotency-key", NULL },
    { "consent-id", "01HF0000000000000000000009" },
    { "consent-id", NULL },
    { "authorization", "Bearer other" },
    { "authorization", NULL },
    { "authorization", "Bearer secret, Bearer secret" },
    { "signature", NULL },
    { "signature-input", NULL },
    { "signature", "jn=:AAAA:" },
    { "signature", "jn=?1" },
    { "signature", "other=:AAAA:" },
    { "signature-input", "jn=1" },
    { "signature-input", "jn=()" },
    { "signature-input", "not a field" },
  };
  Key key;
  key_init (&key, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      Fixture f;
      make_request (&f);
      sign (&f, NULL, &key);
      set (&f, changes[i].name, changes[i].value);
      g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                       JN_HTTP_SIGNATURE_WRONG);
      message_clear (&f);
    }

  Fixture f;
  make_request (&f);
  sign (&f, NULL, &key);
  f.message.method = "PUT";
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                   JN_HTTP_SIGNATURE_WRONG);
  f.message.method = "POST";
  f.message.target = "/psd2/v1/payments/qr-payments?a=c";
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                   JN_HTTP_SIGNATURE_WRONG);
  f.message.target = "/psd2/v1/payments/qr-payments";
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                   JN_HTTP_SIGNATURE_WRONG);
  message_clear (&f);
}

/* A field that was not covered comes to be covered: the list no longer says all. And parameters other than the profile's. */
static void
test_input_variants (void)
{
  static const char components[] = "(\"@method\" \"@path\" \"@query\" \"x-request-id\" "
                                   "\"jinnang-counter\")";
  Key key;
  Fixture f;
  key_init (&key, 4);
  message_init (&f, "GET", "/a", 0);
  set (&f, "x-request-id", "1b91e649-3d06-4e16-ada7-bf5af2136b44");
  set (&f, "jinnang-counter", "7");
  sign (&f, NULL, &key);
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                   JN_HTTP_SIGNATURE_GOOD);
  set (&f, "authorization", "Bearer slipped in");
  g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                   JN_HTTP_SIGNATURE_WRONG);
  set (&f, "authorization", NULL);

  const struct
  {
    gboolean good;
    const char *parameters;
  } variants[] = {
    { TRUE, ";created=1;keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\"" },
    { TRUE, ";tag=\"jinnang\";alg=\"ed25519\";keyid=\"%s\";created=1" },
    { FALSE, ";created=1;keyid=\"%s\";alg=\"ed25519\"" },
    { FALSE, ";created=1;keyid=\"%s\";alg=\"ed25519\";tag=\"other\"" },
    { FALSE, ";created=1;keyid=\"%s\";alg=\"hmac-sha256\";tag=\"jinnang\"" },
    { FALSE, ";created=1;keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\";expires=2" },
    { FALSE, ";created=\"1\";keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\"" },
    { FALSE, ";created=-1;keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\"" },
    { FALSE, ";created=1;keyid=:%s:;alg=\"ed25519\";tag=\"jinnang\"" },
    { FALSE, ";created=1;keyid=\"%.40s\";alg=\"ed25519\";tag=\"jinnang\"" },
    { FALSE, ";keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\"" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_auto (GStrv) parts = g_strsplit (variants[i].parameters, "%", 2);
      g_autofree char *key_id =
          g_str_has_prefix (parts[1], ".40s") ? g_strndup (key.id, 40) : g_strdup (key.id);
      g_autofree char *input = g_strconcat ("other=1, jn=", components, parts[0], key_id,
                                            strchr (parts[1], 's') + 1, NULL);
      g_autoptr (GPtrArray) members = jn_field_parse_dictionary (input);
      g_assert_nonnull (members);
      GString *base = jn_http_signature_base (&f.message, NULL, jn_field_find (members, "jn"));
      g_autofree char *bytes = sign_with_key (&key, base->str, base->len);
      g_autofree char *signature = g_strdup_printf ("jn=:%s:", bytes);
      jn_http_base_free (base);
      set (&f, "signature-input", input);
      set (&f, "signature", signature);
      g_assert_cmpint (jn_http_signature_check (&f.message, NULL, key.public_key, 1, NULL), ==,
                       variants[i].good ? JN_HTTP_SIGNATURE_GOOD : JN_HTTP_SIGNATURE_WRONG);
    }
  message_clear (&f);
}

/* An answer fits the one request that it was made for. */
static void
test_answer (void)
{
  Key key;
  Fixture request, other, answer;
  key_init (&key, 5);
  make_request (&request);
  make_request (&other);
  set (&other, "x-request-id", "1b91e649-3d06-4e16-ada7-bf5af2136b45");
  message_init (&answer, NULL, NULL, 201);
  set (&answer, "content-digest", HELLO_256);
  sign (&answer, &request.message, &key);
  g_autofree char *expected = g_strdup_printf (
      "jn=(\"@status\" \"content-digest\" \"@method\";req \"@path\";req \"@query\";req "
      "\"x-request-id\";req \"jinnang-counter\";req \"idempotency-key\";req)"
      ";created=1700000000;keyid=\"%s\";alg=\"ed25519\";tag=\"jinnang\"",
      key.id);
  g_assert_cmpstr (get_field (answer.fields, "signature-input"), ==, expected);
  g_assert_cmpint (
      jn_http_signature_check (&answer.message, &request.message, key.public_key, 1, NULL), ==,
      JN_HTTP_SIGNATURE_GOOD);
  g_assert_cmpint (
      jn_http_signature_check (&answer.message, &other.message, key.public_key, 1, NULL), ==,
      JN_HTTP_SIGNATURE_WRONG);
  answer.message.status = 200;
  g_assert_cmpint (
      jn_http_signature_check (&answer.message, &request.message, key.public_key, 1, NULL), ==,
      JN_HTTP_SIGNATURE_WRONG);
  answer.message.status = 201;
  set (&answer, "content-digest", EMPTY_256);
  g_assert_cmpint (
      jn_http_signature_check (&answer.message, &request.message, key.public_key, 1, NULL), ==,
      JN_HTTP_SIGNATURE_WRONG);
  set (&answer, "content-digest", HELLO_256);
  set (&request, "jinnang-counter", "1700000000000002");
  g_assert_cmpint (
      jn_http_signature_check (&answer.message, &request.message, key.public_key, 1, NULL), ==,
      JN_HTTP_SIGNATURE_WRONG);
  message_clear (&answer);

  message_init (&answer, NULL, NULL, 204);
  sign (&answer, &request.message, &key);
  g_assert_cmpint (
      jn_http_signature_check (&answer.message, &request.message, key.public_key, 1, NULL), ==,
      JN_HTTP_SIGNATURE_GOOD);
  message_clear (&answer);
  message_clear (&other);
  message_clear (&request);
}

static void
test_counter (void)
{
  static const char *const bad[] = { "",
                                     "0",
                                     "01",
                                     "-1",
                                     "+1",
                                     " 1",
                                     "1 ",
                                     "1.0",
                                     "0x1",
                                     "1e3",
                                     "a",
                                     "９",
                                     "9223372036854775808",
                                     "18446744073709551616",
                                     "99999999999999999999999" };
  guint64 value = 0;
  g_assert_true (jn_http_counter_parse ("1", &value));
  g_assert_cmpuint (value, ==, 1);
  g_assert_true (jn_http_counter_parse ("9223372036854775807", &value));
  g_assert_cmpuint (value, ==, (guint64) G_MAXINT64);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (jn_http_counter_parse (bad[i], &value));
  g_assert_false (jn_http_counter_parse (NULL, &value));
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-signature/rfc9421-b26", test_rfc9421_b26);
  g_test_add_func ("/http-signature/components", test_components);
  g_test_add_func ("/http-signature/rfc9530", test_rfc9530);
  g_test_add_func ("/http-signature/digest-refused", test_digest_refused);
  g_test_add_func ("/http-signature/request", test_request);
  g_test_add_func ("/http-signature/request-changed", test_request_changed);
  g_test_add_func ("/http-signature/input-variants", test_input_variants);
  g_test_add_func ("/http-signature/answer", test_answer);
  g_test_add_func ("/http-signature/counter", test_counter);
  return g_test_run ();
}
