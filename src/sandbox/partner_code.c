#include "sandbox/partner_code.h"

static const struct partner_code codes[] = {
	{ 2000, 400, "The request is malformed." },
	{ 2001, 400, "The quantity of the offer cannot be changed." },
	{ 2002, 400, "Quantity must lie between the offer's minimum and maximum." },
	{ 2006, 403, "The partner is not valid for this offer." },
	{ 2011, 400, "The status cannot be changed to this." },
	{ 2030, 403, "The partner may not sell in the customer's country." },
	{ 2072, 400, "The partner on record is not valid." },
	{ 2085, 403, "The offer is not eligible for this customer." },
	{ 2091, 403, "The offer is withdrawn: it cannot be bought any more." },
	{ 13605, 403, "The customer has not confirmed the Microsoft Customer Agreement." },
	{ 20002, 403, "There is no commerce relationship with the customer." },
	{ 800003, 500, "The service failed." },
	{ 800004, 400, "The offer id is not valid." },
	{ 800005, 500, "The order could not be created." },
	{ 800015, 400, "The partner on record does not exist." },
	{ 800016, 400, "The partner on record is not related to you." },
	{ 800018, 400, "The sandbox account has as many customers as it may have." },
	{ 800020, 403, "The catalog item is not eligible for purchase." },
	{ 800023, 403, "The credit line does not suffice." },
	{ 800025, 400, "The purchase was refused for its risk." },
	{ 800060, 409, "An order of this cart is in progress." },
	{ 800064, 409, "Another request works on this cart." },
	{ 800066, 403, "The sandbox account's customer has as many subscriptions as it may have." },
	{ 800067, 403, "The sandbox account's subscription has as many licenses as it may have." },
	{ 800069, 403, "The purchase was refused for its risk." },
	{ 800070, 400, "The offer is not available in the customer's country." },
	{ 800073, 403, "The customer's account is under review." },
	{ 800074, 403, "The customer's account was not approved." },
	{ 800075, 403, "The customer's account waits for more information." },
	{ 800090, 400, "The quantity cannot be reduced any more." },
	{ 800094, 500, "The subscription could not be updated." },
	{ 900117, 400, "The time in which the subscription could be cancelled is over." },
	{ 900121, 403, "The purchase was refused for its risk." },
	{ 900123, 403, "The reseller has not signed the Microsoft Partner Agreement." },
	{ 900142, 400, "The catalog item id is missing." },
	{ 900144, 400, "The provisioning SKU id is missing." },
	{ 900154, 400, "The partner on record may not sell this." },
	{ 900203, 400, "The item asks for an attestation." },
	{ 900206, 400, "The attestation for the partner on record is missing." },
	{ 900278, 409, "An operation on the subscription is pending: try later." },
	{ 900279, 400, "The subscription takes no more updates." },
	{ 900311, 400, "The subscription was updated too often." },
	{ 900416, 403, "The customer is locked." },
	{ 900419, 400, "The customer has too many subscriptions." },
};

struct partner_code partner_code_of(struct arena *keep, int64_t code)
{
	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i].code == code)
			return codes[i];
	return (struct partner_code){ (int)code, 400,
				      str_cstr(keep, str_format(keep, "Refused with the code %lld.",
								(long long)code)) };
}
