/* gdk-pixbuf for the pixels, zbar for the codes. */
#include "jn-picture.h"

#include "jn-error.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <iconv.h>
#include <string.h>
#include <zbar.h>

#define MAX_SIDE 2400u   /* larger pictures are scaled down to this */
#define SMALL_SIDE 800u  /* smaller ones are also tried enlarged */
#define LARGE_SIDE 1200u /* larger ones are also tried at half size */
#define ENLARGE 3u
#define QUIET 16u /* light border for codes cut without their quiet zone */
/* In small bites until the size is known: then too large a picture is left before its first pixel. */
#define BITE 64u
#define CHUNK 65536u
#define GREY_MAGIC "P5\n"

/* zbar opens these converters for every code it finds, even for raw bytes, and by the number of the code's ECI. Held
 * open they need no file later. They are never closed: the process ends with its one answer. */
static gboolean
hold_converters (void)
{
  static const char *const charsets[] = { "UTF-8",      "SJIS",       "BIG5",       "CP437",
                                          "ISO8859-1",  "ISO8859-2",  "ISO8859-3",  "ISO8859-4",
                                          "ISO8859-5",  "ISO8859-6",  "ISO8859-7",  "ISO8859-8",
                                          "ISO8859-9",  "ISO8859-10", "ISO8859-11", "ISO8859-13",
                                          "ISO8859-14", "ISO8859-15", "ISO8859-16" };
  gsize opened = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    if (iconv_open ("UTF-8", charsets[i]) != (iconv_t) -1)
      opened++;
  return opened > 0;
}

gboolean
jn_picture_prepare (void)
{
  static const char *const types[] = { "png", "jpeg" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (types[i], NULL);
      if (loader == NULL)
        return FALSE;
      gdk_pixbuf_loader_close (loader, NULL);
    }
  return hold_converters ();
}

static JnPicture *
picture_new (guint width, guint height)
{
  JnPicture *self = g_new0 (JnPicture, 1);
  self->width = width;
  self->height = height;
  self->grey = g_malloc ((gsize) width * height);
  return self;
}

void
jn_picture_free (JnPicture *self)
{
  if (self == NULL)
    return;
  g_free (self->grey);
  g_free (self);
}

/* ---- loading ---- */

typedef struct
{
  gboolean known;
  gboolean too_large;
} Size;

static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, Size *size)
{
  guint64 pixels = (guint64) MAX (width, 0) * (guint64) MAX (height, 0);
  guint side = (guint) MAX (width, height);

  size->known = TRUE;
  if (pixels > JN_PICTURE_MAX_PIXELS)
    {
      size->too_large = TRUE;
      /* A size of zero makes the format's decoder stop here. */
      gdk_pixbuf_loader_set_size (loader, 0, 0);
    }
  else if (side > MAX_SIDE)
    {
      gdk_pixbuf_loader_set_size (loader, MAX ((int) ((guint) width * MAX_SIDE / side), 1),
                                  MAX ((int) ((guint) height * MAX_SIDE / side), 1));
    }
}

static const char *
type_of (const guint8 *data, gsize length)
{
  if (length >= 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  if (length >= 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    return "jpeg";
  return NULL;
}

/* Whether the file ends as its format says; gdk-pixbuf is content with half a picture. */
static gboolean
is_whole (const char *type, const guint8 *data, gsize length)
{
  const char *end = g_str_equal (type, "png") ? "IEND" : "\xff\xd9";
  return memmem (data, length, end, strlen (end)) != NULL;
}

static guint8
grey_of (const guint8 *pixel, int channels)
{
  guint grey = (77u * pixel[0] + 150u * pixel[1] + 29u * pixel[2]) >> 8;
  if (channels == 4)
    grey = (grey * pixel[3] + 255u * (255u - pixel[3])) / 255u;
  return (guint8) MIN (grey, 255u);
}

static JnPicture *
picture_from_pixbuf (GdkPixbuf *pixbuf)
{
  JnPicture *self =
      picture_new ((guint) gdk_pixbuf_get_width (pixbuf), (guint) gdk_pixbuf_get_height (pixbuf));
  int channels = gdk_pixbuf_get_n_channels (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);

  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      self->grey[(gsize) y * self->width + x] =
          grey_of (pixels + y * stride + (gsize) x * (gsize) channels, channels);
  return self;
}

/* A number without a leading zero and the one byte after it. */
static gboolean
read_number (const guint8 *data, gsize length, gsize *at, char after, guint *number)
{
  gsize first = *at;

  for (*number = 0; *at < length && *at - first < 5 && g_ascii_isdigit (data[*at]); (*at)++)
    *number = *number * 10 + (data[*at] - '0');
  return *at > first && data[first] != '0' && *at < length && data[(*at)++] == after;
}

/* PGM as jn_scanner_grey_picture() writes it and in no other way. */
static int
load_grey (const guint8 *data, gsize length, JnPicture **out)
{
  gsize at = strlen (GREY_MAGIC);
  guint width, height, depth;

  if (!read_number (data, length, &at, ' ', &width)
      || !read_number (data, length, &at, '\n', &height)
      || !read_number (data, length, &at, '\n', &depth) || depth != 255)
    return JN_ERROR_PICTURE_UNREADABLE;
  if (width > MAX_SIDE || height > MAX_SIDE)
    return JN_ERROR_PICTURE_TOO_LARGE;
  if (length - at != (gsize) width * height)
    return JN_ERROR_PICTURE_UNREADABLE;
  *out = picture_new (width, height);
  (*out)->whole = TRUE;
  memcpy ((*out)->grey, data + at, length - at);
  return 0;
}

int
jn_picture_load (const guint8 *data, gsize length, JnPicture **out)
{
  const char *type = type_of (data, length);
  Size size = { FALSE, FALSE };
  gboolean good = TRUE;

  if (length > JN_PICTURE_MAX_BYTES)
    return JN_ERROR_PICTURE_TOO_LARGE;
  if (length >= strlen (GREY_MAGIC) && memcmp (data, GREY_MAGIC, strlen (GREY_MAGIC)) == 0)
    return load_grey (data, length, out);
  g_autoptr (GdkPixbufLoader) loader =
      type != NULL ? gdk_pixbuf_loader_new_with_type (type, NULL) : NULL;
  if (loader == NULL)
    return JN_ERROR_PICTURE_UNREADABLE;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &size);
  for (gsize at = 0; at < length && good && !size.too_large;)
    {
      gsize count = MIN (size.known ? CHUNK : BITE, length - at);
      good = gdk_pixbuf_loader_write (loader, data + at, count, NULL);
      at += count;
    }
  good = gdk_pixbuf_loader_close (loader, NULL) && good;
  if (size.too_large)
    return JN_ERROR_PICTURE_TOO_LARGE;
  GdkPixbuf *pixbuf = good ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf == NULL || gdk_pixbuf_get_n_channels (pixbuf) < 3)
    return JN_ERROR_PICTURE_UNREADABLE;
  *out = picture_from_pixbuf (pixbuf);
  (*out)->whole = is_whole (type, data, length);
  return 0;
}

/* ---- finding ---- */

static JnPicture *
picture_enlarged (const JnPicture *self)
{
  JnPicture *out = picture_new (self->width * ENLARGE, self->height * ENLARGE);
  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++)
      out->grey[(gsize) y * out->width + x] =
          self->grey[(gsize) (y / ENLARGE) * self->width + x / ENLARGE];
  return out;
}

static JnPicture *
picture_halved (const JnPicture *self)
{
  JnPicture *out = picture_new (MAX (self->width / 2, 1), MAX (self->height / 2, 1));
  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++)
      {
        guint sum = 0;
        for (guint k = 0; k < 4; k++)
          {
            guint from_x = MIN (x * 2 + k % 2, self->width - 1);
            guint from_y = MIN (y * 2 + k / 2, self->height - 1);
            sum += self->grey[(gsize) from_y * self->width + from_x];
          }
        out->grey[(gsize) y * out->width + x] = (guint8) (sum / 4);
      }
  return out;
}

/* With a light border, and black and white exchanged when asked for. */
static JnPicture *
picture_framed (const JnPicture *self, gboolean inverted)
{
  JnPicture *out = picture_new (self->width + 2 * QUIET, self->height + 2 * QUIET);
  memset (out->grey, 255, (gsize) out->width * out->height);
  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      {
        guint8 grey = self->grey[(gsize) y * self->width + x];
        out->grey[(gsize) (y + QUIET) * out->width + x + QUIET] =
            inverted ? (guint8) (255 - grey) : grey;
      }
  return out;
}

static void
add_text (GPtrArray *texts, const char *data, guint length, gboolean *undecodable)
{
  if (length == 0 || !g_utf8_validate_len (data, length, NULL))
    {
      *undecodable = TRUE;
      return;
    }
  g_autofree char *text = g_strndup (data, length);
  if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_ptr_array_add (texts, g_steal_pointer (&text));
}

static void
scan_one (zbar_image_scanner_t *scanner, const JnPicture *picture, GPtrArray *texts,
          gboolean *undecodable)
{
  zbar_image_t *image = zbar_image_create ();

  zbar_image_set_format (image, zbar_fourcc ('Y', '8', '0', '0'));
  zbar_image_set_size (image, picture->width, picture->height);
  zbar_image_set_data (image, picture->grey, (gulong) picture->width * picture->height, NULL);
  if (zbar_scan_image (scanner, image) > 0)
    for (const zbar_symbol_t *symbol = zbar_image_first_symbol (image); symbol != NULL;
         symbol = zbar_symbol_next (symbol))
      if (zbar_symbol_get_type (symbol) == ZBAR_QRCODE)
        add_text (texts, zbar_symbol_get_data (symbol), zbar_symbol_get_data_length (symbol),
                  undecodable);
  zbar_image_destroy (image);
}

static void
scan_both_ways (zbar_image_scanner_t *scanner, const JnPicture *picture, GPtrArray *texts,
                gboolean *undecodable)
{
  for (int inverted = 0; inverted < 2; inverted++)
    {
      g_autoptr (JnPicture) framed = picture_framed (picture, inverted == 1);
      scan_one (scanner, framed, texts, undecodable);
    }
}

GPtrArray *
jn_picture_find_codes (const JnPicture *self, gboolean *undecodable)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  zbar_image_scanner_t *scanner = zbar_image_scanner_create ();
  guint side = MAX (self->width, self->height);

  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  /* Raw bytes: zbar would guess a character set, guess wrong for Chinese, and open files to convert it. */
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);

  *undecodable = FALSE;
  scan_both_ways (scanner, self, texts, undecodable);
  if (side < SMALL_SIDE)
    {
      g_autoptr (JnPicture) enlarged = picture_enlarged (self);
      scan_both_ways (scanner, enlarged, texts, undecodable);
    }
  if (side > LARGE_SIDE)
    {
      g_autoptr (JnPicture) halved = picture_halved (self);
      scan_both_ways (scanner, halved, texts, undecodable);
    }
  zbar_image_scanner_destroy (scanner);
  return texts;
}
