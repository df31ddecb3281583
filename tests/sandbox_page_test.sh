#!/bin/sh
# docs/sandbox.md says what is so: its commands exist, its examples run, its faults are switched on.
#	sandbox_page_test.sh PATH-OF-NOVATE-SANDBOX PATH-OF-DOCS/SANDBOX.MD
set -u
sandbox=$(realpath "$1")
page=$(realpath "$2")
place=$(mktemp -d)
server=
count=0
failed=0

end() {
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
	rm -rf "$place"
}
trap end EXIT

# told NAME FILE STATUS: a test; FILE is shown when STATUS is not 0.
told() {
	count=$((count + 1))
	if [ "$3" = 0 ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		sed 's/^/# /' "$2"
		failed=1
	fi
}

# The page's examples run where they are, on ports of their own.
mkdir -p "$place/bin"
cat > "$place/bin/novate-sandbox" << END
#!/bin/sh
[ "\$1" != serve ] || set -- "\$@" --port 0 --partner-center-port 0
exec "$sandbox" "\$@"
END
chmod +x "$place/bin/novate-sandbox"
PATH=$place/bin:$PATH
cd "$place" || exit 1

awk '/^```sh$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print > ("block" n) }' "$page"
sh ./block1 > out 2>&1 &
shell=$!
tries=0
until grep -q 'is ready' out || [ $tries -ge 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
server=$(cat "/proc/$shell/task/$shell/children")
[ -n "$server" ] || server=$shell
grep -q 'is ready' out
told "the first example starts it" out $?

port=$(novate-sandbox info login_url | sed 's/.*://')
cat block2 block3 | sed "s/localhost:8443/localhost:$port/" > both
sh -eu ./both > said 2>&1
told "the other examples run" said $?
grep -q '"skuPartNumber"' said
told "the first call is answered" said $?
grep -q 'HTTP/1.1 429' said && grep -qi '^retry-after: 7' said && grep -qi '^x-sandbox-fault: 429' said
told "the second goes wrong as it was told to" said $?
grep -q 'graph .*GET .* 429 /v1.0/subscribedSkus  (fault: 429)' said
told "and is listed" said $?

# Every command in a table's first column is one.
grep '^| `' "$page" | cut -d'|' -f2 | grep -o '`[^`]*`' | tr -d '`' > typed
while read -r line; do
	case $line in [a-z]*) ;; *) continue ;; esac
	case $line in fault\ * | lose-answer\ *)
		# shellcheck disable=SC2086
		novate-sandbox $line > said 2>&1
		told "$line" said $?
		continue
		;;
	esac
	# shellcheck disable=SC2046
	novate-sandbox $(echo "$line" | tr ' ' '\n' | sed -n '/^[a-z-]*$/!q; p') --data "$place/none" > said 2>&1
	grep -q 'no such command' said
	told "$line" said $((!$?))
done < typed

novate-sandbox fault list > said 2>&1
[ "$(wc -l < said)" -ge 12 ]
told "the faults of the page are switched on" said $?
novate-sandbox fault clear > said 2>&1
told "and off again" said $?
echo "1..$count"
exit $failed
