#include "app/rooms.h"

#include "admin/audit_desk_pages.h"
#include "admin/conversion_desk_pages.h"
#include "admin/job_desk_pages.h"
#include "app/site.h"
#include "convert/batch_pages.h"
#include "convert/conversion_acts.h"
#include "convert/conversion_list_pages.h"
#include "convert/conversion_pages.h"
#include "convert/door_pages.h"
#include "convert/move_pages.h"
#include "convert/notice_pages.h"
#include "convert/vendor_event.h"
#include "convert/vendor_event_pages.h"
#include "mail/letter.h"
#include "people/people.h"

size_t rooms_commands(struct command_table at[ROOMS_MOST_TABLES])
{
	const struct command_table open[] = {
		up_commands,	  serve_commands,   work_commands,    migrate_commands,
		doctor_commands,  connect_commands, convert_commands, list_commands,
		plan_commands,	  demo_commands,    job_commands,     audit_commands,
		account_commands, catalog_commands, routes_commands,  help_commands,
	};

	for (size_t i = 0; i < COUNT(open); i++)
		at[i] = open[i];
	return COUNT(open);
}

size_t rooms_routes(struct route_table at[ROOMS_MOST_TABLES])
{
	const struct route_table open[] = {
		home_routes,
		health_routes,
		metrics_routes,
		openapi_routes,
		batch_pages_routes,
		conversion_list_pages_routes,
		conversion_acts_routes,
		conversion_pages_routes,
		move_pages_routes,
		notice_pages_routes,
		door_pages_routes,
		vendor_event_pages_routes,
		entry_pages,
		account_pages,
		invite_pages,
		audit_desk_pages_routes,
		conversion_desk_pages_routes,
		job_desk_pages_routes,
	};

	for (size_t i = 0; i < COUNT(open); i++)
		at[i] = open[i];
	return COUNT(open);
}

static const struct look_item navigation[] = {
	{ PARTNER, "/partner/conversions", "Conversions" },
	{ OPERATOR, "/partner/conversions", "Conversions" },
	{ OPERATOR, "/admin/conversions", "All partners" },
	{ OPERATOR, "/admin/jobs", "Jobs" },
	{ OPERATOR, "/admin/audit", "Audit trail" },
	{ SIGNED_IN, "/account", "Account" },
};

const struct look rooms_look = {
	.name = "Novate",
	.home = "/",
	.stylesheet = "novate.css",
	.sign_in = PEOPLE_SIGN_IN,
	.sign_out = PEOPLE_SIGN_OUT,
	.items = navigation,
	.item_count = COUNT(navigation),
};

size_t rooms_kinds(const struct vendors *vendors, struct convert_context *convert,
		   struct job_kind at[ROOMS_MOST_KINDS])
{
	size_t count = 0;

	at[count++] = letter_job(vendors->post);
	at[count++] = letter_sweep_job();
	at[count++] = people_sweep_job();
	if (!vendors->microsoft)
		return count;
	at[count++] = vendor_event_job(convert);
	at[count++] = vendor_event_listen_job(convert);
	at[count++] = (struct job_kind){ .kind = "convert.step",
					 .run = convert_step_job,
					 .context = convert,
					 .lease = MINUTES(10) };
	return count;
}

fault *rooms_first_jobs(struct tx *tx, const struct vendors *vendors)
{
	TRY(letter_sweep_later(tx));
	TRY(people_sweep_later(tx));
	return vendors->microsoft ? vendor_event_later(tx) : NULL;
}
