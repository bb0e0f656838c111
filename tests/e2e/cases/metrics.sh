# SPDX-License-Identifier: MIT
# Figures for who may read them; to others there is nothing.

new_browser nobody
for path in /metrics /metrics/; do
	expect GET "$path" 404 "unless somebody may, nobody reads $path"
done
expect POST /metrics 404 'nor learns that there is something'
setting METRICS_ALLOW 192.0.2.0/24
restart_host
expect GET /metrics 404 'nor does a peer that is not listed'
expect GET /metrics 404 'whoever it says it is' -H 'X-Forwarded-For: 192.0.2.1' -H 'X_Forwarded_For: 192.0.2.1' \
    -H 'X-Real-IP: 192.0.2.1' -H 'Forwarded: for=192.0.2.1'
setting METRICS_ALLOW 127.0.0.1
restart_host
new_browser one
yes 'signing in' sign_in ada
for n in 1 2 3; do
	req GET /auth/status
done
expect GET /metrics 200 'a listed one does'
like "$(header Content-Type)" '^text/plain' 'as text'
yes 'sessions are counted' test "$(awk '$1 == "oscgi_sessions" { print $2 }' <<<"$BODY")" -ge 1
yes 'and requests, over all processes' test \
    "$(awk '$1 == "oscgi_requests_total{program=\"status\",status=\"2xx\"}" { print $2 }' <<<"$BODY")" -ge 3
like "$BODY" 'oscgi_requests_total\{program="callback",status="3xx"\} [1-9]' 'of every program'
unlike "$BODY" "$(cookie_value)" 'and nothing else is told'
expect POST /metrics 405 'it is only read'
setting METRICS_ALLOW
restart_host
