#include "jn-bankd-faults.h"

#include <string.h>

#include "jn-error.h"

#define CERTAIN 1000000u /* chances are counted in millionths */

typedef enum
{
  DROP_BEFORE,
  DROP_AFTER,
  ERROR,
  DUPLICATE,
  CUT,
  N_CHANCES
} Chance;

static const char *const names[N_CHANCES] = { "drop-before", "drop-after", "error", "duplicate",
                                              "cut" };

typedef struct
{
  guint delay;
  guint chances[N_CHANCES];
  char *match;
  gint64 count; /* requests still to be hit, -1 without end */
} Switches;

struct _JnBankdFaults
{
  GMutex mutex;
  Switches switches;
};

JnBankdFaults *
jn_bankd_faults_new (void)
{
  JnBankdFaults *self = g_new0 (JnBankdFaults, 1);

  g_mutex_init (&self->mutex);
  return self;
}

void
jn_bankd_faults_free (JnBankdFaults *self)
{
  g_free (self->switches.match);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* "0.25", "1", ".5": at most six decimals, not above 1. */
static gboolean
parse_chance (const char *text, guint *out)
{
  const char *dot = strchr (text, '.');
  guint value = 0, unit = CERTAIN;

  if (text[0] == '\0' || strcmp (text, ".") == 0)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (p == dot)
        continue;
      if (!g_ascii_isdigit (*p) || (dot == NULL || p < dot ? p > text : p - dot > 6))
        return FALSE;
      if (dot == NULL || p < dot)
        value += (guint) (*p - '0') * CERTAIN;
      else
        value += (guint) (*p - '0') * (unit /= 10);
    }
  *out = value;
  return value <= CERTAIN;
}

static gboolean
parse_switch (Switches *switches, const char *name, const char *value)
{
  guint64 number;

  if (strcmp (name, "match") == 0)
    {
      g_free (switches->match);
      switches->match = g_strdup (value);
      return value[0] != '\0';
    }
  if (strcmp (name, "delay") == 0)
    {
      if (!g_ascii_string_to_unsigned (value, 10, 0, 600000, &number, NULL))
        return FALSE;
      switches->delay = (guint) number;
      return TRUE;
    }
  if (strcmp (name, "count") == 0)
    {
      if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &number, NULL))
        return FALSE;
      switches->count = (gint64) number;
      return TRUE;
    }
  for (guint i = 0; i < N_CHANCES; i++)
    if (strcmp (name, names[i]) == 0)
      return parse_chance (value, &switches->chances[i]);
  return FALSE;
}

gboolean
jn_bankd_faults_set (JnBankdFaults *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  Switches switches = { .count = -1 };
  gboolean good = TRUE;

  for (guint i = 0; parts[i] != NULL && good; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (parts[i][0] == '\0' && parts[1] == NULL)
        break;
      good = equals != NULL;
      if (good)
        {
          *equals = '\0';
          good = parse_switch (&switches, g_strstrip (parts[i]), equals + 1);
        }
    }
  if (!good)
    {
      g_free (switches.match);
      g_set_error_literal (error, JN_ERROR, JN_ERROR_INVALID, "malformed fault switches");
      return FALSE;
    }
  g_mutex_lock (&self->mutex);
  g_free (self->switches.match);
  self->switches = switches;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gboolean
draw (const Switches *switches, Chance chance)
{
  guint odds = switches->chances[chance];

  return odds == CERTAIN || (odds > 0 && (guint) g_random_int_range (0, CERTAIN) < odds);
}

JnBankdFault
jn_bankd_faults_draw (JnBankdFaults *self, const char *method, const char *path)
{
  g_autofree char *line = g_strdup_printf ("%s %s", method, path);
  JnBankdFault fault = { 0 };
  Switches *switches = &self->switches;

  g_mutex_lock (&self->mutex);
  if (switches->count != 0 && (switches->match == NULL || g_str_has_prefix (line, switches->match)))
    {
      fault.delay = switches->delay;
      fault.drop_before = draw (switches, DROP_BEFORE);
      fault.drop_after = draw (switches, DROP_AFTER);
      fault.error = draw (switches, ERROR);
      fault.duplicate = draw (switches, DUPLICATE);
      fault.cut = draw (switches, CUT);
      if (switches->count > 0
          && (fault.delay > 0 || fault.drop_before || fault.drop_after || fault.error
              || fault.duplicate || fault.cut))
        switches->count--;
    }
  g_mutex_unlock (&self->mutex);
  return fault;
}
