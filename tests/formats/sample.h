/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_TESTS_FORMATS_SAMPLE_H
#define OSCGI_TESTS_FORMATS_SAMPLE_H

#include <stdbool.h>
#include <stdio.h>

#include "fixture.h"
#include "flow/operation.h"
#include "session/session.h"

/*
 * One of everything that the suite keeps, written by its own flows at a fixed moment: a
 * registration, a visitor who signed in, what is known of the services, a system, an
 * unfinished operation and one that failed, a sign-in under way and one whose state was used.
 */
#define SAMPLE_NOW_S    1790000000
#define SAMPLE_TENANT   "acme-owner"
#define SAMPLE_ISSUER   "https://app.example"
#define SAMPLE_REDIRECT "https://site.example/auth/callback"
#define SAMPLE_METADATA "{\"issuer\":\"https://app.example\",\"authorization_endpoint\":\"https://app.example/authorize\"," \
	"\"token_endpoint\":\"https://app.example/token\",\"registration_endpoint\":\"https://app.example/register\"," \
	"\"revocation_endpoint\":\"https://app.example/revoke\",\"authorization_response_iss_parameter_supported\":true}"
#define SAMPLE_TOKENS   "{\"access_token\":\"a.eyJ0ZW5hbnRJZCI6ImFjbWUiLCJ1c2VySWQiOiJ1MSJ9.c\",\"refresh_token\":\"r1\"," \
	"\"token_type\":\"bearer\",\"expires_in\":3600}"

/* What is not the same in every writing. */
struct sample {
	char cookie[SESSION_ID_LEN + 1];	/* of who is signed in */
	char browser[SESSION_ID_LEN + 1];	/* of who is at the platform just now, with */
	char state[1024];			/* this state, and */
	char challenge[SESSION_ID_LEN + 1];	/* this code challenge */
	char spent[1024];			/* the state that was used, in a browser with */
	char spent_browser[SESSION_ID_LEN + 1];	/* this cookie */
	char running[OPERATION_ID_LEN + 1], failed[OPERATION_ID_LEN + 1];
};

/* A fixture's world, its moment and its scripted answers are used; its store and keys are as the caller set them. */
void sample_write(struct fixture *fx, struct sample *out);

/* As NAME=VALUE lines, and back; false: there is none, or it is not whole. */
void sample_print(const struct sample *s, FILE *to);
bool sample_read(const char *path, struct sample *out);

#endif
