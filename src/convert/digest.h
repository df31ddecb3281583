/* A text's fingerprint, in hexadecimal. */
#pragma once

#include "base/base.h"

/* SHA-256, which anybody can count again: what is approved, what a certificate is known by. */
str digest_sha256(struct arena *keep, str text);
/* 128 bits of BLAKE2b, for keys of our own. */
str digest_key(struct arena *keep, str text);
/* A GUID of the first 32 digits of either: always the same for the same text, where a vendor wants
 * a GUID of what is asked again. */
str digest_guid(struct arena *keep, str digits);
