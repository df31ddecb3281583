/* What the identity platform says when it refuses: its numbers, its words, its JSON.
 *
 * Clients look at `error` and at the AADSTS number and never at the sentence
 * (vendor facts §1.2, client facts §2).  Those facts name 7000215, 7000218, 7000222, 700016, 90002,
 * 1002012, 70011, 70008, 700082, 501481, 65001, 50076, 50079 and 53003; the other numbers are
 * chosen as field reports have them, and only their `error` word may be relied on. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "web/web.h"

#define IDENTITY_ERRORS(X)                                                                        \
	X(IDENTITY_WRONG_SECRET, 7000215, "invalid_client", 401,                                  \
	  "Invalid client secret provided. Send the secret's value, not its id.")                 \
	X(IDENTITY_NO_SECRET, 7000218, "invalid_client", 401,                                     \
	  "The request must contain 'client_secret' or 'client_assertion'.")                      \
	X(IDENTITY_SECRET_EXPIRED, 7000222, "invalid_client", 401,                                \
	  "The client secret has expired. Make a new one for the application.")                   \
	X(IDENTITY_ASSERTION_REFUSED, 700027, "invalid_client", 401,                              \
	  "The client assertion's signature fits no certificate of this application that is in "  \
	  "date, or its id was used for another assertion.")                                      \
	X(IDENTITY_ASSERTION_MALFORMED, 50027, "invalid_client", 401,                             \
	  "The client assertion is no token signed by RS256 or PS256 that names its certificate " \
	  "(x5t or x5t#S256), its id (jti) and its end (exp).")                                   \
	X(IDENTITY_ASSERTION_STRANGER, 700021, "invalid_client", 401,                             \
	  "The client assertion's issuer and subject must both be the client id.")                \
	X(IDENTITY_ASSERTION_AUDIENCE, 700023, "invalid_client", 401,                             \
	  "The client assertion's audience is not this tenant's token endpoint.")                 \
	X(IDENTITY_ASSERTION_TIME, 700024, "invalid_client", 401,                                 \
	  "The client assertion is not valid at this time.")                                      \
	X(IDENTITY_NO_APPLICATION, 700016, "unauthorized_client", 400,                            \
	  "The application was not found in this directory. Its administrator has not consented " \
	  "to it, or the request went to the wrong tenant.")                                      \
	X(IDENTITY_OWN_TENANT_ONLY, 50194, "invalid_request", 400,                                \
	  "The application is not multi-tenant. Name its own tenant in the address.")             \
	X(IDENTITY_NO_TENANT, 90002, "invalid_tenant", 400,                                       \
	  "The tenant was not found. Check the tenant id or the domain.")                         \
	X(IDENTITY_TENANT_NEEDED, 50059, "invalid_request", 400,                                  \
	  "Name the tenant in the address: an application has none of its own.")                  \
	X(IDENTITY_NOT_DEFAULT_SCOPE, 1002012, "invalid_scope", 400,                              \
	  "The scope of a client credentials request must be one resource followed by "           \
	  "'/.default'.")                                                                         \
	X(IDENTITY_BAD_SCOPE, 70011, "invalid_scope", 400, "The scope is not valid.")             \
	X(IDENTITY_NO_RESOURCE, 500011, "invalid_resource", 400,                                  \
	  "The resource named in the scope was not found in this directory.")                     \
	X(IDENTITY_CODE_SPENT, 70008, "invalid_grant", 400,                                       \
	  "The authorization code is unknown, was used before or has expired. Sign in again.")    \
	X(IDENTITY_REFRESH_SPENT, 700082, "invalid_grant", 400,                                   \
	  "The refresh token is unknown, was revoked or has expired. Sign in again.")             \
	X(IDENTITY_REDIRECT_CHANGED, 500112, "invalid_grant", 400,                                \
	  "The redirect address is not the one the authorization code was asked with.")           \
	X(IDENTITY_BAD_VERIFIER, 501481, "invalid_grant", 400,                                    \
	  "The code verifier does not match the code challenge of the authorization request.")    \
	X(IDENTITY_PKCE_NEEDED, 9002325, "invalid_request", 400,                                  \
	  "A single-page application must send a code challenge.")                                \
	X(IDENTITY_NO_CONSENT, 65001, "invalid_grant", 400,                                       \
	  "Neither the user nor an administrator has consented to this application.")             \
	X(IDENTITY_CONSENT_REQUIRED, 65001, "consent_required", 400,                              \
	  "Neither the user nor an administrator has consented to this application.")             \
	X(IDENTITY_INTERACTION, 50076, "interaction_required", 400,                               \
	  "A second factor is needed: sign in interactively.")                                    \
	X(IDENTITY_ENROLL, 50079, "interaction_required", 400,                                    \
	  "A second factor has to be set up: sign in interactively.")                             \
	X(IDENTITY_BLOCKED, 53003, "interaction_required", 400,                                   \
	  "The organization's conditional access does not let this sign-in through.")             \
	X(IDENTITY_OTHER_TENANT, 50020, "invalid_grant", 400,                                     \
	  "The user does not exist in this tenant.")                                              \
	X(IDENTITY_DISABLED, 50057, "invalid_grant", 400, "The user's account is blocked.")       \
	X(IDENTITY_WRONG_PASSWORD, 50126, "invalid_grant", 400,                                   \
	  "The user name or the password is wrong.")                                              \
	X(IDENTITY_NO_USER, 50034, "invalid_grant", 400,                                          \
	  "The user account does not exist in this tenant.")                                      \
	X(IDENTITY_NOT_COMMON, 9001023, "invalid_request", 400,                                   \
	  "This grant needs the tenant's address, or that of 'organizations'.")                   \
	X(IDENTITY_FOREIGN_TOKEN, 50013, "invalid_grant", 400,                                    \
	  "The assertion is no access token of a person that is valid now.")                      \
	X(IDENTITY_TOKEN_AUDIENCE, 500131, "invalid_grant", 400,                                  \
	  "The assertion's audience is not the application that presents it.")                    \
	X(IDENTITY_LOGIN_REQUIRED, 50058, "login_required", 400,                                  \
	  "Nobody is signed in, and the request asked not to show a page.")                       \
	X(IDENTITY_DECLINED, 65004, "access_denied", 400, "The user declined to consent.")        \
	X(IDENTITY_ADMIN_DECLINED, 65004, "permission_denied", 400,                               \
	  "The administrator declined to consent.")                                               \
	X(IDENTITY_BAD_REDIRECT, 50011, "invalid_request", 400,                                   \
	  "The redirect address is not registered for this application.")                         \
	X(IDENTITY_BAD_RESPONSE_TYPE, 700054, "unsupported_response_type", 400,                   \
	  "The response type is not enabled for this application. Ask for 'code'.")               \
	X(IDENTITY_BAD_REQUEST, 90023, "invalid_request", 400,                                    \
	  "A value in the request is not "                                                        \
	  "valid.")                                                                               \
	X(IDENTITY_MISSING, 900144, "invalid_request", 400, "A parameter is missing.")            \
	X(IDENTITY_BUSY, 90033, "temporarily_unavailable", 503,                                   \
	  "The sign-in is not to be had for a moment. Ask again later.")                          \
	X(IDENTITY_BAD_GRANT_TYPE, 70003, "unsupported_grant_type", 400,                          \
	  "The grant type is not supported.")                                                     \
	X(IDENTITY_PENDING, 70016, "authorization_pending", 400,                                  \
	  "The person has not yet entered the code. Ask again after the interval.")               \
	X(IDENTITY_DEVICE_DECLINED, 70017, "authorization_declined", 400,                         \
	  "The person declined to sign in on this device.")                                       \
	X(IDENTITY_DEVICE_UNKNOWN, 70018, "bad_verification_code", 400,                           \
	  "The device code is not known.")                                                        \
	X(IDENTITY_DEVICE_EXPIRED, 70020, "expired_token", 400,                                   \
	  "The device code has expired. Ask for a new one.")

enum identity_error {
	IDENTITY_FINE, /* nothing wrong */
#define X(name, number, word, status, said) name,
	IDENTITY_ERRORS(X)
#undef X
		IDENTITY_ERROR_COUNT
};

int identity_error_number(enum identity_error error);
int identity_error_status(enum identity_error error);
const char *identity_error_word(enum identity_error error);
/* IDENTITY_FINE when there is none of that number. */
enum identity_error identity_error_of_number(int64_t number);

/* "AADSTS70008: …" with trace id, correlation id and time below it, as the wire carries it.
 * `about` says which value was wrong, or is empty. */
struct identity_refusal {
	enum identity_error error;
	str about; /* "'client_id'", may be empty */
};
str identity_error_said(struct arena *keep, const struct identity_refusal *refusal);

/* Answers a JSON endpoint with the refusal; the correlation id is the caller's
 * `client-request-id` when it sent one. */
MUST_USE fault *identity_error_reply(struct request *rq, struct reply *to,
				     const struct identity_refusal *refusal);
