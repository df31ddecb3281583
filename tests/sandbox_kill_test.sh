#!/bin/sh
# What the sandbox has answered is kept: it is killed while it is asked, and started again.
#	sandbox_kill_test.sh PATH-OF-NOVATE-SANDBOX
set -u
sandbox=$(realpath "$1")
place=$(mktemp -d)
data=$place/state
server=
failed=0

end() {
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
	rm -rf "$place"
}
trap end EXIT

serve() {
	: > "$place/out" # or the one before it is still "ready"
	"$sandbox" serve --data "$data" --port 0 --partner-center-port 0 > "$place/out" 2>&1 &
	server=$!
	tries=0
	until grep -q 'is ready' "$place/out" || [ $tries -ge 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}
info() {
	"$sandbox" info "$1" --data "$data"
}
# ask TARGET MORE...: Partner Center, as the partner's application.
ask() {
	target=$1
	shift
	curl -sf -m 10 --cacert "$data/ca.pem" -H "Authorization: Bearer $token" \
		"$(info partner_center_url)/v1/customers/$customer/$target" "$@"
}
# Makes carts until nobody answers; their ids, one a line.
make_carts() {
	cart='{"lineItems":[{"id":0,"catalogItemId":"CFQ7TTC0LDPB:0001:x","quantity":1,"billingCycle":"monthly","termDuration":"P1Y"}]}'
	while answer=$(ask carts -H 'Content-Type: application/json' -d "$cart"); do
		echo "$answer" | sed 's/^[^{]*{"id":"\([^"]*\)".*/\1/' >> "$place/made"
	done
}

serve
customer=$(info tenants.0.id)
"$sandbox" act accept "$customer" --data "$data" > "$place/said"
token=$(curl -s --cacert "$data/ca.pem" "$(info login_url)/$(info partner.tenant)/oauth2/v2.0/token" \
	-d grant_type=client_credentials -d scope=https://api.partnercenter.microsoft.com/.default \
	-d "client_id=$(info applications.0.client_id)" --data-urlencode "client_secret=$(info applications.0.client_secret)" |
	sed 's/.*"access_token":"\([^"]*\)".*/\1/')

echo 1..3
for round in 1 2 3; do
	: > "$place/made"
	make_carts &
	maker=$!
	sleep 1
	kill -9 "$server"
	wait "$server" 2>/dev/null
	wait "$maker"
	serve
	lost=0
	while read -r cart; do
		ask "carts/$cart" > "$place/said" || lost=$((lost + 1))
	done < "$place/made"
	made=$(wc -l < "$place/made")
	if [ "$made" -gt 0 ] && [ $lost = 0 ]; then
		echo "ok $round - killed after $made answers, nothing of what was answered is lost"
	else
		echo "not ok $round - killed after $made answers, $lost of them lost"
		failed=1
	fi
done
exit $failed
