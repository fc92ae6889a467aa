/* PINs that are hashed beside the bank's thread: what others do meanwhile, who guesses in parallel, who copies, who goes away. */
#include <glib/gstdio.h>
#include <string.h>

#include "bankd-ask.h"

#define HOUSE "/psd2/v1/payments/book-transfers"
#define TRIES 5
#define MOST 32 /* of one customer */

/* An order of one yuan with its authorisation. */
typedef struct
{
  Reply *payment;
  char *friend, *intent, *path, *right, *wrong;
} Order;

static Order *
order_new (World *world)
{
  Order *self = g_new0 (Order, 1);
  g_autofree char *body = NULL;

  self->friend = world_find_friend (world);
  self->intent = world_make_id (world);
  body = world_transfer_body (world, self->intent, "1.00", self->friend, "李思雨");
  self->payment = world_call (world, "POST", HOUSE, self->intent, body);
  reply_assert (self->payment, 201, NULL);
  self->path = world_authorise (world, "book-transfers", self->payment);
  self->right = world_proof (world, self->payment, self->path, WORLD_PIN);
  self->wrong = world_proof (world, self->payment, self->path, "111223");
  return self;
}

static void
order_free (Order *self)
{
  reply_free (self->payment);
  g_free (self->friend);
  g_free (self->intent);
  g_free (self->path);
  g_free (self->right);
  g_free (self->wrong);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Order, order_free)

static World *
enrolled (guint threads)
{
  World *world = world_new_threaded (NULL, threads);

  world_enrol (world);
  return world;
}

static gint64
count (World *world, const char *sql)
{
  return jn_bankd_db_integer (world->core->db, -1, sql, "");
}

static gint64
tries (World *world)
{
  return count (world, "SELECT pin_tries FROM customer WHERE id = 1");
}

static gint64
made (World *world)
{
  return count (world, "SELECT count (*) FROM intent WHERE state = 'ACSC'");
}

static Ask *
enter (World *world, const Order *order, const char *proof)
{
  return ask_signed (world, "PUT", order->path, NULL, proof);
}

static void
finish (Ask *ask, guint status, const char *reason)
{
  g_autoptr (Reply) reply = ask_finish (ask);

  reply_assert (reply, status, reason);
}

/* Others are served while a PIN is hashed. */
static void
test_beside (void)
{
  g_autoptr (World) world = enrolled (1);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Ask) ask = enter (world, order, order->right);
  g_autoptr (Ask) other = ask_signed (world, "GET", "/psd2/v1/accounts", NULL, NULL);

  g_assert_true (ask_waits (ask));
  g_assert_false (ask_waits (other));
  finish (other, 200, NULL);
  g_assert_cmpint (made (world), ==, 0);
  finish (ask, 200, NULL);
  g_assert_cmpint (tries (world), ==, 0);
  g_assert_cmpint (made (world), ==, 1);
}

/* Twelve guesses at once are five tries, whatever the number of threads. */
static void
test_parallel_guesses (void)
{
  g_autoptr (World) world = enrolled (8);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (GPtrArray) asks = g_ptr_array_new_with_free_func ((GDestroyNotify) ask_free);
  guint wrong = 0, blocked = 0;

  for (guint i = 0; i < 11; i++)
    g_ptr_array_add (asks, enter (world, order, order->wrong));
  g_ptr_array_add (asks, enter (world, order, order->right));
  for (guint i = 0; i < asks->len; i++)
    {
      g_autoptr (Reply) reply = ask_finish (asks->pdata[i]);

      wrong += reply->status == 401;
      blocked += reply->status == 403;
    }
  g_assert_cmpuint (wrong, ==, TRIES - 1);
  g_assert_cmpuint (blocked, ==, 8);
  g_assert_cmpint (tries (world), ==, TRIES);
  g_assert_cmpint (made (world), ==, 0);
}

/* More right ones at once than there are tries: they wait for each other. */
static void
test_parallel_payments (void)
{
  g_autoptr (World) world = enrolled (8);
  g_autoptr (GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify) order_free);
  g_autoptr (GPtrArray) asks = g_ptr_array_new_with_free_func ((GDestroyNotify) ask_free);

  for (guint i = 0; i < 9; i++)
    g_ptr_array_add (orders, order_new (world));
  for (guint i = 0; i < orders->len; i++)
    {
      const Order *order = orders->pdata[i];

      g_ptr_array_add (asks, enter (world, order, order->right));
    }
  for (guint i = 0; i < asks->len; i++)
    finish (asks->pdata[i], 200, NULL);
  g_assert_cmpint (made (world), ==, 9);
  g_assert_cmpint (tries (world), ==, 0);
}

/* A right PIN forgives what was wrong before it, never what is being tried beside it. */
static void
test_right_beside_wrong (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Order) other = order_new (world);
  g_autoptr (Ask) right = enter (world, order, order->right);
  g_autoptr (Ask) wrong = enter (world, other, other->wrong);

  finish (right, 200, NULL);
  g_assert_cmpint (tries (world), ==, 0);
  finish (wrong, 401, "PIN_WRONG");
  g_assert_cmpint (tries (world), ==, 1);
}

/* With one try left two orders are not two tries: the second waits for what becomes of the first. */
static void
test_last_try (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Order) other = order_new (world);

  jn_bankd_db_run (world->core->db, "UPDATE customer SET pin_tries = 4", "");
  {
    g_autoptr (Ask) right = enter (world, order, order->right);
    g_autoptr (Ask) wrong = enter (world, other, other->wrong);

    finish (right, 200, NULL);
    finish (wrong, 401, "PIN_WRONG");
  }
  jn_bankd_db_run (world->core->db, "UPDATE customer SET pin_tries = 4", "");
  {
    g_autoptr (Ask) wrong = enter (world, other, other->wrong);
    g_autoptr (Ask) right = enter (world, other, other->right);

    finish (wrong, 403, "PIN_BLOCKED");
    finish (right, 403, "PIN_BLOCKED");
  }
  g_assert_cmpint (tries (world), ==, TRIES);
  g_assert_cmpint (made (world), ==, 1);
}

/* Whoever blocked the PIN meanwhile is not overruled by a right one, nor counted again by a wrong one. */
static void
test_blocked_meanwhile (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Ask) right = enter (world, order, order->right);
  g_autoptr (Ask) wrong = enter (world, order, order->wrong);

  jn_bankd_db_run (world->core->db, "UPDATE customer SET pin_tries = 5", "");
  finish (right, 403, "PIN_BLOCKED");
  finish (wrong, 403, "PIN_BLOCKED");
  g_assert_cmpint (tries (world), ==, TRIES);
  g_assert_cmpint (made (world), ==, 0);
}

/* A copy, and another request under the same key, wait for the first one's answer. */
static void
test_copy (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autofree char *key = world_make_id (world);
  g_autoptr (Ask) first = ask_signed (world, "PUT", order->path, key, order->right);
  g_autoptr (Ask) copy = ask_signed (world, "PUT", order->path, key, order->right);
  g_autoptr (Ask) other = ask_signed (world, "PUT", order->path, key, order->wrong);
  g_autoptr (Reply) replayed = NULL;

  g_assert_true (ask_waits (copy));
  g_assert_true (ask_waits (other));
  finish (first, 200, NULL);
  replayed = ask_finish (copy);
  reply_assert (replayed, 200, NULL);
  g_assert_true (replayed->replayed);
  finish (other, 422, "CONFLICT");
  g_assert_cmpint (made (world), ==, 1);
  g_assert_cmpint (tries (world), ==, 0);
}

/* Whose request is not answered any more leaves what became of the PIN to copies of it, and to no other request under its key. */
static void
test_inherited (gconstpointer threads)
{
  g_autoptr (World) world = enrolled (GPOINTER_TO_UINT (threads));
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Order) other = order_new (world);
  g_autofree char *key = world_make_id (world);
  Ask *gone = ask_signed (world, "PUT", order->path, key, order->right);
  g_autoptr (Ask) guess = ask_signed (world, "PUT", other->path, key, other->wrong);
  g_autoptr (Ask) copy = ask_signed (world, "PUT", order->path, key, order->right);

  ask_free (gone);
  finish (guess, 401, "PIN_WRONG");
  g_assert_cmpint (made (world), ==, 0);
  g_assert_cmpint (tries (world), ==, 1);
  finish (copy, 422, "CONFLICT");
  {
    g_autofree char *fresh = world_make_id (world);
    Ask *first = ask_signed (world, "PUT", order->path, fresh, order->right);
    g_autoptr (Ask) second = ask_signed (world, "PUT", order->path, fresh, order->right);

    ask_free (first);
    finish (second, 200, NULL);
  }
  g_assert_cmpint (made (world), ==, 1);
}

/* Two answers to one authorisation: one of them makes it, whichever comes back first. */
static void
test_twice (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Ask) first = enter (world, order, order->right);
  g_autoptr (Ask) second = enter (world, order, order->right);

  finish (first, 200, NULL);
  finish (second, 409, "CONFLICT");
  g_assert_cmpint (made (world), ==, 1);
}

/* What was true when the PIN was handed in is looked at anew when it is checked. Where the order is over, the PIN is not
 * looked at: right and wrong get the same answer, and neither is a try. */
static void
test_meanwhile (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) cancelled = order_new (world);
  g_autoptr (Order) late = order_new (world);
  g_autoptr (Order) revoked = order_new (world);
  g_autofree char *payment = g_strndup (
      cancelled->path, (gsize) (strstr (cancelled->path, "/authorisations") - cancelled->path));
  g_autofree char *consent = g_strdup_printf ("/psd2/v1/consents/%s", world->consent);

  {
    g_autoptr (Ask) ask = enter (world, cancelled, cancelled->right);
    g_autoptr (Ask) wrong = enter (world, cancelled, cancelled->wrong);
    g_autoptr (Reply) gone = world_call (world, "DELETE", payment, NULL, NULL);

    reply_assert (gone, 204, NULL);
    finish (ask, 409, "CANCELLED");
    finish (wrong, 409, "CANCELLED");
    g_assert_cmpint (tries (world), ==, 0);
  }
  {
    g_autoptr (Ask) ask = enter (world, revoked, revoked->right);
    g_autoptr (Ask) slow = enter (world, late, late->right);
    g_autoptr (Ask) slow_wrong = enter (world, late, late->wrong);
    g_autoptr (Reply) gone = NULL;

    jn_manual_clock_advance (world->clock, 6 * JN_MINUTE);
    finish (slow, 403, "CODE_EXPIRED");
    finish (slow_wrong, 409, "CODE_EXPIRED");
    g_assert_cmpint (tries (world), ==, 0);
    gone = world_call (world, "DELETE", consent, NULL, NULL);
    reply_assert (gone, 204, NULL);
    finish (ask, 401, "DEVICE_REVOKED");
    g_assert_cmpint (tries (world), ==, 0);
  }
  g_assert_cmpint (made (world), ==, 0);
}

/* A new authorisation ends the one before it, also while its PIN is being checked; the order is made once, under the new one. */
static void
test_authorised_anew (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Ask) slow = enter (world, order, order->right);
  g_autofree char *path = world_authorise (world, "book-transfers", order->payment);
  g_autofree char *proof = world_proof (world, order->payment, path, WORLD_PIN);

  finish (slow, 409, "CONFLICT");
  {
    g_autoptr (Ask) late = enter (world, order, order->right);
    finish (late, 409, "CONFLICT");
  }
  g_assert_cmpint (made (world), ==, 0);
  {
    g_autoptr (Ask) ask = ask_signed (world, "PUT", path, NULL, proof);
    finish (ask, 200, NULL);
  }
  g_assert_cmpint (made (world), ==, 1);
}

/* Another PIN was set while the old one was checked: the old one is wrong. */
static void
test_pin_replaced (void)
{
  g_autoptr (World) world = enrolled (4);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (Ask) ask = enter (world, order, order->right);

  jn_bankd_db_run (world->core->db, "UPDATE customer SET pin = 'another', pin_tries = 0", "");
  finish (ask, 401, "PIN_WRONG");
  g_assert_cmpint (tries (world), ==, 1);
  g_assert_cmpint (made (world), ==, 0);
}

static void
test_too_many (void)
{
  g_autoptr (World) world = enrolled (1);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (GPtrArray) asks = g_ptr_array_new_with_free_func ((GDestroyNotify) ask_free);
  g_autofree char *key = world_make_id (world);

  for (guint i = 0; i < MOST; i++)
    g_ptr_array_add (asks, enter (world, order, order->wrong));
  {
    g_autoptr (Ask) refused = ask_signed (world, "PUT", order->path, key, order->right);

    g_assert_false (ask_waits (refused));
    finish (refused, 503, "RATE_LIMITED");
  }
  /* Whoever goes away before their turn costs nothing, and makes room: the same request is let in. */
  g_ptr_array_set_size (asks, 1);
  {
    g_autoptr (Ask) again = ask_signed (world, "PUT", order->path, key, order->right);

    finish (asks->pdata[0], 401, "PIN_WRONG");
    finish (again, 200, NULL);
  }
  g_assert_cmpint (tries (world), ==, 0);
}

/* A bank that dies while it hashes has made nothing and told nobody; asked the same again, it makes it once. One that has
 * answered remembers the try. */
static void
test_death (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_autofree char *copy = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_autofree char *command = g_strdup_printf ("sh -c 'cp %s/bank.db* %s/'", folder, copy);
  g_autofree char *clean = g_strdup_printf ("rm -r '%s' '%s'", folder, copy);

  {
    g_autoptr (World) world = world_new_threaded (folder, 2);
    g_autoptr (Order) order = NULL;
    g_autofree char *key = world_make_id (world);

    world_enrol (world);
    order = order_new (world);
    {
      g_autoptr (Ask) ask = ask_signed (world, "PUT", order->path, key, order->right);

      /* What a killed bank leaves on the disk: all that it wrote, nothing that it was about to. */
      g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
      finish (ask, 200, NULL);
    }
    {
      g_autoptr (World) back = world_new_threaded (copy, 2);

      g_assert_cmpint (tries (back), ==, 0);
      g_assert_cmpint (made (back), ==, 0);
      world_become (back, world);
      g_autoptr (Ask) again = ask_signed (back, "PUT", order->path, key, order->right);
      g_autoptr (Reply) reply = ask_finish (again);
      reply_assert (reply, 200, NULL);
      g_assert_false (reply->replayed);
      g_assert_cmpint (made (back), ==, 1);
      g_assert_cmpint (tries (back), ==, 0);
    }
    {
      g_autoptr (Order) other = order_new (world);
      g_autoptr (Ask) wrong = enter (world, other, other->wrong);

      finish (wrong, 401, "PIN_WRONG");
      g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
      {
        g_autoptr (World) back = world_new_threaded (copy, 2);

        g_assert_cmpint (tries (back), ==, 1);
        g_assert_cmpint (made (back), ==, 1);
      }
    }
  }
  g_assert_true (g_spawn_command_line_sync (clean, NULL, NULL, NULL, NULL));
}

/* Nobody hears of a hash who has gone, or whose bank has. */
static void
test_gone (void)
{
  World *world = enrolled (2);
  Order *order = order_new (world);
  Ask *gone = enter (world, order, order->right);
  Ask *waiting = enter (world, order, order->wrong);

  ask_free (gone);
  g_assert_cmpint (made (world), ==, 0);
  jn_bankd_core_close (g_steal_pointer (&world->core));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (waiting->told, ==, 0);
  ask_free (waiting);
  order_free (order);
  world_free (world);
}

#define NO_ANSWERS                                                                                 \
  "CREATE TRIGGER no_answers BEFORE INSERT ON counter BEGIN SELECT RAISE (ABORT, 'full'); END"
#define NO_TRIES                                                                                   \
  "CREATE TRIGGER no_tries BEFORE UPDATE OF pin_tries ON customer BEGIN"                           \
  " SELECT RAISE (ABORT, 'full'); END"

/* The commit fails when the PIN is known already: right and wrong hear the same, and the try is owed. As long as the disk
 * does not take what is owed, no PIN is hashed. */
static void
test_commit_fails (gconstpointer threads)
{
  g_autoptr (World) world = enrolled (GPOINTER_TO_UINT (threads));
  g_autoptr (Order) order = order_new (world);
  g_autofree char *key = world_make_id (world);
  JnBankdDb *db = world->core->db;

  jn_bankd_db_run (db, NO_ANSWERS, "");
  {
    g_autoptr (Ask) wrong = enter (world, order, order->wrong);
    g_autoptr (Reply) told_wrong = ask_finish (wrong);
    g_autoptr (Ask) right = ask_signed (world, "PUT", order->path, key, order->right);
    g_autoptr (Reply) told_right = ask_finish (right);

    reply_assert (told_wrong, 503, "IO");
    g_assert_cmpstr (told_wrong->text, ==, told_right->text);
    g_assert_cmpint (tries (world), ==, 1);
  }
  jn_bankd_db_run (db, "DROP TRIGGER no_answers", "");
  jn_bankd_db_run (db, NO_TRIES, "");
  {
    g_autoptr (Ask) right = ask_signed (world, "PUT", order->path, key, order->right);

    finish (right, 503, "IO");
    g_assert_cmpint (made (world), ==, 0);
  }
  jn_bankd_db_run (db, "DROP TRIGGER no_tries", "");
  {
    g_autoptr (Ask) wrong = enter (world, order, order->wrong);
    g_autoptr (Reply) told = ask_finish (wrong);
    gint64 left = 0;

    reply_assert (told, 401, "PIN_WRONG");
    g_assert_true (jn_json_integer (jn_json_get (told->json, "attemptsLeft"), &left));
    g_assert_cmpint (left, ==, TRIES - 3);
  }
  {
    g_autoptr (Ask) right = ask_signed (world, "PUT", order->path, key, order->right);

    finish (right, 200, NULL);
  }
  g_assert_cmpint (made (world), ==, 1);
  g_assert_cmpint (tries (world), ==, 0);
}

/* A bank whose disk takes nothing gives five guesses to whoever can tell by the clock, however many they send. */
static void
test_guesses_by_the_clock (void)
{
  g_autoptr (World) world = enrolled (8);
  g_autoptr (Order) before = order_new (world);
  g_autoptr (Order) order = order_new (world);
  g_autoptr (GPtrArray) asks = g_ptr_array_new_with_free_func ((GDestroyNotify) ask_free);
  {
    g_autoptr (Ask) right = enter (world, before, before->right);

    finish (right, 200, NULL);
  }

  jn_bankd_db_run (world->core->db, NO_ANSWERS, "");
  jn_bankd_db_run (world->core->db, NO_TRIES, "");
  for (guint i = 0; i < 12; i++)
    g_ptr_array_add (asks, enter (world, order, i < 8 ? order->wrong : order->right));
  for (guint i = 0; i < asks->len; i++)
    finish (asks->pdata[i], 503, "IO");
  jn_bankd_db_run (world->core->db, "DROP TRIGGER no_answers", "");
  jn_bankd_db_run (world->core->db, "DROP TRIGGER no_tries", "");
  {
    g_autoptr (Ask) right = enter (world, order, order->right);

    finish (right, 403, "PIN_BLOCKED");
  }
  g_assert_cmpint (tries (world), ==, TRIES);
  g_assert_cmpint (made (world), ==, 1);
}

#define NO_MARK                                                                                    \
  "CREATE TRIGGER no_mark BEFORE INSERT ON meta BEGIN SELECT RAISE (ABORT, 'full'); END"

/* A bank that is started anew on such a disk gives none at all: what was owed before is not known any more. */
static void
test_no_guess_after_start (void)
{
  g_autoptr (World) world = enrolled (2);
  g_autoptr (Order) order = order_new (world);
  JnBankdDb *db = world->core->db;

  jn_bankd_db_run (db, NO_ANSWERS, "");
  jn_bankd_db_run (db, NO_MARK, "");
  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr (Ask) wrong = enter (world, order, order->wrong);

      finish (wrong, 503, "IO");
    }
  jn_bankd_db_run (db, "DROP TRIGGER no_answers", "");
  jn_bankd_db_run (db, "DROP TRIGGER no_mark", "");
  /* None was made, so none is owed. */
  {
    g_autoptr (Ask) wrong = enter (world, order, order->wrong);

    finish (wrong, 401, "PIN_WRONG");
  }
  g_assert_cmpint (tries (world), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/hasher/beside", test_beside);
  g_test_add_func ("/bankd/hasher/parallel-guesses", test_parallel_guesses);
  g_test_add_func ("/bankd/hasher/parallel-payments", test_parallel_payments);
  g_test_add_func ("/bankd/hasher/right-beside-wrong", test_right_beside_wrong);
  g_test_add_func ("/bankd/hasher/last-try", test_last_try);
  g_test_add_func ("/bankd/hasher/blocked-meanwhile", test_blocked_meanwhile);
  g_test_add_func ("/bankd/hasher/copy", test_copy);
  g_test_add_data_func ("/bankd/hasher/inherited", GUINT_TO_POINTER (1), test_inherited);
  g_test_add_data_func ("/bankd/hasher/inherited-beside", GUINT_TO_POINTER (4), test_inherited);
  g_test_add_func ("/bankd/hasher/twice", test_twice);
  g_test_add_func ("/bankd/hasher/meanwhile", test_meanwhile);
  g_test_add_func ("/bankd/hasher/authorised-anew", test_authorised_anew);
  g_test_add_func ("/bankd/hasher/pin-replaced", test_pin_replaced);
  g_test_add_func ("/bankd/hasher/too-many", test_too_many);
  g_test_add_func ("/bankd/hasher/death", test_death);
  g_test_add_func ("/bankd/hasher/gone", test_gone);
  g_test_add_data_func ("/bankd/hasher/commit-fails", GUINT_TO_POINTER (2), test_commit_fails);
  g_test_add_data_func ("/bankd/hasher/commit-fails-here", NULL, test_commit_fails);
  g_test_add_func ("/bankd/hasher/guesses-by-the-clock", test_guesses_by_the_clock);
  g_test_add_func ("/bankd/hasher/no-guess-after-start", test_no_guess_after_start);
  return g_test_run ();
}
