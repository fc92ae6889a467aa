#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

#include "jn-ledger-initials.h"

/* Search by any part of a text. One token a character; an ASCII letter or digit takes the one after it along, so that long runs of few
 * different characters stay selective. Case and width of ASCII are folded. What the index names is compared again, so it only must
 * never miss. */

/* ---- folding ---- */

/* Full-width forms U+FF01 to U+FF5E and the ideographic space are three bytes. */
static char
fold_wide (const uint8_t *p)
{
  if (p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80)
    return ' ';
  if (p[0] != 0xef || (p[1] != 0xbc && p[1] != 0xbd))
    return '\0';
  if (p[1] == 0xbc ? p[2] < 0x81 || p[2] > 0xbf : p[2] < 0x80 || p[2] > 0x9e)
    return '\0';
  return (char) (p[1] == 0xbc ? p[2] - 0x81 + '!' : p[2] - 0x80 + '`');
}

static char
fold_ascii (char c)
{
  return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

size_t
jn_search_fold (const char *text, size_t n, char *out)
{
  size_t written = 0;

  for (size_t i = 0; i < n;)
    {
      char wide = n - i >= 3 ? fold_wide ((const uint8_t *) text + i) : '\0';

      out[written++] = fold_ascii (wide != '\0' ? wide : text[i]);
      i += wide != '\0' ? 3 : 1;
    }
  return written;
}

bool
jn_search_contains (const char *text, const char *folded, size_t n)
{
  char mine[JN_ANNOTATION_MAX];
  size_t length = strnlen (text, sizeof mine);

  length = jn_search_fold (text, length, mine);
  /* UTF-8 is self-synchronizing, so a substring of bytes is a substring of characters. */
  return n == 0 || (length >= n && memmem (mine, length, folded, n) != NULL);
}

/* ---- tokens ---- */

#define PAYEE_MARK '\xff'

static bool
is_word (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static size_t
bytes_of (const char *text, size_t n)
{
  size_t length = 1;

  if ((uint8_t) *text < 0x80)
    return 1;
  while (length < n && ((uint8_t) text[length] & 0xc0) == 0x80)
    length++;
  return length;
}

/* The token that begins at @i of folded text and the bytes to go on by; 0 for a character that makes none. */
static size_t
token_at (const char *text, size_t n, size_t i, size_t *step)
{
  *step = bytes_of (text + i, n - i);
  if (*step > 1)
    return *step;
  if (!is_word (text[i]))
    return (uint8_t) text[i] < 0x80 ? 0 : 1;
  return i + 1 < n && is_word (text[i + 1]) ? 2 : 1;
}

typedef int (*token_func) (void *ctx, int flags, const char *token, int n, int start, int end);

/* In a query the last letter may be the first half of a pair, and if a pair before it ends with it nothing is lost without it. */
static bool
is_half (const char *text, size_t n, size_t i, bool query)
{
  return query && i + 1 == n && i > 0 && is_word (text[i]) && is_word (text[i - 1]);
}

/* In a document the initials of a payee stand as letters would, and where a character has several each of them stands there. The
 * payee lies between two bytes that no text holds. */
static int
emit_initials (void *ctx, const char *text, size_t n, token_func emit)
{
  jn_initial initials[JN_TEXT_MAX / 3 + 1];
  size_t found = jn_initials_read (text, n, initials, JN_TEXT_MAX / 3 + 1);
  int rc = SQLITE_OK;

  for (size_t i = 0; rc == SQLITE_OK && i < found; i++)
    {
      const char *second = i + 1 < found ? initials[i + 1].letters : "-";
      int flags = 0;

      for (const char *a = initials[i].letters; *a != '\0'; a++)
        for (const char *b = second; rc == SQLITE_OK && *b != '\0'; b++)
          {
            char pair[2] = { *a, *b };

            rc = emit (ctx, flags, pair, i + 1 < found ? 2 : 1, 0, 0);
            flags = FTS5_TOKEN_COLOCATED;
          }
    }
  return rc;
}

/* A letter right after a character of several bytes. */
static bool
is_border (const char *text, size_t i)
{
  return i > 0 && is_word (text[i]) && ((uint8_t) text[i - 1] & 0xc0) == 0x80;
}

/* Such a letter stands in a document by itself as well, beside its pair: a query that ends with it asks for just that, where a prefix
 * would be dear. */
static int
emit_token (void *ctx, const char *text, size_t n, size_t i, size_t size, bool query,
            token_func emit)
{
  const char letter[2] = { '<', text[i] };
  bool border = is_border (text, i);
  int rc;

  if (border && query && i + 1 == n)
    return emit (ctx, 0, letter, 2, (int) i, (int) (i + size));
  rc = emit (ctx, 0, text + i, (int) size, (int) i, (int) (i + size));
  return rc == SQLITE_OK && border && !query
             ? emit (ctx, FTS5_TOKEN_COLOCATED, letter, 2, (int) i, (int) (i + size))
             : rc;
}

static int
tokenize (Fts5Tokenizer *tokenizer, void *ctx, int flags, const char *text, int n, token_func emit)
{
  char stack[2048];
  bool query = (flags & FTS5_TOKENIZE_QUERY) != 0;
  char *folded = (size_t) n <= sizeof stack ? stack : malloc ((size_t) n);
  size_t length, step = 1;
  int rc = folded == NULL ? SQLITE_NOMEM : SQLITE_OK;

  (void) tokenizer;
  length = rc == SQLITE_OK ? jn_search_fold (text, (size_t) n, folded) : 0;
  for (size_t i = 0; rc == SQLITE_OK && i < length; i += step)
    {
      const char *end = !query && folded[i] == PAYEE_MARK
                            ? memchr (folded + i + 1, PAYEE_MARK, length - i - 1)
                            : NULL;
      size_t size = end == NULL ? token_at (folded, length, i, &step) : 0;

      if (end != NULL)
        {
          step = (size_t) (end - (folded + i)) + 1;
          rc = emit_initials (ctx, folded + i + 1, step - 2, emit);
        }
      else if (size > 0 && !is_half (folded, length, i, query))
        rc = emit_token (ctx, folded, length, i, size, query, emit);
    }
  if (folded != stack)
    free (folded);
  return rc;
}

static int
create (void *ctx, const char **arguments, int n, Fts5Tokenizer **out)
{
  static char only;

  (void) ctx;
  (void) arguments;
  (void) n;
  *out = (Fts5Tokenizer *) (void *) &only;
  return SQLITE_OK;
}

static void
destroy (Fts5Tokenizer *tokenizer)
{
  (void) tokenizer;
}

jn_status
jn_search_register (sqlite3 *db)
{
  static fts5_tokenizer tokenizer = { create, destroy, tokenize };
  fts5_api *api = NULL;
  sqlite3_stmt *s = NULL;
  int rc = sqlite3_prepare_v2 (db, "SELECT fts5(?1)", -1, &s, NULL);

  if (rc == SQLITE_OK)
    {
      sqlite3_bind_pointer (s, 1, (void *) &api, "fts5_api_ptr", NULL);
      sqlite3_step (s);
      rc = sqlite3_finalize (s);
    }
  if (rc == SQLITE_OK && api != NULL)
    rc = api->xCreateTokenizer (api, "jncjk", NULL, &tokenizer, NULL);
  else if (rc == SQLITE_OK)
    return JN_IO;
  return jn_status_from_sqlite (rc);
}

/* ---- queries ---- */

/* Where the phrase may end: each token costs a walk of its own, and one that was there before tells next to nothing new. */
static size_t
cut_repeats (const char *folded, size_t n)
{
  size_t step = 1, size;

  for (size_t i = 0; i < n; i += step)
    {
      size = token_at (folded, n, i, &step);
      if (i > 0 && size > 1 && memmem (folded, i + size - 1, folded + i, size) != NULL)
        return i + size;
    }
  return n;
}

/* A phrase, its quotes doubled; a last letter on its own may begin a pair, which only a prefix finds where no
 * border is. */
size_t
jn_search_query (const char *folded, size_t length, char *out)
{
  size_t step = 1, n_tokens = 0, n = cut_repeats (folded, length);
  bool alone = n > 0 && is_word (folded[n - 1]) && (n < 2 || !is_word (folded[n - 2]))
               && !is_border (folded, n - 1);

  *out++ = '"';
  for (size_t i = 0; i < n; i += step)
    {
      n_tokens += token_at (folded, n, i, &step) > 0 ? 1 : 0;
      memcpy (out, folded + i, step);
      out += step;
      if (folded[i] == '"')
        *out++ = '"';
    }
  strcpy (out, alone ? "\" *" : "\"");
  return n_tokens;
}

/* ---- writing ---- */

/* Neighbours share a document, which has the number of the first one: rows are told apart when they are compared. */
typedef struct
{
  uint64_t first_no;
  size_t n;
  char text[JN_SEARCH_ROWS * (4 * (JN_TEXT_MAX + 1) + 1)];
} document;

static jn_status
write_document (jn_ledger *ledger, document *d)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_SEARCH_INSERT);
  jn_status status;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  if (d->n == 0)
    return JN_OK;
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) d->first_no);
  sqlite3_bind_text (s, 2, d->text, (int) d->n, SQLITE_STATIC);
  status = jn_connection_run (&ledger->writer, s);
  d->n = 0;
  return status;
}

/* Only for a payee who has any. */
static void
add_initials (document *d, const char *payee, size_t length)
{
  jn_initial first;

  if (jn_initials_read (payee, length, &first, 1) == 0)
    return;
  d->text[d->n++] = PAYEE_MARK;
  memcpy (d->text + d->n, payee, length);
  d->n += length;
  d->text[d->n++] = PAYEE_MARK;
}

static void
add_texts (document *d, const char *texts)
{
  for (int i = 0; i < 3; i++)
    {
      size_t length = strlen (texts);

      if (length > 0)
        {
          memcpy (d->text + d->n, texts, length);
          d->n += length;
          d->text[d->n++] = '\n';
        }
      if (length > 0 && i == 0)
        add_initials (d, texts, length);
      texts += length + 1;
    }
}

jn_status
jn_search_index_tail (jn_ledger *ledger)
{
  const jn_tail *tail = &ledger->tail;
  document *d = malloc (sizeof *d);
  jn_status status = d == NULL ? JN_NO_MEMORY : JN_OK;

  if (d != NULL)
    d->n = 0;
  for (size_t i = 0; status == JN_OK && i < tail->rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (tail, i);

      if (!jn_kind_books (row->kind))
        continue;
      if (d->n > 0 && row->no >= d->first_no + JN_SEARCH_ROWS)
        status = write_document (ledger, d);
      if (d->n == 0)
        d->first_no = row->no;
      add_texts (d, (const char *) tail->texts.data + row->text_at);
    }
  if (status == JN_OK)
    status = write_document (ledger, d);
  free (d);
  return status;
}
