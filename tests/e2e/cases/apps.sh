# SPDX-License-Identifier: MIT
# My Apps: from a GitHub repository.

new_browser nobody
for request in 'GET ' 'POST ' 'GET /a' 'DELETE /a' 'POST /a/rebuild'; do
	expect "${request%% *}" "/api/apps${request#* }" 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in alice
platform_settings '{"buildDelayMs":700}'
expect GET /api/apps 200 'no apps yet'
is "$(json length)" 0 'none'
expect POST /api/apps 201 'deploying one' \
    --json '{"name":"mysite","type":"nodejs","gitHubUrl":"https://github.com/acme/site#main","gitHubToken":"GitHubTokenNot1"}'
like "$(header Location)" "^($BASE)?/api/apps/[A-Za-z0-9_-]+\$" 'its address'
LOCATION=$(header Location)
LOCATION=${LOCATION#"$BASE"}
is "$(json .buildStatus)" building 'it builds'
unlike "$BODY" GitHubTokenNot1 'its token does not come back'
for try in {1..100}; do
	req GET "$LOCATION"
	[ "$(json .buildStatus)" = building ] || break
	sleep 0.3
done
is "$STATUS $(json .buildStatus)" '200 running' 'and runs'
like "$(json .url)" '^http' 'at its own address'
forget_calls
expect GET /api/apps 200 'my apps'
is "$(json '[.[].name] | join(",")')" mysite 'are the one'
is "$(calls true)" 1 'by one call upstream'
forget_calls
expect POST "$LOCATION/rebuild" 204 'building it again'
is "$(calls '.method == "PUT" and .query == "rebuild=true" and .headers["content-type"] == null')" 1 'is asked for without a body'
expect POST /api/apps 409 'its name is taken' --json '{"name":"mysite","type":"nodejs","gitHubUrl":"https://github.com/acme/site"}'

check_app()
{
	forget_calls
	expect POST /api/apps 400 "$1 is 400" --json "$2"
	like "$(json .detail)" "$3" 'which says what is allowed'
	is "$(calls true)" 0 'and nothing is sent'
}
check_app 'no name' '{"type":"nodejs","gitHubUrl":"https://github.com/a/b"}' 'name must be'
check_app 'a name of another pattern' '{"name":"A-b","type":"nodejs","gitHubUrl":"https://github.com/a/b"}' 'name must be'
check_app 'no type' '{"name":"a","gitHubUrl":"https://github.com/a/b"}' 'type must be.*nodejs'
check_app 'no repository' '{"name":"a","type":"nodejs"}' 'gitHubUrl must be'
check_app 'another site' '{"name":"a","type":"nodejs","gitHubUrl":"https://evil.example/a/b"}' 'gitHubUrl must be'
check_app 'plain http' '{"name":"a","type":"nodejs","gitHubUrl":"http://github.com/a/b"}' 'gitHubUrl must be'
check_app 'a token that is a mask' '{"name":"a","type":"nodejs","gitHubUrl":"https://github.com/a/b","gitHubToken":"***"}' 'stands for a secret'

platform_settings '{"faults":[{"method":"POST","path":"/myapps","times":1,"after":true,"delayMs":5000}]}'
expect POST /api/apps 201 'deploying when the answer comes too late' --json '{"name":"once","type":"python","gitHubUrl":"https://github.com/acme/once"}'
no_faults
req GET /api/apps
is "$(json '[.[].name] | sort | join(",")')" mysite,once 'makes one'
ONCE=$(json '.[] | select(.name == "once") | .id')
expect DELETE "/api/apps/$ONCE" 204 'removing it'
expect DELETE "$LOCATION" 204 'removing the other'
for try in {1..100}; do
	req GET "$LOCATION"
	[ "$STATUS" = 200 ] || break
	sleep 0.3
done
is "$STATUS" 404 'it is gone'
expect DELETE "$LOCATION" 404 'removing it again is 404'
expect GET /api/apps/a.b 404 'no app has such an id'
platform_settings '{"buildDelayMs":3000}'
