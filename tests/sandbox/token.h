/* SPDX-License-Identifier: MIT */
/*
 * Authorization codes and tokens of all kinds.  Tokens that come from one
 * consent are a family.
 */
#ifndef SANDBOX_TOKEN_H
#define SANDBOX_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "world.h"

enum token_kind { TOKEN_ACCESS, TOKEN_REFRESH, TOKEN_SERVICE };

struct token {
	enum token_kind kind;
	unsigned long family;
	char *tenant;
	char *client_id;	/* of access and refresh tokens */
	char *service_id;	/* of service tokens */
	int64_t expires_ms;
	int64_t spent_ms;	/* of a refresh token that was rotated; 0: not yet */
	bool revoked;
};

struct code {
	char *client_id, *redirect_uri, *challenge, *tenant;
	int64_t expires_ms;
	unsigned long family;
	bool used;
};

void code_free(void *code);
void token_free(void *token);

/* Each returns the new value, in the call's pool. */
const char *code_issue(struct call *call, const char *client_id, const char *redirect_uri, const char *challenge,
    const char *tenant);
const char *token_issue_access(struct call *call, const char *tenant, const char *client_id, unsigned long family);
const char *token_issue_refresh(struct call *call, const char *tenant, const char *client_id, unsigned long family);
const char *token_issue_service(struct call *call, const char *tenant, const char *service_id, int64_t *expires_ms);

/* NULL: unknown, of another kind, revoked or expired. */
struct token *token_find(struct world *world, const char *value, enum token_kind kind);

/* Make every token of a family useless. */
void family_revoke(struct world *world, unsigned long family);

/* Make a tenant's tokens of one kind useless; NULL: every tenant's. */
void tokens_revoke(struct world *world, const char *tenant, enum token_kind kind);

/*
 * The tenant that the personal access token of a platform call names; sets
 * call->tenant.  NULL: none is valid.
 */
struct tenant *token_tenant(struct call *call);

#endif
