/* Where in an HTML page a value stands, found by reading the page's text byte by byte. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum place_mode {
	IN_TEXT,
	IN_CALM_ELEMENT,   /* textarea, title: text until its own closing tag */
	IN_CLOSED_ELEMENT, /* script, style: no content of ours, no values */
	IN_DECLARATION,	   /* <!doctype …> */
	AT_TAG,		   /* just behind < */
	IN_TAG_NAME,
	IN_TAG,
	IN_ATTR_NAME,
	AFTER_ATTR_NAME,
	BEFORE_VALUE,
	IN_QUOTES
};

enum place_escape { AS_TEXT, AS_ATTR, AS_URL, AS_URL_PART };

struct place {
	enum place_mode mode;
	bool closes;	  /* the tag is </…> */
	char element[16]; /* the tag being read or the element we are inside, lower case */
	char attr[24];
	char begun[16]; /* how the attribute's value begins */
	char tail[16];	/* the last bytes, for </textarea */
	int kept;	/* inside how many <pre>: white space matters */
};

/* One byte further.  NULL, or why the page is wrong here. */
const char *place_feed(struct place *at, char c);

/* A value stands here: how to escape it.  NULL, or why no value may stand here. */
const char *place_value(struct place *at, enum place_escape *how);

/* Two branches meet: `at` becomes what both agree on; false when they left the page in different
 * places. */
bool place_join(struct place *at, const struct place *other);

/* Whether runs of white space mean no more than one space here. */
bool place_folds(const struct place *at);

/* In words, for a message: "inside an attribute". */
const char *place_words(const struct place *at);
