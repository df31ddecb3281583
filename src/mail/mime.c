#include "mail/mime.h"

#include <gmime/gmime.h>
#include <pthread.h>

#include "mail/letter.h"

static void object_end(GMimeMessage **message)
{
	if (*message)
		g_object_unref(*message);
}

/* GMime forgets to free what it registered, so it is opened once and stays open. */
void mime_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, g_mime_init);
}

static void list_end(InternetAddressList **list)
{
	if (*list)
		g_object_unref(*list);
}

bool mime_sender_read(struct arena *keep, str text, struct mime_sender *sender)
{
	DEFER(list_end)
	InternetAddressList *list = internet_address_list_parse(NULL, str_cstr(keep, text));

	if (!list || internet_address_list_length(list) != 1)
		return false;
	InternetAddress *one = internet_address_list_get_address(list, 0);
	if (!INTERNET_ADDRESS_IS_MAILBOX(one))
		return false;
	str address = str_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
	if (!letter_address_ok(address))
		return false;
	sender->address = str_copy(keep, address);
	sender->name = str_copy(keep, str_of(internet_address_get_name(one)));
	return true;
}

/* Not GMime's text part: that one picks a charset by the letters it finds, and we speak UTF-8. */
static GMimeObject *part_of(const char *subtype, str text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	GMimeStream *bytes = g_mime_stream_mem_new_with_buffer(text.at, text.len);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
		bytes, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_object_unref(content);
	g_object_unref(bytes);
	return GMIME_OBJECT(part);
}

static void add_body(struct arena *scratch, GMimeMessage *message, str id_words,
		     const struct post_letter *letter)
{
	GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
	GMimeObject *text = part_of("plain", letter->text);
	GMimeObject *html = part_of("html", letter->html);

	/* "=_" never occurs in quoted-printable (RFC 2045 §6.7), so no text can hold it */
	g_mime_multipart_set_boundary(
		both, str_cstr(scratch, str_format(scratch, "=_%.*s", STR(id_words))));
	g_mime_multipart_add(both, text);
	g_mime_multipart_add(both, html);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(both));
	g_object_unref(text);
	g_object_unref(html);
	g_object_unref(both);
}

static void add_date(GMimeMessage *message, instant at)
{
	GDateTime *date = g_date_time_new_from_unix_utc(at.micros / 1000000);

	g_mime_message_set_date(message, date);
	g_date_time_unref(date);
}

static void add_people(struct arena *scratch, GMimeMessage *message, const struct mime_sender *from,
		       str to)
{
	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM,
				   str_is_empty(from->name) ? NULL : str_cstr(scratch, from->name),
				   str_cstr(scratch, from->address));
	if (!str_is_empty(from->reply_to))
		g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL,
					   str_cstr(scratch, from->reply_to));
	g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, NULL, str_cstr(scratch, to));
}

static str written(struct arena *keep, GMimeMessage *message)
{
	GMimeFormatOptions *format = g_mime_format_options_new();

	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	char *made = g_mime_object_to_string(GMIME_OBJECT(message), format);
	str bytes = str_copy(keep, str_of(made));
	g_free(made);
	g_mime_format_options_free(format);
	return bytes;
}

str mime_compose(struct arena *keep, const struct mime_sender *from,
		 const struct post_letter *letter)
{
	DEFER(object_end) GMimeMessage *message = g_mime_message_new(TRUE);
	str id_words = id_text(keep, "let", letter->letter);
	ptrdiff_t at = str_find(from->address, S("@"));
	str domain = str_part(from->address, (size_t)(at + 1), from->address.len);

	add_people(keep, message, from, letter->to);
	g_mime_message_set_subject(message, str_cstr(keep, letter->subject), "utf-8");
	add_date(message, letter->date);
	g_mime_message_set_message_id(
		message, str_cstr(keep, str_format(keep, "%.*s@%.*s", STR(id_words), STR(domain))));
	/* RFC 3834 §5: so that out-of-office programs keep still */
	g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-generated", NULL);
	add_body(keep, message, id_words, letter);
	return written(keep, message);
}
