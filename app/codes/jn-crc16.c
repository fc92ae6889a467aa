/* CRC-16/CCITT-FALSE. */
#include "jn-crc16.h"

guint16
jn_crc16 (gconstpointer data, gsize length)
{
  const guint8 *bytes = data;
  guint crc = 0xffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= (guint) bytes[i] << 8;
      for (int bit = 0; bit < 8; bit++)
        crc = ((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1) & 0xffff;
    }
  return (guint16) crc;
}
