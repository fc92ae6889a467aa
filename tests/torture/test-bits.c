/* Silent damage: one flipped bit in any page of any file is noticed and never served. And secrets: none of them is in any byte that was
 * ever written, nor in memory that a file is mapped to. */
#include <string.h>

#include "jn-seal-private.h"
#include "rig.h"

#define EACH_PAGE 3 /* bits by random in each page, besides the whole pages below */

static const Call *
find_call (const char *name)
{
  for (guint i = 0; i < N_CALLS; i++)
    if (g_str_equal (CALLS[i].name, name))
      return &CALLS[i];
  g_assert_not_reached ();
}

/* Opens what is left, reads all of it and audits it: something has to say no, and what was read before is right. */
static void
check_damaged (const Disk *damaged, const jn_head *head, const char *whole)
{
  Rig *rig = rig_new (damaged, NULL, NULL);
  g_autofree char *text = NULL;
  jn_status status;

  rig->head = *head;
  rig->has_head = TRUE;
  status = rig_open (rig);
  if (status == JN_OK)
    {
      status = rig_print (rig, &text);
      if (status == JN_OK)
        {
          g_assert_cmpstr (text, ==, whole);
          status = jn_verify (rig->ledger, NULL, NULL);
        }
    }
  g_assert_cmpint (status, >=, JN_PAGE_DAMAGED);
  g_assert_cmpint (status, <, JN_KEY_WRONG);
  rig_free (rig);
}

static guint
flip_pages (const Disk *image, const char *name, gsize start, gsize step, const jn_head *head,
            const char *whole)
{
  Disk *damaged = disk_clone (image);
  int node = disk_find (damaged, name);
  guint64 random = 5;
  guint n = 0;

  g_assert_cmpint (node, >=, 0);
  for (gsize page = start; page + step <= damaged->nodes[node].now.size; page += step, n++)
    for (guint i = 0; i < EACH_PAGE; i++)
      {
        gsize bit = disk_random (&random) % (step * 8);
        guint8 *byte = damaged->nodes[node].now.data + page + bit / 8;

        *byte ^= (guint8) (1u << (bit % 8));
        check_damaged (damaged, head, whole);
        *byte ^= (guint8) (1u << (bit % 8));
      }
  disk_free (damaged);
  return n;
}

/* Every page of the file, and every frame of the log, through the whole engine. */
static void
test_pages (void)
{
  const Disk *closed = find_call ("open")->image (), *dead = find_call ("open-dead")->image ();
  g_autofree char *whole = NULL;
  g_autofree char *same = NULL;
  Rig *rig = rig_new (closed, NULL, NULL);
  jn_head head;
  guint pages, frames;

  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  g_assert_cmpint (rig_print (rig, &whole), ==, JN_OK);
  g_assert_cmpint (jn_head_get (rig->ledger, &head), ==, JN_OK);
  rig_free (rig);
  rig = rig_new (dead, NULL, NULL);
  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  g_assert_cmpint (rig_print (rig, &same), ==, JN_OK);
  g_assert_cmpstr (whole, ==, same);
  rig_free (rig);
  pages = flip_pages (closed, RIG_PATH, 0, SEAL_PAGE, &head, whole);
  g_test_message ("%u pages", pages);
  g_assert_cmpuint (pages, >, 20);
  frames = flip_pages (dead, RIG_PATH "-wal", SEAL_WAL_HEADER, SEAL_FRAME, &head, whole);
  g_test_message ("%u frames", frames);
  g_assert_cmpuint (frames, >, 50);
}

/* All bits of a few pages and of a frame, each of them. */
static void
test_all_bits (void)
{
  const guint8 key[32] = { 9 }, uuid[16] = { 8 };
  JnSealKeys *keys = jn_seal_keys_new (key);
  JnSealFile file = { .owner = 0 };
  guint8 plain[SEAL_PAGE] = { 0 }, header[SEAL_FRAME_HEADER] = { 0, 0, 0, 7, 1, 2, 3, 4 };
  guint8 sealed[SEAL_FRAME], copy[SEAL_FRAME];

  for (guint i = 0; i < SEAL_BODY; i++)
    plain[i] = (guint8) (i * 7);
  for (guint32 page = 2; page < 6; page++)
    {
      jn_seal_page_close (keys, uuid, page, jn_seal_nonce (&file), plain, sealed);
      for (guint bit = 0; bit < SEAL_PAGE * 8; bit++)
        {
          memcpy (copy, sealed, SEAL_PAGE);
          copy[bit / 8] ^= (guint8) (1u << (bit % 8));
          g_assert_false (jn_seal_page_open (keys, uuid, page, copy));
          /* Nothing of it is left to be served. */
          g_assert_true (jn_seal_is_zero (copy, SEAL_PAGE));
        }
    }
  jn_seal_frame_close (keys, uuid, SEAL_WAL_HEADER, jn_seal_nonce (&file), header, plain, sealed);
  for (guint bit = 0; bit < SEAL_FRAME * 8; bit++)
    {
      /* SQLite's own checksum, which is masked, guards itself. */
      if (bit >= 16 * 8 && bit < 24 * 8)
        continue;
      memcpy (copy, sealed, SEAL_FRAME);
      copy[bit / 8] ^= (guint8) (1u << (bit % 8));
      g_assert_false (jn_seal_frame_open (keys, uuid, SEAL_WAL_HEADER, copy));
    }
  jn_seal_keys_free (keys);
}

static void
assert_hidden (const Disk *disk, const char *who)
{
  static const struct
  {
    const char *text;
    gsize length;
  } secrets[] = {
    { RIG_CANARY, sizeof RIG_CANARY - 1 },
    { "一家小店", sizeof "一家小店" - 1 },
    { "reference", 9 },
    { "\x4b\1\2\3\0\0\0\0", 8 },
    { "SQLite format 3", 15 },
    { "CREATE TABLE", 12 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      if (disk_holds (disk, secrets[i].text, secrets[i].length))
        g_error ("%s wrote secret %u", who, i);
      for (guint n = 0; n < disk->n_nodes; n++)
        for (int r = 0; r < disk->nodes[n].n_regions; r++)
          g_assert_null (
              memmem (disk->nodes[n].regions[r], 32768, secrets[i].text, secrets[i].length));
    }
  for (gsize i = 0; i < disk->n_log; i++)
    if (disk->log[i].kind == DISK_CREATE)
      {
        const char *name = (const char *) disk->log[i].data;

        g_assert_true (g_str_equal (name, RIG_PATH) || g_str_equal (name, RIG_PATH "-wal")
                       || g_str_equal (name, RIG_COPY) || g_str_equal (name, RIG_COPY "-wal"));
      }
}

static void
test_secrets (void)
{
  for (guint i = 0; i < N_CALLS; i++)
    {
      Rig *rig;

      if (CALLS[i].vfs != NULL)
        continue;
      rig = call_rig (&CALLS[i]);
      g_assert_cmpint (CALLS[i].run (rig), ==, JN_OK);
      assert_hidden (rig->disk, CALLS[i].name);
      rig_close (rig);
      assert_hidden (rig->disk, CALLS[i].name);
      rig_free (rig);
    }
}

/* That the search finds what is in the clear. */
static void
test_control (void)
{
  Disk *empty = disk_new ();
  Rig *rig = rig_new (empty, "/plain.db", "jn-fault");

  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  g_assert_true (disk_holds (rig->disk, "SQLite format 3", 15));
  g_assert_true (disk_holds (rig->disk, "CREATE TABLE", 12));
  rig_free (rig);
  disk_free (empty);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  rig_set_up ();
  g_test_add_func ("/bits/pages", test_pages);
  g_test_add_func ("/bits/all", test_all_bits);
  g_test_add_func ("/bits/secrets", test_secrets);
  g_test_add_func ("/bits/control", test_control);
  return g_test_run ();
}
