#include "ledger-world.h"

#include <glib/gstdio.h>

static int64_t
read_now (void *ctx)
{
  return ((World *) ctx)->now;
}

/* In memory where there is such a place: what a sync costs is not what these tests are about. */
static char *
make_folder (void)
{
  char *folder = g_strdup ("/dev/shm/jn-ledger-XXXXXX");

  if (g_mkdtemp (folder) != NULL)
    return folder;
  g_free (folder);
  return g_dir_make_tmp ("jn-ledger-XXXXXX", NULL);
}

void
world_init (World *world)
{
  world->folder = make_folder ();
  world->path = g_build_filename (world->folder, "ledger.db", NULL);
  world->now = G_GINT64_CONSTANT (1700000000000000);
  world->host = (jn_host){ .now_us = read_now, .ctx = world };
}

void
world_clear (World *world)
{
  g_autoptr (GDir) dir = g_dir_open (world->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (world->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (world->folder);
  g_free (world->folder);
  g_free (world->path);
}

jn_ledger *
world_open (World *world)
{
  jn_ledger *ledger = NULL;

  g_assert_cmpint (jn_open (world->path, NULL, &world->host, 0, &ledger), ==, JN_OK);
  g_assert_nonnull (ledger);
  return ledger;
}

jn_id
world_id (guint64 high, guint64 low)
{
  jn_id id;

  for (int i = 0; i < 8; i++)
    {
      id.b[i] = (uint8_t) (high >> (56 - 8 * i));
      id.b[8 + i] = (uint8_t) (low >> (56 - 8 * i));
    }
  return id;
}

jn_account
world_account (guint64 n, int class_, guint32 currency, gint64 floor, gint64 ceiling)
{
  jn_account account = { 0 };

  account.id = world_id (1, n);
  account.class_ = (uint16_t) class_;
  account.currency = currency;
  account.flags = class_ == JN_ACCOUNT_CUSTOMER ? JN_ACCOUNT_BOUNDED : 0;
  account.floor = floor;
  account.ceiling = ceiling;
  return account;
}

jn_event
world_transfer (jn_id id, jn_id debit, jn_id credit, gint64 amount)
{
  return (jn_event){ .id = id,
                     .kind = JN_TRANSFER,
                     .currency = 156,
                     .debit = debit,
                     .credit = credit,
                     .amount = amount,
                     .value_date = 20261101,
                     .code = 3 };
}
