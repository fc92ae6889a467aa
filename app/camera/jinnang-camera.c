/* The camera: a PipeWire remote on descriptor 3, a socket to the wallet on descriptor 0, one picture for each byte that comes
 * (jn-camera-wire.h). Ends when the socket does, or when no more pictures can come. With --probe: 0 when it could work. */
#include "jn-camera-confine.h"
#include "jn-camera-wire.h"

#include <errno.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define SOCKET_FD STDIN_FILENO
#define WAIT_NS (250 * GST_MSECOND)

/* Larger ones are refused before a byte of a picture is made. A camera that has several sizes is asked for one that is enough, and one that
 * has 4K alone for that. JPEG is what many send above VGA; its reader is in another package of plugins. decodebin lets raw pictures through
 * as they are. */
#define ENOUGH ",width=[16,2560],height=[16,2560]"
#define MOST ",width=[16,4096],height=[16,4096]"
#define RAW "video/x-raw"
#define JPEG "image/jpeg"

static const char *const needed[] = { "pipewiresrc", "capsfilter",   "queue",  "decodebin",
                                      "videoscale",  "videoconvert", "appsink" };

static gboolean
has_element (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);
  return factory != NULL;
}

static gboolean
can_work (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!has_element (needed[i]))
      return FALSE;
  return TRUE;
}

/* PipeWire's memory is the camera's, which may change it or take it away while it is read: hence the copy. The queue lets go of what is old;
 * the sink keeps the newest. */
static GstElement *
make_pipeline (GError **error)
{
  gboolean jpeg = has_element ("jpegdec");
  g_autofree char *text = g_strdup_printf (
      "pipewiresrc fd=%d always-copy=true max-buffers=4 client-name=Jinnang "
      "stream-properties=\"p,media.role=Camera\" "
      "! capsfilter caps=\"" RAW ENOUGH "%s;" RAW MOST
      "%s\" ! queue max-size-buffers=1 leaky=downstream ! decodebin "
      "! videoconvert ! videoscale "
      "! appsink name=sink sync=false max-buffers=1 drop=true "
      "caps=\"video/x-raw,format=BGRx,width=[%u,%u],height=[%u,%u],pixel-aspect-ratio=1/1\"",
      JN_CAMERA_PIPEWIRE_FD, jpeg ? ";" JPEG ENOUGH : "", jpeg ? ";" JPEG MOST : "",
      JN_CAMERA_MIN_SIDE, JN_CAMERA_MAX_SIDE, JN_CAMERA_MIN_SIDE, JN_CAMERA_MAX_SIDE);
  return gst_parse_launch (text, error);
}

/* ---- the socket ---- */

static gboolean
write_all (const void *data, gsize length)
{
  for (gsize at = 0; at < length;)
    {
      gssize done = write (SOCKET_FD, (const char *) data + at, length - at);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return FALSE;
      at += (gsize) done;
    }
  return TRUE;
}

static gboolean
read_question (void)
{
  char byte;
  gssize got;

  do
    got = read (SOCKET_FD, &byte, 1);
  while (got < 0 && errno == EINTR);
  return got == 1;
}

/* Whatever the others wait for: without a wallet there is no camera. */
static gpointer
leave_with_wallet (gpointer data)
{
  struct pollfd socket = { .fd = SOCKET_FD, .events = POLLRDHUP };

  while (poll (&socket, 1, -1) < 0 && errno == EINTR)
    ;
  _exit (0);
}

/* ---- pictures ---- */

static void
convert (const GstVideoFrame *frame, guint32 *pixels, guint8 *grey)
{
  guint width = (guint) GST_VIDEO_FRAME_WIDTH (frame);
  guint height = (guint) GST_VIDEO_FRAME_HEIGHT (frame);
  gsize stride = (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);

  for (guint y = 0; y < height; y++)
    {
      const guint8 *from = (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0) + y * stride;
      for (guint x = 0; x < width; x++, from += 4)
        {
          *pixels++ = GUINT32_FROM_LE (from[0] | (guint32) from[1] << 8 | (guint32) from[2] << 16
                                       | 0xff000000u);
          *grey++ = (guint8) ((29u * from[0] + 150u * from[1] + 77u * from[2]) >> 8);
        }
    }
}

static gboolean
send_sample (GstSample *sample)
{
  GstVideoInfo info;
  GstVideoFrame frame;

  if (gst_sample_get_caps (sample) == NULL || gst_sample_get_buffer (sample) == NULL
      || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      || !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return FALSE;
  JnCameraHead head = { JN_CAMERA_MAGIC, (guint32) GST_VIDEO_FRAME_WIDTH (&frame),
                        (guint32) GST_VIDEO_FRAME_HEIGHT (&frame) };
  gboolean good =
      GST_VIDEO_FRAME_FORMAT (&frame) == GST_VIDEO_FORMAT_BGRx && jn_camera_head_is_good (&head);
  if (good)
    {
      gsize count = (gsize) head.width * head.height;
      g_autofree guint8 *body = g_malloc (count * 5);
      convert (&frame, (guint32 *) (void *) body, body + count * 4);
      good = write_all (&head, sizeof head) && write_all (body, count * 5);
    }
  gst_video_frame_unmap (&frame);
  return good;
}

/* An element said that it can do no more. */
static int over;

/* In the thread of whoever says something. Nothing is kept: nobody would take it away while pictures come. */
static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR
      || GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    g_atomic_int_set (&over, TRUE);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* FALSE when no picture will come any more, or nobody takes it. */
static gboolean
answer (GstAppSink *sink)
{
  for (;;)
    {
      g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, WAIT_NS);
      if (sample != NULL)
        return send_sample (sample);
      if (g_atomic_int_get (&over) || gst_app_sink_is_eos (sink))
        return FALSE;
    }
}

static void
run (GstElement *pipeline)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  gst_bus_set_sync_handler (bus, on_message, NULL, NULL);
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return;
  while (read_question () && answer (GST_APP_SINK (sink)))
    ;
}

int
main (int argc, char **argv)
{
  gboolean probe = argc == 2 && strcmp (argv[1], "--probe") == 0;
  g_autoptr (GError) error = NULL;

  /* Orc would write code while the program runs, by way of a file that it may not have: its plain functions do. */
  g_setenv ("ORC_CODE", "backup", TRUE);
  if (!gst_init_check (NULL, NULL, &error) || !can_work ())
    _exit (1);
  if (probe)
    _exit (0);
  if (!jn_camera_confine ())
    _exit (2);
  g_thread_unref (g_thread_new ("wallet", leave_with_wallet, NULL));
  GstElement *pipeline = make_pipeline (&error);
  if (pipeline == NULL || error != NULL)
    _exit (1);
  run (pipeline);
  /* The end of the process closes the camera; taking the pipeline down could wait for it. */
  _exit (0);
}
