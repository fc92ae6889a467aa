/* Where the dim line of a bill breaks. */
#pragma once

#include <pango/pango.h>

/* Breaks the layout's text into at most two lines of the layout's width, and dots after that: a part between two middle dots stays
 * whole while it is short, a minus stays with its amount, and no line begins or ends with a dot. For a layout of one paragraph. */
void jn_bill_line_break (PangoLayout *layout);
