/* What the control page's templates show. */
#pragma once

#include "sandbox/fault_rule.h"
#include "web/html.h"

enum control_place {
	CONTROL_HOME,
	CONTROL_TENANTS,
	CONTROL_TRADE,
	CONTROL_FAULTS,
	CONTROL_REQUESTS,
	CONTROL_JOURNAL
};

struct control_frame_view {
	const char *title;
	enum control_place place;
	str clock; /* the sandbox's, in words */
	str said;  /* what was just done, or empty */
	str wrong; /* what was refused, or empty */
};

/* The way in. */
struct control_door_view {
	str wrong;
};

struct control_step {
	const char *word; /* "3h" */
	const char *said;
};
struct control_home_view {
	struct control_frame_view frame;
	instant now;
	int64_t speed;
	struct {
		const struct control_step *at;
		size_t len;
	} steps;
	int64_t tenants, relationships, orders, pending, faults, requests, short_pools;
};

struct control_pool {
	str name;
	int64_t valid, expired, assigned, spare;
};
struct control_tenant {
	str id, name, domain, administrator;
	bool partner, customer; /* customer: the partner may buy for it */
	str act;		/* where an act of its administrator goes; empty: nobody's to do */
	struct {
		struct control_pool *at;
		size_t len;
	} pools;
};
struct control_act {
	const char *word, *said; /* "accept" */
};
struct control_tenants_view {
	struct control_frame_view frame;
	struct {
		const struct control_act *at;
		size_t len;
	} acts;
	str words; /* searched for */
	struct {
		struct control_tenant *at;
		size_t len;
	} tenants;
	str newer, older; /* addresses, or empty */
};

struct control_relationship {
	str partner, customer;
	instant since;
};
struct control_order {
	str id, customer, status, lines;
	instant at;
};
struct control_trade_view {
	struct control_frame_view frame;
	struct {
		struct control_relationship *at;
		size_t len;
	} relationships;
	struct {
		struct control_order *at;
		size_t len;
	} orders;
	str newer, older;
};

struct control_fault {
	str said, remove;
};
struct control_kind {
	const char *word, *services, *about;
};
/* The form's fields as they were typed. */
struct control_typed {
	str service, kind, count, status, retry, shape, millis, path, rate, seed, after;
};
struct control_faults_view {
	struct control_frame_view frame;
	struct control_typed typed;
	struct {
		struct control_fault *at;
		size_t len;
	} faults, partner_center; /* the latter's are ended at the terminal */
	struct {
		struct control_kind *at;
		size_t len;
	} kinds;
};

struct control_request {
	str id; /* "req_…" */
	str at; /* to the millisecond */
	str service, method, path, status, outcome, request_id, answer_id;
	bool bad;
	str took;
};
struct control_requests_view {
	struct control_frame_view frame;
	str service, status, words; /* the filter */
	struct {
		struct control_request *at;
		size_t len;
	} requests;
	str newer, older;
};
struct control_request_view {
	struct control_frame_view frame;
	struct control_request request;
	instant at;
};

struct control_change {
	str at, tenant, name, what, lost_user;
	int64_t usable, assigned, spare;
};
struct control_journal_view {
	struct control_frame_view frame;
	str tenant;
	struct {
		struct control_change *at;
		size_t len;
	} changes;
	str newer, older;
};
