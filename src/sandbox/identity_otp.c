#include "sandbox/identity_otp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "sandbox/sandbox_setting.h"

fault *identity_otp_secret(struct tx *tx, str user, str *secret)
{
	unsigned char made[SHA256_DIGEST_LENGTH];
	str key, about = str_format(tx_arena(tx), "mfa %.*s", STR(user));

	TRY(sandbox_setting_get(tx, S("form_key"), &key));
	if (!HMAC(EVP_sha256(), key.at ? key.at : "", (int)key.len, (const unsigned char *)about.at,
		  about.len, made, NULL))
		return fault_new(FAULT_BUG, "The secret of a second factor could not be made.");
	*secret = str_copy(tx_arena(tx),
			   (str){ .at = (const char *)made, .len = SHA_DIGEST_LENGTH });
	return NULL;
}

str identity_otp_base32(struct arena *keep, str secret)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct text out = text_open(keep);
	uint32_t held = 0;
	int bits = 0;

	for (size_t i = 0; i < secret.len; i++) {
		held = (held << 8 | (unsigned char)secret.at[i]) & 0xffff;
		for (bits += 8; bits >= 5; bits -= 5)
			text_add_char(&out, letters[held >> (bits - 5) & 31]);
	}
	if (bits > 0)
		text_add_char(&out, letters[held << (5 - bits) & 31]);
	return text_str(&out);
}

/* RFC 4226 §5.3: four bytes from where the last half byte points. */
static str digits_of(struct arena *keep, str secret, int64_t step)
{
	unsigned char counter[8], hash[SHA_DIGEST_LENGTH] = { 0 };
	for (size_t i = 0; i < sizeof(counter); i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	(void)HMAC(EVP_sha1(), secret.at, (int)secret.len, counter, sizeof(counter), hash, NULL);
	const unsigned char *at = hash + (hash[SHA_DIGEST_LENGTH - 1] & 15);
	uint32_t number = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 |
			  (uint32_t)at[2] << 8 | at[3];
	return str_format(keep, "%06u", number % 1000000);
}

str identity_otp_code(struct arena *keep, str secret, instant at)
{
	return digits_of(keep, secret, at.micros / IDENTITY_OTP_STEP);
}

bool identity_otp_matches(struct arena *keep, str secret, str code, instant at)
{
	bool good = false;
	for (int64_t step = -1; step <= 1; step++) {
		str want = identity_otp_code(keep, secret,
					     instant_after(at, step * IDENTITY_OTP_STEP));
		good = good ||
		       (code.len == want.len && CRYPTO_memcmp(code.at, want.at, want.len) == 0);
	}
	return good;
}
