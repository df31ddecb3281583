#include "mail/post.h"

#include "base/log.h"
#include "mail/letter.h"
#include "mail/mime.h"
#include "mail/outbox.h"
#include "mail/smtp.h"

struct post {
	struct arena *arena;
	struct smtp_server server; /* url NULL: the outbox */
	struct mime_sender from;
	str outbox;
};

static const char *or_null(struct arena *keep, str text)
{
	return str_is_empty(text) ? NULL : str_cstr(keep, text);
}

static fault *read_people(struct post *post, const struct post_settings *settings)
{
	if (!mime_sender_read(post->arena, settings->from, &post->from))
		return fault_new(FAULT_INPUT,
				 "The setting mail_from is \"%.*s\"; it must be one address, like "
				 "\"Novate <novate@example.com>\".",
				 STR(settings->from));
	if (!str_is_empty(settings->reply_to) && !letter_address_ok(settings->reply_to))
		return fault_new(
			FAULT_INPUT,
			"The setting mail_reply_to is \"%.*s\"; it must be a bare address, "
			"like \"office@example.com\".",
			STR(settings->reply_to));
	post->from.reply_to = str_copy(post->arena, settings->reply_to);
	return NULL;
}

static fault *read_server(struct post *post, const struct post_settings *settings)
{
	if (str_is_empty(settings->server)) {
		post->outbox = str_copy(post->arena, settings->outbox);
		LOG(LOG_INFO, "mail", "no mail server is set: letters are kept as files",
		    { "folder", post->outbox });
		return outbox_open(post->outbox);
	}
	if (!str_starts(settings->server, S("smtp://")) &&
	    !str_starts(settings->server, S("smtps://")))
		return fault_new(
			FAULT_INPUT,
			"The setting mail_server is \"%.*s\"; it must begin with smtp:// or "
			"smtps://, like smtp://mail.example:587.",
			STR(settings->server));
	post->server = (struct smtp_server){ .url = str_cstr(post->arena, settings->server),
					     .user = or_null(post->arena, settings->user),
					     .password = or_null(post->arena, settings->password),
					     .ca_file = or_null(post->arena, settings->ca_file) };
	return NULL;
}

fault *post_open(const struct post_settings *settings, struct post **made)
{
	DEFER(post_end) struct post *post = NULL;
	struct arena *arena = arena_open();

	post = NEW(arena, struct post);
	post->arena = arena;
	mime_open();
	smtp_open();
	TRY(read_people(post, settings));
	TRY(read_server(post, settings));
	*made = post;
	post = NULL;
	return NULL;
}

void post_close(struct post *post)
{
	if (!post)
		return;
	smtp_close();
	arena_close(post->arena);
}

void post_end(struct post **post)
{
	post_close(*post);
}

fault *post_send(const struct post *post, struct arena *scratch, const struct post_letter *letter)
{
	str bytes = mime_compose(scratch, &post->from, letter);

	if (post->server.url)
		return smtp_send(&post->server, scratch, post->from.address, letter->to, bytes);
	str name = str_format(scratch, "%.*s.eml", STR(id_text(scratch, "let", letter->letter)));
	TRY(outbox_put(scratch, post->outbox, name, bytes));
	LOG(LOG_INFO, "mail", "letter kept as a file", { "file", name });
	return NULL;
}
