/* The strict reader and the writer. */
#include "jn-error.h"
#include "jn-json.h"

#include <string.h>

static JnJsonDoc *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JnJsonDoc *doc = jn_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  return doc;
}

static void
assert_refused_bytes (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (jn_json_parse (data, length, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID);
}

static void
assert_refused (const char *text)
{
  assert_refused_bytes (text, strlen (text));
}

static void
test_values (void)
{
  g_autoptr (JnJsonDoc) doc =
      parse (" {\"s\":\"x\\n\\u4e2d\\ud83d\\ude00\\/\",\"i\":-12,\"t\":true,"
             "\"n\":null,\"d\":1.5,\"a\":[1,[],{}],\"o\":{\"p\":{\"q\":\"deep\"}},"
             "\"\":3,\"e\":1E2}\r\n\t");
  JnJson *root = jn_json_doc_root (doc);
  gint64 integer = 0;
  gboolean boolean = FALSE;

  g_assert_true (jn_json_is_object (root));
  g_assert_cmpstr (jn_json_string (jn_json_get (root, "s")), ==, "x\n中😀/");
  g_assert_true (jn_json_integer (jn_json_get (root, "i"), &integer));
  g_assert_cmpint (integer, ==, -12);
  g_assert_true (jn_json_boolean (jn_json_get (root, "t"), &boolean));
  g_assert_true (boolean);
  g_assert_nonnull (jn_json_get (root, "n"));
  g_assert_null (jn_json_string (jn_json_get (root, "n")));
  g_assert_false (jn_json_integer (jn_json_get (root, "d"), &integer));
  g_assert_false (jn_json_integer (jn_json_get (root, "e"), &integer));
  g_assert_false (jn_json_integer (jn_json_get (root, "s"), &integer));
  g_assert_false (jn_json_boolean (jn_json_get (root, "i"), &boolean));
  g_assert_null (jn_json_string (jn_json_get (root, "i")));
  g_assert_true (jn_json_integer (jn_json_get (root, ""), &integer));
  JnJson *array = jn_json_get (root, "a");
  g_assert_true (jn_json_is_array (array));
  g_assert_cmpuint (jn_json_length (array), ==, 3);
  g_assert_true (jn_json_integer (jn_json_at (array, 0), &integer));
  g_assert_true (jn_json_is_array (jn_json_at (array, 1)));
  g_assert_true (jn_json_is_object (jn_json_at (array, 2)));
  g_assert_null (jn_json_at (array, 3));
  g_assert_cmpstr (jn_json_string (jn_json_path (root, "o/p/q")), ==, "deep");
  g_assert_null (jn_json_path (root, "o/x/q"));
  g_assert_null (jn_json_path (root, "s/x"));
}

static void
test_absent (void)
{
  gint64 integer;
  gboolean boolean;
  g_assert_null (jn_json_get (NULL, "x"));
  g_assert_null (jn_json_path (NULL, "x/y"));
  g_assert_null (jn_json_at (NULL, 0));
  g_assert_null (jn_json_string (NULL));
  g_assert_cmpuint (jn_json_length (NULL), ==, 0);
  g_assert_false (jn_json_integer (NULL, &integer));
  g_assert_false (jn_json_boolean (NULL, &boolean));
  g_assert_false (jn_json_is_object (NULL));
  g_assert_false (jn_json_is_array (NULL));
}

static const char *const refused[] = {
  "",
  " ",
  "{",
  "}",
  "[",
  "]",
  "[1",
  "[1,",
  "[1,]",
  "[,1]",
  "[1 2]",
  "{\"a\"}",
  "{\"a\":}",
  "{\"a\":1,}",
  "{,}",
  "{a:1}",
  "{'a':1}",
  "{1:1}",
  "['a']",
  "[1]]",
  "[1] x",
  "{} {}",
  "nul",
  "True",
  "nullx",
  "tru",
  "NaN",
  "Infinity",
  "-",
  "+1",
  "01",
  "-01",
  "0x10",
  "1.",
  ".5",
  "1e",
  "1e+",
  "1.e5",
  "--1",
  "1e400",
  "-1e400",
  "// c\n1",
  "/* c */1",
  "# c\n1",
  "\"",
  "\"a",
  "\"\\",
  "\"\\x\"",
  "\"\\u12\"",
  "\"\\u12g4\"",
  "\"\\u0000x\"",
  "\"\\ud800\"",
  "\"\\udc00\"",
  "\"\\ud800\\u0041\"",
  "\"\\ud800x\"",
  "\"a\nb\"",
  "\"a\tb\"",
  "\"\x01\"",
  "[1\f]",
  "\xef\xbb\xbf{}",
  "\xff",
  "\"\xc0\x80\"",
  "\"\xed\xa0\x80\"",
  "9007199254740992",
  "-9007199254740992",
  "9223372036854775808",
  "99999999999999999999999999999",
  "{\"a\":1,\"a\":2}",
  "{\"a\":1,\"\\u0061\":2}",
  "{\"o\":{\"x\":1,\"y\":2,\"x\":3}}",
  "<html><body>502</body></html>",
  "{\"a\":[1,2}",
  "[{\"a\":1]",
  "[1}",
  "{\"a\" 1}",
  "{\"a\"::1}",
  "undefined",
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_refused (refused[i]);
  assert_refused_bytes ("[1]\0", 4);
  assert_refused_bytes ("\"a\0b\"", 5);
  assert_refused_bytes (NULL, 0);
}

static void
test_accepted (void)
{
  static const char *const texts[] = { "0",
                                       "-0",
                                       "9007199254740991",
                                       "-9007199254740991",
                                       "1.5e-3",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       "null",
                                       "true",
                                       "false",
                                       "[[],[[]]]",
                                       "{\"a\":{\"a\":{\"a\":1}}}",
                                       "\"\\u00e9\"",
                                       "\"\x7f\"",
                                       "[1,2,3,{\"k\":[null]}]",
                                       "{\"a\":1,\"b\":1,\"A\":1}" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JnJsonDoc) doc = parse (texts[i]);
      g_assert_nonnull (jn_json_doc_root (doc));
    }
}

static char *
nested (guint depth, gboolean closed)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < depth && closed; i++)
    g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static void
test_depth_and_size (void)
{
  g_autofree char *fits = nested (JN_JSON_MAX_DEPTH, TRUE);
  g_autofree char *deep = nested (JN_JSON_MAX_DEPTH + 1, TRUE);
  g_autofree char *bomb = nested (100000, TRUE);
  g_autofree char *open_bomb = nested (3000000, FALSE);
  g_autoptr (JnJsonDoc) doc = parse (fits);

  g_assert_true (jn_json_is_array (jn_json_doc_root (doc)));
  assert_refused_bytes (deep, strlen (deep));
  assert_refused_bytes (bomb, strlen (bomb));
  assert_refused_bytes (open_bomb, strlen (open_bomb));

  g_autofree char *large = g_strnfill (JN_JSON_MAX_BYTES + 1, ' ');
  large[0] = '1';
  assert_refused_bytes (large, JN_JSON_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JnJsonDoc) whole = jn_json_parse (large, JN_JSON_MAX_BYTES, &error);
  g_assert_no_error (error);
}

/* An array of zeros, @n values with itself. */
static char *
zeros (guint n)
{
  char *text = g_strnfill (2 * n - 1, '0');
  text[0] = '[';
  for (guint i = 2; i < 2 * n - 2; i += 2)
    text[i] = ',';
  text[2 * n - 2] = ']';
  return text;
}

/* A text of a few bytes for each of them becomes a tree of a hundred. */
static void
test_many_values (void)
{
  g_autofree char *fits = zeros (JN_JSON_MAX_VALUES - JN_JSON_CONTAINER + 1);
  g_autofree char *many = zeros (JN_JSON_MAX_VALUES - JN_JSON_CONTAINER + 2);
  g_autoptr (GString) objects = g_string_new ("[{}");
  g_autoptr (JnJsonDoc) doc = parse (fits);

  g_assert_cmpuint (jn_json_length (jn_json_doc_root (doc)), ==,
                    JN_JSON_MAX_VALUES - JN_JSON_CONTAINER);
  assert_refused_bytes (many, strlen (many));
  for (guint i = 0; i < JN_JSON_MAX_VALUES / JN_JSON_CONTAINER; i++)
    g_string_append (objects, ",{}");
  g_string_append_c (objects, ']');
  assert_refused_bytes (objects->str, objects->len);
}

static void
test_writer (void)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  gsize length;

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "text", "a\"\\\n\x01中/");
  jn_json_writer_string (writer, "absent", NULL);
  jn_json_writer_integer (writer, "number", G_MININT64);
  jn_json_writer_boolean (writer, "yes", TRUE);
  jn_json_writer_begin_array (writer, "list");
  jn_json_writer_integer (writer, NULL, 1);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_end_object (writer);
  jn_json_writer_raw (writer, NULL, "[null]");
  jn_json_writer_end_array (writer);
  jn_json_writer_boolean (writer, "no", FALSE);
  jn_json_writer_end_object (writer);
  g_autofree char *text = jn_json_writer_finish (writer, &length);
  g_assert_cmpstr (
      text, ==,
      "{\"text\":\"a\\\"\\\\\\n\\u0001中/\",\"number\":-9223372036854775808,\"yes\":true,"
      "\"list\":[1,{},[null]],\"no\":false}");
  g_assert_cmpuint (length, ==, strlen (text));

  jn_json_writer_string (writer, NULL, "again");
  g_autofree char *again = jn_json_writer_finish (writer, NULL);
  g_assert_cmpstr (again, ==, "\"again\"");
}

static void
assert_canonical (const char *text, const char *expected)
{
  g_autoptr (JnJsonDoc) doc = parse (text);
  gsize length;
  g_autofree char *canonical = jn_json_canonical (jn_json_doc_root (doc), &length);
  g_assert_cmpstr (canonical, ==, expected);
  if (expected != NULL)
    g_assert_cmpuint (length, ==, strlen (expected));
}

static void
test_canonical (void)
{
  assert_canonical (" { \"b\" : 1 , \"a\" : [ true , null , { } ] } ",
                    "{\"a\":[true,null,{}],\"b\":1}");
  assert_canonical ("\"\\u003c\\/\\u000f\\u0041\"", "\"</\\u000fA\"");
  assert_canonical ("{\"aa\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"aa\":1}");
  assert_canonical ("-0", "0");
  assert_canonical ("1.5", NULL);
  /* The sorting example of RFC 8785 3.2.3. */
  assert_canonical (
      "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet "
      "With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning "
      "Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"ö\":\"Latin Small "
      "Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning "
      "Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

/* Only the member at the path is left out, none that has the path for its name. */
static void
test_canonical_without (void)
{
  g_autoptr (JnJsonDoc) doc =
      parse ("{\"a\":{\"b\":1,\"c\":2},\"a/b\":3,\"b\":4,\"ab\":{\"b\":5},\"\":{\"b\":6}}");
  g_autofree char *text = jn_json_canonical_without (jn_json_doc_root (doc), "a/b", NULL);
  g_assert_cmpstr (text, ==, "{\"\":{\"b\":6},\"a\":{\"c\":2},\"a/b\":3,\"ab\":{\"b\":5},\"b\":4}");
}

/* The list at @path read @most at a time, and the rest: together what the whole document says. */
static void
assert_parts (const char *text, gsize length, const char *path, guint most)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnJsonDoc) whole = jn_json_parse (text, length, NULL);
  g_autoptr (JnJsonParts) parts = jn_json_parts_new (text, length, path, &error);
  JnJson *list = jn_json_path (jn_json_doc_root (whole), path);
  guint n = 0;

  g_assert_true ((whole != NULL) == (parts != NULL));
  if (parts == NULL)
    {
      g_assert_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID);
      return;
    }
  g_autoptr (JnJsonDoc) rest = jn_json_parts_read_rest (parts, &error);
  g_assert_no_error (error);
  const char *left_out = jn_json_is_array (list) ? path : NULL;
  g_autofree char *expected = jn_json_canonical_without (jn_json_doc_root (whole), left_out, NULL);
  g_autofree char *found = jn_json_canonical_without (jn_json_doc_root (rest), left_out, NULL);
  g_assert_cmpstr (found, ==, expected);
  if (left_out != NULL)
    g_assert_true (jn_json_is_array (jn_json_path (jn_json_doc_root (rest), path)));
  for (;;)
    {
      g_autoptr (JnJsonDoc) some = jn_json_parts_read_next (parts, most, &error);
      g_assert_no_error (error);
      JnJson *array = jn_json_doc_root (some);
      if (some == NULL)
        break;
      g_assert_cmpuint (jn_json_length (array), ==, MIN (most, jn_json_length (list) - n));
      for (guint i = 0; i < jn_json_length (array); i++, n++)
        {
          g_autofree char *one = jn_json_canonical (jn_json_at (array, i), NULL);
          g_autofree char *other = jn_json_canonical (jn_json_at (list, n), NULL);
          g_assert_cmpstr (one, ==, other);
        }
    }
  g_assert_cmpuint (n, ==, jn_json_length (list));
}

static void
test_parts (void)
{
  static const struct
  {
    const char *text, *path;
  } cases[] = {
    { "{\"a\":[1,2,3]}", "a" },
    { " { \"b\" : [ ] , \"a\" : [ 1 , [ 2 , [ ] ] , { \"a\" : [ 4 ] } , \"]\" , null ] } ", "a" },
    { "{\"x\":{\"a\":{\"b\":[8]}},\"a\":{\"a\":[7],\"b\":[{\"a\":{\"b\":[1,2]}},5],\"c\":[6]}}",
      "a/b" },
    { "{\"\\u0061\":{\"b\":[1,2,\"\\u005d,\\\"[\"]}}", "a/b" },
    { "[[1,2],{\"a\":[1,2]}]", "a" },
    { "{\"a\":{\"b\":{\"b\":[1]}}}", "a/b" },
    { "{\"ab\":[1],\"a\":5}", "a" },
    { "{\"a\":[],\"b\":{\"a\":[1]}}", "a" },
    { "{\"b\":1,\"a/b\":[1]}", "a/b" },
    { "{\"a/b\":{\"b\":[1,2]},\"a\":{\"b\":[3,4]}}", "a/b" },
    { "{\"a/b\":{\"c\":[1,2]},\"a\":{\"b\":{\"c\":[3,4]}}}", "a/b/c" },
    { "5", "a" },
    { "{\"a\":[1,2,}", "a" },
    { "{\"a\":[1,2],\"a\":[3]}", "a" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint most = 1; most < 5; most++)
      assert_parts (cases[i].text, strlen (cases[i].text), cases[i].path, most);
}

/* What is accepted after damage must be stable: its canonical form reads back to itself. */
static void
test_mutations (void)
{
  static const char base[] =
      "{\"a\":[1,-2,{\"k\":\"v\\u4e2d\\n\"}],\"b\":true,\"c\":{\"d\":null,\"e\":\"中文\"}}";
  static const char alphabet[] = "{}[]\",:\\u0019aetrn -.\x01\xff";
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  guint accepted = 0;

  for (int round = 0; round < 100000; round++)
    {
      char text[sizeof base];
      memcpy (text, base, sizeof base);
      gsize length = sizeof base - 1;
      for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
        text[g_rand_int_range (random, 0, (gint32) length)] =
            alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
      if (g_rand_int_range (random, 0, 4) == 0)
        length = (gsize) g_rand_int_range (random, 0, (gint32) length);
      g_autoptr (GError) error = NULL;
      g_autoptr (JnJsonDoc) doc = jn_json_parse (text, length, &error);
      assert_parts (text, length, "a", 2);
      if (doc == NULL)
        {
          g_assert_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID);
          continue;
        }
      g_autofree char *canonical = jn_json_canonical (jn_json_doc_root (doc), NULL);
      if (canonical == NULL)
        continue;
      assert_canonical (canonical, canonical);
      accepted++;
    }
  g_assert_cmpuint (accepted, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/absent", test_absent);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/accepted", test_accepted);
  g_test_add_func ("/json/depth-and-size", test_depth_and_size);
  g_test_add_func ("/json/many-values", test_many_values);
  g_test_add_func ("/json/writer", test_writer);
  g_test_add_func ("/json/canonical", test_canonical);
  g_test_add_func ("/json/canonical-without", test_canonical_without);
  g_test_add_func ("/json/parts", test_parts);
  g_test_add_func ("/json/mutations", test_mutations);
  return g_test_run ();
}
