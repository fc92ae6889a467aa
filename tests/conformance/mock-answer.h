/* What a mock's answer lacks, put into it. */
#pragma once

#include <glib.h>

/* The name of the document's example that answers such a request (Prism's Prefer header), or NULL for any. Static. */
const char *mock_answer_choose (const char *method, const char *path, const char *body);

/* @body: the mock's answer to the request. Caller frees. */
char *mock_answer_complete (const char *method, const char *path, const char *request_body,
                            const char *body);
