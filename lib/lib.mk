# SPDX-License-Identifier: MIT
# libcore thinks: no third party but cJSON.  libedge touches the world.

noinst_LIBRARIES += libcore.a libedge.a

libcore_a_SOURCES = \
	%D%/base/arena.c \
	%D%/base/arena.h \
	%D%/base/buf.c \
	%D%/base/buf.h \
	%D%/base/call.c \
	%D%/base/call.h \
	%D%/base/clock.c \
	%D%/base/clock.h \
	%D%/base/err.c \
	%D%/base/err.h \
	%D%/base/log.c \
	%D%/base/log.h \
	%D%/base/secret.h \
	%D%/base/text.c \
	%D%/base/text.h \
	%D%/json/json.c \
	%D%/json/json.h \
	%D%/oauth/authorize.c \
	%D%/oauth/form.c \
	%D%/oauth/form.h \
	%D%/oauth/metadata.c \
	%D%/oauth/oauth.h \
	%D%/oauth/refusal.c \
	%D%/oauth/refusal.h \
	%D%/oauth/register.c \
	%D%/oauth/token.c \
	%D%/session/claims.c \
	%D%/session/claims.h \
	%D%/session/record.c \
	%D%/session/record.h \
	%D%/session/session.c \
	%D%/session/session.h \
	%D%/osc/answer.c \
	%D%/osc/answer.h \
	%D%/osc/catalog.c \
	%D%/osc/catalog.h \
	%D%/osc/client.c \
	%D%/osc/client.h \
	%D%/osc/ids.c \
	%D%/osc/ids.h \
	%D%/osc/instance.c \
	%D%/osc/instance.h \
	%D%/osc/mask.c \
	%D%/osc/mask.h \
	%D%/osc/overview.c \
	%D%/osc/plan.c \
	%D%/osc/plan.h \
	%D%/osc/secret.c \
	%D%/osc/secret.h \
	%D%/osc/service_token.c \
	%D%/osc/service_token.h \
	%D%/osc/upstream.c \
	%D%/osc/upstream.h \
	%D%/flow/acting.c \
	%D%/flow/acting.h \
	%D%/flow/authority.c \
	%D%/flow/authority.h \
	%D%/flow/renew.c \
	%D%/flow/renew.h \
	%D%/flow/signin.c \
	%D%/flow/signin.h \
	%D%/flow/signout.c \
	%D%/flow/signout.h \
	%D%/web/cookie.c \
	%D%/web/cookie.h \
	%D%/web/origin.c \
	%D%/web/origin.h \
	%D%/web/page.c \
	%D%/web/page.h \
	%D%/web/problem.c \
	%D%/web/problem.h \
	%D%/web/request.c \
	%D%/web/request.h \
	%D%/web/response.c \
	%D%/web/response.h \
	%D%/web/route.c \
	%D%/web/route.h \
	%D%/web/serve.c \
	%D%/web/serve.h

libedge_a_SOURCES = \
	%D%/app.c \
	%D%/app.h \
	%D%/crypto/crypto.c \
	%D%/crypto/crypto.h \
	%D%/crypto/keyring.c \
	%D%/crypto/keyring.h \
	%D%/config/check.c \
	%D%/config/check.h \
	%D%/config/config.c \
	%D%/config/config.def \
	%D%/config/config.h \
	%D%/config/file.c \
	%D%/config/file.h \
	%D%/config/rules.c \
	%D%/config/rules.h \
	%D%/config/url.c \
	%D%/config/url.h \
	%D%/gateway/gateway.h \
	%D%/gateway/gateway_fcgi.c \
	%D%/http/curl_lib.c \
	%D%/http/curl_lib.h \
	%D%/http/http.c \
	%D%/http/http.h \
	%D%/http/http_curl.c \
	%D%/http/http_curl.h \
	%D%/http/reach.c \
	%D%/http/reach.h

include %D%/store/store.mk
