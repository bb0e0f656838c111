# SPDX-License-Identifier: MIT
# Terraform solutions: several services by one call.

new_browser nobody
for request in 'GET ' 'POST ' 'GET /a' 'DELETE /a' 'GET /a/log'; do
	expect "${request%% *}" "/api/solutions${request#* }" 401 "$request without a session is 401"
done

new_browser one
yes 'signing in' sign_in simon
platform_settings '{"solutionStepMs":200,"healthDelayMs":0}'
EXAMPLES=https://github.com/EyevinnOSC/terraform-examples/tree/main/examples
expect POST /api/solutions 201 'deploying one' \
    --json "{\"name\":\"store\",\"repoUrl\":\"$EXAMPLES/paramstore\",\"variables\":{\"name\":\"paramstore\",\"osc_pat\":\"SolutionPatNot1\"}}"
like "$(header Location)" "^($BASE)?/api/solutions/[A-Za-z0-9_-]+\$" 'its address'
LOCATION=$(header Location)
LOCATION=${LOCATION#"$BASE"}
like "$(json .status)" '^(queued|running)$' 'it is under way'
unlike "$BODY" SolutionPatNot1 'its secret variable does not come back'
for try in {1..200}; do
	req GET "$LOCATION"
	case $(json .status) in queued | running) sleep 0.3 ;; *) break ;; esac
done
is "$STATUS $(json .status)" '200 succeeded' 'and succeeds'
like "$(json .outputs.paramstore_url.value)" '^http' 'with its outputs'
forget_calls
expect GET "$LOCATION/log" 200 'its log'
is "$(calls true)" 1 'by one call upstream'
like "$(json '.lines[0].message')" . 'has lines'
is "$(json .done)" true 'and is complete'
NEXT=$(json .next)
expect GET "$LOCATION/log?offset=$NEXT" 200 'from there on'
is "$(json '.lines | length')" 0 'there is nothing more'
expect GET "$LOCATION/log?offset=-1" 400 'an offset that is none is 400'
expect GET /api/instances 200 'my instances'
is "$(json '[.instances[].serviceId] | sort | join(",")')" eyevinn-app-config-svc,valkey-io-valkey 'are those that it made'
unlike "$BODY" 'redis://[^*]*:[^*]*@' 'without a password'
expect GET /api/solutions 200 'my solutions'
is "$(json '[.[].name] | join(",")')" store 'are the one'
expect POST /api/solutions 409 'its name is taken' --json "{\"name\":\"store\",\"repoUrl\":\"$EXAMPLES/paramstore\"}"
fault '{"role":"deploy","method":"GET","path":"/terraform","times":1,"status":200,"contentType":"application/json","body":"{\"deployments\":[{\"id\":\"a\",\"name\":\"a\",\"outputs\":{\"p\":{\"value\":\"OutputSecret1\",\"sensitive\":true}}}]}"}'
expect GET /api/solutions 200 'a list in an envelope'
is "$(json '.[0].name')" a 'is a list'
is "$(json '.[0].outputs.p.value')" '***' 'and a sensitive output is covered'
no_faults
platform_settings '{"faults":[{"method":"POST","path":"/terraform","times":1,"after":true,"delayMs":5000}]}'
expect POST /api/solutions 201 'deploying when the answer comes too late' \
    --json "{\"name\":\"second\",\"repoUrl\":\"$EXAMPLES/paramstore\",\"variables\":{\"name\":\"second\"}}"
no_faults
req GET /api/solutions
is "$(json '[.[].name] | sort | join(",")')" second,store 'makes one'
SECOND=$(json '.[] | select(.name == "second") | .id')

check_solution()
{
	forget_calls
	expect POST /api/solutions 400 "$1 is 400" --json "$2"
	like "$(json .detail)" "$3" 'which says what is allowed'
	is "$(calls true)" 0 'and nothing is sent'
}
check_solution 'no name' "{\"repoUrl\":\"$EXAMPLES/paramstore\"}" 'name must be'
check_solution 'a name of another pattern' "{\"name\":\"A b\",\"repoUrl\":\"$EXAMPLES/paramstore\"}" 'name must be'
check_solution 'no repository' '{"name":"a"}' 'repoUrl must be'
check_solution 'another site' '{"name":"a","repoUrl":"https://github.com.evil.example/a/b"}' 'repoUrl must be'
check_solution 'a path that leads up' '{"name":"a","repoUrl":"https://github.com/a/b/tree/main/../x"}' 'repoUrl must be'
check_solution 'variables that are no object' "{\"name\":\"a\",\"repoUrl\":\"$EXAMPLES/paramstore\",\"variables\":[]}" 'variables must be'

gone()
{
	local try

	for try in {1..200}; do
		req GET "$1"
		[ "$STATUS" = 200 ] || break
		sleep 0.3
	done
	[ "$STATUS" = 404 ]
}
expect DELETE "$LOCATION" 204 'removing it'
yes 'destroys it' gone "$LOCATION"
expect DELETE "$LOCATION" 404 'removing it again is 404'
expect DELETE "/api/solutions/$SECOND" 204 'removing the other'
yes 'destroys that too' gone "/api/solutions/$SECOND"
expect GET /api/instances 200 'my instances'
is "$(json '.instances | length')" 0 'are gone'
expect GET /api/solutions/a.b 404 'no solution has such an id'
