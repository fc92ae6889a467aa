/* Memory for SQLite that is wiped before it is given back: pages, rows and bound values do not stay behind in the heap. */
#ifndef JN_SEAL_MEMORY_H
#define JN_SEAL_MEMORY_H

#include <sqlite3.h>
#include <stdint.h>

/* Before SQLite is used for the first time in the process, else SQLITE_MISUSE. Returns a SQLite code. */
int jn_seal_memory_install (void);

/* The methods themselves, for tests that put their own around them. */
const sqlite3_mem_methods *jn_seal_memory_methods (void);

/* Bytes in use now; to see that all came back. */
int64_t jn_seal_memory_used (void);

#endif
