/* The camera's states against a portal and a program that are told what to say; the decoder is the real one. */
#include "jn-camera.h"

#include "jn-camera-wire.h"
#include "jn-qr-matrix.h"
#include "mock-portal.h"
#include "step-clock.h"

#include <string.h>

#define CODE "00020101021226250011org.jinnang0106M-000163049711"
#define SIDE 400u

typedef struct
{
  MockPortal *portal;
  JnCamera *camera;
  JnClock *clock;
  GByteArray *script; /* what the program will send */
  GString *states;
  char *code;
  guint frames;
  guint last_width;
} Rig;

/* ---- what the program sends ---- */

static void
add_record (Rig *rig, const void *data, guint32 length)
{
  g_byte_array_append (rig->script, (const guint8 *) &length, sizeof length);
  if (length > 0)
    g_byte_array_append (rig->script, data, length);
}

static void
draw (guint8 *grey, guint width, const char *text, guint left)
{
  g_autoptr (JnQrMatrix) code = jn_qr_matrix_new (text, NULL);

  for (guint y = 0; y < (guint) code->size * 4; y++)
    for (guint x = 0; x < (guint) code->size * 4; x++)
      if (jn_qr_matrix_get (code, (int) x / 4, (int) y / 4))
        grey[(y + 40) * width + x + left] = 0;
}

/* A light picture with codes on it, NULL for none. */
static void
add_frame (Rig *rig, const char *one, const char *other)
{
  gsize pixels = SIDE * SIDE;
  JnCameraHead head = { JN_CAMERA_MAGIC, SIDE, SIDE };
  g_autofree guint8 *record = g_malloc (sizeof head + pixels * 5);

  memcpy (record, &head, sizeof head);
  memset (record + sizeof head, 255, pixels * 5);
  if (one != NULL)
    draw (record + sizeof head + pixels * 4, SIDE, one, 30);
  if (other != NULL)
    draw (record + sizeof head + pixels * 4, SIDE, other, 230);
  add_record (rig, record, (guint32) (sizeof head + pixels * 5));
}

static void
add_frames (Rig *rig, guint count, const char *one, const char *other)
{
  for (guint i = 0; i < count; i++)
    add_frame (rig, one, other);
}

static void
add_silence (Rig *rig)
{
  add_record (rig, NULL, 0);
}

/* ---- the rig ---- */

static void
on_state (Rig *rig)
{
  static const char marks[] = "-.aRsSF";
  g_string_append_c (rig->states, marks[jn_camera_get_state (rig->camera)]);
}

static void
on_frame (Rig *rig, GBytes *pixels, guint width, guint height)
{
  g_assert_cmpint (jn_camera_get_state (rig->camera), ==, JN_CAMERA_SHOWING);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, (gsize) width * height * 4);
  rig->frames++;
  rig->last_width = width;
}

static void
on_code (Rig *rig, const char *text)
{
  g_assert_cmpint (jn_camera_get_state (rig->camera), ==, JN_CAMERA_STOPPED);
  g_assert_null (rig->code);
  rig->code = g_strdup (text);
}

static void
rig_init (Rig *rig, gboolean present, const char *program)
{
  *rig = (Rig){ .script = g_byte_array_new (), .states = g_string_new (NULL) };
  rig->clock = step_clock_new ();
  rig->portal = mock_portal_new (present);
  rig->camera = jn_camera_new (program, SCAN_PROGRAM, rig->clock);
  g_signal_connect_swapped (rig->camera, "notify::state", G_CALLBACK (on_state), rig);
  g_signal_connect_swapped (rig->camera, "frame", G_CALLBACK (on_frame), rig);
  g_signal_connect_swapped (rig->camera, "code", G_CALLBACK (on_code), rig);
}

static void
settle (void)
{
  gint64 end = g_get_monotonic_time () + 25 * 1000;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE), g_usleep (500);
}

static void
rig_clear (Rig *rig)
{
  /* Nothing that is still on its way may find the camera gone. */
  g_signal_handlers_disconnect_by_data (rig->camera, rig);
  g_assert_finalize_object (rig->camera);
  settle ();
  mock_portal_free (rig->portal);
  g_object_unref (rig->clock);
  g_byte_array_unref (rig->script);
  g_string_free (rig->states, TRUE);
  g_free (rig->code);
}

/* Loops for as long as a stuck test would be stuck. */
static void
wait_for (Rig *rig, JnCameraState state)
{
  while (jn_camera_get_state (rig->camera) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
hand_over (Rig *rig)
{
  g_autoptr (GBytes) remote = g_bytes_new (rig->script->data, rig->script->len);
  mock_portal_set_remote (rig->portal, remote);
}

static void
start (Rig *rig, MockAnswer answer)
{
  wait_for (rig, JN_CAMERA_STOPPED);
  rig->portal->answer = answer;
  hand_over (rig);
  jn_camera_start (rig->camera);
  g_assert_cmpint (jn_camera_get_state (rig->camera), ==, JN_CAMERA_ASKING);
}

/* A camera that has one picture to show and then no more, and a portal that says @answer. */
static void
rig_init_one_picture (Rig *rig, MockAnswer answer)
{
  rig_init (rig, TRUE, FAKE_CAMERA);
  add_frame (rig, NULL, NULL);
  add_silence (rig);
  start (rig, answer);
}

static void
rig_init_showing (Rig *rig)
{
  rig_init_one_picture (rig, MOCK_GRANTS);
  wait_for (rig, JN_CAMERA_SHOWING);
}

/* ---- presence ---- */

static void
test_presence (void)
{
  Rig rig;

  rig_init (&rig, FALSE, FAKE_CAMERA);
  settle ();
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_ABSENT);
  jn_camera_start (rig.camera);
  jn_camera_stop (rig.camera);
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_ABSENT);
  g_assert_cmpuint (rig.portal->asked, ==, 0);
  mock_portal_set_present (rig.portal, TRUE);
  wait_for (&rig, JN_CAMERA_STOPPED);
  mock_portal_set_present (rig.portal, FALSE);
  wait_for (&rig, JN_CAMERA_ABSENT);
  mock_portal_set_present (rig.portal, TRUE);
  wait_for (&rig, JN_CAMERA_STOPPED);
  mock_portal_vanish (rig.portal);
  wait_for (&rig, JN_CAMERA_ABSENT);
  mock_portal_free (rig.portal);
  rig.portal = mock_portal_new (TRUE);
  wait_for (&rig, JN_CAMERA_STOPPED);
  rig_clear (&rig);
}

/* No plugins, no program, no portal: there is no camera, and nothing was asked. */
static void
test_unusable (void)
{
  static const char *const programs[] = { FAKE_CAMERA_WITHOUT, "/nonexistent/camera", NULL };
  Rig rig;

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      rig_init (&rig, TRUE, programs[i]);
      settle ();
      settle ();
      jn_camera_start (rig.camera);
      g_assert_cmpstr (rig.states->str, ==, "");
      g_assert_cmpuint (rig.portal->asked, ==, 0);
      rig_clear (&rig);
    }
  rig_init (&rig, TRUE, FAKE_CAMERA);
  mock_portal_vanish (rig.portal);
  settle ();
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_ABSENT);
  rig_clear (&rig);
}

/* ---- the question ---- */

typedef struct
{
  const char *name;
  MockAnswer answer;
  JnCameraState end;
  JnCameraTrouble trouble;
  const char *states;
} Question;

static const Question questions[] = {
  { "granted", MOCK_GRANTS, JN_CAMERA_SHOWING, JN_CAMERA_TROUBLE_NONE, ".asS" },
  { "granted-before-the-call-returns", MOCK_GRANTS_EARLY, JN_CAMERA_SHOWING, JN_CAMERA_TROUBLE_NONE,
    ".asS" },
  { "refused", MOCK_REFUSES, JN_CAMERA_REFUSED, JN_CAMERA_TROUBLE_NONE, ".aR" },
  { "ended", MOCK_ENDS, JN_CAMERA_FAILED, JN_CAMERA_TROUBLE_DESKTOP, ".aF" },
  { "locked", MOCK_LOCKED, JN_CAMERA_REFUSED, JN_CAMERA_TROUBLE_NONE, ".aR" },
  { "strange", MOCK_STRANGE, JN_CAMERA_FAILED, JN_CAMERA_TROUBLE_DESKTOP, ".aF" },
  { "no-descriptor", MOCK_NO_DESCRIPTOR, JN_CAMERA_FAILED, JN_CAMERA_TROUBLE_DESKTOP, ".aF" },
};

static void
test_question (gconstpointer data)
{
  const Question *question = data;
  Rig rig;

  rig_init_one_picture (&rig, question->answer);
  wait_for (&rig, question->end);
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, (int) question->trouble);
  g_assert_cmpstr (rig.states->str, ==, question->states);
  g_assert_cmpuint (rig.portal->asked, ==, 1);
  /* Asking again is possible from every end. */
  if (question->end != JN_CAMERA_SHOWING)
    {
      rig.portal->answer = MOCK_GRANTS;
      jn_camera_start (rig.camera);
      wait_for (&rig, JN_CAMERA_SHOWING);
    }
  jn_camera_stop (rig.camera);
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_STOPPED);
  rig_clear (&rig);
}

static void
test_old_handle (void)
{
  Rig rig;

  rig_init_one_picture (&rig, MOCK_OLD_HANDLE);
  wait_for (&rig, JN_CAMERA_SHOWING);
  rig_clear (&rig);
}

static void
test_portal_vanishes_while_asking (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  start (&rig, MOCK_WAITS);
  while (rig.portal->asked == 0)
    g_main_context_iteration (NULL, TRUE);
  mock_portal_vanish (rig.portal);
  wait_for (&rig, JN_CAMERA_FAILED);
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_DESKTOP);
  jn_camera_stop (rig.camera);
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_ABSENT);
  rig_clear (&rig);
}

/* Left while the desktop asks: the question is taken back, and a late yes switches nothing on. */
static void
test_left_while_asking (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  start (&rig, MOCK_WAITS);
  jn_camera_start (rig.camera);
  while (rig.portal->asked == 0)
    g_main_context_iteration (NULL, TRUE);
  jn_camera_stop (rig.camera);
  while (g_atomic_int_get (&rig.portal->closed) == 0)
    g_main_context_iteration (NULL, FALSE);
  settle ();
  g_assert_cmpuint (rig.portal->asked, ==, 1);
  g_assert_cmpstr (rig.states->str, ==, ".a.");
  rig_clear (&rig);
}

/* Two windows ask at once: each has its own answer. */
static void
test_two_at_once (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  g_autoptr (JnCamera) other = jn_camera_new (FAKE_CAMERA, SCAN_PROGRAM, rig.clock);
  while (jn_camera_get_state (other) != JN_CAMERA_STOPPED)
    g_main_context_iteration (NULL, TRUE);
  add_frame (&rig, NULL, NULL);
  add_silence (&rig);
  start (&rig, MOCK_GRANTS);
  jn_camera_start (other);
  wait_for (&rig, JN_CAMERA_SHOWING);
  while (jn_camera_get_state (other) != JN_CAMERA_SHOWING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (rig.portal->asked, ==, 2);
  rig_clear (&rig);
}

/* ---- pictures ---- */

static void
test_code (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  add_frame (&rig, NULL, NULL);
  add_frames (&rig, 12, CODE, NULL);
  add_silence (&rig);
  start (&rig, MOCK_GRANTS);
  while (rig.code == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (rig.code, ==, CODE);
  g_assert_cmpstr (rig.states->str, ==, ".asS.");
  g_assert_cmpuint (rig.frames, >=, 2);
  g_assert_cmpuint (rig.last_width, ==, SIDE);
  rig_clear (&rig);
}

/* Two codes: told, not guessed; one alone is read then. */
static void
test_many_codes (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  add_frames (&rig, 8, CODE, "another code");
  add_frames (&rig, 12, NULL, "another code");
  add_silence (&rig);
  start (&rig, MOCK_GRANTS);
  while (!jn_camera_get_many (rig.camera))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (rig.code);
  while (rig.code == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (rig.code, ==, "another code");
  g_assert_false (jn_camera_get_many (rig.camera));
  rig_clear (&rig);
}

/* A camera that is put out of the way while a picture is being looked at says nothing any more. */
static void
test_stopped_while_looking (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  add_frames (&rig, 12, CODE, NULL);
  add_silence (&rig);
  start (&rig, MOCK_GRANTS);
  wait_for (&rig, JN_CAMERA_SHOWING);
  jn_camera_stop (rig.camera);
  settle ();
  settle ();
  g_assert_null (rig.code);
  g_assert_cmpstr (rig.states->str, ==, ".asS.");
  rig_clear (&rig);
}

/* ---- cameras that do not behave ---- */

static void
test_no_first_frame (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  add_silence (&rig);
  start (&rig, MOCK_GRANTS);
  wait_for (&rig, JN_CAMERA_STARTING);
  step_clock_ahead (rig.clock, 7000);
  settle ();
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_STARTING);
  step_clock_ahead (rig.clock, 1000);
  wait_for (&rig, JN_CAMERA_FAILED);
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_NO_PICTURE);
  rig_clear (&rig);
}

static void
test_no_next_frame (void)
{
  Rig rig;

  rig_init_showing (&rig);
  step_clock_ahead (rig.clock, 5000);
  wait_for (&rig, JN_CAMERA_FAILED);
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_LOST);
  rig_clear (&rig);
}

static void
test_unplugged (void)
{
  Rig rig;

  rig_init_showing (&rig);
  mock_portal_set_present (rig.portal, FALSE);
  wait_for (&rig, JN_CAMERA_FAILED);
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_LOST);
  jn_camera_start (rig.camera);
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_FAILED);
  jn_camera_stop (rig.camera);
  g_assert_cmpint (jn_camera_get_state (rig.camera), ==, JN_CAMERA_ABSENT);
  rig_clear (&rig);
}

/* Why it failed may become another reason while it stays so: whoever shows it hears of that. */
static void
test_other_trouble (void)
{
  Rig rig;

  rig_init (&rig, TRUE, FAKE_CAMERA);
  start (&rig, MOCK_ENDS);
  wait_for (&rig, JN_CAMERA_FAILED);
  mock_portal_set_present (rig.portal, FALSE);
  settle ();
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_DESKTOP);
  jn_camera_start (rig.camera);
  g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_LOST);
  g_assert_cmpstr (rig.states->str, ==, ".aFF");
  rig_clear (&rig);
}

/* The program ends: before the first picture, after it, in the middle of one. */
static void
test_program_ends (void)
{
  static const JnCameraTrouble troubles[] = { JN_CAMERA_TROUBLE_NO_PICTURE, JN_CAMERA_TROUBLE_LOST,
                                              JN_CAMERA_TROUBLE_LOST };
  Rig rig;

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      JnCameraHead head = { JN_CAMERA_MAGIC, SIDE, SIDE };

      rig_init (&rig, TRUE, FAKE_CAMERA);
      if (i > 0)
        add_frame (&rig, NULL, NULL);
      if (i > 1)
        add_record (&rig, &head, sizeof head);
      start (&rig, MOCK_GRANTS);
      if (i > 1)
        {
          wait_for (&rig, JN_CAMERA_SHOWING);
          step_clock_ahead (rig.clock, 5000);
        }
      wait_for (&rig, JN_CAMERA_FAILED);
      g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, (int) troubles[i]);
      rig_clear (&rig);
    }
}

static void
test_absurd_pictures (void)
{
  static const JnCameraHead heads[] = {
    { JN_CAMERA_MAGIC, 0, 0 },           { JN_CAMERA_MAGIC, 20000, 20000 },
    { JN_CAMERA_MAGIC, 1281, 16 },       { JN_CAMERA_MAGIC, 16, 15 },
    { JN_CAMERA_MAGIC, ~0u, ~0u },       { JN_CAMERA_MAGIC + 1, SIDE, SIDE },
    { JN_CAMERA_MAGIC, 65536u, 65536u },
  };
  Rig rig;

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      rig_init (&rig, TRUE, FAKE_CAMERA);
      add_record (&rig, &heads[i], sizeof heads[i]);
      add_silence (&rig);
      start (&rig, MOCK_GRANTS);
      wait_for (&rig, JN_CAMERA_FAILED);
      g_assert_cmpint (jn_camera_get_trouble (rig.camera), ==, JN_CAMERA_TROUBLE_NO_PICTURE);
      g_assert_cmpuint (rig.frames, ==, 0);
      rig_clear (&rig);
    }
}

/* The last reference goes in the middle of everything. */
static void
test_gone_at_any_time (void)
{
  for (int steps = 0; steps < 100; steps += 5)
    {
      Rig rig;

      rig_init (&rig, TRUE, FAKE_CAMERA);
      add_frames (&rig, 4, CODE, NULL);
      add_silence (&rig);
      hand_over (&rig);
      for (int i = 0; i < steps; i++)
        {
          if (jn_camera_get_state (rig.camera) == JN_CAMERA_STOPPED && rig.code == NULL)
            jn_camera_start (rig.camera);
          g_main_context_iteration (NULL, FALSE);
          g_usleep (300);
        }
      rig_clear (&rig);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/camera/presence", test_presence);
  g_test_add_func ("/camera/unusable", test_unusable);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *path = g_strconcat ("/camera/question/", questions[i].name, NULL);
      g_test_add_data_func (path, &questions[i], test_question);
    }
  g_test_add_func ("/camera/question/old-handle", test_old_handle);
  g_test_add_func ("/camera/question/portal-vanishes", test_portal_vanishes_while_asking);
  g_test_add_func ("/camera/question/left", test_left_while_asking);
  g_test_add_func ("/camera/question/two-at-once", test_two_at_once);
  g_test_add_func ("/camera/code", test_code);
  g_test_add_func ("/camera/many-codes", test_many_codes);
  g_test_add_func ("/camera/stopped-while-looking", test_stopped_while_looking);
  g_test_add_func ("/camera/no-first-frame", test_no_first_frame);
  g_test_add_func ("/camera/no-next-frame", test_no_next_frame);
  g_test_add_func ("/camera/unplugged", test_unplugged);
  g_test_add_func ("/camera/other-trouble", test_other_trouble);
  g_test_add_func ("/camera/program-ends", test_program_ends);
  g_test_add_func ("/camera/absurd-pictures", test_absurd_pictures);
  g_test_add_func ("/camera/gone-at-any-time", test_gone_at_any_time);
  return g_test_run ();
}
