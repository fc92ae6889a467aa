/* Strict readers of members: what is missing, of another type, too long or unfit is a failure of the whole document. */
#include "jn-wire-read.h"

#include "jn-error.h"
#include "jn-structured-field.h"
#include "jn-text.h"

#include <string.h>

void
jn_wire_reader_fail (JnWireReader *self, const char *member)
{
  if (self->failure == NULL)
    self->failure = g_strdup (member);
}

gboolean
jn_wire_reader_end (JnWireReader *self, GError **error)
{
  if (self->failure == NULL)
    return TRUE;
  g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "member %s", self->failure);
  g_clear_pointer (&self->failure, g_free);
  return FALSE;
}

/* The member's string; NULL when it is absent and may be, or after a failure. */
static const char *
member_string (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  JnJson *json = jn_json_path (object, path);
  const char *text = jn_json_string (json);
  if (text == NULL && (json != NULL || need == JN_WIRE_REQUIRED))
    jn_wire_reader_fail (self, path);
  return text;
}

char *
jn_wire_take_name (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  const char *text = member_string (self, object, path, need);
  if (text == NULL)
    return NULL;
  if (text[0] != '\0' && jn_text_is_name (text, JN_WIRE_MAX_NAME))
    return g_strdup (text);
  jn_wire_reader_fail (self, path);
  return NULL;
}

char *
jn_wire_take_text (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  const char *text = member_string (self, object, path, need);
  if (text == NULL)
    return NULL;
  /* People write "A&B" and "<3"; every place shows it as plain text. */
  g_autofree char *rest = g_strdelimit (g_strdup (text), "<&", '-');
  if (jn_text_is_name (rest, JN_WIRE_MAX_TEXT))
    return g_strdup (text);
  jn_wire_reader_fail (self, path);
  return NULL;
}

char *
jn_wire_take_token (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  const char *text = member_string (self, object, path, need);
  if (text == NULL)
    return NULL;
  gsize length = strlen (text);
  gboolean fit = length > 0 && length <= JN_WIRE_MAX_TOKEN;
  for (gsize i = 0; fit && i < length; i++)
    fit = g_ascii_isgraph (text[i]);
  if (fit)
    return g_strdup (text);
  jn_wire_reader_fail (self, path);
  return NULL;
}

gboolean
jn_wire_is_path_id (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  for (gsize i = 0; i < length && i <= JN_WIRE_MAX_TOKEN; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return FALSE;
  return length > 0 && length <= JN_WIRE_MAX_TOKEN;
}

char *
jn_wire_take_path_id (JnWireReader *self, JnJson *object, const char *path)
{
  const char *text = member_string (self, object, path, JN_WIRE_REQUIRED);
  if (jn_wire_is_path_id (text))
    return g_strdup (text);
  jn_wire_reader_fail (self, path);
  return NULL;
}

char *
jn_wire_take_account (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  const char *text = member_string (self, object, path, need);
  if (text == NULL)
    return NULL;
  gsize length = strlen (text);
  gboolean fit = length > 0 && length <= 34;
  for (gsize i = 0; fit && i < length; i++)
    fit = g_ascii_isalnum (text[i]);
  if (fit)
    return g_strdup (text);
  jn_wire_reader_fail (self, path);
  return NULL;
}

JnMoney
jn_wire_take_money (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  JnJson *json = jn_json_path (object, path);
  JnMoney money = jn_money (0, JN_CURRENCY_NONE);
  const char *amount = jn_json_string (jn_json_get (json, "amount"));
  const char *currency = jn_json_string (jn_json_get (json, "currency"));

  if (json == NULL && need == JN_WIRE_OPTIONAL)
    return money;
  if (amount == NULL || currency == NULL || !jn_money_from_wire (amount, currency, &money, NULL))
    jn_wire_reader_fail (self, path);
  return money;
}

JnId
jn_wire_take_id (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  JnId id = { { 0 } };
  const char *text = member_string (self, object, path, need);
  if (text != NULL && !jn_id_from_string (text, &id))
    jn_wire_reader_fail (self, path);
  return id;
}

JnInstant
jn_wire_take_instant (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  JnInstant instant = 0;
  const char *text = member_string (self, object, path, need);
  if (text != NULL && !jn_instant_from_string (text, &instant))
    jn_wire_reader_fail (self, path);
  return instant;
}

JnDate
jn_wire_take_date (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  JnDate date = 0;
  const char *text = member_string (self, object, path, need);
  if (text != NULL && !jn_date_from_string (text, &date))
    jn_wire_reader_fail (self, path);
  return date;
}

gint64
jn_wire_take_integer (JnWireReader *self, JnJson *object, const char *path, gint64 least,
                      gint64 most, JnWireNeed need)
{
  JnJson *json = jn_json_path (object, path);
  gint64 value = 0;
  if (json == NULL && need == JN_WIRE_OPTIONAL)
    return 0;
  if (jn_json_integer (json, &value) && value >= least && value <= most)
    return value;
  jn_wire_reader_fail (self, path);
  return 0;
}

gboolean
jn_wire_take_boolean (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  JnJson *json = jn_json_path (object, path);
  gboolean value = FALSE;
  if (json == NULL && need == JN_WIRE_OPTIONAL)
    return FALSE;
  if (!jn_json_boolean (json, &value))
    jn_wire_reader_fail (self, path);
  return value;
}

JnCategory
jn_wire_take_category (JnWireReader *self, JnJson *object, const char *path, JnWireNeed need)
{
  const char *text = member_string (self, object, path, need);
  if (text == NULL)
    return JN_CATEGORY_NONE;
  JnCategory category = jn_category_from_name (text);
  return category != JN_CATEGORY_NONE ? category : JN_CATEGORY_OTHER;
}

static gboolean
is_hex_digit (char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static guint
hex_value (char c)
{
  return (guint) (c <= '9' ? c - '0' : c - 'a' + 10);
}

void
jn_wire_take_hex (JnWireReader *self, JnJson *object, const char *path, guint8 *out, gsize length)
{
  const char *text = member_string (self, object, path, JN_WIRE_REQUIRED);
  if (text == NULL)
    return;
  gsize i = 0;
  for (; i < length && is_hex_digit (text[2 * i]) && is_hex_digit (text[2 * i + 1]); i++)
    out[i] = (guint8) (hex_value (text[2 * i]) << 4 | hex_value (text[2 * i + 1]));
  if (i < length || text[2 * length] != '\0')
    jn_wire_reader_fail (self, path);
}

void
jn_wire_take_base64 (JnWireReader *self, JnJson *object, const char *path, guint8 *out,
                     gsize length)
{
  const char *text = member_string (self, object, path, JN_WIRE_REQUIRED);
  gsize found = 0;
  if (text == NULL)
    return;
  g_autofree guint8 *data = jn_base64_decode_strict (text, -1, &found);
  if (data != NULL && found == length)
    memcpy (out, data, length);
  else
    jn_wire_reader_fail (self, path);
}

JnWireName
jn_wire_take_names (JnWireReader *self, JnJson *object, const char *path)
{
  JnJson *json = jn_json_path (object, path);
  JnWireName name = { NULL, NULL };
  name.zh = jn_wire_take_text (self, json, "zh", JN_WIRE_REQUIRED);
  name.en = jn_wire_take_text (self, json, "en", JN_WIRE_REQUIRED);
  return name;
}

guint
jn_wire_take_choice (JnWireReader *self, JnJson *object, const char *path, const char *const *names)
{
  const char *text = member_string (self, object, path, JN_WIRE_REQUIRED);
  for (guint i = 0; text != NULL && names[i] != NULL; i++)
    if (g_str_equal (text, names[i]))
      return i;
  jn_wire_reader_fail (self, path);
  return 0;
}

JnJson *
jn_wire_take_array (JnWireReader *self, JnJson *object, const char *path)
{
  JnJson *json = jn_json_path (object, path);
  if (jn_json_is_array (json) && jn_json_length (json) <= JN_WIRE_MAX_ARRAY)
    return json;
  jn_wire_reader_fail (self, path);
  return NULL;
}

void
jn_wire_take_elements (JnWireReader *self, JnJson *array, GPtrArray *list, JnWireReadOne read_one)
{
  for (guint i = 0; i < jn_json_length (array) && self->failure == NULL; i++)
    {
      JnJson *value = jn_json_at (array, i);
      if (!jn_json_is_object (value))
        jn_wire_reader_fail (self, "an element");
      else
        g_ptr_array_add (list, read_one (self, value));
    }
}

GPtrArray *
jn_wire_take_list (JnWireReader *self, JnJson *object, const char *path, JnWireReadOne read_one,
                   GDestroyNotify free_one)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (free_one);
  jn_wire_take_elements (self, jn_wire_take_array (self, object, path), list, read_one);
  return list;
}

void
jn_wire_name_clear (JnWireName *name)
{
  g_clear_pointer (&name->zh, g_free);
  g_clear_pointer (&name->en, g_free);
}
