#pragma once

/**
 * jn_harden_process:
 *
 * Makes the process hard to read and deaf to its environment: not dumpable (no core file, no ptrace by another process
 * of the same user), files it makes are private, and variables that could load code, weaken TLS, write keys to a file
 * or move settings are unset; then the TLS versions and algorithms are set to ours. LD_PRELOAD has done its work before
 * main() and cannot be undone from here; it is only kept from child processes.
 *
 * Call it first in main(), before any other thread exists and before GLib or GTK look at the environment.
 * A step that the kernel refuses ends the process: a wallet that cannot hide its memory must not go on.
 *
 * With the build option test_hooks the variables that tests steer the program with (settings and keyring backends,
 * debug output, allocator checks, library preloads) are left alone. A release has no such build.
 */
void jn_harden_process (void);
