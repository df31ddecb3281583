/* Manual 32: it is done, and here is the proof. */
#include "convert/certificate.h"
#include "convert/notice.h"
#include "convert/step.h"

fault *step_certificate(struct run *run, struct outcome *out)
{
	struct certificate made;

	TRY(run_begin(run));
	TRY(certificate_issue(run->tx, &run->c, &made));
	TRY(notice_done(run->tx, run->context, &run->c));
	return step_next(out, str_format(run->arena, "Converted. The certificate %.12s is written.",
					 made.sha256.at));
}
