#include "people/password.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#define HASHINGS_AT_ONCE 2
#define HASHINGS_WAITING 4
#define OWN_LEAST	 8 /* characters that are left without the person's own words */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static int hashings, waiting;

static fault *slot_take(void)
{
	(void)pthread_mutex_lock(&lock);
	bool full = hashings >= HASHINGS_AT_ONCE && waiting >= HASHINGS_WAITING;
	waiting++;
	while (!full && hashings >= HASHINGS_AT_ONCE)
		(void)pthread_cond_wait(&freed, &lock);
	waiting--;
	hashings += full ? 0 : 1;
	(void)pthread_mutex_unlock(&lock);
	return full ? fault_new(FAULT_BUSY, "Many people are signing in just now. Please try "
					    "again in a moment.")
		    : NULL;
}

static void slot_give(void)
{
	(void)pthread_mutex_lock(&lock);
	hashings--;
	(void)pthread_cond_signal(&freed);
	(void)pthread_mutex_unlock(&lock);
}

static size_t characters(str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return count;
}

/* The password without every place where `word` stands. */
static str without(struct arena *scratch, str password, str word)
{
	struct text left = text_open(scratch);

	if (word.len < 4)
		return password;
	password = str_lower(scratch, password);
	word = str_lower(scratch, word);
	for (ptrdiff_t at; (at = str_find(password, word)) >= 0;) {
		text_add(&left, str_part(password, 0, (size_t)at));
		password = str_part(password, (size_t)at + word.len, password.len);
	}
	text_add(&left, password);
	return text_str(&left);
}

static size_t distinct(str text)
{
	bool seen[256] = { false };
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool *at = &seen[(unsigned char)text.at[i]];
		count += !*at;
		*at = true;
	}
	return count;
}

static bool too_close(str password, str email, str name)
{
	static const char *const guessed_first[] = { "password",   "novate",  "qwerty",
						     "1234567890", "letmein", "welcome" };
	DEFER(arena_end) struct arena *scratch = arena_open();
	ptrdiff_t at = str_find(email, S("@"));
	str left = without(scratch, password, email), word;

	if (at > 0)
		left = without(scratch, left, str_part(email, 0, (size_t)at));
	while (str_next(&name, ' ', &word))
		left = without(scratch, left, word);
	for (size_t i = 0; i < COUNT(guessed_first); i++)
		left = without(scratch, left, str_of(guessed_first[i]));
	return characters(left) < OWN_LEAST || distinct(left) < 5;
}

fault *password_check(str password, str email, str name)
{
	if (!str_is_utf8(password) || password.len > PASSWORD_MOST)
		return fault_new(FAULT_INPUT, "The password is too long; at most %d bytes fit.",
				 PASSWORD_MOST);
	if (characters(password) < PASSWORD_LEAST)
		return fault_new(FAULT_INPUT,
				 "The password has fewer than %d characters. Make it longer; "
				 "several words with spaces between them are fine.",
				 PASSWORD_LEAST);
	if (too_close(password, email, name))
		return fault_new(FAULT_INPUT,
				 "The password is one of the first that would be guessed (a common "
				 "one, your name or your address). Choose other words.");
	return NULL;
}

fault *password_make(struct arena *keep, str password, str email, str name, str *hash)
{
	char made[crypto_pwhash_STRBYTES];

	TRY(password_check(password, email, name));
	if (sodium_init() < 0)
		return fault_new(FAULT_BUG, "The cryptography library could not be started.");
	TRY(slot_take());
	int failed = crypto_pwhash_str(made, password.at ? password.at : "", password.len,
				       crypto_pwhash_OPSLIMIT_INTERACTIVE,
				       crypto_pwhash_MEMLIMIT_INTERACTIVE);
	slot_give();
	if (failed)
		return fault_new(FAULT_BUSY, "There was not enough memory to keep a password "
					     "safely. Please try again in a moment.");
	*hash = str_copy(keep, str_of(made));
	return NULL;
}

fault *password_right(str hash, str password, bool *right)
{
	/* the same cost as a real one, and matches nothing */
	static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
				     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	char stored[crypto_pwhash_STRBYTES] = "";
	bool known = !str_is_empty(hash) && hash.len < sizeof(stored);

	if (sodium_init() < 0)
		return fault_new(FAULT_BUG, "The cryptography library could not be started.");
	if (known)
		memcpy(stored, hash.at, hash.len);
	else
		memcpy(stored, nobody, sizeof(nobody));
	TRY(slot_take());
	bool same = crypto_pwhash_str_verify(stored, password.at ? password.at : "",
					     password.len) == 0;
	slot_give();
	*right = same && known;
	return NULL;
}
