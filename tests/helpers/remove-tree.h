/* What a test leaves behind. */
#pragma once

/* Removes a folder with everything in it, or a file; fine when there is none. Links are removed, not followed. */
void remove_tree (const char *path);
