-- user_move_of: many
-- in  conversion id
-- out person str, sku str, through str, through_name str, person_name str, target str, disabled_before str,
-- out disabled_after str, had_target bool, target_before str, state str, cause str, said str, at instant, confirmed bool
SELECT person, sku, through, through_name, person_name, target, disabled_before, disabled_after, had_target,
       target_before, state, cause, said, at, confirmed
  FROM user_move WHERE conversion = $conversion ORDER BY person, sku, through;

-- user_move_put: none
-- in  conversion id, person str, sku str, through str, through_name str, person_name str, target str, disabled_before str,
-- in  disabled_after str, had_target bool, target_before str, state str, cause str, said str, at instant, confirmed bool
INSERT INTO user_move (conversion, person, sku, through, through_name, person_name, target, disabled_before,
                       disabled_after, had_target, target_before, state, cause, said, at, confirmed)
VALUES ($conversion, $person, $sku, $through, $through_name, $person_name, $target, $disabled_before,
        $disabled_after, $had_target, $target_before, $state, $cause, $said, $at, $confirmed)
    ON CONFLICT (conversion, person, sku, through) DO UPDATE
   SET through_name = excluded.through_name, person_name = excluded.person_name, target = excluded.target,
       disabled_before = excluded.disabled_before, disabled_after = excluded.disabled_after,
       had_target = excluded.had_target, target_before = excluded.target_before,
       state = excluded.state, cause = excluded.cause, said = excluded.said, at = excluded.at,
       confirmed = excluded.confirmed;

-- user_move_again: none
-- in  conversion id
UPDATE user_move SET state = 'planned' WHERE conversion = $conversion AND state = 'refused';

-- user_move_forget: none
-- Nobody who has this SKU is moved any more; whoever was is put back.
-- in  conversion id, sku str
DELETE FROM user_move WHERE conversion = $conversion AND sku = $sku;

-- user_move_away: one
-- Licenses of this SKU whose users are not known to have what they had.
-- in  conversion id, sku str
-- out licenses int64
SELECT count(*) FROM user_move
 WHERE conversion = $conversion AND sku = $sku AND state <> 'put-back' AND state <> 'gone';
