/* The network between a `work` and Microsoft, as it fails. */
#pragma once

#include "remote/remote.h"

struct sim_process;

struct transport sim_wire_transport(struct sim_process *process);
