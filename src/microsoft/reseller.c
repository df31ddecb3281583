#include "microsoft/reseller.h"

#include "microsoft/asking.h"
#include "microsoft/refusal.h"

fault *reseller_invitation(struct microsoft_work *w, str *url)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = { .name = "partnercenter.invitation",
				 .as = TOKEN_PARTNER_USER,
				 .path = S("/v1/customers/relationshiprequests") };
	str read;

	TRY(asking_json(w, &asking, &json));
	read = reading_text(w->arena, json, "url");
	/* People follow it: nothing but a page over TLS. */
	if (!str_starts(read, S("https://")))
		return fault_new(FAULT_REMOTE, "Partner Center sent no invitation. It is tried "
					       "again by itself.");
	*url = read;
	return NULL;
}

fault *reseller_of(struct microsoft_work *w, str tenant, bool *ours)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "partnercenter.customer",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena, "/v1/customers/%.*s",
				   STR(remote_escape(w->arena, tenant))),
	};
	fault *f = asking_json(w, &asking, &json);

	if (refusal_is(f, "60003") || refusal_is(f, "20002")) {
		*ours = false;
		return NULL;
	}
	TRY(f);
	*ours = str_eq_nocase(reading_text(w->arena, json, "relationshipToPartner"), S("reseller"));
	return NULL;
}

fault *reseller_agreement(struct microsoft_work *w, str tenant, bool *is_signed)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "partnercenter.agreement",
		.as = TOKEN_PARTNER_USER,
		.path = str_format(
			w->arena, "/v1/customers/%.*s/directSignedMicrosoftCustomerAgreementStatus",
			STR(remote_escape(w->arena, tenant))),
	};

	TRY(asking_json(w, &asking, &json));
	*is_signed = reading_flag(json, "isSigned", false);
	return NULL;
}

static str subscription_path(struct microsoft_work *w, str tenant, str subscription)
{
	return str_format(w->arena, "/v1/customers/%.*s/subscriptions/%.*s",
			  STR(remote_escape(w->arena, tenant)),
			  STR(remote_escape(w->arena, subscription)));
}

/* The newer member has the time of day, the older one only the date (§3.9). */
static instant end_of_term(const json_t *item)
{
	instant precise = reading_instant(item, "commitmentEndDateTime");

	return instant_is_none(precise) ? reading_instant(item, "commitmentEndDate") : precise;
}

static fault *subscription_add(struct microsoft_work *w, const json_t *item, void *with)
{
	struct reseller_subscriptions *list = with;

	list->at = arena_grown(w->arena, list->at, list->len, sizeof(*list->at));
	list->at[list->len++] = (struct reseller_subscription){
		.id = reading_guid(w->arena, item, "id"),
		.offer = reading_text(w->arena, item, "offerId"),
		.name = reading_text(w->arena, item, "offerName"),
		.status = str_lower(w->arena, reading_text(w->arena, item, "status")),
		.order = reading_text(w->arena, item, "orderId"),
		.quantity = reading_number(item, "quantity", 0),
		.started = reading_instant(item, "effectiveStartDate"),
		.ends = end_of_term(item),
		.cancel_until = reading_instant(item, "cancellationAllowedUntilDate"),
		.etag = reading_text(w->arena, reading_member(item, "attributes"), "etag"),
	};
	return NULL;
}

fault *reseller_subscriptions_read(struct microsoft_work *w, str tenant,
				   struct reseller_subscriptions *subscriptions)
{
	struct reseller_subscriptions read = { 0 };
	struct asking asking = {
		.name = "partnercenter.subscriptions",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena, "/v1/customers/%.*s/subscriptions",
				   STR(remote_escape(w->arena, tenant))),
	};

	TRY(asking_pages(w, &asking, subscription_add, &read));
	*subscriptions = read;
	return NULL;
}

const struct reseller_subscription *reseller_subscription_of(
	const struct reseller_subscriptions *all, str subscription)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq_nocase(all->at[i].id, subscription))
			return &all->at[i];
	return NULL;
}

bool reseller_is_cancelled(const struct reseller_subscription *subscription)
{
	return str_eq(subscription->status, S("deleted"));
}

/* Right after the purchase these mean "not yet" (§3.15, class retry). */
static bool says_not_yet(const fault *f)
{
	return refusal_is(f, "800007") || refusal_is(f, "20003") || refusal_is(f, "20000");
}

static enum reseller_provisioning provisioning_from(str word)
{
	if (str_eq_nocase(word, S("success")))
		return PROVISION_DONE;
	if (str_eq_nocase(word, S("failed")))
		return PROVISION_FAILED;
	return PROVISION_PENDING;
}

fault *reseller_provisioning(struct microsoft_work *w, str tenant, str subscription,
			     enum reseller_provisioning *state, str *sku, int64_t *quantity)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = {
		.name = "partnercenter.provisioningStatus",
		.as = TOKEN_PARTNER_USER,
		.path = str_format(w->arena, "%.*s/provisioningstatus",
				   STR(subscription_path(w, tenant, subscription))),
	};
	fault *f = asking_json(w, &asking, &json);

	if (f && !says_not_yet(f))
		return f;
	*state = provisioning_from(reading_text(w->arena, json, "status"));
	*sku = reading_guid(w->arena, json, "skuId");
	*quantity = reading_number(json, "quantity", 0);
	return NULL;
}

static void set_status(json_t *subscription, const char *word)
{
	static const char *const spellings[] = { "status", "Status" };

	for (size_t i = 0; i < COUNT(spellings); i++)
		if (json_object_get(subscription, spellings[i])) {
			(void)json_object_set_new(subscription, spellings[i], json_string(word));
			return;
		}
	(void)json_object_set_new(subscription, "status", json_string(word));
}

/* An entity tag has quotes (RFC 9110 §8.8.3); the member of the resource may come without. */
static str quoted(struct microsoft_work *w, str etag)
{
	if (str_is_none(etag) || str_starts(etag, S("\"")) || str_starts(etag, S("W/")))
		return etag;
	return str_format(w->arena, "\"%.*s\"", STR(etag));
}

/* Reads, and writes the whole back at once: etags are short-lived, and what is left out would be
 * reset (§3.9). */
static fault *cancel_once(struct microsoft_work *w, str path)
{
	DEFER(reading_end) json_t *json = NULL;
	DEFER(reading_end) json_t *result = NULL;
	struct asking read = { .name = "partnercenter.subscription",
			       .as = TOKEN_PARTNER_APP,
			       .path = path };
	struct asking write = { .name = "partnercenter.cancel",
				.method = "PATCH",
				.as = TOKEN_PARTNER_APP,
				.path = path };

	TRY(asking_json(w, &read, &json));
	if (str_eq_nocase(reading_text(w->arena, json, "status"), S("deleted")))
		return NULL;
	set_status(json, "deleted");
	write.body = reading_written(w->arena, json);
	write.if_match = quoted(w,
				reading_text(w->arena, reading_member(json, "attributes"), "etag"));
	return asking_json(w, &write, &result);
}

fault *reseller_cancel(struct microsoft_work *w, str tenant, str subscription)
{
	str path = subscription_path(w, tenant, subscription);
	fault *f = cancel_once(w, path);

	/* The etag may have grown old between reading and writing (2055, 412): read again. */
	if (f && f->kind == FAULT_CONFLICT && !refusal_is(f, "900117"))
		f = cancel_once(w, path);
	return f;
}
