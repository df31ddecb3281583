#!/bin/sh
# novate-sandbox at a terminal: what it prints, what it refuses, and with which status.
#	sandbox_commands_test.sh PATH-OF-NOVATE-SANDBOX
set -u
sandbox=$1
place=$(mktemp -d)
server=
count=0
failed=0

end() {
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
	rm -rf "$place"
}
trap end EXIT

# says NAME STATUS PATTERN ARGUMENTS...: the status, and a pattern in what was printed.
says() {
	name=$1 want=$2 pattern=$3
	shift 3
	count=$((count + 1))
	printed=$("$sandbox" "$@" 2>&1)
	got=$?
	if [ "$got" = "$want" ] && printf '%s\n' "$printed" | grep -q -e "$pattern"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		printf '%s\n' "status $got, wanted $want and: $pattern" "$printed" | sed 's/^/# /'
		failed=1
	fi
}

data=$place/state
echo '{"organization":{"value":[{"id":"x"}]}}' > "$place/bad.json"
echo '{"organization":' > "$place/torn.json"

says "nothing to inform about yet" 1 'There is no sandbox in' info --data "$data"
says "no command" 2 'no such command'
says "an unknown command" 2 'no such command' frobnicate
says "help" 0 'Partner Center' --help
says "a port that is no port" 2 'not a number' serve --port 70000
says "a directory that cannot be made" 1 '/proc/nowhere cannot be made' serve --data /proc/nowhere --port 0
says "a delay of too long" 2 'up to 7d' serve --provisioning-delay 8d
says "a delay that is none" 2 'not a time' serve --provisioning-delay soon
says "a setting that is none" 2 'is no value of lists-late' serve --data "$place/early" --lists-late soon
says "a malformed tenant at the start" 1 'bad.json: organization.value\[0\].id is not a GUID' \
	serve --data "$data" --tenants "$place/bad.json"

"$sandbox" serve --data "$data" --port 0 --partner-center-port 0 --provisioning-delay 3h > "$place/out" 2>&1 &
server=$!
tries=0
until grep -q 'is ready' "$place/out" || [ $tries -ge 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done

says "addresses and secrets" 0 '"partner_center_url": "https://localhost:' info --json --data "$data"
says "a second server of one directory" 1 'Another novate-sandbox serves' \
	serve --data "$data" --port 0 --partner-center-port 0
says "the authority's file" 0 "\"ca_file\": \"/.*/ca.pem\"" info --json --data "$data"
says "the partner" 0 '"mpn_id": "5183204"' info --json --data "$data"
says "the tenants it brings along" 0 'ryeandember.onmicrosoft.com' info --data "$data"
says "one member of it" 0 '^https://localhost:[0-9]*$' info login_url --data "$data"
says "one deep in it" 0 '^[0-9a-f-]\{36\}$' info tenants.0.id --data "$data"
says "a member that is not there" 2 'There is no "tenants.9.id"' info tenants.9.id --data "$data"
says "the control page, with its key" 0 '/control/enter?key=..........' info control_url --data "$data"
says "a malformed tenant" 1 'torn.json:[0-9]*:.* not JSON' tenant add "$place/torn.json" --data "$data"
says "a tenant file that is not there" 1 'does not exist' tenant add "$place/none.json" --data "$data"
says "a tenant that grows" 0 '^50 users added' tenant grow cedarbend.onmicrosoft.com 62 --data "$data"
says "a tenant that is as large already" 1 'it can grow to more' tenant grow cedarbend.onmicrosoft.com 62 --data "$data"
says "a tenant that grows by nobody knows how many" 2 'Say how many users' tenant grow cedarbend.onmicrosoft.com lots --data "$data"
says "the usual roles" 0 "given the partner's groups" act gdap ryeandember.onmicrosoft.com --data "$data"
says "the usual roles, given before" 1 'Another relationship' act gdap ryeandember.onmicrosoft.com --data "$data"
says "an adviser" 0 'as its adviser' act advise ryeandember.onmicrosoft.com --data "$data"
says "time that moves" 0 'T.*Z$' clock +3h --data "$data"
says "time that moves anywhere" 2 'Say how far' clock back --data "$data"
says "time that moves backwards" 2 'Say how far forward' clock -3h --data "$data"
says "a fault" 0 '' fault graph 429 1 7 --data "$data"
says "a fault of no service" 2 'is no service' fault grph 429 1 --data "$data"
says "a fault of no status" 2 '400 to 599' fault graph 200 1 --data "$data"
says "no fault yet but one" 0 'graph 429, Retry-After 7: 1 left, met by 0 of 0' fault list --data "$data"
says "a random fault" 0 '' fault graph 503 --rate 5% --seed 42 --path /users --data "$data"
says "its line" 0 'graph 503, addresses with /users, 5% of the calls (seed 42): until cleared' fault list --data "$data"
says "a slow service" 0 '' fault login slow 3000 2 /token --data "$data"
says "a fault of no kind" 2 'is no kind of fault' fault graph odd --data "$data"
says "a rate that is none" 2 'is no rate' fault graph 503 --rate often --data "$data"
says "a kind of another service" 2 'only with: webhook' fault graph duplicate --data "$data"
says "clearing one service" 0 '2 faults are switched off' fault clear graph --data "$data"
says "clearing no service" 2 'is no service' fault clear grph --data "$data"
says "clearing all" 0 '1 fault is switched off' fault clear --data "$data"
says "no fault" 0 'No fault is switched on' fault list --data "$data"
says "requests of one service, lately" 0 '\[\]' requests --json --service graph --since 5m --data "$data"
says "requests of no service" 2 'is no service' requests --service grph --data "$data"
says "requests since no time" 2 'Say since how long' requests --since yesterday --data "$data"
says "an answer to be lost" 0 '' lose-answer partnercenter 1 checkout --data "$data"
says "too few words" 2 'usage: novate-sandbox lose-answer' lose-answer --data "$data"
says "a line to be refused" 0 'refused at checkout, 2 times, with 2091' refuse-line SPB 2091 2 --data "$data"
says "a line to be refused in the cart" 0 'in the cart' refuse-line SPB 10002 --in-cart --data "$data"
says "a line of no SKU" 2 'The catalogue has no "NOPE"' refuse-line NOPE 2091 --data "$data"
says "goods that are not what was ordered" 0 'provisioned wrongly, once' \
	provision-wrong SPB other-sku O365_BUSINESS_PREMIUM --data "$data"
says "goods that cannot be meant" 2 'Say a quantity' provision-wrong SPB soon --data "$data"
says "goods that come a day later" 0 'provisioned wrongly, 2 times' provision-wrong SPB late 1d 2 --data "$data"
says "goods that come never" 2 'Say how late' provision-wrong SPB late never --data "$data"
says "goods that are none at all" 0 'provisioned wrongly, once' provision-wrong SPB 0 --data "$data"
says "a delay that is waited for" 0 ' late 86400s, 2 times$' partner-center --data "$data"
says "a quantity of none" 0 ' quantity 0, once$' partner-center --data "$data"
says "an offer withdrawn" 0 'no longer sold' withdraw CFQ7TTC0LDPB:0001 --data "$data"
says "an offer back" 0 'sold again' offer CFQ7TTC0LDPB:0001 --data "$data"
says "a tenant that is blocked" 0 'Nothing is sold to .*: 800073' block ryeandember.onmicrosoft.com 800073 --data "$data"
says "a tenant let go" 0 'can be sold to' unblock ryeandember.onmicrosoft.com --data "$data"
says "a tenant that is none" 2 'There is no tenant' block nobody.example 800073 --data "$data"
says "orders split" 0 'order of its own' split-orders on --data "$data"
says "orders split by half" 2 'Say on or off' split-orders half --data "$data"
novate=0b9d6f3a-7c15-4e28-a4d1-6f2e83b05c97
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$place/app.key" -out "$place/app.pem" -days 30 -subj /CN=desk 2> "$place/openssl"
says "a certificate for an application" 0 'may prove itself with CN=desk' app certificate $novate "$place/app.pem" --data "$data"
says "a certificate that is shown" 0 '"x5t#S256": "' info --json --data "$data"
says "a certificate that is none" 1 'cannot be registered' app certificate $novate "$place/app.key" --data "$data"
says "a certificate that is not there" 1 'does not exist' app certificate $novate "$place/none.pem" --data "$data"
says "an application that is not there" 1 'There is no application' app certificate nobody "$place/app.pem" --data "$data"
says "a new secret" 0 '^[A-Za-z0-9_-]*$' app secret $novate new --data "$data"
says "a secret that ends" 0 'has expired' app secret $novate expire --data "$data"
says "a secret and no word for it" 2 'new or expire' app secret $novate forget --data "$data"
says "an application for its own tenant" 0 'its own tenant alone' app tenants $novate own --data "$data"
says "an application for any tenant" 0 'any tenant' app tenants $novate any --data "$data"
says "another signing key" 0 'signed with the key' keys rotate 0s --data "$data"
says "another signing key, in no time" 2 'how long the old keys' keys rotate soon --data "$data"
says "tokens that last a minute" 0 'last 1 minute' token-lifetime 60s --data "$data"
says "tokens that last for ever" 1 'one second to a day' token-lifetime 3d --data "$data"
says "a user who has to sign in again" 0 'sign in again everywhere' revoke rowan.pinefell@pinefellcloud.onmicrosoft.com --data "$data"
says "a user who is not there" 1 'There is no user' revoke nobody@pinefellcloud.example --data "$data"
says "a second factor" 0 'needs a second factor. An authenticator is set up with [A-Z2-7]*.$' mfa rowan.pinefell@pinefellcloud.onmicrosoft.com on --data "$data"
says "the code of now" 0 '^[0-9][0-9][0-9][0-9][0-9][0-9]$' mfa rowan.pinefell@pinefellcloud.onmicrosoft.com --data "$data"
says "no second factor" 0 'needs no second factor' mfa rowan.pinefell@pinefellcloud.onmicrosoft.com off --data "$data"
says "half a second factor" 2 'on or off' mfa rowan.pinefell@pinefellcloud.onmicrosoft.com half --data "$data"
says "a user who is kept out" 0 'kept out by conditional access' access rowan.pinefell@pinefellcloud.onmicrosoft.com block --data "$data"
says "a user who may come in" 0 'may sign in' access rowan.pinefell@pinefellcloud.onmicrosoft.com allow --data "$data"
says "a rule that is none" 2 'allow, enroll or block' access rowan.pinefell@pinefellcloud.onmicrosoft.com maybe --data "$data"
says "another application" 0 '^client id  [0-9a-f-]*$' app add "Other tool" pinefellcloud.onmicrosoft.com public --data "$data"
says "an application of nobody" 1 'There is no tenant' app add "Other tool" nobody.example --data "$data"
says "an address for answers" 0 'may go to https://page.example/' app redirect "Other tool" https://page.example/ spa --data "$data"
says "an address that is none" 1 'begins with https' app redirect "Other tool" ftp://page.example/ --data "$data"
says "a permission to ask for" 0 'may ask for User.Read Group.Read.All' app permit "Other tool" scope https://graph.microsoft.com User.Read Group.Read.All --data "$data"
says "a permission over nothing" 2 'The resource is one' app permit "Other tool" scope https://elsewhere.example User.Read --data "$data"
says "a new password" 0 'has a new password' password rowan.pinefell@pinefellcloud.onmicrosoft.com another --data "$data"
says "consent taken back" 0 'no longer lets Novate in' withdraw-consent ryeandember.onmicrosoft.com $novate --data "$data"
says "consent of a tenant that is not there" 1 'There is no tenant' withdraw-consent nobody.example $novate --data "$data"
says "a setting of Partner Center" 0 'lists-late is 15m' partner-center lists-late 15m --data "$data"
says "what goes wrong in Partner Center" 0 'refused 2091, 2 times' partner-center --data "$data"
says "what Partner Center does otherwise" 0 'lists-late 900s' partner-center --data "$data"
says "nothing wrong any more" 0 'Nothing goes wrong' partner-center clear --data "$data"
says "nor anything otherwise" 0 'lists-late off' partner-center --data "$data"
says "a setting of nothing" 2 'There is no setting "late"' partner-center late 15m --data "$data"
says "seats bought meanwhile" 0 'has 3 seats' act resize ryeandember.onmicrosoft.com O365_BUSINESS_PREMIUM +2 --data "$data"
says "seats given back" 0 'has 1 seat of' act resize ryeandember.onmicrosoft.com O365_BUSINESS_PREMIUM -2 --data "$data"
says "a user who works elsewhere" 0 'uses it in DE' act locate hanne.okafor@ryeandember.onmicrosoft.com DE --data "$data"
says "a user who works nowhere" 1 '"XX" is no country' act locate hanne.okafor@ryeandember.onmicrosoft.com XX --data "$data"
says "nobody who works elsewhere" 1 'There is no user "nobody"' act locate nobody DE --data "$data"
says "a user who is deleted" 1 "has to stay" act delete-user hanne.okafor@ryeandember.onmicrosoft.com --data "$data"
says "half a renewal" 2 'on|off' act renewal ryeandember.onmicrosoft.com --data "$data"
says "the journal" 0 'spare 0 (loaded)' journal --data "$data"
says "the journal of one tenant" 0 'usable 1, assigned 1' journal ryeandember.onmicrosoft.com --data "$data"
says "the journal of nobody" 1 'There is no tenant' journal nobody.example --data "$data"
says "the requests" 0 '\[\]' requests --json --data "$data"
port=$(sed -n 's/.*admin center  https:\/\/localhost://p' "$place/out")
says "a busy port" 1 "$port is in use" serve --data "$place/other" --port "$port" --partner-center-port 0

count=$((count + 1))
kill "$server"
wait "$server"
status=$?
server=
if [ $status = 0 ]; then echo "ok $count - a clean end on SIGTERM"; else echo "not ok $count - ended with $status"; failed=1; fi
echo "1..$count"
exit $failed
