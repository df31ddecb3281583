/* What the program can be asked beside serving; all of it works on the state file, running or
 * not. */
#pragma once

#include "sandbox/sandbox_home.h"

struct sandbox_command_line {
	const char *const *words; /* behind the command's name */
	size_t count;
	bool json;
	int64_t speed;			    /* of the clock; 0: as it is */
	bool follow;			    /* requests: as they come */
	str since, service;		    /* requests */
	str path, rate, seed, after, shape; /* fault */
	bool in_cart;			    /* refuse-line: already in the cart */
};

/* A command; a fault of kind FAULT_INPUT with code "usage" ends the program with status 2. */
typedef fault *sandbox_command_run(struct sandbox_home *home,
				   const struct sandbox_command_line *line);

struct sandbox_command {
	const char *name;  /* "tenant add" */
	const char *words; /* for the help */
	const char *about;
	size_t least, most; /* words */
	bool makes;	    /* a data directory that is missing is made */
	sandbox_command_run *run;
};
extern const struct sandbox_command sandbox_commands[];
extern const size_t sandbox_command_count;
