/* Who is at the door: web's question, answered from the session cookie or the API token. */
#pragma once

#include "web/web.h"

door door_answer;
