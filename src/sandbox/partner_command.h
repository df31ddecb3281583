/* The terminal's words for what Partner Center shall do wrong (partner_trouble.h). */
#pragma once

#include "sandbox/sandbox_command.h"

sandbox_command_run partner_command_refuse_line; /* SKU CODE [COUNT] [--in-cart] */
sandbox_command_run
	partner_command_provision_wrong; /* SKU QUANTITY|failed|late TIME|other-sku SKU2 [COUNT] */
sandbox_command_run partner_command_withdraw;	  /* SKU */
sandbox_command_run partner_command_offer;	  /* SKU */
sandbox_command_run partner_command_split_orders; /* on|off */
sandbox_command_run partner_command_setting;	  /* none, clear, or NAME VALUE */
sandbox_command_run partner_command_block;	  /* TENANT CODE */
sandbox_command_run partner_command_unblock;	  /* TENANT */

/* A line for each setting, on or off, and for each thing that goes wrong. */
MUST_USE fault *partner_command_overview(struct tx *tx, str *said);
