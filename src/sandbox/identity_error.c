#include "sandbox/identity_error.h"

#include <jansson.h>

#include "sandbox/identity_json.h"

static const struct {
	int number, status;
	const char *word, *said;
} errors[] = { [IDENTITY_FINE] = { 0, 200, "", "" },
#define X(name, number, word, status, said) [name] = { number, status, word, said },
	       IDENTITY_ERRORS(X)
#undef X
};

int identity_error_number(enum identity_error error)
{
	return errors[error].number;
}

int identity_error_status(enum identity_error error)
{
	return errors[error].status;
}

const char *identity_error_word(enum identity_error error)
{
	return errors[error].word;
}

str identity_error_said(struct arena *keep, const struct identity_refusal *refusal)
{
	str about = refusal->about;
	return str_format(keep, "AADSTS%d: %s%s%.*s", errors[refusal->error].number,
			  errors[refusal->error].said, about.len ? " Look at " : "", STR(about));
}
