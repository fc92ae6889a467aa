/* Small files on the disk, for the files of the sealed store; nobody else includes it. */
#ifndef JN_SEAL_DISK_H
#define JN_SEAL_DISK_H

#include <stddef.h>

#include "jn-seal-status.h"

JnSealStatus jn_seal_status_from_errno (int code);
JnSealStatus jn_seal_sync_folder_of (const char *path);
/* Reads or writes all of it at @offset; 0 or an errno value, ENODATA at the end of the file. */
int jn_seal_read_all (int fd, void *data, size_t length, long long offset);
int jn_seal_write_all (int fd, const void *data, size_t length, long long offset);
/* PATH and SUFFIX put together; caller frees; NULL without memory. */
char *jn_seal_name (const char *path, const char *suffix);

#endif
