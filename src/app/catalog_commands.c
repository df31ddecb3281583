#include <stdio.h>

#include "app/command.h"
#include "app/setup.h"
#include "market/catalog.h"
#include "market/price.h"
#include "market/sku.h"
#include "market/sku_import.h"

#include <jansson.h>

enum { MOST_FILE = 16 << 20, MOST_SHOWN = 40 };

struct import {
	str text;
	struct sku_import report;
	int64_t loaded;
};

static fault *read_file(struct setup *setup, const char *path, str *text)
{
	TRY(setup_file(setup, path, MOST_FILE, text));
	if (str_is_none(*text))
		return fault_new(FAULT_INPUT, "There is no file %s.", path);
	return NULL;
}

static fault *import_body(struct tx *tx, void *with)
{
	struct import *import = with;

	return sku_import(tx, import->text, &import->report);
}

static void show_report(const struct sku_import *report)
{
	(void)printf("%lld rows: %lld SKUs and %lld service plans.\n", (long long)report->rows,
		     (long long)report->skus, (long long)report->plans);
	if (report->odd_count > 0)
		(void)printf("%zu oddities were survived:\n", report->odd_count);
	for (size_t i = 0; i < report->odd_count && i < MOST_SHOWN; i++)
		(void)printf("  line %lld: %.*s\n", (long long)report->odd[i].line,
			     STR(report->odd[i].said));
	if (report->odd_count > MOST_SHOWN)
		(void)printf("  … and %zu more of the kind.\n", report->odd_count - MOST_SHOWN);
}

static fault *import_skus(struct setup *setup, const struct command_line *line, int *status)
{
	struct import import = { 0 };
	(void)status;

	TRY(read_file(setup, line->words[0], &import.text));
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "sku_import", import_body, &import));
	show_report(&import.report);
	return NULL;
}

static fault *load_body(struct tx *tx, void *with)
{
	struct import *import = with;

	return catalog_load(tx, import->text, &import->loaded);
}

static fault *load(struct setup *setup, const struct command_line *line, int *status)
{
	struct import import = { 0 };
	(void)status;

	TRY(read_file(setup, line->words[0], &import.text));
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "catalog_load", load_body, &import));
	(void)printf("%lld SKUs are in the catalog as the file has them.\n",
		     (long long)import.loaded);
	return NULL;
}

/* The SKU's price in words: "USD 8.00" or "as agreed". */
static fault *price_text(struct tx *tx, currency in, const struct sku *sku, str *text)
{
	struct price price;
	bool found;

	TRY(price_find(tx, sku->guid, in, PRICE_TERM, PRICE_BILLING, &price, &found));
	*text = found ? money_text(tx_arena(tx), price.seat_month) : S("as agreed");
	return NULL;
}

static json_t *json_text(str s)
{
	return json_stringn(s.at ? s.at : "", s.len);
}

static fault *show_json(struct tx *tx, currency in, const struct skus *skus)
{
	json_t *list = json_array();

	for (size_t i = 0; i < skus->len; i++) {
		const struct sku *sku = &skus->at[i];
		json_t *one = json_object();
		str price = S("");

		fault *f = price_text(tx, in, sku, &price);
		(void)json_object_set_new(one, "sku", json_text(sku->guid));
		(void)json_object_set_new(one, "part_number", json_text(sku->part_number));
		(void)json_object_set_new(one, "name", json_text(sku->name));
		(void)json_object_set_new(one, "other_names", json_text(sku->other_names));
		(void)json_object_set_new(one, "price", json_text(price));
		(void)json_object_set_new(one, "free", json_boolean(sku->free));
		(void)json_object_set_new(one, "retired", json_boolean(sku->retired));
		(void)json_object_set_new(
			one, "note", str_is_none(sku->note) ? json_null() : json_text(sku->note));
		(void)json_array_append_new(list, one);
		if (f) {
			json_decref(list);
			return f;
		}
	}
	(void)json_dumpf(list, stdout, JSON_INDENT(2));
	(void)putchar('\n');
	json_decref(list);
	return NULL;
}

static fault *show_table(struct tx *tx, currency in, const struct skus *skus)
{
	for (size_t i = 0; i < skus->len; i++) {
		const struct sku *sku = &skus->at[i];
		str price;

		TRY(price_text(tx, in, sku, &price));
		(void)printf("%-40.*s %-10.*s %.*s%s%s\n", STR(sku->part_number), STR(price),
			     STR(sku->name), sku->free ? " (free)" : "",
			     sku->retired ? " (retired)" : "");
	}
	return NULL;
}

static fault *list(struct setup *setup, const struct command_line *line, int *status)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct skus skus;
	currency in;
	(void)status;

	TRY(currency_from(setup->settings.currency, &in));
	TRY(tx_begin(setup->store, STORE_READ, setup->arena, &tx));
	TRY(sku_list(tx, &skus));
	return command_given(line, "json") ? show_json(tx, in, &skus) : show_table(tx, in, &skus);
}

struct pricing {
	str part_number;
	money amount;
	struct sku sku;
};

static fault *price_body(struct tx *tx, void *with)
{
	struct pricing *pricing = with;
	struct skus skus;

	TRY(sku_by_part_number(tx, pricing->part_number, &skus));
	if (skus.len == 0)
		return fault_new(FAULT_MISSING,
				 "The catalog has no part number %.*s. `novate catalog list` shows "
				 "what there is.",
				 STR(pricing->part_number));
	/* Its SKUs cannot be told apart by this name, and are sold at one price. */
	for (size_t i = 0; i < skus.len; i++)
		TRY(price_set(tx, skus.at[i].guid, pricing->amount, PRICE_TERM, PRICE_BILLING));
	pricing->sku = skus.at[0];
	return NULL;
}

static fault *price(struct setup *setup, const struct command_line *line, int *status)
{
	struct pricing pricing = { .part_number = str_of(line->words[0]) };
	currency in;
	(void)status;

	TRY(currency_from(setup->settings.currency, &in));
	TRY(money_from_text(str_of(line->words[1]), in, &pricing.amount));
	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "price_set", price_body, &pricing));
	(void)printf("%.*s (%.*s) costs %.*s a seat and month from now on.\n",
		     STR(pricing.sku.name), STR(pricing.sku.part_number),
		     STR(money_text(setup->arena, pricing.amount)));
	return NULL;
}

static const struct command_option json_option[] = {
	{ "json", NULL, "Print JSON" },
	{ 0 },
};

static const struct command commands[] = {
	{ .name = "catalog import-skus",
	  .words = "FILE",
	  .least = 1,
	  .most = 1,
	  .about = "Read Microsoft's list of products and service plans",
	  .more = "FILE is Microsoft's download \"Product names and service plan identifiers for "
		  "licensing\" (CSV). Oddities of the list are told, prices and notes stay.",
	  .needs = NEEDS_STORE,
	  .run = import_skus },
	{ .name = "catalog load",
	  .words = "FILE",
	  .least = 1,
	  .most = 1,
	  .about = "Read SKUs with prices and notes, in the form of assets/catalog.csv",
	  .needs = NEEDS_STORE,
	  .run = load },
	{ .name = "catalog list",
	  .options = json_option,
	  .about = "Show every SKU with its price",
	  .needs = NEEDS_STORE,
	  .run = list },
	{ .name = "catalog price",
	  .words = "PART_NUMBER AMOUNT",
	  .least = 2,
	  .most = 2,
	  .about = "Set what a seat costs a month",
	  .more = "AMOUNT is like 8.00, in the currency of the settings, for a term of one year "
		  "billed monthly; it holds "
		  "from now on, and plans that are approved already keep theirs.",
	  .needs = NEEDS_STORE,
	  .run = price },
};

const struct command_table catalog_commands = { commands, COUNT(commands) };
