/* An answer that does not end: the bank's event stream on its way to a wallet. */
#pragma once

#include "jn-bankd-door.h"
#include "sim-message.h"
#include "sim-world.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Goes on with @reply, which is taken over and zeroed. */
SimLine *sim_line_new (SimWorld *world, JnBankdReply *reply);
SimLine *sim_line_ref (SimLine *self);
void sim_line_unref (SimLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimLine, sim_line_unref)

/* The head has come to @wallet: what it reads. New reference. */
GInputStream *sim_line_connect (SimLine *self, guint wallet);

/* Each line that is open tells what is new at the bank. */
void sim_lines_wake (SimWorld *world);
/* Nothing is half open any more. */
/* The connections of a wallet break; of both: SIM_N_WALLETS. @heard: the program is there and learns of it. */
void sim_lines_break (SimWorld *world, guint wallet, gboolean heard);

G_END_DECLS
