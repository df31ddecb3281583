-- Put back, and asked for alone since: the user has the old license whatever a late list shows.
ALTER TABLE user_move ADD COLUMN confirmed @bool NOT NULL DEFAULT FALSE;
