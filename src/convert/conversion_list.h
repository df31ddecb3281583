/* Finding conversions: by whom they wait for, state, step and words, a page at a time. */
#pragma once

#include "convert/conversion.h"

enum { CONVERSION_LIST_PAGE = 50, CONVERSION_LIST_TEXT_MOST = 100 };

/* What is none does not narrow the list. */
struct conversion_filter {
	str waits; /* "partner", "administrator", "microsoft", "operator"; "date": nobody but a date
		    */
	str state; /* a word of CONVERSION_STATES */
	str step;  /* a word of CONVERSION_STEPS */
	str text;  /* somewhere in the domain or the tenant's name, in any case */
	str batch; /* of the list of tenants handed in at once: "bat_01h2…" */
	str after; /* where the page before ended: conversion_list_mark; or none */
};

/* FAULT_INPUT names what is none of the words above. */
MUST_USE fault *conversion_filter_check(const struct conversion_filter *filter);

/* What a list shows; the other members of `c` stay empty. */
struct conversion_line {
	struct conversion c;
	str partner_name;
	instant since; /* when it came to stand as it does: ended, waiting, or else started */
};
struct conversion_lines {
	struct conversion_line *at;
	size_t len;
	str next; /* the mark behind the last line; none when there is no more */
};

/* One page.  Who is waited for is listed longest wait first, all else latest first.  A partner
 * sees its own, an operator everybody's. */
MUST_USE fault *conversion_list_page(struct tx *tx, const struct asker *by,
				     const struct conversion_filter *filter,
				     struct conversion_lines *lines);

/* Whose rows a statement may read: the partner's own account, ID_NONE for an operator. */
id conversion_list_whose(const struct asker *by);
/* The pattern for LIKE … ESCAPE '\' that finds the words anywhere. */
str conversion_list_like(struct arena *keep, str text);
