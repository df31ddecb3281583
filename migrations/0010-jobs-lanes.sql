-- The longest due of each lane is found without looking at the others.
CREATE INDEX job_lane_due ON job (lane, due) WHERE due IS NOT NULL;
