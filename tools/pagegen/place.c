#include "place.h"

#include <ctype.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static void push(char *word, size_t room, char c)
{
	size_t len = strlen(word);

	if (len + 1 < room) {
		word[len] = (char)tolower((unsigned char)c);
		word[len + 1] = '\0';
	}
}

/* Keeps the last bytes only. */
static void push_tail(struct place *at, char c)
{
	size_t len = strlen(at->tail);

	if (len + 1 == sizeof(at->tail)) {
		memmove(at->tail, at->tail + 1, len);
		len--;
	}
	at->tail[len] = (char)tolower((unsigned char)c);
	at->tail[len + 1] = '\0';
}

static bool is_space(char c)
{
	return isspace((unsigned char)c) != 0;
}

/* The tag is complete: what follows it? */
static void tag_ends(struct place *at)
{
	static const char *const calm[] = { "textarea", "title", NULL };
	static const char *const closed[] = { "script", "style", NULL };

	at->mode = IN_TEXT;
	at->tail[0] = '\0';
	if (strcmp(at->element, "pre") == 0)
		at->kept += at->closes ? -1 : 1;
	if (at->closes)
		return;
	if (is_one_of(at->element, calm))
		at->mode = IN_CALM_ELEMENT;
	if (is_one_of(at->element, closed))
		at->mode = IN_CLOSED_ELEMENT;
}

static const char *feed_element(struct place *at, char c)
{
	push_tail(at, c);
	if (at->mode == IN_CLOSED_ELEMENT && !is_space(c) && !strchr(at->tail, '<'))
		return "scripts and styles live in assets/, not in a page";
	const char *less = strrchr(at->tail, '<');
	if (less && less[1] == '/' && strcmp(less + 2, at->element) == 0) {
		at->mode = IN_TAG_NAME;
		at->closes = true;
	}
	return NULL;
}

static const char *feed_at_tag(struct place *at, char c)
{
	at->element[0] = at->tail[0] = '\0';
	at->closes = c == '/';
	at->mode = c == '!' ? IN_DECLARATION : IN_TAG_NAME;
	if (c == '!' || at->closes)
		return NULL;
	if (!isalpha((unsigned char)c))
		return "a < that begins no tag; write &lt;";
	push(at->element, sizeof(at->element), c);
	return NULL;
}

static const char *feed_declaration(struct place *at, char c)
{
	if (c == '>')
		at->mode = IN_TEXT;
	return c == '-' ? "a comment would be sent to everybody; write {{-- … --}}" : NULL;
}

static const char *attr_begins(struct place *at, char c)
{
	at->attr[0] = at->begun[0] = '\0';
	push(at->attr, sizeof(at->attr), c);
	at->mode = IN_ATTR_NAME;
	return strchr("\"'<=", c) ? "an attribute has no name here" : NULL;
}

static const char *attr_named(const struct place *at)
{
	if (strcmp(at->attr, "style") == 0)
		return "style attributes are refused by our policy; use a class";
	if (strncmp(at->attr, "on", 2) == 0)
		return "handlers in attributes are refused by our policy; use a module in assets/";
	return NULL;
}

/* Inside a tag, outside of a value. */
static const char *feed_tag(struct place *at, char c)
{
	if (c == '>') {
		tag_ends(at);
		return NULL;
	}
	if (c == '/') {
		at->mode = IN_TAG;
		return NULL;
	}
	if (at->mode == IN_TAG_NAME && !is_space(c)) {
		push(at->element, sizeof(at->element), c);
		return NULL;
	}
	if (at->mode == IN_ATTR_NAME && c != '=' && !is_space(c)) {
		push(at->attr, sizeof(at->attr), c);
		return NULL;
	}
	if (is_space(c)) {
		at->mode = at->mode == IN_ATTR_NAME || at->mode == AFTER_ATTR_NAME ? AFTER_ATTR_NAME
										   : IN_TAG;
		return NULL;
	}
	if (c == '=' && at->mode != IN_TAG) {
		at->mode = BEFORE_VALUE;
		return attr_named(at);
	}
	return attr_begins(at, c);
}

static const char *feed_before_value(struct place *at, char c)
{
	if (is_space(c))
		return NULL;
	at->mode = IN_QUOTES;
	return c == '"' ? NULL : "the value of an attribute needs quotes around it, like \"this\"";
}

static void feed_value(struct place *at, char c)
{
	if (c == '"')
		at->mode = IN_TAG;
	else
		push(at->begun, sizeof(at->begun), c);
}

const char *place_feed(struct place *at, char c)
{
	switch (at->mode) {
	case IN_TEXT:
		if (c == '<')
			at->mode = AT_TAG;
		return NULL;
	case IN_CALM_ELEMENT:
	case IN_CLOSED_ELEMENT: return feed_element(at, c);
	case IN_DECLARATION: return feed_declaration(at, c);
	case AT_TAG: return feed_at_tag(at, c);
	case IN_TAG_NAME:
	case IN_TAG:
	case IN_ATTR_NAME:
	case AFTER_ATTR_NAME: return feed_tag(at, c);
	case BEFORE_VALUE: return feed_before_value(at, c);
	case IN_QUOTES: feed_value(at, c); return NULL;
	}
	return NULL;
}

/* An address may continue with a value only behind a beginning that fixes where it leads. */
static const char *url_value(struct place *at, enum place_escape *how)
{
	if (at->begun[0] == '\0') {
		*how = AS_URL;
		push(at->begun, sizeof(at->begun), '/');
		return NULL;
	}
	*how = AS_URL_PART;
	if (strchr("/#?.", at->begun[0]) || strncmp(at->begun, "https://", 8) == 0 ||
	    strncmp(at->begun, "mailto:", 7) == 0)
		return NULL;
	return "an address with a value begins with / # ? . https:// or mailto:";
}

static const char *attr_value(struct place *at, enum place_escape *how)
{
	static const char *const urls[] = { "href", "src",  "action", "formaction", "poster",
					    "cite", "data", "ping",   "xlink:href", NULL };
	static const char *const refused[] = { "srcset", "srcdoc", "http-equiv", NULL };

	if (is_one_of(at->attr, refused))
		return "no value may stand in this attribute";
	if (is_one_of(at->attr, urls))
		return url_value(at, how);
	*how = AS_ATTR;
	return NULL;
}

const char *place_value(struct place *at, enum place_escape *how)
{
	switch (at->mode) {
	case IN_TEXT:
	case IN_CALM_ELEMENT: *how = AS_TEXT; return NULL;
	case IN_QUOTES: return attr_value(at, how);
	case BEFORE_VALUE: return "a value in an attribute needs quotes around it";
	case IN_CLOSED_ELEMENT: return "no value may stand in a script or a style";
	case IN_DECLARATION: return "no value may stand in a declaration";
	case AT_TAG:
	case IN_TAG_NAME:
	case IN_TAG:
	case IN_ATTR_NAME:
	case AFTER_ATTR_NAME: return "a value cannot be the name of a tag or an attribute";
	}
	return NULL;
}

static bool is_between_attrs(const struct place *at)
{
	return at->mode == IN_TAG || at->mode == IN_ATTR_NAME || at->mode == AFTER_ATTR_NAME ||
	       at->mode == IN_TAG_NAME;
}

bool place_join(struct place *at, const struct place *other)
{
	if (is_between_attrs(at) && is_between_attrs(other) && at->mode != other->mode) {
		at->mode = IN_TAG;
		return strcmp(at->element, other->element) == 0;
	}
	if (at->mode != other->mode)
		return false;
	if (at->mode == IN_TEXT)
		return at->kept == other->kept;
	if (at->mode == IN_QUOTES && strcmp(at->attr, other->attr) != 0)
		return false;
	/* The stricter beginning wins; an empty one is no beginning yet. */
	if (at->begun[0] == '\0' || (other->begun[0] && strchr("/#?.", at->begun[0])))
		memcpy(at->begun, other->begun, sizeof(at->begun));
	return strcmp(at->element, other->element) == 0;
}

bool place_folds(const struct place *at)
{
	return at->mode == IN_TEXT && at->kept == 0;
}

const char *place_words(const struct place *at)
{
	switch (at->mode) {
	case IN_TEXT: return "in text";
	case IN_CALM_ELEMENT:
	case IN_CLOSED_ELEMENT: return "inside an element of plain text";
	case IN_DECLARATION: return "inside a declaration";
	case AT_TAG:
	case IN_TAG_NAME:
	case IN_TAG:
	case IN_ATTR_NAME:
	case AFTER_ATTR_NAME: return "inside a tag";
	case BEFORE_VALUE:
	case IN_QUOTES: return "inside an attribute";
	}
	return "";
}
