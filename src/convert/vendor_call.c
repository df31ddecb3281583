#include "convert/vendor_call.h"

#include "vendor_call_sql.h"

fault *vendor_call_list(struct tx *tx, id conversion, struct vendor_calls *calls)
{
	struct vendor_call_of_list rows;

	TRY(vendor_call_newest(tx, conversion, VENDOR_CALLS_LISTED, &rows));
	calls->len = rows.len;
	calls->at = NEW_ARRAY(tx_arena(tx), struct vendor_call, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++)
		calls->at[i] = (struct vendor_call){ rows.at[i].at, rows.at[i].name,
						     rows.at[i].status, rows.at[i].request,
						     rows.at[i].micros };
	return NULL;
}
