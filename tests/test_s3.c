/* SPDX-License-Identifier: MIT */
/*
 * Signed addresses, against what Amazon publishes: "Authenticating Requests: Using Query
 * Parameters (AWS Signature Version 4)" of the Amazon S3 API Reference.
 */
#include <string.h>

#include "base/text.h"
#include "osc/s3.h"
#include "tap.h"

#define THAT_DAY 1369353600	/* 2013-05-24T00:00:00Z */
#define QUERY(scope_date, life) "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F" scope_date \
	"%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=" scope_date "T000000Z&X-Amz-Expires=" life "&X-Amz-SignedHeaders=host"

static struct arena arena;
static struct osc_s3 s3 = { .endpoint = "https://examplebucket.s3.amazonaws.com", .user = "AKIAIOSFODNN7EXAMPLE",
	.password.reveal = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

static const char *
presigned(const char *method, const char *bucket, const char *key, const char *query, int64_t now_s, int life_s)
{
	const char *url = osc_s3_presign(&arena, &s3, method, bucket, key, query, now_s, life_s);

	return url != NULL ? url : "(null)";
}

static const char *
signature_of(const char *url)
{
	const char *at = strstr(url, "&X-Amz-Signature=");

	return at != NULL ? at + strlen("&X-Amz-Signature=") : "none";
}

/* The example has the bucket in the host's name: what we call the bucket is its object then. */
static void
test_published(void)
{
	is_str(presigned("GET", "test.txt", "", NULL, THAT_DAY, 86400),
	    "https://examplebucket.s3.amazonaws.com/test.txt?" QUERY("20130524", "86400")
	    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
	    "the published example, to the letter");
}

/* Whatever the address is good for is in what is signed. */
static void
test_what_is_signed(void)
{
	const char *signature = signature_of(presigned("GET", "test.txt", "", NULL, THAT_DAY, 86400));
	const struct osc_s3 was = s3;

	ok(strcmp(signature, signature_of(presigned("PUT", "test.txt", "", NULL, THAT_DAY, 86400))) != 0, "the method is signed");
	ok(strcmp(signature, signature_of(presigned("GET", "test.txu", "", NULL, THAT_DAY, 86400))) != 0, "so is the object");
	ok(strcmp(signature, signature_of(presigned("GET", "test.txt", "", NULL, THAT_DAY + 1, 86400))) != 0, "the time");
	ok(strcmp(signature, signature_of(presigned("GET", "test.txt", "", NULL, THAT_DAY, 900))) != 0, "the life");
	ok(strcmp(signature, signature_of(presigned("GET", "test.txt", "", "policy=", THAT_DAY, 86400))) != 0, "the query");
	s3.endpoint = "https://examplebucket.s3.amazonaws.com:8080";
	ok(strcmp(signature, signature_of(presigned("GET", "test.txt", "", NULL, THAT_DAY, 86400))) != 0, "the host and its port");
	s3 = was;
	s3.password.reveal = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEZ";
	ok(strcmp(signature, signature_of(presigned("GET", "test.txt", "", NULL, THAT_DAY, 86400))) != 0, "all with the password");
	s3 = was;
}

static void
test_address(void)
{
	const char *url = presigned("GET", "output", "a b/\xc3\xa9~_-.+*&=?#%/c", "list-type=2&prefix=x", THAT_DAY, 900);

	ok(text_starts_with(url, "https://examplebucket.s3.amazonaws.com/output/a%20b/%C3%A9~_-.%2B%2A%26%3D%3F%23%25/c?X-Amz-A"),
	    "an object's name is encoded, its slashes stay (%s)", url);
	ok(strstr(url, "&X-Amz-Expires=900&X-Amz-SignedHeaders=host&list-type=2&prefix=x&X-Amz-Signature=") != NULL,
	    "names stand in the order in which they are signed");
	ok(strstr(url, s3.password.reveal) == NULL, "the password is not in it");
	ok(strstr(presigned("GET", "output", "x", NULL, 1456704000, 900), "X-Amz-Date=20160229T000000Z") != NULL, "the day is UTC's");
	s3.endpoint = "examplebucket.s3.amazonaws.com";
	is_str(presigned("GET", "output", "x", NULL, THAT_DAY, 900), "(null)", "an endpoint that is no URL gives none");
}

int
main(void)
{
	arena_init(&arena, 1024 * 1024);
	test_published();
	test_what_is_signed();
	test_address();
	arena_free(&arena);
	return done_testing();
}
