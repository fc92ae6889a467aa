/* The real window with a real wallet of 100,000 bills: opening and scrolling the list, and from the tap on Pay to the row on
 * the screen. bench-ui [N]: under run-display.sh. */
#include "bench-ui-figures.h"
#include "bench-ui-frames.h"
#include "bench-ui-wallet.h"

#include "jn-application.h"
#include "jn-bill-row.h"
#include "jn-code-input.h"
#include "jn-confirm-sheet.h"
#include "jn-entry-row.h"
#include "jn-payment-view.h"
#include "jn-pin-entry.h"
#include "jn-result-page.h"
#include "jn-window.h"
#include "remove-tree.h"

#include <stdlib.h>

#define N_BILLS 100000
#define N_OPENINGS 7
#define N_PAYMENTS 7

typedef struct
{
  JnContext *context;
  JnApplication *application;
  GtkWidget *window;
  BenchFrames *frames;
  GtkAdjustment *scroll;
  guint n_bills;
  JnId made[N_PAYMENTS]; /* transactions of the newest payments */
  guint n_made;
} Bench;

/* ---- looking at the window ---- */

typedef gboolean (*IsWidget) (GtkWidget *widget, gpointer data);

/* The first mapped widget, from the top, of which @is_it says so. */
static GtkWidget *
find (GtkWidget *widget, IsWidget is_it, gpointer data)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (is_it (widget, data))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, is_it, data);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_of_type (GtkWidget *widget, gpointer data)
{
  return G_TYPE_CHECK_INSTANCE_TYPE (widget, *(GType *) data);
}

static GtkWidget *
find_type (Bench *bench, GType type)
{
  return find (bench->window, is_of_type, &type);
}

/* A widget of a class that is there to be waited for. */
typedef struct
{
  Bench *bench;
  GType type;
  GtkWidget *found;
} Wanted;

static gboolean
is_there (gpointer data)
{
  Wanted *wanted = data;

  wanted->found = find_type (wanted->bench, wanted->type);
  return wanted->found != NULL;
}

static GtkWidget *
wait_for_type (Bench *bench, GType type)
{
  Wanted wanted = { bench, type, NULL };

  bench_wait (g_type_name (type), is_there, &wanted);
  return wanted.found;
}

static void
open_window (Bench *bench, const char *folder)
{
  g_autofree char *data = g_build_filename (folder, "wallet", NULL);
  g_autoptr (GError) error = NULL;

  bench->context = bench_context_new (data);
  bench->application = jn_application_new (bench->context);
  if (!g_application_register (G_APPLICATION (bench->application), NULL, &error))
    g_error ("%s", error->message);
  g_application_activate (G_APPLICATION (bench->application));
  bench_wait_for_start (bench->context);
  bench_enrol (bench->context);
  bench->window =
      GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (bench->application)));
  bench->frames = bench_frames_new (bench->window);
}

/* ---- opening the list ---- */

static gboolean
is_whole_row (GtkWidget *widget, gpointer data)
{
  return JN_IS_BILL_ROW (widget);
}

/* The first rows of the list are read, and rows stand in the window. Nobody reads more than the list itself does. */
static gboolean
shows_bills (gpointer data)
{
  Bench *bench = data;
  GListModel *entries = jn_bills_get_entries (jn_context_get_bills (bench->context));

  if (g_strcmp0 (jn_window_get_place (JN_WINDOW (bench->window)), "bills") != 0
      || find (bench->window, is_whole_row, NULL) == NULL)
    return FALSE;
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (JnEntryItem) item = g_list_model_get_item (entries, i);
      if (item == NULL || jn_entry_item_get_state (item) == JN_ENTRY_LOADING)
        return FALSE;
    }
  return TRUE;
}

static double
open_bills (Bench *bench)
{
  gint64 begin = g_get_monotonic_time ();

  jn_window_go (JN_WINDOW (bench->window), "bills");
  return (double) (bench_frames_wait (bench->frames, "the bills", shows_bills, bench) - begin)
         / 1e3;
}

static void
measure_opening (Bench *bench)
{
  double first, again[N_OPENINGS];
  g_autofree char *note = NULL;

  first = open_bills (bench);
  for (int i = 0; i < N_OPENINGS; i++)
    {
      jn_window_go (JN_WINDOW (bench->window), "home");
      bench_rest (400);
      again[i] = open_bills (bench);
    }
  note =
      g_strdup_printf ("the first time; again: median %.0f ms", bench_median (again, N_OPENINGS));
  bench_figure ("open a list of 100,000 bills", first, "ms", 50, note);
}

/* From one month to the whole history, in the open page. */
static gboolean
shows_whole (gpointer data)
{
  Bench *bench = data;
  GListModel *entries = jn_bills_get_entries (jn_context_get_bills (bench->context));

  return g_list_model_get_n_items (entries) > bench->n_bills / 2 && shows_bills (data);
}

static void
measure_whole (Bench *bench)
{
  JnBills *bills = jn_context_get_bills (bench->context);
  double times[N_OPENINGS];

  for (int i = 0; i < N_OPENINGS; i++)
    {
      jn_bills_set_month (bills, jn_bills_get_last_month (bills));
      bench_rest (400);
      gint64 begin = g_get_monotonic_time ();
      jn_bills_set_month (bills, 0);
      times[i] =
          (double) (bench_frames_wait (bench->frames, "the whole history", shows_whole, bench)
                    - begin)
          / 1e3;
    }
  bench_figure ("from a month to the whole history", bench_median (times, N_OPENINGS), "ms", -1,
                NULL);
}

/* ---- scrolling ---- */

static void
scroll_to (Bench *bench, double value)
{
  gtk_adjustment_set_value (bench->scroll, value);
}

static void
scroll_by (Bench *bench, double delta)
{
  scroll_to (bench, gtk_adjustment_get_value (bench->scroll) + delta);
}

static void
wheel_down (gpointer data, guint frame)
{
  scroll_by (data, 48);
}

static void
wheel_up (gpointer data, guint frame)
{
  scroll_by (data, -96);
}

static void
page_down (gpointer data, guint frame)
{
  Bench *bench = data;
  scroll_by (bench, gtk_adjustment_get_page_increment (bench->scroll));
}

/* The bar, dragged over years of bills. */
static void
drag (gpointer data, guint frame)
{
  Bench *bench = data;
  guint place = frame * 7919 % 1000;

  scroll_to (bench, gtk_adjustment_get_upper (bench->scroll) * place / 1000);
}

/* Every fourth frame somewhere else; the rows come in between. */
static void
jump (gpointer data, guint frame)
{
  if (frame % 4 == 0)
    drag (data, frame / 4 + 500);
}

static void
ends (gpointer data, guint frame)
{
  Bench *bench = data;

  if (frame % 4 == 0)
    scroll_to (bench, frame % 8 == 0 ? gtk_adjustment_get_upper (bench->scroll) : 0);
}

static const struct
{
  const char *name;
  BenchStep step;
  guint n;
} ways[] = {
  { "wheel down", wheel_down, 300 }, { "wheel up", wheel_up, 150 }, { "pages", page_down, 120 },
  { "bar dragged", drag, 120 },      { "jumps", jump, 160 },        { "end and home", ends, 80 },
};

/* Longest and p99 of what has been measured since, and the longest of the processor's share. */
static void
tell_way (BenchFrames *frames, const char *name, GArray *all)
{
  GArray *found = bench_frames_get (frames);
  g_autofree double *work = g_new (double, found->len);
  g_autofree double *cpu = g_new (double, found->len);
  double interval = 0;

  for (guint i = 0; i < found->len; i++)
    {
      BenchFrame *frame = &g_array_index (found, BenchFrame, i);
      work[i] = frame->work_ms;
      cpu[i] = frame->cpu_ms;
      if (i > 0)
        interval = MAX (interval, (double) (frame->at_us - frame[-1].at_us) / 1e3);
    }
  g_array_append_vals (all, found->data, found->len);
  g_print (
      "%-14s %4u frames: median %5.1f, p99 %5.1f, longest %5.1f ms; longest by the processor %5.1f"
      " ms, longest from frame to frame %5.1f ms\n",
      name, found->len, bench_median (work, found->len), bench_percentile (work, found->len, 99),
      bench_percentile (work, found->len, 100), bench_percentile (cpu, found->len, 100), interval);
}

static void
report_scrolling (GArray *all)
{
  g_autofree double *work = g_new (double, all->len);
  g_autofree double *cpu = g_new (double, all->len);
  g_autofree char *note = NULL;
  guint late = 0;

  for (guint i = 0; i < all->len; i++)
    {
      work[i] = g_array_index (all, BenchFrame, i).work_ms;
      cpu[i] = g_array_index (all, BenchFrame, i).cpu_ms;
      late += work[i] > 33;
    }
  note = g_strdup_printf ("%u of %u frames over 33 ms; longest by the processor %.1f ms", late,
                          all->len, bench_percentile (cpu, all->len, 100));
  bench_figure ("scrolling 100,000 bills, longest frame", bench_percentile (work, all->len, 100),
                "ms", 33, note);
  bench_figure ("scrolling 100,000 bills, p99", bench_percentile (work, all->len, 99), "ms", -1,
                NULL);
}

static void
measure_scrolling (Bench *bench)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (BenchFrame));
  GtkWidget *list = wait_for_type (bench, GTK_TYPE_LIST_VIEW);

  bench->scroll = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      bench_frames_run (bench->frames, ways[i].n, ways[i].step, bench);
      tell_way (bench->frames, ways[i].name, all);
    }
  report_scrolling (all);
  scroll_to (bench, 0);
}

static void
measure_list (Bench *bench, guint n)
{
  double before;
  g_autofree char *note = NULL;

  bench->n_bills = n;
  bench_fill (bench->context, n);
  jn_window_go (JN_WINDOW (bench->window), "home");
  bench_rest (1000);
  before = bench_memory_mb ("VmRSS");
  measure_opening (bench);
  bench_rest (300);
  measure_scrolling (bench);
  bench_rest (300);
  note = g_strdup_printf ("from %.1f MB", before);
  bench_figure ("memory growth by 100,000 bills", bench_memory_mb ("VmRSS") - before, "MB", 30,
                note);
  measure_whole (bench);
}

/* ---- paying ---- */

static void
on_shops (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) shops = jn_context_list_shops_finish (JN_CONTEXT (source), result, &error);
  g_autoptr (JnShopItem) shop = NULL;

  if (shops == NULL)
    g_error ("no shops: %s", error->message);
  shop = g_list_model_get_item (shops, 0);
  *(char **) user_data = g_strdup (jn_shop_item_get_payload (shop));
}

static gboolean
is_text (gpointer data)
{
  return *(char **) data != NULL;
}

/* The sheet is there. A coffee like the one before is asked about once: yes, it is wanted. */
static gboolean
is_at_sheet (gpointer data)
{
  GtkWidget *view = find_type (data, JN_TYPE_PAYMENT_VIEW);
  JnPayment *payment = view != NULL ? jn_payment_view_get_payment (JN_PAYMENT_VIEW (view)) : NULL;

  if (payment != NULL && jn_payment_get_state (payment) == JN_PAYMENT_AGAIN)
    jn_payment_pay_again (payment);
  return find_type (data, JN_TYPE_CONFIRM_SHEET) != NULL;
}

/* The sheet of a coffee with the PIN typed in: only the button is left. */
static JnPayment *
prepare_payment (Bench *bench)
{
  g_autofree char *code = NULL;
  GtkWidget *sheet;

  jn_context_list_shops_async (bench->context, NULL, on_shops, &code);
  bench_wait ("a shop", is_text, &code);
  jn_window_go (JN_WINDOW (bench->window), "pay");
  g_signal_emit_by_name (wait_for_type (bench, JN_TYPE_CODE_INPUT), "code", code);
  bench_wait ("the sheet", is_at_sheet, bench);
  sheet = find_type (bench, JN_TYPE_CONFIRM_SHEET);
  bench_rest (700);
  jn_pin_entry_insert (JN_PIN_ENTRY (find_type (bench, JN_TYPE_PIN_ENTRY)), "258036");
  bench_rest (300);
  return g_object_ref (jn_payment_view_get_payment (
      JN_PAYMENT_VIEW (gtk_widget_get_ancestor (sheet, JN_TYPE_PAYMENT_VIEW))));
}

static void
press_pay (Bench *bench)
{
  GtkWidget *sheet = find_type (bench, JN_TYPE_CONFIRM_SHEET);
  GObject *button =
      gtk_widget_get_template_child (GTK_WIDGET (sheet), JN_TYPE_CONFIRM_SHEET, "pay_button");

  g_signal_emit_by_name (button, "clicked");
}

/* What is waited for: the payment is made, and its row or its result is on the screen. */
typedef struct
{
  Bench *bench;
  JnPayment *payment;
} Paying;

static gboolean
is_its_row (GtkWidget *widget, gpointer data)
{
  Paying *paying = data;
  JnEntryItem *item =
      JN_IS_ENTRY_ROW (widget) ? jn_entry_row_get_item (JN_ENTRY_ROW (widget)) : NULL;

  return item != NULL && jn_entry_item_get_state (item) == JN_ENTRY_BOOKED
         && jn_id_equal (jn_entry_item_get_id (item), jn_payment_get_transaction (paying->payment));
}

static gboolean
has_ended (Paying *paying)
{
  if (jn_payment_get_state (paying->payment) >= JN_PAYMENT_NOT_MADE)
    g_error ("the payment was not made");
  return jn_payment_get_state (paying->payment) == JN_PAYMENT_MADE;
}

static gboolean
shows_row (gpointer data)
{
  Paying *paying = data;
  return has_ended (paying) && find (paying->bench->window, is_its_row, paying) != NULL;
}

static gboolean
shows_result (gpointer data)
{
  Paying *paying = data;
  return has_ended (paying) && find_type (paying->bench, JN_TYPE_RESULT_PAGE) != NULL;
}

/* Milliseconds from the tap; @answer and @commit: of the bank. */
static double
pay (Bench *bench, gboolean to_row, double *answer, double *commit)
{
  g_autoptr (JnPayment) payment = prepare_payment (bench);
  Paying paying = { bench, payment };
  gint64 begin = g_get_monotonic_time ();
  gint64 end;

  press_pay (bench);
  if (to_row)
    jn_window_go (JN_WINDOW (bench->window), "home");
  end = bench_frames_wait (bench->frames, "the end of a payment", to_row ? shows_row : shows_result,
                           &paying);
  *answer = (double) jn_payment_get_elapsed_us (payment) / 1e3;
  *commit = (double) jn_payment_get_bank_commit_us (payment) / 1e3;
  bench->made[bench->n_made++ % N_PAYMENTS] = *jn_payment_get_transaction (payment);
  jn_window_go (JN_WINDOW (bench->window), "pay");
  g_signal_emit_by_name (wait_for_type (bench, JN_TYPE_RESULT_PAGE), "done");
  bench_rest (700);
  return (double) (end - begin) / 1e3;
}

static void
set_fading (gboolean fading)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", fading, NULL);
}

static void
measure_paying (Bench *bench, gboolean to_row, const char *name, double goal)
{
  double times[N_PAYMENTS], answers[N_PAYMENTS], commits[N_PAYMENTS];
  g_autofree char *note = NULL;

  for (int i = 0; i < N_PAYMENTS; i++)
    times[i] = pay (bench, to_row, &answers[i], &commits[i]);
  note = g_strdup_printf ("median of %d; the bank answered after %.1f ms, its commit took %.1f ms",
                          N_PAYMENTS, bench_median (answers, N_PAYMENTS),
                          bench_median (commits, N_PAYMENTS));
  bench_figure (name, bench_median (times, N_PAYMENTS), "ms", goal, note);
}

/* ---- what the bank books by itself ---- */

typedef struct
{
  Bench *bench;
  JnId payment;
} Return;

static gboolean
is_return (GtkWidget *widget, gpointer data)
{
  Return *wanted = data;
  JnEntryItem *item =
      JN_IS_ENTRY_ROW (widget) ? jn_entry_row_get_item (JN_ENTRY_ROW (widget)) : NULL;

  return item != NULL && jn_entry_item_get_state (item) == JN_ENTRY_BOOKED
         && jn_entry_item_get_returns (item) != NULL
         && jn_id_equal (jn_entry_item_get_returns (item), &wanted->payment);
}

static gboolean
shows_return (gpointer data)
{
  Return *wanted = data;
  return find (wanted->bench->window, is_return, wanted) != NULL;
}

/* The wallet did nothing and asks for nothing: the stream of events tells it to look. */
static void
measure_stream (Bench *bench)
{
  double times[N_PAYMENTS];

  jn_window_go (JN_WINDOW (bench->window), "home");
  for (guint i = 0; i < N_PAYMENTS; i++)
    {
      Return wanted = { bench, bench->made[i] };
      bench_rest (700);
      gint64 begin = g_get_monotonic_time ();
      bench_send_back (bench->context, &wanted.payment);
      times[i] =
          (double) (bench_frames_wait (bench->frames, "what came back", shows_return, &wanted)
                    - begin)
          / 1e3;
    }
  bench_figure ("an event of the stream to the row on screen", bench_median (times, N_PAYMENTS),
                "ms", 200, "from before the bank books what the event tells of");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("jinnang-bench-XXXXXX", &error);
  Bench bench = { 0 };

  if (folder == NULL)
    g_error ("%s", error->message);
  bench_keyring_start ();
  open_window (&bench, folder);
  set_fading (FALSE);
  measure_paying (&bench, TRUE, "tap on Pay to the row on screen", 100);
  set_fading (TRUE);
  measure_paying (&bench, TRUE, "the same while one page fades into the other", -1);
  measure_paying (&bench, FALSE, "tap on Pay to the result on screen", -1);
  set_fading (FALSE);
  measure_stream (&bench);
  set_fading (TRUE);
  measure_list (&bench, argc > 1 ? (guint) atoi (argv[1]) : N_BILLS);
  set_fading (FALSE);
  measure_paying (&bench, TRUE, "tap on Pay to the row, 100,000 bills", -1);
  bench_frames_free (bench.frames);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  g_object_unref (bench.application);
  bench_context_free (bench.context);
  remove_tree (folder);
  return EXIT_SUCCESS;
}
