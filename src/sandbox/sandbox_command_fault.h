/* `novate-sandbox fault …` and `lose-answer`. */
#pragma once

#include "sandbox/sandbox_command.h"

sandbox_command_run sandbox_command_fault, sandbox_command_fault_lose, sandbox_command_fault_list,
	sandbox_command_fault_clear;
