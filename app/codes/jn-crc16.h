/* The checksum of EMVCo codes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, no reflection, no final xor ("123456789" gives 0x29B1).
 * Pure, any thread. */
guint16 jn_crc16 (gconstpointer data, gsize length);

G_END_DECLS
