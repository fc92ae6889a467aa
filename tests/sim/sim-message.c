#include "sim-message.h"

#include "jn-error.h"
#include "jn-http-signature.h"
#include "sim-line.h"

#include <string.h>

SimMessage *
sim_message_new (void)
{
  SimMessage *self = g_new0 (SimMessage, 1);
  g_atomic_ref_count_init (&self->refs);
  self->headers = g_ptr_array_new_with_free_func (g_free);
  return self;
}

SimMessage *
sim_message_copy (const SimMessage *self)
{
  SimMessage *copy = sim_message_new ();

  copy->method = g_strdup (self->method);
  copy->target = g_strdup (self->target);
  copy->status = self->status;
  copy->wait = self->wait;
  copy->corrupt = self->corrupt;
  copy->older = self->older;
  copy->what = self->what != NULL ? g_intern_string (self->what) : NULL;
  copy->line = self->line != NULL ? sim_line_ref (self->line) : NULL;
  for (guint i = 0; i < self->headers->len; i++)
    g_ptr_array_add (copy->headers, g_strdup (self->headers->pdata[i]));
  if (self->body != NULL)
    sim_message_set_body (copy, self->body->data, self->body->len);
  return copy;
}

SimMessage *
sim_message_ref (SimMessage *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
sim_message_unref (SimMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->method);
  g_free (self->target);
  g_ptr_array_unref (self->headers);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->line, sim_line_unref);
  g_free (self);
}

void
sim_message_add_header (SimMessage *self, const char *name, const char *value)
{
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

const char *
sim_message_get_header (const SimMessage *self, const char *name)
{
  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    if (g_ascii_strcasecmp (self->headers->pdata[i], name) == 0)
      return self->headers->pdata[i + 1];
  return NULL;
}

void
sim_message_set_body (SimMessage *self, const void *data, gsize length)
{
  g_clear_pointer (&self->body, g_byte_array_unref);
  self->body = g_byte_array_sized_new ((guint) length);
  if (length > 0)
    g_byte_array_append (self->body, data, (guint) length);
}

/* Another character of the same kind, so that the message stays well formed more often than not. */
static char
other_char (char old, guint64 random)
{
  if (g_ascii_isdigit (old))
    return (char) ('0' + (old - '0' + 1 + (int) (random % 9)) % 10);
  if (g_ascii_islower (old))
    return (char) ('a' + (old - 'a' + 1 + (int) (random % 25)) % 26);
  if (g_ascii_isupper (old))
    return (char) ('A' + (old - 'A' + 1 + (int) (random % 25)) % 26);
  return old == '0' ? '1' : '0';
}

static void
corrupt_text (char *text, guint64 random)
{
  gsize length = strlen (text);
  if (length > 0)
    text[random % length] = other_char (text[random % length], random >> 32);
}

static gboolean
matters (const char *name)
{
  /* The others may be changed by whoever carries them. */
  static const char *const signed_headers[] = {
    "x-request-id", "jinnang-counter", "content-digest",  "idempotency-key",
    "consent-id",   "authorization",   "signature-input", "signature",
  };
  for (guint i = 0; i < G_N_ELEMENTS (signed_headers); i++)
    if (g_ascii_strcasecmp (name, signed_headers[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Who changes a body on purpose changes what is said of it as well: then the signature alone tells. */
static void
forge_digest (SimMessage *self)
{
  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    if (g_ascii_strcasecmp (self->headers->pdata[i], "Content-Digest") == 0)
      {
        g_free (self->headers->pdata[i + 1]);
        self->headers->pdata[i + 1] = jn_content_digest_make (self->body->data, self->body->len);
      }
}

void
sim_message_corrupt (SimMessage *self, guint64 random)
{
  guint what = (guint) (random % 8);

  self->corrupt = TRUE;
  random = random / 8 * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  if (what < 4 && self->body != NULL && self->body->len > 0)
    {
      guint at = (guint) ((random >> 8) % self->body->len);
      self->body->data[at] = (guint8) other_char ((char) self->body->data[at], random >> 40);
      if (what < 2)
        forge_digest (self);
      return;
    }
  if (what < 6 && self->headers->len >= 2)
    {
      guint at = (guint) ((random >> 8) % (self->headers->len / 2)) * 2;
      if (matters (self->headers->pdata[at]))
        {
          self->what = self->headers->pdata[at];
          corrupt_text (self->headers->pdata[at + 1], random >> 16);
          return;
        }
    }
  if (self->target != NULL)
    corrupt_text (self->target + 1, random >> 16);
  else
    self->status = self->status == 200 ? 201 : 200;
}

SimMessage *
sim_message_new_page (guint status, const char *html)
{
  SimMessage *page = sim_message_new ();

  page->status = status;
  sim_message_add_header (page, "Content-Type", "text/html");
  sim_message_set_body (page, html, strlen (html));
  return page;
}

int
sim_message_judge (const SimMessage *answer, gsize whole)
{
  gsize length = answer->body != NULL ? answer->body->len : 0;
  const char *type = sim_message_get_header (answer, "Content-Type");
  const char *digest = sim_message_get_header (answer, "Content-Digest");

  if (length < whole)
    return JN_ERROR_ANSWER_CUT;
  if (length == 0 && (answer->status == 204 || answer->status == 304) && digest == NULL)
    return 0;
  if (length > 0
      && (type == NULL
          || (!g_str_equal (type, "application/json")
              && !g_str_equal (type, "application/problem+json"))))
    return JN_ERROR_ANSWER_INVALID;
  if (digest == NULL)
    return JN_ERROR_ANSWER_INVALID;
  return jn_content_digest_check (digest, length > 0 ? answer->body->data : NULL, length)
             ? 0
             : JN_ERROR_ANSWER_CUT;
}
