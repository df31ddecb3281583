/* The sandbox's own time.  It can be moved and run faster, so that three hours of provisioning
 * or the seven days of a cancellation window pass in a test.
 *
 * Contracts and subscriptions go by clock_now.  Whatever a client compares with its own clock
 * (token lifetimes, certificates, sessions) goes by tx_now. */
#pragma once

#include "store/store.h"

MUST_USE fault *sandbox_clock_now(struct tx *tx, instant *now);
MUST_USE fault *sandbox_clock_speed_now(struct tx *tx, int64_t *speed);
/* Moves it by this much; never backwards (FAULT_INPUT). */
MUST_USE fault *sandbox_clock_move(struct tx *tx, int64_t micros);
/* 1 is real time; at most 100000. */
MUST_USE fault *sandbox_clock_speed(struct tx *tx, int64_t speed);

/* The same time of day so many calendar months later (or earlier, below zero); the last day of a
 * month that is shorter.  Terms of subscriptions are counted so. */
instant sandbox_clock_months(instant at, int months);

/* "+3h", "5s", "90m", "2d", "250ms": the durations of the command line. */
bool sandbox_clock_duration(str text, int64_t *micros);
