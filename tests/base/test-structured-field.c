/* Structured fields by the rules of RFC 8941, and what is refused. */
#include "jn-structured-field.h"

static char *
rewrite (const char *text)
{
  g_autoptr (GPtrArray) members = jn_field_parse_dictionary (text);
  if (members == NULL)
    return NULL;
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < members->len; i++)
    {
      const JnFieldItem *item = g_ptr_array_index (members, i);
      g_string_append_printf (out, "%s%s=", i > 0 ? ", " : "", item->key);
      jn_field_write (out, item);
    }
  return g_string_free (out, FALSE);
}

static void
test_good (void)
{
  static const struct
  {
    const char *text, *canonical;
  } good[] = {
    { "", "" },
    { "  ", "" },
    { "a", "a=?1" },
    { "a;b;c=?0", "a=?1;b;c=?0" },
    { "a=1,b=-999999999999999", "a=1, b=-999999999999999" },
    { "a=1.5 \t,\t b=\"x \\\"y\\\\z\"", "a=1.5, b=\"x \\\"y\\\\z\"" },
    { "a=(1   \"b\"; c=*t/x:y   ?1 );  d=::", "a=(1 \"b\";c=*t/x:y ?1);d=::" },
    { "*a_-.*9=tok-en", "*a_-.*9=tok-en" },
    { "a=:AA==:, b=:AAECAw==:", "a=:AA==:, b=:AAECAw==:" },
    { "a=007", "a=7" },
    { "a=()", "a=()" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = rewrite (good[i].text);
      g_assert_cmpstr (text, ==, good[i].canonical);
    }
}

static const char *const bad[] = {
  ",",
  "a,",
  ",a",
  "a,,b",
  "a=",
  "A=1",
  "1a=1",
  "a= 1",
  "a =1",
  "a=1 b=2",
  "a=1;",
  "a=1;B",
  "a=1;b=",
  "a=1 ;b",
  "a=(",
  "a=(1",
  "a=(1,2)",
  "a=(1\t2)",
  "a=((1))",
  "a=(1)2",
  "a=\"",
  "a=\"x",
  "a=\"\\x\"",
  "a=\"\x01\"",
  "a=\"\xc3\xa9\"",
  "a=\"\x7f\"",
  "a='x'",
  "a=?2",
  "a=?",
  "a=:AA:",
  "a=:A===:",
  "a=:AA==",
  "a=-",
  "a=--1",
  "a=1.",
  "a=1.2345",
  "a=.5",
  "a=1e5",
  "a=+1",
  "a=@1",
  "a=%\"x\"",
  "a=1234567890123456",
  "a=1,a=2",
  "a=1;b=1;b",
  "a=1\r\n",
  "a=1\n, b",
  "\ta=1",
  "a=1,\v b",
  "a=1234567890123.1",
  "a=:AA== AA==:",
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = rewrite (bad[i]);
      if (text != NULL)
        g_test_message ("accepted: %s", bad[i]);
      g_assert_null (text);
    }
}

static void
test_bounds (void)
{
  g_autoptr (GString) many = g_string_new ("a");
  for (guint i = 0; i < JN_FIELD_MAX_MEMBERS; i++)
    g_string_append_printf (many, ",a%u", i);
  g_assert_null (jn_field_parse_dictionary (many->str));
  g_autofree char *spaces = g_strnfill (JN_FIELD_MAX_BYTES + 1, ' ');
  g_assert_null (jn_field_parse_dictionary (spaces));
  g_autoptr (GString) list = g_string_new ("a=(");
  for (guint i = 0; i <= JN_FIELD_MAX_MEMBERS; i++)
    g_string_append (list, "1 ");
  g_string_append_c (list, ')');
  g_assert_null (jn_field_parse_dictionary (list->str));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/structured-field/good", test_good);
  g_test_add_func ("/structured-field/bad", test_bad);
  g_test_add_func ("/structured-field/bounds", test_bounds);
  return g_test_run ();
}
