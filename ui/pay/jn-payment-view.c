/* The state machine is in session; here stands only which widget belongs to which state. */
#include "jn-payment-view.h"

#include "jn-amount-step.h"
#include "jn-confirm-sheet.h"
#include "jn-payment-progress.h"
#include "jn-question-steps.h"
#include "jn-result-page.h"
#include "jn-sms-step.h"
#include "jn-open-page.h"

typedef enum
{
  STEP_NONE,
  STEP_PROGRESS,
  STEP_AMOUNT,
  STEP_AGAIN,
  STEP_SHORT,
  STEP_TOP_UP,
  STEP_CONFIRM,
  STEP_SMS,
  STEP_RESULT,
} Step;

struct _JnPaymentView
{
  AdwBin parent_instance;

  GtkStack *stack;
  JnContext *context;
  JnPayment *payment;
  GSignalGroup *signals;
  Step step;
  guint leaving; /* idle: the view went out of sight after a wrong PIN */
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

enum
{
  SIGNAL_LEFT,
  SIGNAL_AGAIN,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnPaymentView, jn_payment_view, ADW_TYPE_BIN)

static void
emit_left (JnPaymentView *self)
{
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
emit_again (JnPaymentView *self)
{
  g_signal_emit (self, signals[SIGNAL_AGAIN], 0);
}

/* A locked sheet stays where it is for three seconds, so that a quick answer makes nothing flicker. */
static Step
step_while_waiting (JnPaymentView *self, Step before)
{
  if (jn_payment_get_wait (self->payment) >= JN_WAIT_STEPS)
    return STEP_PROGRESS;
  if (before == STEP_CONFIRM || before == STEP_SMS || before == STEP_AMOUNT || before == STEP_SHORT)
    return before;
  return STEP_PROGRESS;
}

static Step
step_for_state (JnPaymentView *self)
{
  switch (jn_payment_get_state (self->payment))
    {
    case JN_PAYMENT_AMOUNT:
      return STEP_AMOUNT;
    case JN_PAYMENT_AGAIN:
      return STEP_AGAIN;
    case JN_PAYMENT_SHORT:
      return STEP_SHORT;
    case JN_PAYMENT_TOPPING_UP:
      return STEP_TOP_UP;
    case JN_PAYMENT_CONFIRM:
      return STEP_CONFIRM;
    case JN_PAYMENT_SMS:
      return STEP_SMS;
    case JN_PAYMENT_READING:
    case JN_PAYMENT_RESOLVING:
    case JN_PAYMENT_QUOTING:
    case JN_PAYMENT_APPROVING:
      return step_while_waiting (self, self->step);
    case JN_PAYMENT_CHECKING:
    case JN_PAYMENT_MADE:
    case JN_PAYMENT_NOT_MADE:
    case JN_PAYMENT_FAILED:
      return STEP_RESULT;
    case JN_PAYMENT_START:
    case JN_PAYMENT_CANCELLED:
    default:
      return STEP_NONE;
    }
}

static GtkWidget *
widget_for_step (JnPaymentView *self, Step step)
{
  GtkWidget *widget;

  switch (step)
    {
    case STEP_AMOUNT:
      return jn_amount_step_new (self->context, self->payment);
    case STEP_AGAIN:
      return jn_again_step_new (self->context, self->payment);
    case STEP_SHORT:
      return jn_short_step_new (self->context, self->payment);
    case STEP_TOP_UP:
      widget = jn_top_up_step_new (self->context, self->payment);
      g_signal_connect_swapped (widget, "left", G_CALLBACK (emit_left), self);
      return widget;
    case STEP_CONFIRM:
      return jn_confirm_sheet_new (self->context, self->payment);
    case STEP_SMS:
      return jn_sms_step_new (self->context, self->payment);
    case STEP_PROGRESS:
      widget = jn_payment_progress_new (self->payment);
      g_signal_connect_swapped (widget, "leave", G_CALLBACK (emit_left), self);
      return widget;
    case STEP_RESULT:
      widget = jn_result_page_new (self->context, self->payment);
      g_signal_connect_swapped (widget, "done", G_CALLBACK (emit_left), self);
      g_signal_connect_swapped (widget, "again", G_CALLBACK (emit_again), self);
      return widget;
    case STEP_NONE:
    default:
      return adw_bin_new ();
    }
}

static const char *
name_of (Step step)
{
  static const char *const names[] = { "none",   "progress", "amount", "again", "short",
                                       "top-up", "confirm",  "sms",    "result" };

  return names[step];
}

/* Steps are kept until the payment changes: a sheet that was locked must come back as it was when the PIN was wrong. */
static void
forget_steps (JnPaymentView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->stack))))
    gtk_stack_remove (self->stack, child);
  self->step = STEP_NONE;
}

static void
show_step (JnPaymentView *self, Step step)
{
  GtkWidget *child = gtk_stack_get_child_by_name (self->stack, name_of (step));

  self->step = step;
  /* A question is asked with what is so now. */
  if (child
      && (step == STEP_AGAIN || step == STEP_SHORT || step == STEP_AMOUNT || step == STEP_TOP_UP))
    {
      gtk_stack_remove (self->stack, child);
      child = NULL;
    }
  if (!child)
    {
      child = widget_for_step (self, step);
      gtk_stack_add_named (self->stack, child, name_of (step));
    }
  gtk_stack_set_visible_child (self->stack, child);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (child);
}

static void
update (JnPaymentView *self)
{
  Step step = step_for_state (self);

  if (jn_payment_get_state (self->payment) == JN_PAYMENT_CANCELLED)
    {
      emit_left (self);
      return;
    }
  if (step != self->step)
    show_step (self, step);
}

/* What was not approved is closed at the bank too, and not left to run out. What was sent goes on without a view. */
static void
let_go (JnPaymentView *self)
{
  g_clear_handle_id (&self->leaving, g_source_remove);
  if (self->signals)
    g_signal_group_set_target (self->signals, NULL);
  if (self->payment)
    jn_payment_cancel (self->payment);
  g_clear_object (&self->payment);
}

void
jn_payment_view_set_payment (JnPaymentView *self, JnPayment *payment)
{
  g_return_if_fail (JN_IS_PAYMENT_VIEW (self));
  g_return_if_fail (!payment || JN_IS_PAYMENT (payment));

  if (payment && payment == self->payment)
    return;
  let_go (self);
  forget_steps (self);
  g_set_object (&self->payment, payment);
  if (!payment)
    return;
  g_signal_group_set_target (self->signals, payment);
  update (self);
}

JnPayment *
jn_payment_view_get_payment (JnPaymentView *self)
{
  g_return_val_if_fail (JN_IS_PAYMENT_VIEW (self), NULL);
  return self->payment;
}

/* What was not approved yet is closed, and the question stands there again; what was sent goes on without us. */
static void
leave_top_up (JnPaymentView *self)
{
  JnPayment *top_up = jn_payment_get_top_up (self->payment);

  switch (jn_payment_get_state (top_up))
    {
    case JN_PAYMENT_QUOTING:
    case JN_PAYMENT_AGAIN:
    case JN_PAYMENT_CONFIRM:
    case JN_PAYMENT_SMS:
      jn_payment_cancel (top_up);
      break;
    default:
      emit_left (self);
      break;
    }
}

void
jn_payment_view_go_back (JnPaymentView *self)
{
  g_return_if_fail (JN_IS_PAYMENT_VIEW (self));
  if (!self->payment)
    return;
  switch (jn_payment_get_state (self->payment))
    {
    case JN_PAYMENT_TOPPING_UP:
      leave_top_up (self);
      break;
    case JN_PAYMENT_APPROVING:
    case JN_PAYMENT_CHECKING:
    case JN_PAYMENT_MADE:
    case JN_PAYMENT_NOT_MADE:
    case JN_PAYMENT_FAILED:
    case JN_PAYMENT_CANCELLED:
      emit_left (self);
      break;
    case JN_PAYMENT_START:
    case JN_PAYMENT_READING:
    case JN_PAYMENT_RESOLVING:
    case JN_PAYMENT_AMOUNT:
    case JN_PAYMENT_QUOTING:
    case JN_PAYMENT_AGAIN:
    case JN_PAYMENT_SHORT:
    case JN_PAYMENT_CONFIRM:
    case JN_PAYMENT_SMS:
    default:
      jn_payment_cancel (self->payment);
      if (self->payment && jn_payment_get_state (self->payment) != JN_PAYMENT_CANCELLED)
        emit_left (self);
      break;
    }
}

static gboolean
on_left_behind (gpointer data)
{
  JnPaymentView *self = data;

  self->leaving = 0;
  if (self->payment && !gtk_widget_get_mapped (GTK_WIDGET (self)))
    jn_payment_cancel (self->payment);
  return G_SOURCE_REMOVE;
}

/* A sheet may wait while somebody looks at another place, but not one on which a wrong PIN was typed. */
static void
jn_payment_view_unmap (GtkWidget *widget)
{
  JnPaymentView *self = JN_PAYMENT_VIEW (widget);

  GTK_WIDGET_CLASS (jn_payment_view_parent_class)->unmap (widget);
  if (self->payment && !self->leaving && jn_payment_get_state (self->payment) == JN_PAYMENT_CONFIRM
      && jn_payment_get_error (self->payment))
    self->leaving = g_idle_add (on_left_behind, self);
}

static gboolean
jn_payment_view_grab_focus (GtkWidget *widget)
{
  JnPaymentView *self = JN_PAYMENT_VIEW (widget);
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  return child && gtk_widget_grab_focus (child);
}

static void
jn_payment_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_PAYMENT_VIEW (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_payment_view_dispose (GObject *object)
{
  JnPaymentView *self = JN_PAYMENT_VIEW (object);

  let_go (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_payment_view_parent_class)->dispose (object);
}

static void
jn_payment_view_class_init (JnPaymentViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = jn_payment_view_set_property;
  object_class->dispose = jn_payment_view_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = jn_payment_view_grab_focus;
  GTK_WIDGET_CLASS (klass)->unmap = jn_payment_view_unmap;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_LEFT] = g_signal_new ("left", JN_TYPE_PAYMENT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_AGAIN] = g_signal_new ("again", JN_TYPE_PAYMENT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
jn_payment_view_init (JnPaymentView *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_transition_type (self->stack, GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  gtk_stack_set_transition_duration (self->stack, 150);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  jn_stack_present_open_page (self->stack);
  self->signals = g_signal_group_new (JN_TYPE_PAYMENT);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::wait", G_CALLBACK (update), self);
}

GtkWidget *
jn_payment_view_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_PAYMENT_VIEW, "context", context, NULL);
}
