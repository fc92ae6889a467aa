/* What a computer keeps: an old copy that is put back is told of, and the customer's own notes outlive everything but that. */
#include "sim-oracle-private.h"

#include "jn-head-keeper.h"
#include "sim-bank.h"

#include <string.h>

#define SEQUENCE_AT 16 /* in the keyring's item, behind the file's number */

void
sim_kept_init (SimKept *self)
{
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->notes_then = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
sim_kept_clear (SimKept *self)
{
  g_hash_table_unref (self->notes);
  g_hash_table_unref (self->notes_then);
}

static SimKept *
kept_of (SimWallet *wallet)
{
  return &sim_wallet_get_world (wallet)->oracle->kept[sim_wallet_get_number (wallet)];
}

static void
copy_notes (GHashTable *from, GHashTable *to)
{
  GHashTableIter iter;
  gpointer id, text;

  g_hash_table_remove_all (to);
  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &id, &text))
    g_hash_table_insert (to, g_strdup (id), g_strdup (text));
}

/* ---- old copies ---- */

void
sim_oracle_backed_up (SimWallet *wallet)
{
  JnStorage *storage = jn_context_get_storage (sim_wallet_get_context (wallet));
  SimKept *kept = kept_of (wallet);
  jn_head head = { 0 };

  sim_vfs_hush (sim_wallet_get_vfs (wallet), TRUE);
  if (jn_head_get (jn_storage_get_ledger (storage), &head) == JN_OK)
    kept->commits_then = head.seq;
  sim_vfs_hush (sim_wallet_get_vfs (wallet), FALSE);
  copy_notes (kept->notes, kept->notes_then);
}

typedef struct
{
  guint64 commits;
  gboolean done;
} Look;

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  Look *look = data;
  g_autoptr (JnSecret) item = jn_keyring_lookup_finish (JN_KEYRING (source), result, NULL);
  gsize length = 0;
  const guint8 *bytes = item != NULL ? jn_secret_get (item, &length) : NULL;

  for (gsize i = SEQUENCE_AT; length >= SEQUENCE_AT + 8 && i < SEQUENCE_AT + 8; i++)
    look->commits = look->commits << 8 | bytes[i];
  look->done = TRUE;
}

/* How many commits of the ledger the keyring knows of: all that a wallet can know of what it has lost. */
static guint64
count_known_commits (SimWallet *wallet)
{
  Look look = { 0 };

  jn_keyring_lookup_async (sim_wallet_get_keyring (wallet), JN_HEAD_ITEM, NULL, on_looked, &look);
  while (!look.done)
    g_main_context_iteration (NULL, FALSE);
  return look.commits;
}

void
sim_oracle_restored (SimWallet *wallet)
{
  SimKept *kept = kept_of (wallet);

  kept->owed = count_known_commits (wallet) > kept->commits_then;
  kept->restored = TRUE;
  /* Its first reading may come when the feed has gone on already. */
  sim_wallet_get_world (wallet)->oracle->cursors[sim_wallet_get_number (wallet)] = 0;
  copy_notes (kept->notes_then, kept->notes);
  sim_log (sim_wallet_get_world (wallet), "w%u %s be told of an older copy",
           sim_wallet_get_number (wallet), kept->owed ? "must" : "need not");
}

void
sim_oracle_stage_changed (SimWallet *wallet)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  JnContext *context = sim_wallet_get_context (wallet);
  SimKept *kept = kept_of (wallet);

  if (jn_context_get_stage (context) != JN_STAGE_READY)
    return;
  JnContextNotice notice = jn_context_get_notice (context);
  gboolean told =
      notice == JN_CONTEXT_NOTICE_OLDER_COPY || notice == JN_CONTEXT_NOTICE_OLDER_COPY_HEALED;

  if (kept->owed)
    sim_check (world, SIM_CHECK_OLDER, told, "w%u has an older copy and nobody is told",
               sim_wallet_get_number (wallet));
  else
    sim_check (world, SIM_CHECK_OLDER, kept->restored || !told,
               "w%u is told of an older copy and has none", sim_wallet_get_number (wallet));
  kept->owed = FALSE;
}

/* ---- an older book of the bank ---- */

void
sim_oracle_fed (SimWallet *wallet, guint64 newest)
{
  kept_of (wallet)->fed_older = newest;
}

void
sim_oracle_check_trust (SimWallet *wallet, JnConnection connection, const GError *error)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  SimKept *kept = kept_of (wallet);
  guint number = sim_wallet_get_number (wallet);
  guint64 cursor = world->oracle->cursors[number];
  gboolean behind = kept->fed_older != 0 && cursor > kept->fed_older;

  if (connection == JN_CONNECTION_CURRENT && kept->fed_older != 0)
    sim_check (world, SIM_CHECK_OLDER, !behind,
               "w%u has %" G_GUINT64_FORMAT " entries, the bank %" G_GUINT64_FORMAT
               ", and it calls itself current",
               number, cursor, kept->fed_older);
  if (behind && connection == JN_CONNECTION_DISTRUST)
    sim_check (world, SIM_CHECK_OLDER, !jn_error_is (error, JN_ERROR_HEAD_MISMATCH),
               "w%u takes an older book for another history", number);
  if (!jn_error_is (error, JN_ERROR_BANK_OLDER_THAN_HEAD) || connection == JN_CONNECTION_SYNCING)
    return;
  world->stats->replicas_noticed++;
  sim_check (world, SIM_CHECK_OLDER, kept->fed_older != 0 && connection == JN_CONNECTION_DISTRUST,
             "w%u takes the bank for older, connection %d", number, (int) connection);
}

/* ---- notes ---- */

typedef struct
{
  SimWorld *world;
  guint wallet, life;
  char *id, *text;
} Note;

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  Note *note = data;
  SimWorld *world = note->world;
  SimWallet *wallet = world->wallets[note->wallet];
  g_autofree char *text = jn_context_set_note_finish (JN_CONTEXT (source), result, NULL);

  /* What was not said to be kept may be kept or not. */
  if (wallet != NULL && text != NULL && sim_wallet_get_life (wallet) == note->life
      && sim_wallet_get_context (wallet) != NULL && !sim_vfs_is_dead (sim_wallet_get_vfs (wallet)))
    {
      world->stats->notes++;
      g_hash_table_replace (kept_of (wallet)->notes, g_strdup (note->id), g_strdup (text));
      sim_log (world, "w%u keeps a note to %s", note->wallet, note->id);
    }
  g_free (note->id);
  g_free (note->text);
  g_free (note);
}

void
sim_oracle_note (SimWallet *wallet, const jn_id *transfer)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  Note *note = g_new0 (Note, 1);
  JnId id;

  memcpy (id.bytes, transfer->b, sizeof id.bytes);
  note->world = world;
  note->wallet = sim_wallet_get_number (wallet);
  note->life = sim_wallet_get_life (wallet);
  note->id = jn_id_to_string (&id);
  note->text =
      g_strdup_printf (SIM_CANARY " %" G_GINT64_FORMAT, sim_between (world, SIM_WORKLOAD, 0, 9999));
  g_hash_table_remove (kept_of (wallet)->notes, note->id);
  jn_context_set_note_async (sim_wallet_get_context (wallet), &id, note->text, NULL, on_noted,
                             note);
}

void
sim_oracle_check_notes (SimWallet *wallet, jn_snapshot *snapshot)
{
  GHashTableIter iter;
  gpointer id, text;

  g_hash_table_iter_init (&iter, kept_of (wallet)->notes);
  while (g_hash_table_iter_next (&iter, &id, &text))
    {
      jn_annotation_row row = { 0 };
      jn_id transfer;
      JnId bytes = { { 0 } };

      jn_id_from_string (id, &bytes);
      memcpy (transfer.b, bytes.bytes, sizeof transfer.b);
      gboolean same = jn_annotation_get (snapshot, &transfer, JN_FIELD_NOTE, &row) == JN_OK
                      && g_str_equal (row.value, text);
      sim_check (sim_wallet_get_world (wallet), SIM_CHECK_OLDER, same,
                 "w%u has lost the note to %s", sim_wallet_get_number (wallet), (char *) id);
    }
}
