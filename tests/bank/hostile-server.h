/* A server on loopback that answers each path as badly as its name says. */
#pragma once

#include <gio/gio.h>

typedef struct _HostileServer HostileServer;

HostileServer *hostile_server_start (void);
const char *hostile_server_get_address (HostileServer *server);
/* How many requests to @path were read to their end. */
guint hostile_server_get_count (HostileServer *server, const char *path);
void hostile_server_stop (HostileServer *server);
