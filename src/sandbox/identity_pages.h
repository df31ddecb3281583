/* What the sign-in and consent pages show. */
#pragma once

#include "web/html.h"

/* A permission on a consent page. */
struct identity_permission_line {
	str name, said;
};
struct identity_permission_lines {
	struct identity_permission_line *at;
	size_t len;
};

struct signin_view {
	str action;  /* where the form goes, with the place to return to */
	str user;    /* typed before, or the caller's hint */
	str wrong;   /* why the last try failed, or empty */
	str purpose; /* the command that tells a code, or empty */
	str secret;  /* what an authenticator is set up with, or empty */
};

struct identity_account_view {
	str application, user;
	str go_on, other; /* where each choice leads */
};

struct identity_consent_view {
	str action;
	str application, application_id, publisher;
	str organization; /* whole-organization consent: its name; otherwise empty */
	str user;
	struct identity_permission_lines
		application_permissions;	    /* used without anybody signed in */
	struct identity_permission_lines delegated; /* used as the person */
};

struct identity_device_view {
	str action, code, wrong;
	str application, user;
	struct identity_permission_lines permissions;
};

/* A page with one thing to say: refusals, goodbyes. */
struct identity_message_view {
	str title, said, number; /* "AADSTS50020", or empty */
	str link, link_said;	 /* where to go from here, or empty */
};

/* Hands the answer to an application by posting a form to it. */
struct identity_post_view {
	str address;
	const struct identity_answer *at;
	size_t len;
};
