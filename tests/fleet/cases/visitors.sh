# SPDX-License-Identifier: MIT
# Visitors who come to another machine with each request.

# The very first requests, on all machines at once: one registration serves them all.
forget_calls
everywhere 9 GET /auth/signin
is "$MANY" 303x9 'the first nine sign-ins begin, on all machines at once'
is "$(calls ".path == \"/api/connect/register\"")" 1 'with one registration'

wander()	# BEGIN END LOOK
{
	new_browser "$1$2"
	on "$1"
	begin /
	consent ada
	on "$2"
	come_back
	is "$STATUS" 303 "a sign-in begun on $1 ends on $2"
	on "$3"
	yes "and is seen on $3" signed_in
}
wander one two three
wander two three one
wander three one two

# A callback is good once, wherever it comes.
on one
new_browser twice
begin /
consent ada
cp "$JAR" "$JAR.before"
everywhere 6 GET "${CALLBACK#"$BASE"}"
like "$MANY" '303x1' 'of six callbacks at once, on all machines, one signs in'
is "$(tr ' ' '\n' <<<"$MANY" | grep -c '^303')" 1 'and no other'
mv "$JAR.before" "$JAR"
for name in one two three; do
	on "$name"
	req GET "${CALLBACK#"$BASE"}"
	isnt "$STATUS" 303 "nor later on $name"
done

# Signing out.
new_browser leaver
on one
yes 'signing in on one' sign_in ada
cookie=$(cookie_value)
for name in two three; do
	on "$name"
	yes "is seen on $name" signed_in
	expect GET /api/plan 200 'and serves there'
done
on two
expect POST /auth/signout 204 'signing out on two'
for name in one two three; do
	on "$name"
	bare GET /auth/status -H "Cookie: oscgi=$cookie"
	is "$BODY" '{"signedIn":false}' "is seen on $name at once"
	bare GET /api/plan -H "Cookie: oscgi=$cookie"
	is "$STATUS" 401 'and nothing is done there in that name'
done
on one
