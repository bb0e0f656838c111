/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_S3_H
#define OSCGI_OSC_S3_H

#include "base/secret.h"
#include "osc/client.h"

/*
 * A visitor's own object storage (MinIO), path-style, by addresses that carry their signature
 * (AWS Signature Version 4 in the query): good for our own calls and to hand to a browser.
 */
struct osc_s3 {
	const char   *endpoint;	/* scheme://host[:port], no slash at the end */
	const char   *user;
	struct secret password;
};

#define OSC_S3_REGION "us-east-1"

/*
 * The address by which whoever has it may do `method` to an object for some seconds.
 * key: "" for the bucket itself; query: what follows the signature's own parameters, already encoded, names
 * in lower case and in order ("policy=", "list-type=2&prefix=x"), or NULL.
 * NULL: out of memory, or the endpoint is no URL.
 */
const char *osc_s3_presign(struct arena *a, const struct osc_s3 *s3, const char *method, const char *bucket,
    const char *key, const char *query, int64_t now_s, int expires_s);

/*
 * All: ERR_UPSTREAM, ERR_UPSTREAM_TIMEOUT, ERR_PROTOCOL while it does not answer, or only its ingress does;
 * ERR_REFUSED: it says no, as long as its password is not (yet) this one, too.
 */
WARN_UNUSED enum err osc_s3_ready(struct osc_client *o, const struct osc_s3 *s3);
/* Harmless to repeat. */
WARN_UNUSED enum err osc_s3_bucket_make(struct osc_client *o, const struct osc_s3 *s3, const char *bucket);
enum osc_s3_readers { OSC_S3_PRIVATE, OSC_S3_PUBLIC };
/* Who may read objects without a signature. */
WARN_UNUSED enum err osc_s3_bucket_readers(struct osc_client *o, const struct osc_s3 *s3, const char *bucket,
    enum osc_s3_readers readers);
/* Let pages of any site put and get by signed addresses.  Storage without the feature lets them anyway. */
WARN_UNUSED enum err osc_s3_bucket_cors(struct osc_client *o, const struct osc_s3 *s3, const char *bucket);
/* One that is gone is fine. */
WARN_UNUSED enum err osc_s3_object_remove(struct osc_client *o, const struct osc_s3 *s3, const char *bucket,
    const char *key);
/* All whose names begin so; 10,000 at most.  Repeat what was cut off. */
WARN_UNUSED enum err osc_s3_folder_remove(struct osc_client *o, const struct osc_s3 *s3, const char *bucket,
    const char *prefix);
/* Which of these are there. */
WARN_UNUSED enum err osc_s3_objects_exist(struct osc_client *o, const struct osc_s3 *s3, const char *bucket,
    const char *const *keys, size_t n, bool *exists);

#endif
