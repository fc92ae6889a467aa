#include "torture-scenario.h"

#include "jn-seal-vfs.h"

void
scenario_set_up (void)
{
  static const guint8 key[JN_SEAL_KEY_SIZE] = { 0x4b, 1, 2, 3 };
  static const guint8 uuid[JN_SEAL_UUID_SIZE] = { 0x55, 4, 5, 6 };

  fault_vfs_register ();
  g_assert_cmpint (jn_seal_vfs_register (TORTURE_VFS, "jn-fault"), ==, 0);
  g_assert_cmpint (jn_seal_vfs_add_key (TORTURE_VFS, TORTURE_PATH, uuid, key), ==, JN_SEAL_OK);
}

Scenario *
scenario_new (const ScenarioKind *kind, guint64 seed)
{
  Scenario *s = g_new0 (Scenario, 1);

  s->kind = kind;
  s->seed = seed;
  s->marks = g_array_new (FALSE, FALSE, sizeof (gsize));
  s->states = g_array_new (FALSE, FALSE, (guint) kind->state_size);
  return s;
}

void
scenario_free (Scenario *s)
{
  g_array_unref (s->marks);
  g_array_unref (s->states);
  if (s->disk != NULL)
    disk_free (s->disk);
  g_free (s);
}

void
scenario_play (Scenario *s)
{
  s->disk = disk_new ();
  s->disk->recording = TRUE;
  fault_vfs_use (s->disk);
  s->kind->play (s);
}

void
scenario_acknowledge (Scenario *s, gconstpointer state)
{
  if (s->failed)
    return;
  g_array_append_val (s->marks, s->disk->n_log);
  g_array_append_vals (s->states, state, 1);
}

guint
scenario_acked (const Scenario *s, gsize n)
{
  guint acked = 0;

  while (acked < s->marks->len && g_array_index (s->marks, gsize, acked) <= n)
    acked++;
  return acked;
}

const char *
scenario_check (Scenario *s, Disk *disk, guint acked, gboolean go_on)
{
  Disk *before = fault_vfs_use (disk);
  const char *wrong = s->kind->check (s, acked, go_on);

  fault_vfs_use (before);
  return wrong;
}
