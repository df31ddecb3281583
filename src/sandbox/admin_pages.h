/* What the administrator's pages show. */
#pragma once

#include "web/html.h"

enum admin_place {
	ADMIN_NOWHERE,
	ADMIN_HOME,
	ADMIN_LICENSES,
	ADMIN_PRODUCTS,
	ADMIN_PARTNERS,
	ADMIN_APPLICATIONS
};

/* The frame around every page of one tenant. */
struct admin_frame_view {
	const char *title;
	enum admin_place place;
	str organization, user;
	str said; /* what was just done, or empty */
};

/* Billing, Licenses: the four columns a person writes down. */
struct admin_license {
	str name;
	int64_t valid, expired, assigned;
};
struct admin_licenses_view {
	struct admin_frame_view frame;
	struct {
		struct admin_license *at;
		size_t len;
	} licenses;
};

/* Billing, Your products. */
struct admin_product {
	str name, id, state, bought_from;
	int64_t licenses;
	day ends;
	bool has_end;
	const char *ends_said; /* what happens on that day */
	str cancel;	       /* where it can be cancelled, or empty */
};
struct admin_products_view {
	struct admin_frame_view frame;
	struct {
		struct admin_product *at;
		size_t len;
	} products;
};

struct admin_reason {
	const char *word, *said;
	bool chosen;
};
struct admin_cancel_view {
	struct admin_frame_view frame;
	str name, action;
	int64_t licenses;
	day cancelled, deleted;
	const char *fee;
	str wrong, wrong_reason, wrong_confirm; /* empty when right */
	struct {
		struct admin_reason *at;
		size_t len;
	} reasons;
	str feedback;
};

struct admin_invitation_view {
	struct admin_frame_view frame;
	str action;
	str partner, partner_tenant;
	str wrong;
	bool already; /* the relationship is there */
};

struct admin_partner {
	str name, tenant, relation;
	day since;
};
struct admin_partners_view {
	struct admin_frame_view frame;
	struct {
		struct admin_partner *at;
		size_t len;
	} partners;
};

struct admin_application {
	str name, id, publisher, permissions;
	str remove; /* where the consent is taken back */
};
struct admin_applications_view {
	struct admin_frame_view frame;
	struct {
		struct admin_application *at;
		size_t len;
	} applications;
};
