#include "sandbox/identity_redirect.h"

#include "remote/remote.h"

static const str loopbacks[] = { S("http://localhost"), S("http://127.0.0.1") };

/* What follows this loopback host and an optional port; false when it is not that host. */
static bool after_loopback(str loopback, str address, str *rest)
{
	if (!str_starts(address, loopback))
		return false;
	*rest = str_part(address, loopback.len, address.len);
	if (rest->len == 0 || rest->at[0] != ':')
		return rest->len == 0 || rest->at[0] == '/' || rest->at[0] == '?';
	size_t digits = 1;
	while (digits < rest->len && rest->at[digits] >= '0' && rest->at[digits] <= '9')
		digits++;
	*rest = str_part(*rest, digits, rest->len);
	return digits > 1 && digits <= 6 &&
	       (rest->len == 0 || rest->at[0] == '/' || rest->at[0] == '?');
}

static bool matches_loopback(str loopback, str registered, str address)
{
	str want, got;
	if (!after_loopback(loopback, registered, &want) ||
	    !after_loopback(loopback, address, &got))
		return false;
	if (str_eq(want, S("/")))
		want.len = 0;
	if (str_eq(got, S("/")))
		got.len = 0;
	return str_eq(want, got);
}

/* "https://a.example/" without its only slash. */
static str without_root(str address)
{
	ptrdiff_t scheme = str_find(address, S("://"));
	str rest = scheme < 0 ? S("") : str_part(address, (size_t)scheme + 3, address.len);
	if (rest.len > 1 && str_find(rest, S("/")) == (ptrdiff_t)rest.len - 1)
		address.len--;
	return address;
}

bool identity_redirect_is_same(str a, str b)
{
	return str_eq(without_root(a), without_root(b));
}

static bool matches(str registered, str address)
{
	if (identity_redirect_is_same(registered, address))
		return true;
	for (size_t i = 0; i < COUNT(loopbacks); i++)
		if (matches_loopback(loopbacks[i], registered, address))
			return true;
	return false;
}

bool identity_redirect_is_registered(str registered, str address)
{
	if (address.len == 0 || str_find(address, S("#")) >= 0)
		return false;
	for (str lines = registered, line; str_next(&lines, '\n', &line);)
		for (str rest = line, one; str_next(&rest, ' ', &one);)
			if (one.len && matches(one, address))
				return true;
	return false;
}

static const char *const modes[] = { [IDENTITY_QUERY] = "query",
				     [IDENTITY_FRAGMENT] = "fragment",
				     [IDENTITY_FORM_POST] = "form_post" };

bool identity_response_mode_from(str word, enum identity_response_mode *mode)
{
	*mode = IDENTITY_QUERY;
	if (word.len == 0)
		return true;
	for (size_t i = 0; i < COUNT(modes); i++) {
		if (!str_eq(word, str_of(modes[i])))
			continue;
		*mode = (enum identity_response_mode)i;
		return true;
	}
	return false;
}

const char *identity_response_mode_word(enum identity_response_mode mode)
{
	return modes[mode];
}

str identity_redirect_address(struct arena *keep, str address, enum identity_response_mode mode,
			      const struct identity_answer *answers, size_t count)
{
	struct text out = text_open(keep);
	char separator = mode == IDENTITY_FRAGMENT ? '#' : '?';
	text_add(&out, address);
	if (separator == '?' && str_find(address, S("?")) >= 0)
		separator = '&';
	for (size_t i = 0; i < count; i++) {
		if (answers[i].value.len == 0)
			continue;
		str value = remote_escape(keep, answers[i].value);
		text_format(&out, "%c%s=%.*s", separator, answers[i].name, STR(value));
		separator = '&';
	}
	return text_str(&out);
}
