# SPDX-License-Identifier: MIT
# Two visitors through the same processes.

for who in erin frank; do
	new_browser "$who"
	yes "$who signs in" sign_in "$who"
	expect POST /api/instances/minio-minio 201 "and has an instance" --json "{\"name\":\"of$who\"}"
	req GET /auth/check
	declare "tenant_$who=$(header X-OSC-Tenant)"
done

# Interleaved and at once: each sees his own.
one_visit()
{
	local number=$1 who=erin other=frank jar

	[ $((number % 2)) -eq 0 ] || { who=frank; other=erin; }
	jar=$CLIENT_DIR/$who.jar
	curl -s --max-time 60 -b "$jar" "$BASE/api/instances/minio-minio" >"$CLIENT_DIR/visit.$number"
	grep -q "of$who" "$CLIENT_DIR/visit.$number" && ! grep -q "of$other" "$CLIENT_DIR/visit.$number" &&
		curl -s --max-time 60 -b "$jar" -D - -o /dev/null "$BASE/auth/check" |
		    tr -d '\r' | grep -qi "^x-osc-tenant: $([ "$who" = erin ] && echo "$tenant_erin" || echo "$tenant_frank")\$" ||
		echo "$who" >>"$CLIENT_DIR/mixed"
}
rm -f "$CLIENT_DIR/mixed"
at_once 30 one_visit
yes 'thirty visits at once mix nobody up' test ! -e "$CLIENT_DIR/mixed"

browser erin
expect GET /api/instances/minio-minio/offrank 404 "another's instance is not there"
expect DELETE /api/instances/minio-minio/offrank 404 'and cannot be deleted'
yes 'signing out' req POST /auth/signout
browser frank
yes 'leaves the other signed in' signed_in
expect DELETE /api/instances/minio-minio/offrank 204 'who cleans up'
browser erin
yes 'signing in again' sign_in erin
expect DELETE /api/instances/minio-minio/oferin 204 'as does the first'
browser one
