/* What is wrong with a set-up, and what to do about it: facts are looked up, then judged by
 * rules that know nothing but the facts. */
#pragma once

#include "app/setup.h"
#include "base/base.h"
#include "microsoft/event.h"

enum doctor_grade { DOCTOR_FINE, DOCTOR_ATTENTION, DOCTOR_WRONG };

enum doctor_key { DOCTOR_KEY_FINE, DOCTOR_KEY_MISSING, DOCTOR_KEY_SIZE, DOCTOR_KEY_OPEN };
enum doctor_port { DOCTOR_PORT_FREE, DOCTOR_PORT_OURS, DOCTOR_PORT_BUSY, DOCTOR_PORT_REFUSED };

struct doctor_facts {
	const char *data, *config;
	const char *settings_wrong; /* the fault's sentence, or NULL */
	bool secrets_open;	    /* others may read secrets in the settings file */
	const char *strays[8];	    /* NOVATE_* that nobody reads */
	size_t stray_count;
	const char *data_wrong; /* why the directory cannot be written, or NULL */
	bool data_open;		/* others may read it */
	bool postgres;
	const char *database_wrong; /* the fault's sentence, or NULL */
	enum store_state state;
	enum doctor_key key;
	str public_url;
	int64_t port;
	enum doctor_port port_state;
	const char *port_why;
	int64_t workers, operators, skus, dead_jobs;
	str microsoft_missing; /* names of settings */
	bool signin_looked, signin_known;
	const char *signin_wrong; /* the fault's sentence, or NULL */
	bool events_looked;	  /* at Partner Center's registration */
	enum event_listening events_state;
	str events_url;		  /* who is told, or none */
	const char *events_wrong; /* the fault's sentence, or NULL */
	instant event_seen;	  /* the last that was Microsoft's, or none */
	int64_t events_refused;	  /* since ever */
	str mail_server;
	bool ca_file_missing;
	str ca_file;
};

struct doctor_finding {
	enum doctor_grade grade;
	const char *subject; /* "database" */
	str said, mend;	     /* what is so, and what to do; mend is empty when it is fine */
};
struct doctor_findings {
	struct doctor_finding at[40];
	size_t len;
};

/* Never fails: what cannot be looked up is a fact too. */
void doctor_look(struct setup *setup, struct doctor_facts *facts);
void doctor_judge(struct arena *keep, const struct doctor_facts *facts,
		  struct doctor_findings *findings);
