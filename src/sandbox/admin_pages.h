/* What the administrator's pages show. */
#pragma once

#include "web/html.h"

enum admin_place {
	ADMIN_NOWHERE,
	ADMIN_HOME,
	ADMIN_USERS,
	ADMIN_GROUPS,
	ADMIN_LICENSES,
	ADMIN_PRODUCTS,
	ADMIN_ACCOUNTS,
	ADMIN_PARTNERS,
	ADMIN_DELEGATIONS,
	ADMIN_APPLICATIONS
};

/* The frame around every page of one tenant. */
struct admin_frame_view {
	const char *title;
	enum admin_place place;
	str organization, user;
	str said; /* what was just done, or empty */
};

/* Billing, Licenses: the columns a person writes down. */
struct admin_license {
	str name;
	int64_t valid, expired, assigned;
	int64_t available; /* never below 0 */
};
struct admin_licenses_view {
	struct admin_frame_view frame;
	struct {
		struct admin_license *at;
		size_t len;
	} licenses;
};

/* Billing, Your products.  An address is empty where the deed is not offered; then `cancel_off`
 * says why it cannot be cancelled. */
struct admin_product {
	str name, id, state, bought_from;
	int64_t licenses;
	day ends;
	bool has_end;
	const char *ends_said; /* what happens on that day */
	const char *recurring; /* "On", "Off", or NULL: no such switch */
	bool has_actions;
	str cancel, cancel_off;
	str renewal, reactivate, quantity; /* where the deeds are done */
	bool renews;			   /* the switch would turn it off */
};
struct admin_products_view {
	struct admin_frame_view frame;
	struct {
		struct admin_product *at;
		size_t len;
	} products;
};

struct admin_quantity_view {
	struct admin_frame_view frame;
	str name, action;
	int64_t licenses, assigned;
	str asked; /* as it was typed */
	str bound; /* why fewer are not possible now, or empty */
	str wrong;
};

struct admin_reason {
	const char *word, *said;
	bool chosen;
};
/* The dates of a cancellation today and, on an older account, before the next renewal. */
struct admin_cancel_view {
	struct admin_frame_view frame;
	str name, action;
	int64_t licenses;
	day cancelled, deleted;
	bool has_later, later; /* offered; chosen */
	day later_cancelled, later_deleted;
	const char *fee, *refund;
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
	day since; /* of a reseller */
	bool sells;
	str remove; /* where the relationship is ended, or empty */
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

/* Billing, Billing accounts. */
struct admin_account_view {
	struct admin_frame_view frame;
	str name, type, cancelling; /* `cancelling`: what its kind allows, as a sentence */
	str sold_to;
	bool is_signed, may_sign;
	day signed_on;
	str wrong;
};

/* Users, and one user's licenses. */
struct admin_person {
	str name, principal_name, link;
	str licenses; /* titles, or empty */
};
struct admin_users_view {
	struct admin_frame_view frame;
	struct {
		struct admin_person *at;
		size_t len;
	} users;
	str sought; /* what was looked for, or empty */
	str next;   /* the address of the next page, or empty */
};

struct admin_plan {
	str id, name;
	bool on;
};
struct admin_plans {
	struct admin_plan *at;
	size_t len;
};
struct admin_user_license {
	str name, sku, action;
	int64_t available;
	bool direct;   /* held by the user */
	str inherited; /* "through the group Sales", or empty */
	str troubled;  /* the error of a hold, or empty */
	struct admin_plans plans;
};
struct admin_user_licenses {
	struct admin_user_license *at;
	size_t len;
};
struct admin_user_view {
	struct admin_frame_view frame;
	str name, principal_name, location, locate; /* locate: where the location is changed */
	bool may_assign;
	str wrong;
	struct admin_user_licenses licenses;
};

/* Groups, and what they give; nothing is changed there. */
struct admin_group {
	str name, state;
	bool errors;
	str licenses; /* titles, or empty */
};
struct admin_groups_view {
	struct admin_frame_view frame;
	struct {
		struct admin_group *at;
		size_t len;
	} groups;
};

/* Settings, what partners may administrate. */
struct admin_delegation {
	str name, partner, roles, state;
	str lasts; /* "730 days" */
	day ends;
	bool has_end;
	str approve; /* where it is approved, or empty */
};
struct admin_delegations_view {
	struct admin_frame_view frame;
	struct {
		struct admin_delegation *at;
		size_t len;
	} delegations;
};
