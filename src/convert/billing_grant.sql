-- billing_grant_insert: none
-- The page of Microsoft's on which it can be given; an offer that is there stays as it is.
-- in   conversion id, url str
INSERT INTO billing_ask (conversion, url, for_cancel, may_cancel, said)
VALUES ($conversion, $url, FALSE, FALSE, '')
ON CONFLICT (conversion) DO NOTHING;

-- billing_grant_row: one
-- in   conversion id
-- out  url str, verifier str?, for_cancel bool, may_cancel bool, code str?, given_at instant?, said str
SELECT url, verifier, for_cancel, may_cancel, code, given_at, said
  FROM billing_ask WHERE conversion = $conversion;

-- billing_grant_set_asked: none
-- A new try; an older one can no longer come back.
-- in   conversion id, state str, verifier str, at instant, for_cancel bool
UPDATE billing_ask SET state = $state, verifier = $verifier, asked_at = $at, for_cancel = $for_cancel,
       code = NULL, said = ''
 WHERE conversion = $conversion;

-- billing_grant_asked: one
-- in   state str
-- out  conversion id, asked_at instant?, door str
SELECT b.conversion, b.asked_at, c.door
  FROM billing_ask b JOIN conversion c ON c.id = b.conversion WHERE b.state = $state;

-- billing_grant_set_back: none
-- The browser came back: with a code, or with a reason why not.
-- in   conversion id, code str?, said str
UPDATE billing_ask SET state = NULL, code = $code, said = $said WHERE conversion = $conversion;

-- billing_grant_set_end: none
-- The code is used up; none given: nobody may act.
-- in   conversion id, given instant?, may_cancel bool, said str
UPDATE billing_ask SET code = NULL, verifier = NULL, given_at = $given, may_cancel = $may_cancel,
       said = $said
 WHERE conversion = $conversion;

-- billing_grant_settle: changed
-- The same of a code that was redeemed; not when it was taken back, or asked for anew, meanwhile.
-- in   conversion id, code str, given instant?, may_cancel bool, said str
UPDATE billing_ask SET code = NULL, verifier = NULL, given_at = $given, may_cancel = $may_cancel,
       said = $said
 WHERE conversion = $conversion AND code = $code;

-- billing_grant_delete: none
-- in   conversion id
DELETE FROM billing_ask WHERE conversion = $conversion;

-- billing_grant_show: none
-- Whoever looks at the conversion's pages hears of it.
-- in   conversion id
UPDATE conversion SET version = version + 1 WHERE id = $conversion;

-- billing_grant_set_account: none
-- What the billing account says wins over what a person said.
-- in   conversion id, account_type str
UPDATE conversion SET account_type = $account_type, account_said = 'billing', version = version + 1
 WHERE id = $conversion;

-- billing_grant_set_said: none
-- in   conversion id, said str
UPDATE billing_ask SET said = $said WHERE conversion = $conversion;
