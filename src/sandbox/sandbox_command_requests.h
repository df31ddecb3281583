/* `novate-sandbox requests`: what was asked of the sandbox, once or as it comes. */
#pragma once

#include "sandbox/sandbox_command.h"

sandbox_command_run sandbox_command_requests;
