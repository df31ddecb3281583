-- sandbox_clock_row: one
-- out  since instant, base instant, speed int64
SELECT since, base, speed FROM clock WHERE one = 1;

-- sandbox_clock_put: none
-- in   since instant, base instant, speed int64
INSERT INTO clock (one, since, base, speed) VALUES (1, $since, $base, $speed)
ON CONFLICT (one) DO UPDATE SET since = excluded.since, base = excluded.base, speed = excluded.speed;
