#include "web/asset.h"

#include "web/exchange.h"
#include "web/html.h"

static const struct asset *asset_named(const struct site *site, str name)
{
	const struct assets *assets = site->settings.assets;

	for (size_t i = 0; assets && i < assets->count; i++)
		if (str_eq(str_of(assets->at[i].name), name))
			return &assets->at[i];
	return NULL;
}

/* Whether an Accept-Encoding list names the coding and does not refuse it with q=0. */
static bool accepts(str header, str coding)
{
	str item, word;

	while (str_next(&header, ',', &item)) {
		if (!str_next(&item, ';', &word) || !str_eq_nocase(str_trim(word), coding))
			continue;
		str q = str_trim(item);
		return !str_eq(q, S("q=0")) && !str_starts(q, S("q=0.0"));
	}
	return false;
}

static str body_for(const struct request *rq, const struct asset *asset, struct reply *to)
{
	str header = request_header(rq, "Accept-Encoding");

	if (asset->brotli.len && accepts(header, S("br"))) {
		reply_header(to, "Content-Encoding", S("br"));
		return asset->brotli;
	}
	if (asset->gzip.len && accepts(header, S("gzip"))) {
		reply_header(to, "Content-Encoding", S("gzip"));
		return asset->gzip;
	}
	return asset->bytes;
}

static void send_asset(struct request *rq, const struct asset *asset)
{
	struct reply *to = rq->to;
	ptrdiff_t mark = str_find(rq->target, S("?"));
	str hash = mark < 0 ? S("") : str_part(rq->target, (size_t)mark + 1, rq->target.len);

	to->status = 200;
	to->type = str_of(asset->type);
	reply_header(to, "Vary", S("Accept-Encoding"));
	/* An address with the hash names these very bytes for ever; without it, they may change. */
	reply_header(to, "Cache-Control",
		     str_eq(hash, str_of(asset->hash)) ? S("public, max-age=31536000, immutable")
						       : S("no-cache"));
	reply_header(to, "ETag", str_format(rq->arena, "\"%s\"", asset->hash));
	str known = request_header(rq, "If-None-Match");
	if (known.len && str_find(known, str_of(asset->hash)) >= 0)
		to->status = 304;
	else
		to->body = body_for(rq, asset, to);
}

bool asset_answer(struct request *rq)
{
	str prefix = S("/assets/");

	if (!rq->site->settings.assets || !str_starts(rq->path, prefix) ||
	    (rq->method != GET && rq->method != HEAD))
		return false;
	const struct asset *asset = asset_named(rq->site,
						str_part(rq->path, prefix.len, rq->path.len));
	if (!asset)
		return false;
	send_asset(rq, asset);
	return true;
}

str asset_url(const struct html *out, const char *name)
{
	const struct asset *asset = out->for_request
					    ? asset_named(out->for_request->site, str_of(name))
					    : NULL;

	if (!asset)
		return str_format(out->in, "/assets/%s", name);
	return str_format(out->in, "/assets/%s?%s", name, asset->hash);
}
