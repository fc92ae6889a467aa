/* Pictures that other encoders drew, through the real decoder. */
#include "jn-error.h"
#include "jn-qr-matrix.h"
#include "jn-scanner.h"

#include <string.h>

typedef struct
{
  GMainLoop *loop;
  char *text;
  GError *error;
} Outcome;

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;
  outcome->text = jn_scanner_decode_finish (result, &outcome->error);
  g_main_loop_quit (outcome->loop);
}

static char *
decode (const char *program, GBytes *picture, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Outcome outcome = { .loop = loop };

  jn_scanner_decode_async (program, picture, cancellable, on_decoded, &outcome);
  g_main_loop_run (loop);
  g_assert_true ((outcome.text != NULL) != (outcome.error != NULL));
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.text;
}

static GBytes *
fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "pictures", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

/* Line @index of the texts that the pictures were drawn from. */
static char *
expected_text (guint index)
{
  g_autoptr (GBytes) bytes = fixture ("texts.txt");
  g_autofree char *all = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) lines = g_strsplit (all, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, index);
  return g_strdup (lines[index]);
}

static void
test_good (gconstpointer data)
{
  g_autoptr (GBytes) picture = fixture (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = expected_text (0);
  g_autofree char *text = decode (SCAN_PROGRAM, picture, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  g_assert_nonnull (strstr (text, "鹿鸣咖啡"));
}

typedef struct
{
  const char *name;
  JnErrorCode code;
} Bad;

static void
test_bad (gconstpointer data)
{
  const Bad *bad = data;
  g_autoptr (GBytes) picture = fixture (bad->name);
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (SCAN_PROGRAM, picture, NULL, &error));
  g_assert_error (error, JN_ERROR, (int) bad->code);
}

/* ---- what a camera sees ---- */

#define SEEN_WIDTH 640u
#define SEEN_HEIGHT 480u

/* A grey wall with @count different codes on it. */
static GBytes *
seen (guint count)
{
  guint8 *grey = g_malloc (SEEN_WIDTH * SEEN_HEIGHT);

  for (guint i = 0; i < SEEN_WIDTH * SEEN_HEIGHT; i++)
    grey[i] = (guint8) (170 + i % 23);
  for (guint k = 0; k < count; k++)
    {
      g_autofree char *text = g_strdup_printf ("code %u", k);
      g_autoptr (JnQrMatrix) code = jn_qr_matrix_new (text, NULL);
      for (guint y = 0; y < (guint) code->size * 6; y++)
        for (guint x = 0; x < (guint) code->size * 6; x++)
          if (jn_qr_matrix_get (code, (int) x / 6, (int) y / 6))
            grey[(y + 150) * SEEN_WIDTH + x + 80 + k * 260] = 35;
    }
  return g_bytes_new_take (grey, SEEN_WIDTH * SEEN_HEIGHT);
}

static void
test_seen (void)
{
  static const JnErrorCode codes[] = { JN_ERROR_PICTURE_NO_CODE, 0, JN_ERROR_PICTURE_MANY_CODES };

  for (guint count = 0; count < G_N_ELEMENTS (codes); count++)
    {
      g_autoptr (GBytes) grey = seen (count);
      g_autoptr (GBytes) picture = jn_scanner_grey_picture (grey, SEEN_WIDTH, SEEN_HEIGHT);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = decode (SCAN_PROGRAM, picture, NULL, &error);

      g_assert_cmpstr (text, ==, count == 1 ? "code 0" : NULL);
      if (count != 1)
        g_assert_error (error, JN_ERROR, (int) codes[count]);
    }
}

static void
test_seen_badly (void)
{
  static const struct
  {
    const char *head;
    gsize pixels;
    JnErrorCode code;
  } pictures[] = {
    { "P5\n20 20\n255\n", 399, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n20 20\n255\n", 401, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n20 20\n255\n", 0, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n2401 1\n255\n", 2401, JN_ERROR_PICTURE_TOO_LARGE },
    { "P5\n20000 20000\n255\n", 400, JN_ERROR_PICTURE_TOO_LARGE },
    { "P5\n0 20\n255\n", 0, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n20 0\n255\n", 0, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n020 20\n255\n", 400, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n-20 -20\n255\n", 400, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n4294967316 20\n255\n", 400, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n20 20\n65535\n", 800, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n# a comment\n20 20\n255\n", 400, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n20 20\n255", 0, JN_ERROR_PICTURE_UNREADABLE },
    { "P5\n", 0, JN_ERROR_PICTURE_UNREADABLE },
    { "P6\n20 20\n255\n", 1200, JN_ERROR_PICTURE_UNREADABLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      gsize head = strlen (pictures[i].head);
      g_autofree char *data = g_malloc (head + pictures[i].pixels + 1);
      g_autoptr (GError) error = NULL;

      memcpy (data, pictures[i].head, head);
      memset (data + head, 200, pictures[i].pixels);
      g_autoptr (GBytes) picture = g_bytes_new (data, head + pictures[i].pixels);
      g_assert_null (decode (SCAN_PROGRAM, picture, NULL, &error));
      g_assert_error (error, JN_ERROR, (int) pictures[i].code);
    }
}

static void
test_size (void)
{
  g_autofree guint8 *data = g_malloc0 (JN_SCANNER_MAX_BYTES + 1);
  g_autoptr (GBytes) large = g_bytes_new (data, JN_SCANNER_MAX_BYTES + 1);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (SCAN_PROGRAM, large, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_PICTURE_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (decode (SCAN_PROGRAM, empty, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_PICTURE_UNREADABLE);
}

static void
test_cancelled (void)
{
  g_autoptr (GBytes) picture = fixture ("plain.png");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (decode (SCAN_PROGRAM, picture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled_under_way (void)
{
  g_autoptr (GBytes) picture = fixture ("large.png");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_idle_add (cancel, cancellable);
  g_assert_null (decode (SCAN_PROGRAM, picture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Programs that are no decoder: what they say is not believed. */
static void
test_strange_decoders (void)
{
  g_autoptr (GBytes) picture = fixture ("plain.png");
  g_autoptr (GError) error = NULL;

  g_assert_null (decode ("/nonexistent/decoder", picture, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_IO);
  g_clear_error (&error);
  /* Echoes the picture. */
  g_assert_null (decode ("/bin/cat", picture, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_PICTURE_UNREADABLE);
  g_clear_error (&error);
  /* Says nothing. */
  g_assert_null (decode ("/bin/true", picture, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_PICTURE_UNREADABLE);
  g_clear_error (&error);
  /* Never stops talking. */
  g_assert_null (decode ("/usr/bin/yes", picture, NULL, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_PICTURE_UNREADABLE);
  g_clear_error (&error);
  /* A right answer from a program that passes on what it is given. */
  g_autoptr (GBytes) answer = g_bytes_new_static ("OK 2\nhi", 7);
  g_autofree char *text = decode ("/bin/cat", answer, NULL, &error);
  g_assert_cmpstr (text, ==, "hi");

  static const char *const wrong[] = { "OK 3\nhi", "OK 1\nhi",       "OK -2\nhi",
                                       "OK 0\n",   "OK 2\n\xff\xfe", "ERR NO_FUNDS\n",
                                       "ERR\n",    "OK 4\na\0bc" };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gsize length = i == 7 ? 9 : strlen (wrong[i]);
      g_autoptr (GBytes) bytes = g_bytes_new_static (wrong[i], length);
      g_assert_null (decode ("/bin/cat", bytes, NULL, &error));
      g_assert_error (error, JN_ERROR, JN_ERROR_PICTURE_UNREADABLE);
      g_clear_error (&error);
    }
}

/* Damaged pictures: the answer is the text or an error, never anything else. */
static void
test_mutations (void)
{
  static const char *const names[] = { "small.png", "plain.jpg" };
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  g_autofree char *expected = expected_text (0);

  for (int round = 0; round < 60; round++)
    {
      g_autoptr (GBytes) whole = fixture (names[round % 2]);
      gsize length;
      guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&whole), &length);
      for (int i = 0; i < 4; i++)
        data[g_rand_int_range (random, 0, (gint32) length)] = (guint8) g_rand_int (random);
      g_autoptr (GBytes) picture =
          g_bytes_new_take (data, (gsize) g_rand_int_range (random, 20, (gint32) length + 1));
      g_autoptr (GError) error = NULL;
      g_autofree char *text = decode (SCAN_PROGRAM, picture, NULL, &error);
      if (text != NULL)
        g_assert_cmpstr (text, ==, expected);
      else
        g_assert_cmpuint (error->domain, ==, JN_ERROR);
    }
}

int
main (int argc, char **argv)
{
  static const char *const good[] = { "plain.png",     "zint.png",        "zint-high.png",
                                      "tilted.png",    "upside-down.png", "small.png",
                                      "no-border.png", "inverted.png",    "plain.jpg",
                                      "photo.jpg",     "transparent.png", "large.png",
                                      "same-twice.png" };
  static const Bad bad[] = {
    { "no-code.png", JN_ERROR_PICTURE_NO_CODE },
    { "two-codes.png", JN_ERROR_PICTURE_MANY_CODES },
    { "not-a-picture.png", JN_ERROR_PICTURE_UNREADABLE },
    { "truncated.png", JN_ERROR_PICTURE_UNREADABLE },
    { "50-megapixels.png", JN_ERROR_PICTURE_TOO_LARGE },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strconcat ("/scanner/reads/", good[i], NULL);
      g_test_add_data_func (path, good[i], test_good);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/scanner/refuses/", bad[i].name, NULL);
      g_test_add_data_func (path, &bad[i], test_bad);
    }
  g_test_add_func ("/scanner/seen", test_seen);
  g_test_add_func ("/scanner/seen-badly", test_seen_badly);
  g_test_add_func ("/scanner/size", test_size);
  g_test_add_func ("/scanner/cancelled", test_cancelled);
  g_test_add_func ("/scanner/cancelled-under-way", test_cancelled_under_way);
  g_test_add_func ("/scanner/strange-decoders", test_strange_decoders);
  g_test_add_func ("/scanner/mutations", test_mutations);
  return g_test_run ();
}
